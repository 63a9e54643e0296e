//! Renders Markdown as plain text for mails: without markup, and with a link's URL behind its text.
//! (An HTML-to-text library was tried: it breaks long URLs and loses the narrow spaces of French.)

use pulldown_cmark::{CodeBlockKind, Event, Tag, TagEnd};

use super::plain_text::KEPT_SPACE;

/// Renders the events as text, one line for each paragraph, not wrapped.
pub(crate) fn plain_text(events: &[Event<'_>]) -> String {
    let mut writer = Writer {
        fresh: true,
        ..Writer::default()
    };
    for event in events {
        writer.take(event);
    }
    writer.out.truncate(writer.out.trim_end().len());
    writer.out
}

#[derive(Default)]
struct Writer {
    out: String,
    /// What each line begins with: quotation marks, and the indentation of lists.
    margin: Vec<String>,
    /// The next number of each open list; `None` for bullets.
    lists: Vec<Option<u64>>,
    links: Vec<String>,
    /// Nothing is written on this line yet but its margin.
    fresh: bool,
    /// A list has just begun.
    first_item: bool,
    /// The block of code that has begun.
    code: Option<String>,
}

impl Writer {
    fn take(&mut self, event: &Event<'_>) {
        match event {
            Event::Start(tag) => self.open(tag),
            Event::End(tag) => self.close(*tag),
            Event::Text(text) if self.code.is_some() => {
                self.code.get_or_insert_default().push_str(text);
            }
            Event::Rule => {
                self.block(true);
                self.write("* * *");
            }
            Event::Text(text) | Event::Code(text) => self.write(text.trim_end_matches('\n')),
            Event::HardBreak => self.new_line(),
            _ => {}
        }
    }

    fn open(&mut self, tag: &Tag<'_>) {
        match tag {
            Tag::Paragraph
            | Tag::Heading { .. }
            | Tag::CodeBlock(CodeBlockKind::Fenced(_) | CodeBlockKind::Indented) => {
                self.block(true);
                self.code = matches!(tag, Tag::CodeBlock(_)).then(String::new);
            }
            Tag::BlockQuote(_) => {
                self.block(true);
                self.begin("> ".to_owned(), "> ".to_owned());
            }
            Tag::List(start) => {
                self.first_item = self.lists.is_empty();
                self.lists.push(*start);
            }
            Tag::Item => {
                self.block(self.first_item);
                self.first_item = false;
                let marker = match self.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{}. ", *number - 1)
                    }
                    _ => "- ".to_owned(),
                };
                let indent = " ".repeat(marker.len());
                self.begin(marker, indent);
            }
            Tag::Link { dest_url, .. } => self.links.push(dest_url.to_string()),
            _ => {}
        }
    }

    fn close(&mut self, tag: TagEnd) {
        match tag {
            TagEnd::BlockQuote(_) | TagEnd::Item => {
                self.margin.pop();
            }
            TagEnd::CodeBlock => {
                let code = self.code.take().unwrap_or_default();
                self.write(&code.trim_end_matches('\n').replace(' ', KEPT_SPACE));
            }
            TagEnd::List(_) => {
                self.lists.pop();
            }
            TagEnd::Link => {
                let url = self.links.pop().unwrap_or_default();
                let lower = url.to_ascii_lowercase();
                if lower.starts_with("http://") || lower.starts_with("https://") {
                    self.write(&format!(" <{url}>"));
                } else if lower.starts_with("mailto:") {
                    self.write(&format!(" <{}>", &url["mailto:".len()..]));
                }
            }
            _ => {}
        }
    }

    fn block(&mut self, gap: bool) {
        if !self.fresh {
            self.new_line();
            if gap {
                self.new_line();
            }
        }
    }

    /// Begins a block: `first` starts its first line, `rest` all further ones.
    fn begin(&mut self, first: String, rest: String) {
        self.out.push_str(&first);
        self.margin.push(rest);
        self.fresh = true;
    }

    fn new_line(&mut self) {
        self.out.push('\n');
        self.out.extend(self.margin.iter().map(String::as_str));
        self.fresh = true;
    }

    fn write(&mut self, text: &str) {
        for (position, line) in text.split('\n').enumerate() {
            if position > 0 {
                self.new_line();
            }
            self.out.push_str(line);
            self.fresh = false;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::plain_text;
    use pulldown_cmark::Parser;

    fn text(markdown: &str) -> String {
        plain_text(&Parser::new(markdown).collect::<Vec<_>>())
    }

    #[test]
    fn renders_as_plain_mail_text() {
        for (markdown, plain) in [
            ("a *b* c\n\nd", "a b c\n\nd"),
            ("x\n\n- a\n- b\n  - c\n\ny", "x\n\n- a\n- b\n  - c\n\ny"),
            ("3. a\n4. b\n\n   more", "3. a\n4. b\n   \n   more"),
            ("> a\n>\n> b\n\nc", "> a\n> \n> b\n\nc"),
            ("## Titre\ntexte", "Titre\n\ntexte"),
            ("```\nx  1\ny\n```\nz", "x\u{fdd0}\u{fdd0}1\ny\n\nz"),
            (
                "<https://example.org/>",
                "https://example.org/ <https://example.org/>",
            ),
            ("[nous](mailto:a@example.org)", "nous <a@example.org>"),
            ("[x](ftp://example.org)", "x"),
            ("a  \nb", "a\nb"),
        ] {
            assert_eq!(text(markdown), plain, "{markdown}");
        }
    }
}
