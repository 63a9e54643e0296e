//! The template data of an issue: which articles are shown in full, which by headline only, in which order.

use serde::Serialize;

use super::markdown::Prose;
use crate::domain::{
    Access, Country, CountrySet, Image, IssueContent, Item, Language, Newsletter, Part, PartKind,
    Shown, shown,
};
use crate::texts::text;

/// An issue as the templates need it.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct DigestView<'a> {
    /// What a mailbox lists.
    subject_line: String,
    /// What stands above the text.
    headline: &'a str,
    preheader: String,
    /// Whether what says nothing stands before the headline.
    in_safety_mode: bool,
    intro: Prose,
    parts: Vec<PartView<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct PartView<'a> {
    kind: PartKind,
    title: Option<String>,
    body: Prose,
    groups: Vec<Group<'a>>,
    /// Shown by headline only.
    folded: Vec<ItemView<'a>>,
}

/// Items under the heading of a country, or under none.
#[derive(Debug, Clone, Serialize)]
struct Group<'a> {
    country: Option<Country>,
    items: Vec<ItemView<'a>>,
}

#[derive(Debug, Clone, Serialize)]
struct ItemView<'a> {
    title: &'a str,
    /// Title, access label and URL on one line, for the plain-text part.
    line: String,
    url: Option<&'a str>,
    paid: bool,
    image: Option<ImageView<'a>>,
    summary: Prose,
    /// Shown as labels; empty under the heading of the only country.
    countries: Vec<Country>,
}

#[derive(Debug, Clone, Serialize)]
struct ImageView<'a> {
    url: &'a str,
    alt: &'a str,
    credit: &'a str,
    /// Width and height in pixels, where both are known.
    size: Option<(u32, u32)>,
}

impl<'a> DigestView<'a> {
    /// The view for subscribers who follow `followed`; the empty set follows all countries.
    pub(crate) fn arrange(
        language: Language,
        content: &'a IssueContent,
        followed: CountrySet,
    ) -> Self {
        let is_not_empty = |part: &&Part| !part.body.trim().is_empty() || !part.items.is_empty();
        let parts = content.parts.iter().filter(is_not_empty);
        Self {
            subject_line: content.subject.clone(),
            headline: &content.subject,
            preheader: content.preheader.clone(),
            in_safety_mode: false,
            intro: Prose::from_markdown(&content.intro),
            parts: parts
                .map(|part| PartView::arrange(language, part, followed))
                .collect(),
        }
    }

    /// The view for a mail to subscribers who follow `followed`. In safety mode everybody gets all of it, with
    /// nothing that is loaded, behind neutral lines: lists of mails and locked screens show what comes first.
    pub(crate) fn for_mail(
        newsletter: &Newsletter,
        content: &'a IssueContent,
        followed: CountrySet,
    ) -> Self {
        let language = newsletter.language;
        if !newsletter.safety_mode {
            return Self::arrange(language, content, followed);
        }
        let mut view = Self::arrange(language, content, CountrySet::default());
        view.subject_line = match newsletter.neutral_subject.as_str() {
            "" => text(language, "safety-subject", &[]),
            own => own.to_owned(),
        };
        view.preheader.clone_from(&view.subject_line);
        view.in_safety_mode = true;
        let groups = view.parts.iter_mut().flat_map(|part| &mut part.groups);
        for item in groups.flat_map(|group| &mut group.items) {
            item.image = None;
        }
        view
    }
}

impl<'a> PartView<'a> {
    fn arrange(language: Language, part: &'a Part, followed: CountrySet) -> Self {
        let (groups, folded) = if part.kind == PartKind::Articles {
            by_country(language, &part.items, followed)
        } else {
            let view = |item| ItemView::new(language, item, true);
            let all = Group {
                country: None,
                items: part.items.iter().map(view).collect(),
            };
            (vec![all], Vec::new())
        };
        Self {
            kind: part.kind,
            title: heading(language, part),
            body: Prose::from_markdown(&part.body),
            groups,
            folded,
        }
    }
}

/// The editor's heading, or the standard one for this kind of part; free text has no standard heading.
fn heading(language: Language, part: &Part) -> Option<String> {
    match (&part.title, part.kind) {
        (Some(title), _) => Some(title.clone()),
        (None, PartKind::Text) => None,
        (None, kind) => Some(text(language, &format!("part-{kind}"), &[])),
    }
}

type Grouped<'a> = (Vec<Group<'a>>, Vec<ItemView<'a>>);

/// Articles grouped by country, and those shown by headline only.
fn by_country<'a>(language: Language, items: &'a [Item], followed: CountrySet) -> Grouped<'a> {
    let view = |item: &'a Item| {
        let several = item.countries.iter().count() > 1;
        ItemView::new(language, item, several)
    };
    let shown: Vec<(&Item, Shown)> = items.iter().zip(shown(items, followed)).collect();
    let under = |country: Country| {
        let those = shown.iter().filter(|one| one.1 == Shown::Full(country));
        Group {
            country: Some(country),
            items: those.map(|(item, _)| view(item)).collect(),
        }
    };
    let groups = Country::ALL.iter().map(|country| under(*country));
    let folded = shown.iter().filter(|one| one.1 == Shown::Named);
    (
        groups.filter(|group| !group.items.is_empty()).collect(),
        folded.map(|(item, _)| view(item)).collect(),
    )
}

impl<'a> ItemView<'a> {
    fn new(language: Language, item: &'a Item, labelled: bool) -> Self {
        let paid = item.access == Some(Access::Paid);
        let mut line = item.title.clone();
        if paid {
            line.push_str(&format!(" [{}]", text(language, "access-paid", &[])));
        }
        if let Some(url) = &item.url {
            line.push_str(&format!(" <{url}>"));
        }
        Self {
            title: &item.title,
            line,
            url: item.url.as_deref(),
            paid,
            image: item.image.as_ref().map(|image| ImageView::new(image, item)),
            summary: Prose::from_markdown(&item.summary),
            countries: item.countries.iter().filter(|_| labelled).collect(),
        }
    }
}

impl<'a> ImageView<'a> {
    fn new(image: &'a Image, item: &'a Item) -> Self {
        Self {
            url: &image.url,
            alt: image.described_by(item),
            credit: &image.credit,
            size: image.width.zip(image.height),
        }
    }
}
