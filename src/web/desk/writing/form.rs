//! The form of the writing page: fields in the order of the issue, without numbers in their names.
//!
//! A field `part` begins a part, a field `item` begins an item; what follows belongs to it. Moving a card in
//! the browser therefore moves everything in it, and nothing has to be renumbered.

use url::form_urlencoded;

use super::page::PAGE;
use crate::domain::{Access, ContentMarks, Country, Image, IssueContent, Item, Part, PartKind};
use crate::web::desk::typed::one_line;

/// The largest number of parts and items that are read; a form has no more by itself.
const MAX_CARDS: usize = 2_000;

/// What an editor has before them: the content, which cards are folded, and what is to be done.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct WrittenForm {
    /// The version of the issue that the page showed.
    pub(super) version: Option<i64>,
    /// The marks of the text that the page showed.
    pub(super) marks: Option<ContentMarks>,
    /// The version of the newsletter that the page showed.
    pub(super) newsletter_version: Option<i64>,
    /// Whether the page was that of an issue that had been sent, and so corrects its page on the web.
    pub(super) corrects_page: bool,
    /// The button that was pressed; empty when the form saves itself.
    pub(super) action: String,
    /// The kind of the part that is to be added.
    pub(super) new_kind: Option<PartKind>,
    /// Everything in the fields.
    pub(super) draft: Draft,
}

/// The content of an issue, and which of its items are folded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Draft {
    /// The content.
    pub(super) content: IssueContent,
    /// For each part, whether each of its items is folded.
    pub(super) folded: Vec<Vec<bool>>,
}

impl Default for Draft {
    fn default() -> Self {
        Self::unfolded(IssueContent::from_recipe(&[]))
    }
}

impl Draft {
    /// The content as a page opens it: items that have a headline are folded where there are many.
    pub(super) fn opened(content: IssueContent) -> Self {
        const MANY: usize = 6;
        let items: usize = content.parts.iter().map(|part| part.items.len()).sum();
        let folded = |item: &Item| items > MANY && !item.title.trim().is_empty();
        let folded = |part: &Part| part.items.iter().map(folded).collect();
        Self {
            folded: content.parts.iter().map(folded).collect(),
            content,
        }
    }

    fn unfolded(content: IssueContent) -> Self {
        let folded = |part: &Part| vec![false; part.items.len()];
        Self {
            folded: content.parts.iter().map(folded).collect(),
            content,
        }
    }
}

impl WrittenForm {
    /// Reads the fields. What is not known is left out: a browser adds fields of its own.
    pub(super) fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        let mut cards = 0;
        for (name, value) in form_urlencoded::parse(body) {
            if matches!(name.as_ref(), "part" | "item") {
                cards += 1;
                if cards > MAX_CARDS {
                    break;
                }
            }
            form.take(&name, plain(&value));
        }
        form.draft.content.parts.iter_mut().for_each(settle);
        form
    }

    fn take(&mut self, name: &str, value: String) {
        let content = &mut self.draft.content;
        match name {
            "version" => self.version = value.parse().ok(),
            "base" => self.marks = ContentMarks::parse(&value),
            "newsletter-version" => self.newsletter_version = value.parse().ok(),
            "mode" => self.corrects_page = value == PAGE,
            "do" => self.action = value,
            "new-kind" => self.new_kind = value.parse().ok(),
            "subject" => content.subject = one_line(&value),
            "preheader" => content.preheader = one_line(&value),
            "intro" => content.intro = value,
            "part" => {
                if let Ok(kind) = value.parse() {
                    content.parts.push(Part {
                        kind,
                        title: None,
                        body: String::new(),
                        items: Vec::new(),
                    });
                    self.draft.folded.push(Vec::new());
                }
            }
            _ => self.take_into_part(name, value),
        }
    }

    fn take_into_part(&mut self, name: &str, value: String) {
        let last = self.draft.content.parts.last_mut();
        let (Some(part), Some(folded)) = (last, self.draft.folded.last_mut()) else {
            return;
        };
        match name {
            "part-title" => part.title = Some(one_line(&value)).filter(|title| !title.is_empty()),
            "part-body" => part.body = value,
            "item" => {
                part.items.push(Item::blank());
                folded.push(value == "folded");
            }
            _ => {
                if let Some(item) = part.items.last_mut() {
                    take_into_item(item, name, &value);
                }
            }
        }
    }
}

fn take_into_item(item: &mut Item, name: &str, value: &str) {
    let line = one_line(value);
    match name {
        "item-title" => item.title = line,
        "item-url" => item.url = web_address(&line),
        "item-summary" => value.clone_into(&mut item.summary),
        "item-countries" => {
            if let Ok(country) = value.parse::<Country>() {
                item.countries.insert(country);
            }
        }
        "item-access" => item.access = value.parse::<Access>().ok(),
        "image-url" => image(item).url = web_address(&line).unwrap_or_default(),
        "image-alt" => image(item).alt = line,
        "image-credit" => image(item).credit = line,
        "image-width" => image(item).width = line.parse().ok(),
        "image-height" => image(item).height = line.parse().ok(),
        _ => {}
    }
}

fn image(item: &mut Item) -> &mut Image {
    item.image.get_or_insert_with(|| Image {
        url: String::new(),
        alt: String::new(),
        credit: String::new(),
        width: None,
        height: None,
    })
}

/// An item whose fields about a picture are all empty has none.
fn settle(part: &mut Part) {
    for item in &mut part.items {
        let nothing =
            |image: &Image| image.url.is_empty() && image.alt.is_empty() && image.credit.is_empty();
        item.image = item.image.take().filter(|image| !nothing(image));
    }
}

/// The text without what forms and text editors add: CRLF (which a form always sends) and control characters.
fn plain(value: &str) -> String {
    let value = value.replace("\r\n", "\n").replace('\r', "\n");
    value.replace(|c: char| c.is_control() && c != '\n' && c != '\t', "")
}

/// The address as typed; people leave out its beginning.
fn web_address(typed: &str) -> Option<String> {
    let known = [
        "http:",
        "https:",
        "mailto:",
        "javascript:",
        "data:",
        "/",
        "#",
    ];
    let lower = typed.to_ascii_lowercase();
    if typed.is_empty() {
        None
    } else if known.iter().any(|begin| lower.starts_with(begin)) || !typed.contains('.') {
        Some(typed.to_owned())
    } else {
        Some(format!("https://{typed}"))
    }
}

#[cfg(test)]
mod tests {
    use super::WrittenForm;
    use crate::domain::{Access, Country, PartKind};

    fn parse(fields: &[(&str, &str)]) -> WrittenForm {
        let mut body = url::form_urlencoded::Serializer::new(String::new());
        fields.iter().for_each(|(name, value)| {
            body.append_pair(name, value);
        });
        WrittenForm::parse(body.finish().as_bytes())
    }

    #[test]
    fn what_follows_a_mark_belongs_to_it() {
        let form = parse(&[
            ("version", "7"),
            ("subject", " A\r\nsubject "),
            ("intro", "One\r\nTwo\u{b}"),
            ("part", "news"),
            ("part-title", ""),
            ("item", "folded"),
            ("item-title", "First"),
            ("item-url", "example.org/a"),
            ("item-countries", "kz"),
            ("item-countries", "uz"),
            ("item-countries", "xx"),
            ("item-access", "paid"),
            ("image-url", ""),
            ("image-alt", ""),
            ("item", "open"),
            ("item-title", "Second"),
            ("image-url", "https://example.org/p.jpg"),
            ("image-alt", "A lake"),
            ("image-width", "800"),
            ("part", "support"),
            ("part-title", "Help us"),
            ("part-body", "Please"),
            ("do", "add-item:0"),
        ]);
        assert_eq!(
            (form.version, form.action.as_str()),
            (Some(7), "add-item:0")
        );
        let content = &form.draft.content;
        assert_eq!(
            (content.subject.as_str(), content.intro.as_str()),
            ("A subject", "One\nTwo")
        );
        assert_eq!(form.draft.folded, [vec![true, false], vec![]]);
        let [news, support] = &content.parts[..] else {
            panic!("{content:?}");
        };
        assert_eq!(
            (news.kind, &news.title, support.title.as_deref()),
            (PartKind::News, &None, Some("Help us"))
        );
        assert_eq!(support.body, "Please");
        let [first, second] = &news.items[..] else {
            panic!("{news:?}");
        };
        assert_eq!(first.url.as_deref(), Some("https://example.org/a"));
        assert_eq!(
            first.countries.iter().collect::<Vec<_>>(),
            [Country::Kazakhstan, Country::Uzbekistan]
        );
        assert_eq!((first.access, &first.image), (Some(Access::Paid), &None));
        let image = second
            .image
            .as_ref()
            .map(|image| (image.alt.as_str(), image.width));
        assert_eq!((image, &second.url), (Some(("A lake", Some(800))), &None));
    }

    #[test]
    fn fields_out_of_place_and_unknown_kinds_are_left_out() {
        let form = parse(&[
            ("item-title", "lost"),
            ("part", "nonsense"),
            ("item", "open"),
            ("extension-field", "x"),
        ]);
        assert_eq!(form, WrittenForm::default());
    }
}
