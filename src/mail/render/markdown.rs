//! Renders Markdown from editors as sanitised HTML for pages, HTML for mails, and plain text.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use ammonia::{Builder, UrlRelative};
use pulldown_cmark::{Event, HeadingLevel, LinkType, Options, Parser, Tag, TagEnd, html};
use serde::Serialize;

use super::markdown_text::plain_text;
use crate::domain::{EMPTY_COMMENT, Language, link_destination, prepare_markdown};
use crate::texts::text;

/// A Markdown text, rendered.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub(crate) struct Prose {
    /// HTML for the archive.
    pub(crate) html: String,
    /// The same HTML with inline styles, as mail programs need it.
    pub(crate) mail: String,
    /// Plain text, not yet wrapped.
    pub(crate) text: String,
}

impl Prose {
    /// Renders Markdown. Raw HTML is shown as text. Images are replaced by their description, as items have a
    /// field for images.
    pub(crate) fn from_markdown(markdown: &str) -> Self {
        let markdown = prepare_markdown(&escape_dates(markdown));
        let parser = Parser::new_ext(&markdown, Options::ENABLE_STRIKETHROUGH);
        let events: Vec<Event<'_>> = parser.filter_map(restrict).collect();
        let mut raw = String::new();
        html::push_html(&mut raw, events.iter().cloned());
        Self {
            html: SANITISER.clean(&raw).to_string().trim().to_owned(),
            mail: MAIL_SANITISER.clean(&raw).to_string().trim().to_owned(),
            text: plain_text(&events),
        }
    }
}

/// The names of the months in every language.
static MONTHS: LazyLock<Vec<String>> = LazyLock::new(|| {
    let of = |language: &Language| {
        let language = *language;
        (1..=12).map(move |month| text(language, &format!("month-{month}"), &[]))
    };
    Language::ALL.iter().flat_map(of).collect()
});

/// The words of a Markdown text on one line, without markup and URLs.
pub(crate) fn words_only(markdown: &str) -> String {
    let markdown = prepare_markdown(markdown);
    let parser = Parser::new_ext(&markdown, Options::ENABLE_STRIKETHROUGH);
    let mut words = String::new();
    for event in parser.filter_map(restrict) {
        match event {
            Event::Text(text) | Event::Code(text) => words.push_str(&text),
            Event::HardBreak
            | Event::End(TagEnd::Paragraph | TagEnd::Heading(_) | TagEnd::Item) => {
                words.push(' ');
            }
            _ => {}
        }
    }
    words.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Escapes a date such as `21. März` at the beginning of a line, which Markdown would take for item 21 of a
/// list.
fn escape_dates(markdown: &str) -> String {
    let escape = |line: &str| match line.split_once(". ") {
        Some((day, rest))
            if day.trim_start().parse().is_ok_and(|day: u8| day <= 31)
                && MONTHS.iter().any(|month| rest.starts_with(month.as_str())) =>
        {
            format!("{day}\\. {rest}")
        }
        _ => line.to_owned(),
    };
    let lines: Vec<String> = markdown.split('\n').map(escape).collect();
    lines.join("\n")
}

/// Turns raw HTML into text, drops images, mends links, and makes every heading an `h4`.
fn restrict(event: Event<'_>) -> Option<Event<'_>> {
    match event {
        Event::InlineHtml(source) if *source == *EMPTY_COMMENT => None,
        Event::Html(source) | Event::InlineHtml(source) => Some(Event::Text(source)),
        Event::Start(Tag::HtmlBlock) => Some(Event::Start(Tag::Paragraph)),
        Event::End(TagEnd::HtmlBlock) => Some(Event::End(TagEnd::Paragraph)),
        Event::Start(Tag::Image { .. }) | Event::End(TagEnd::Image) => None,
        Event::Start(Tag::Link {
            link_type,
            dest_url,
            title,
            id,
        }) if link_type != LinkType::Email => Some(Event::Start(Tag::Link {
            link_type,
            dest_url: link_destination(&dest_url).into(),
            title,
            id,
        })),
        // A space, as the MJML compiler drops a line break between two elements.
        Event::SoftBreak => Some(Event::Text(" ".into())),
        // The levels above are used by the templates.
        Event::Start(Tag::Heading { .. }) => Some(Event::Start(Tag::Heading {
            level: HeadingLevel::H4,
            id: None,
            classes: Vec::new(),
            attrs: Vec::new(),
        })),
        Event::End(TagEnd::Heading(_)) => Some(Event::End(TagEnd::Heading(HeadingLevel::H4))),
        other => Some(other),
    }
}

static SANITISER: LazyLock<Builder<'static>> = LazyLock::new(sanitiser);

static MAIL_SANITISER: LazyLock<Builder<'static>> = LazyLock::new(|| {
    let mut sanitiser = sanitiser();
    for (tag, style) in [
        ("a", "color:#0b5c68;"),
        ("p", "margin:0 0 12px;"),
        ("ul", "margin:0 0 12px;padding-left:22px;"),
        ("ol", "margin:0 0 12px;padding-left:22px;"),
        ("li", "margin:0 0 4px;"),
        ("h4", "margin:0 0 6px;font-size:17px;"),
        (
            "blockquote",
            "margin:0 0 12px;padding-left:14px;border-left:3px solid #d8b26a;",
        ),
        ("pre", "margin:0 0 12px;white-space:pre-wrap;"),
        (
            "hr",
            "margin:0 0 12px;border:0;border-top:1px solid #d8b26a;",
        ),
    ] {
        sanitiser.set_tag_attribute_value(tag, "style", style);
    }
    sanitiser
});

/// Allows only these elements and attributes, whatever the Markdown parser outputs.
fn sanitiser() -> Builder<'static> {
    let mut builder = Builder::empty();
    builder
        .tags(HashSet::from([
            "p",
            "br",
            "em",
            "strong",
            "del",
            "a",
            "ul",
            "ol",
            "li",
            "blockquote",
            "code",
            "pre",
            "h4",
            "hr",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "title"])),
            ("ol", HashSet::from(["start"])),
        ]))
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(UrlRelative::Deny)
        .link_rel(Some("noopener"));
    builder
}

#[cfg(test)]
mod tests {
    use super::{Prose, words_only};

    fn prose(markdown: &str) -> Prose {
        Prose::from_markdown(markdown)
    }

    #[test]
    fn keeps_common_formatting() {
        let passage = prose(
            "*Un*\n*mot*, un **autre**\u{a0}: [lire\u{202f}?](https://example.org/?a=1&b=2)\n\n- un\n- deux\n\n> cité",
        );
        assert_eq!(
            passage.html,
            "<p><em>Un</em> <em>mot</em>, un <strong>autre</strong>&nbsp;: \
             <a href=\"https://example.org/?a=1&amp;b=2\" rel=\"noopener\">lire\u{202f}?</a></p>\n\
             <ul>\n<li>un</li>\n<li>deux</li>\n</ul>\n<blockquote>\n<p>cité</p>\n</blockquote>"
        );
        assert_eq!(
            passage.text,
            "Un mot, un autre\u{a0}: lire\u{202f}? <https://example.org/?a=1&b=2>\n\n- un\n- deux\n\n> cité"
        );
        assert!(
            passage
                .mail
                .contains("<a href=\"https://example.org/?a=1&amp;b=2\"")
        );
        assert!(passage.mail.contains("style=\"color:#0b5c68;\""));
    }

    #[test]
    fn lets_no_script_and_no_image_through() {
        for (bad, shown) in [
            ("<script>alert(1)</script>", "<script>alert(1)</script>"),
            ("x <mj-text>y</mj-text>", "x <mj-text>y</mj-text>"),
            ("{{7*7}} {% raw %}", "{{7*7}} {% raw %}"),
            ("[a](javascript:alert(1))", "a"),
            ("[a](data:text/html,x)", "a"),
            ("[a](/relative)", "a"),
            ("![a view](https://example.org/t.png)", "a view"),
            ("# <img src=x onerror=y>", "<img src=x onerror=y>"),
            ("`&amp;`", "&amp;"),
            ("&amp;lt;b&gt;", "&lt;b>"),
        ] {
            let passage = prose(bad);
            assert_eq!(passage.text.trim(), shown, "{bad}");
            for html in [&passage.html, &passage.mail] {
                for live in [
                    "<script",
                    "<mj-",
                    "<img",
                    "javascript:",
                    "data:",
                    "/relative",
                ] {
                    assert!(!html.contains(live), "{bad}: {html}");
                }
            }
        }
    }

    #[test]
    fn links_are_mended_in_html_and_text() {
        let passage =
            prose("[a](www.example.org), [b](<https://example.org/a b>), www.example.org/c_d_e");
        for html in [&passage.html, &passage.mail] {
            for to in [
                "www.example.org",
                "example.org/a%20b",
                "www.example.org/c_d_e",
            ] {
                assert!(html.contains(&format!("href=\"https://{to}\"")), "{html}");
            }
        }
        assert_eq!(
            passage.text,
            "a <https://www.example.org>, b <https://example.org/a%20b>, \
             www.example.org/c_d_e <https://www.example.org/c_d_e>"
        );
        let passage = prose("nous_tous@example.org, https://example.org/_x_");
        assert!(
            passage
                .html
                .contains("href=\"mailto:nous_tous@example.org\""),
            "{}",
            passage.html
        );
        assert_eq!(
            passage.text,
            "nous_tous@example.org, https://example.org/_x_ <https://example.org/_x_>"
        );
    }

    #[test]
    fn a_suffix_behind_emphasis_shows_nothing_else() {
        let passage = prose("**«Самұрық-Қазына»**ның пайдасы");
        assert_eq!(
            passage.html,
            "<p><strong>«Самұрық-Қазына»</strong>ның пайдасы</p>"
        );
        assert_eq!(passage.text, "«Самұрық-Қазына»ның пайдасы");
        assert_eq!(words_only("**\"Atameken\"**ge"), "\"Atameken\"ge");
    }

    #[test]
    fn a_rule_divides() {
        let passage = prose("un\n\n---\n\ndeux");
        assert_eq!(passage.html, "<p>un</p>\n<hr>\n<p>deux</p>");
        assert_eq!(passage.text, "un\n\n* * *\n\ndeux");
        assert!(passage.mail.contains("<hr style=\"margin"));
    }

    #[test]
    fn code_keeps_its_spaces() {
        let passage = prose("Voir :\n\n```\nif x:\n    y  =  1\n\n    z\n```");
        assert!(
            passage.mail.contains("if x:\n    y  =  1\n\n    z"),
            "{}",
            passage.mail
        );
        assert_eq!(
            super::super::plain_text::wrap(&passage.text),
            "Voir :\n\nif x:\n    y  =  1\n\n    z"
        );
    }

    #[test]
    fn a_german_date_is_no_list() {
        let passage = prose("21. März, 15 Uhr\n\n1. Mai bis 3. Mai\n\n21. mal");
        assert_eq!(
            passage.text,
            "21. März, 15 Uhr\n\n1. Mai bis 3. Mai\n\n21. mal"
        );
        assert_eq!(passage.html.matches("<p>").count(), 2);
        assert_eq!(passage.html.matches("<li>").count(), 1);
    }

    #[test]
    fn renders_blank_text_as_nothing() {
        assert_eq!(prose(" \n"), Prose::default());
    }
}
