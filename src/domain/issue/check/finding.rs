//! One thing that an editor should look at.

use std::collections::BTreeMap;

use super::Item;
use crate::domain::text_enum::text_enum;

text_enum! {
    /// How serious a finding is.
    #[derive(PartialOrd, Ord)]
    pub enum Severity as "severity" {
        /// The desk does not send the issue; where another machine is the cause, it asks.
        Error = "error",
        /// The desk asks before it sends the issue.
        Warning = "warning",
        /// Good to know; nothing is asked.
        Note = "note",
    }
}

text_enum! {
    /// What was found. The words never change; each has its text in `locales/*/desk/checks.ftl`.
    #[derive(PartialOrd, Ord)]
    pub enum FindingCode as "finding" {
        /// No subject.
        SubjectMissing = "subject-missing",
        /// An earlier issue had the same subject.
        SubjectSent = "subject-sent",
        /// No preheader.
        PreheaderMissing = "preheader-missing",
        /// Nothing but a subject.
        ContentMissing = "content-missing",
        /// A part without text and items.
        PartEmpty = "part-empty",
        /// An item without a title.
        TitleMissing = "title-missing",
        /// A picture without words for those who cannot see it.
        AltMissing = "alt-missing",
        /// An item about a text elsewhere that does not link to it.
        LinkMissing = "link-missing",
        /// An address that is none.
        LinkBroken = "link-broken",
        /// A link into a private network.
        LinkPrivate = "link-private",
        /// A link to a domain that is reserved for examples.
        LinkExample = "link-example",
        /// A link to a site where changes are tried.
        LinkStaging = "link-staging",
        /// A link that only editors can open.
        LinkPreview = "link-preview",
        /// An item's link that another item has.
        LinkTwice = "link-twice",
        /// An item that an earlier issue had.
        SentBefore = "sent-before",
        /// Words that somebody wanted to replace.
        Placeholder = "placeholder",
        /// What mails do not show, such as a table.
        NotShown = "not-shown",
        /// A word of Latin and Cyrillic letters that look alike.
        MixedScript = "mixed-script",
        /// Text in another language than the newsletter's.
        OtherLanguage = "other-language",
        /// An event that is over when the issue is sent.
        DatePassed = "date-passed",
        /// A letter with too few articles.
        VariantThin = "variant-thin",
        /// So long that Gmail hides the end.
        TooLong = "too-long",
        /// A picture that takes long to load.
        PictureHeavy = "picture-heavy",
        /// All pictures together take long to load.
        PicturesHeavy = "pictures-heavy",
        /// A picture of this service that is not there.
        PictureGone = "picture-gone",
        /// A link that does not work.
        LinkDead = "link-dead",
        /// A picture that does not load.
        PictureDead = "picture-dead",
        /// A link that could not be tried.
        LinkUnchecked = "link-unchecked",
        /// A link that leads to another site.
        LinkMoved = "link-moved",
        /// The sender's domain has no SPF record.
        SpfMissing = "spf-missing",
        /// Its SPF record is not valid, or lets anybody send.
        SpfBroken = "spf-broken",
        /// The sender's domain has no DMARC record.
        DmarcMissing = "dmarc-missing",
        /// Mails are not signed here.
        DkimUnsigned = "dkim-unsigned",
        /// The signature does not verify with what the DNS has.
        DkimBroken = "dkim-broken",
        /// The signature is of another domain than the sender's.
        DkimForeign = "dkim-foreign",
        /// The signature does not cover the headers to unsubscribe.
        UnsubscribeUnsigned = "unsubscribe-unsigned",
        /// The DNS could not be asked.
        DnsUnknown = "dns-unknown",
        /// The relay cannot be used.
        RelayDown = "relay-down",
        /// The relay refuses the envelope sender.
        RelayRefuses = "relay-refuses",
    }
}

impl FindingCode {
    /// Whether it depends on another machine, which may answer otherwise when the issue goes out: such an error does
    /// not keep back who knows of it.
    #[must_use]
    pub fn is_about_others(self) -> bool {
        matches!(
            self,
            Self::LinkDead | Self::PictureDead | Self::DkimBroken | Self::UnsubscribeUnsigned
        )
    }
}

/// Where in an issue something was found. Numbers count from 0.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum FindingPlace {
    /// The subject.
    Subject,
    /// The preheader.
    Preheader,
    /// The intro.
    Intro,
    /// A part.
    Part(usize),
    /// An item of a part.
    Item(usize, usize),
    /// The issue as a whole.
    Issue,
    /// What is set up around it: sender, DNS, relay.
    Delivery,
}

impl FindingPlace {
    /// As the API names places, as in `parts[0].items[2]`; none for what is no field of an issue.
    #[must_use]
    pub fn field(self) -> Option<String> {
        match self {
            Self::Subject => Some("subject".to_owned()),
            Self::Preheader => Some("preheader".to_owned()),
            Self::Intro => Some("intro".to_owned()),
            Self::Part(part) => Some(format!("parts[{part}]")),
            Self::Item(part, item) => Some(format!("parts[{part}].items[{item}]")),
            Self::Issue | Self::Delivery => None,
        }
    }

    /// The id of its element on the page where the issue is written, as in `part-0-item-2`.
    #[must_use]
    pub fn anchor(self) -> Option<String> {
        match self {
            Self::Part(part) => Some(format!("part-{part}")),
            Self::Item(part, item) => Some(format!("part-{part}-item-{item}")),
            other => other.field(),
        }
    }
}

/// One thing that an editor should look at.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// What.
    pub code: FindingCode,
    /// How serious.
    pub severity: Severity,
    /// Where.
    pub place: FindingPlace,
    /// What its text names, such as the link.
    pub values: BTreeMap<&'static str, String>,
}

/// The longest value that a finding shows, in characters.
const MAX_SHOWN: usize = 160;

impl Finding {
    /// The id of its element on the page where the issue is written, which is the field if one alone is wrong.
    #[must_use]
    pub fn anchor(&self) -> Option<String> {
        let place = self.place.anchor()?;
        Some(match self.code {
            FindingCode::AltMissing => format!("{place}-alt"),
            _ => place,
        })
    }

    /// One that blocks the sending.
    #[must_use]
    pub fn error(code: FindingCode, place: FindingPlace) -> Self {
        Self::new(Severity::Error, code, place)
    }

    /// One that asks before the sending.
    #[must_use]
    pub fn warning(code: FindingCode, place: FindingPlace) -> Self {
        Self::new(Severity::Warning, code, place)
    }

    /// One that only tells.
    #[must_use]
    pub fn note(code: FindingCode, place: FindingPlace) -> Self {
        Self::new(Severity::Note, code, place)
    }

    fn new(severity: Severity, code: FindingCode, place: FindingPlace) -> Self {
        let values = BTreeMap::new();
        Self {
            code,
            severity,
            place,
            values,
        }
    }

    /// With a value for its text; a long one is cut.
    #[must_use]
    pub fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        let value = value.to_string();
        let mut shown: String = value.chars().take(MAX_SHOWN).collect();
        if shown.len() < value.len() {
            shown.push('…');
        }
        self.values.insert(name, shown);
        self
    }

    /// With the title of its item.
    #[must_use]
    pub(super) fn title_of(self, item: &Item) -> Self {
        self.with("title", &item.title)
    }
}
