//! The Markdown that editors write: what is read of it, and what is refused.

mod source;

use pulldown_cmark::{Event, LinkType, Options, Parser, Tag};
use url::Url;

use super::content::{IssueContent, web_address};
use crate::domain::InvalidField;

pub(crate) use source::{EMPTY_COMMENT, prepare_markdown};

impl IssueContent {
    /// Each Markdown field that has something a mail cannot show, or a link that leads nowhere.
    #[must_use]
    pub fn unshowable(&self) -> Vec<InvalidField> {
        let mut texts = vec![("intro".to_owned(), &self.intro)];
        for (number, part) in self.parts.iter().enumerate() {
            let place = format!("parts[{number}]");
            for (number, item) in part.items.iter().enumerate() {
                texts.push((format!("{place}.items[{number}].summary"), &item.summary));
            }
            texts.push((format!("{place}.body"), &part.body));
        }
        let wrong = |(field, text): (String, &String)| {
            let why = refusal(text)?;
            Some(InvalidField::new(&field, why))
        };
        texts.into_iter().filter_map(wrong).collect()
    }
}

/// What is wrong with a Markdown text, and what to do.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
enum Refusal {
    #[error("has an image, which a text cannot show: give a picture as the `image` of an item")]
    Image,
    #[error("has a table, which small screens cannot show: write its rows as a list")]
    Table,
    #[error("has a footnote, which a mail cannot show: write the note in brackets")]
    Footnote,
    #[error("has a box to tick, which a mail cannot show: write a plain list")]
    TaskBox,
    #[error(
        "has a link to `{0}`, which leads nowhere: a link begins with https://, http:// or mailto:"
    )]
    Link(String),
}

/// What a mail does not show of a Markdown text, as a part of the key of its words; a link is told otherwise.
pub(crate) fn not_shown(markdown: &str) -> Option<&'static str> {
    match refusal(markdown)? {
        Refusal::Image => Some("picture"),
        Refusal::Table => Some("table"),
        Refusal::Footnote => Some("footnote"),
        Refusal::TaskBox => Some("box"),
        Refusal::Link(_) => None,
    }
}

/// The first thing that cannot be shown.
fn refusal(markdown: &str) -> Option<Refusal> {
    let seen = Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES | Options::ENABLE_TASKLISTS;
    let prepared = prepare_markdown(markdown);
    Parser::new_ext(&prepared, seen | Options::ENABLE_STRIKETHROUGH).find_map(|event| match event {
        Event::Start(Tag::Image { .. }) => Some(Refusal::Image),
        Event::Start(Tag::Table(_)) => Some(Refusal::Table),
        Event::FootnoteReference(_) | Event::Start(Tag::FootnoteDefinition(_)) => {
            Some(Refusal::Footnote)
        }
        Event::TaskListMarker(_) => Some(Refusal::TaskBox),
        other => nowhere(&other).map(|to| Refusal::Link(to.chars().take(100).collect())),
    })
}

/// Where a link leads as it was written, if that is nowhere.
fn nowhere<'a>(event: &'a Event<'_>) -> Option<&'a str> {
    let Event::Start(Tag::Link {
        link_type,
        dest_url,
        ..
    }) = event
    else {
        return None;
    };
    let leads = *link_type == LinkType::Email || leads_somewhere(&link_destination(dest_url));
    (!leads).then_some(dest_url)
}

/// Where a link leads: `www.` gets its `https://`, and spaces are encoded.
pub(crate) fn link_destination(written: &str) -> String {
    let address = written.trim().replace(' ', "%20");
    let host = address.get(..4);
    if host.is_some_and(|host| host.eq_ignore_ascii_case("www.")) {
        format!("https://{address}")
    } else {
        address
    }
}

/// The links of a Markdown text that lead nowhere, as they were written; where no address is, its words in brackets. No
/// mail shows them as links.
pub(crate) fn links_nowhere(markdown: &str) -> Vec<String> {
    let prepared = prepare_markdown(markdown);
    let events = Parser::new_ext(&prepared, Options::ENABLE_STRIKETHROUGH);
    let mut found = Vec::new();
    for (event, range) in events.into_offset_iter() {
        if let Some(written) = nowhere(&event) {
            found.push(match written.trim() {
                "" => prepared.get(range).unwrap_or_default().to_owned(),
                address => address.to_owned(),
            });
        }
    }
    found
}

fn leads_somewhere(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("http://") || lower.starts_with("https://") {
        return web_address(address).is_ok();
    }
    lower.starts_with("mailto:") && Url::parse(address).is_ok_and(|url| url.path().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::{link_destination, refusal};
    use crate::domain::IssueContent;

    fn why(markdown: &str) -> String {
        refusal(markdown)
            .map(|refusal| refusal.to_string())
            .unwrap_or_default()
    }

    #[test]
    fn a_link_that_leads_nowhere_is_refused() {
        for to in [
            "#x",
            "//example.org/x",
            "/x",
            "x.html",
            "example.org",
            "https//example.org",
            "https:example.org",
            "https://",
            "https://example.org:99999/",
            "http://exa mple.org",
            "ftp://example.org/",
            "tel:+7727",
            "javascript:alert(1)",
            "mailto:",
            "mailto:nobody",
        ] {
            for markdown in [
                format!("voir [ici](<{to}>)"),
                format!("voir [ici][1]\n\n[1]: <{to}>"),
            ] {
                assert!(
                    why(&markdown).contains(to),
                    "{markdown}: {}",
                    why(&markdown)
                );
            }
        }
    }

    #[test]
    fn a_link_that_leads_somewhere_is_taken() {
        for markdown in [
            "[a](https://example.org:8443/a_b?c=d#e)",
            "[a](HTTP://EXAMPLE.ORG)",
            "[a](www.example.org/x)",
            "[a](<https://example.org/a b.pdf>)",
            "[a](https://қазақстан.example/жаңалық)",
            "[a](mailto:nous@example.org?subject=Bonjour)",
            "<nous@example.org> ou nous@example.org",
            "<https://example.org/> ou www.example.org ou https://example.org/a_b_c",
            "`[a](#x)`\n\n    [a](#x)\n\n\\[a](#x)",
        ] {
            assert_eq!(why(markdown), "", "{markdown}");
        }
        assert_eq!(
            link_destination("WWW.example.org/a b"),
            "https://WWW.example.org/a%20b"
        );
        assert_eq!(link_destination("wwwx.org"), "wwwx.org");
    }

    #[test]
    fn what_a_mail_cannot_show_is_refused_with_advice() {
        for (markdown, advice) in [
            ("x ![vue](https://example.org/a.png)", "`image` of an item"),
            ("| a | b |\n| - | - |\n| 1 | 2 |", "as a list"),
            ("Un mot[^1].\n\n[^1]: La note.", "in brackets"),
            ("- [ ] à faire\n- [x] fait", "plain list"),
        ] {
            assert!(
                why(markdown).contains(advice),
                "{markdown}: {}",
                why(markdown)
            );
        }
        for fine in [
            "un\n\n---\n\ndeux",
            "a | b",
            "2 * 3 * 4",
            "[ ] x",
            "f(x)^2",
            "- a\n- b",
        ] {
            assert_eq!(why(fine), "", "{fine}");
        }
    }

    #[test]
    fn every_field_of_markdown_is_named() -> Result<(), serde_json::Error> {
        let content: IssueContent = serde_json::from_str(
            r##"{"subject":"[s](#x)","intro":"[i](#x)","parts":[{"kind":"text","body":"ok"},
            {"kind":"news","body":"[b](#x)","items":[{"title":"t"},{"title":"t","summary":"[s](#x)"}]}]}"##,
        )?;
        let fields: Vec<String> = content
            .unshowable()
            .into_iter()
            .map(|one| one.field)
            .collect();
        assert_eq!(
            fields,
            ["intro", "parts[1].items[1].summary", "parts[1].body"]
        );
        Ok(())
    }
}
