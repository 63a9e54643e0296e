//! Helps the Markdown parser where it is stricter than editors expect.

use std::collections::BTreeMap;
use std::ops::Range;

use linkify::{LinkFinder, LinkKind};
use pulldown_cmark::{Event, LinkType, Options, Parser, Tag, TagEnd};

/// Separates emphasis from the letters beside it; an empty comment of HTML, which shows nothing.
pub(crate) const EMPTY_COMMENT: &str = "<!---->";

/// The same Markdown, with bare addresses as links, and with emphasis where CommonMark sees none because a quotation
/// mark stands inside it and a suffix follows: `**«Самұрық»**ның`.
pub(crate) fn prepare_markdown(markdown: &str) -> String {
    join_suffixes(&link_addresses(markdown))
}

fn parse(markdown: &str) -> impl Iterator<Item = (Event<'_>, Range<usize>)> {
    Parser::new_ext(markdown, Options::ENABLE_STRIKETHROUGH).into_offset_iter()
}

/// Writes bare web and mail addresses as links. Those in code, HTML and links stay.
fn link_addresses(markdown: &str) -> String {
    let mut taken = Vec::new();
    for (event, range) in parse(markdown) {
        if matches!(
            event,
            Event::Code(_)
                | Event::Html(_)
                | Event::InlineHtml(_)
                | Event::Start(Tag::Link { .. } | Tag::Image { .. } | Tag::CodeBlock(_))
        ) {
            taken.push(range);
        }
    }
    let mut finder = LinkFinder::new();
    finder.url_must_have_scheme(false);
    let mut out = String::with_capacity(markdown.len());
    let mut done = 0;
    for link in finder.links(markdown) {
        let address = without_emphasis(link.as_str(), line_before(markdown, link.start()));
        let end = link.start() + address.len();
        let inside = taken
            .iter()
            .any(|range| range.start < end && link.start() < range.end);
        // A destination of `[1]: https://…`, and an address that the editor has escaped by hand.
        let marked = markdown[..link.start()].ends_with(['<', '\\'])
            || is_definition(line_before(markdown, link.start()))
            || markdown[end..].starts_with('\\')
            || address.contains('\\');
        let Some(written) = linked(link.kind(), address).filter(|_| !inside && !marked) else {
            continue;
        };
        out.push_str(&markdown[done..link.start()]);
        out.push_str(&written);
        done = end;
    }
    out.push_str(&markdown[done..]);
    out
}

fn line_before(markdown: &str, place: usize) -> &str {
    markdown[..place].rsplit('\n').next().unwrap_or_default()
}

/// Whether the line so far is the beginning of `[1]: https://…`.
fn is_definition(line: &str) -> bool {
    let line = line.trim();
    line.starts_with('[') && line.ends_with("]:")
}

/// An address without the marks behind it that end emphasis: those with `_` only if the line has begun such.
fn without_emphasis<'a>(address: &'a str, line: &str) -> &'a str {
    let address = address.trim_end_matches(['*', '~']);
    if line.starts_with('_') || line.contains(" _") {
        address.trim_end_matches('_')
    } else {
        address
    }
}

/// A link as Markdown; none for what is only perhaps an address, such as `example.org`.
fn linked(kind: &LinkKind, address: &str) -> Option<String> {
    let lower = address.to_ascii_lowercase();
    if lower.starts_with("www.") {
        let shown: String = address.chars().flat_map(escaped).collect();
        return Some(format!("[{shown}](<https://{address}>)"));
    }
    let full = lower.starts_with("http://") || lower.starts_with("https://");
    // What Markdown itself takes for a mail address in angle brackets.
    let mail = *kind == LinkKind::Email && address.is_ascii();
    (full || mail).then(|| format!("<{address}>"))
}

fn escaped(char: char) -> impl Iterator<Item = char> {
    let escape = char.is_ascii_punctuation().then_some('\\');
    escape.into_iter().chain([char])
}

/// A run of `*`, `_` or `~` that the parser left as text.
struct Run {
    range: Range<usize>,
    mark: char,
    before: Option<char>,
    after: Option<char>,
}

impl Run {
    fn opens(&self) -> bool {
        self.after.is_some_and(|c| !c.is_whitespace()) && !self.is_in_a_name()
    }

    fn closes(&self) -> bool {
        self.before
            .is_some_and(|c| !c.is_whitespace() && !matches!(c, '(' | '[' | '{'))
            && !self.is_in_a_name()
    }

    /// As in `snake_case`.
    fn is_in_a_name(&self) -> bool {
        self.mark == '_' && is_letter(self.before)
    }

    fn matches(&self, other: &Self) -> bool {
        self.mark == other.mark && self.range.len() == other.range.len()
    }
}

fn is_letter(char: Option<char>) -> bool {
    char.is_some_and(char::is_alphanumeric)
}

/// Puts a joint between emphasis and its suffix or prefix, where pairs of marks were left as text.
fn join_suffixes(markdown: &str) -> String {
    let mut joints = Vec::new();
    for runs in runs_left(markdown).into_values() {
        let mut open: Vec<Run> = Vec::new();
        for run in runs {
            let opener = open
                .iter()
                .rposition(|other| run.closes() && other.matches(&run));
            if let Some(at) = opener {
                let opener = open.swap_remove(at);
                open.truncate(at);
                if is_letter(opener.before) && !is_letter(opener.after) {
                    joints.push(opener.range.start);
                }
                if is_letter(run.after) && !is_letter(run.before) {
                    joints.push(run.range.end);
                }
            } else if run.opens() {
                open.push(run);
            }
        }
    }
    joints.sort_unstable();
    let mut out = String::with_capacity(markdown.len() + joints.len() * EMPTY_COMMENT.len());
    let mut done = 0;
    for joint in joints {
        out.push_str(&markdown[done..joint]);
        out.push_str(EMPTY_COMMENT);
        done = joint;
    }
    out.push_str(&markdown[done..]);
    out
}

/// The runs that are text, by the block or link they stand in.
fn runs_left(markdown: &str) -> BTreeMap<usize, Vec<Run>> {
    let mut found: BTreeMap<usize, Vec<Run>> = BTreeMap::new();
    // The ranges of text, by the place they stand in.
    let mut texts: Vec<(usize, Range<usize>)> = Vec::new();
    let (mut places, mut latest, mut verbatim) = (vec![0], 0, 0);
    for (event, range) in parse(markdown) {
        match event {
            Event::Start(Tag::Emphasis | Tag::Strong | Tag::Strikethrough)
            | Event::End(TagEnd::Emphasis | TagEnd::Strong | TagEnd::Strikethrough) => {}
            Event::Start(tag) => {
                latest += 1;
                places.push(latest);
                verbatim += usize::from(is_verbatim(&tag) || verbatim > 0);
            }
            Event::End(_) => {
                places.pop();
                verbatim = verbatim.saturating_sub(1);
            }
            Event::Text(_) if verbatim == 0 => {
                let place = places.last().copied().unwrap_or_default();
                match texts.last_mut() {
                    Some((same, before)) if *same == place && before.end == range.start => {
                        before.end = range.end;
                    }
                    _ => texts.push((place, range)),
                }
            }
            _ => {}
        }
    }
    for (place, range) in texts {
        found
            .entry(place)
            .or_default()
            .extend(runs_of(markdown, range));
    }
    found
}

/// Whether marks inside mean nothing.
fn is_verbatim(tag: &Tag<'_>) -> bool {
    matches!(
        tag,
        Tag::CodeBlock(_)
            | Tag::HtmlBlock
            | Tag::Link {
                link_type: LinkType::Autolink | LinkType::Email,
                ..
            }
    )
}

fn runs_of(markdown: &str, text: Range<usize>) -> Vec<Run> {
    let is_mark = |c: char| matches!(c, '*' | '_' | '~');
    let mut runs = Vec::new();
    let mut rest = text.start;
    while let Some(start) = markdown[rest..text.end].find(is_mark).map(|at| rest + at) {
        let mark = markdown[start..].chars().next().unwrap_or('*');
        let length = markdown[start..].len() - markdown[start..].trim_start_matches(mark).len();
        let end = start + length;
        let before = markdown[..start].chars().next_back();
        // Behind a backslash, or only partly left as text.
        if end <= text.end && before != Some('\\') && before != Some(mark) {
            runs.push(Run {
                range: start..end,
                mark,
                before,
                after: markdown[end..].chars().next(),
            });
        }
        rest = end.min(text.end);
    }
    runs
}

#[cfg(test)]
mod tests {
    use super::prepare_markdown;
    use pulldown_cmark::{Parser, html};

    fn shown(markdown: &str) -> String {
        let mut out = String::new();
        html::push_html(&mut out, Parser::new(&prepare_markdown(markdown)));
        out.replace("<!---->", "")
    }

    #[test]
    fn emphasis_before_a_suffix_is_emphasis() {
        for (markdown, html) in [
            (
                "**«Самұрық-Қазына»**ның таза пайдасы",
                "<p><strong>«Самұрық-Қазына»</strong>ның таза пайдасы</p>\n",
            ),
            (
                "**\"Atameken\"**ge",
                "<p><strong>\"Atameken\"</strong>ge</p>\n",
            ),
            (
                "*«Манас»*тын жана **“Oʻzbekiston”**ning, _«Kültür»_nün",
                "<p><em>«Манас»</em>тын жана <strong>“Oʻzbekiston”</strong>ning, \
                 <em>«Kültür»</em>nün</p>\n",
            ),
            (
                "**Бас** сөз, **«A»**ның (**Б**) және **«В» *г* «Д»**ға",
                "<p><strong>Бас</strong> сөз, <strong>«A»</strong>ның (<strong>Б</strong>) және \
                 <strong>«В» <em>г</em> «Д»</strong>ға</p>\n",
            ),
            (
                "- ***«A»***ның\n- транс**«Б»**",
                "<ul>\n<li><em><strong>«A»</strong></em>ның</li>\n<li>транс<strong>«Б»</strong></li>\n</ul>\n",
            ),
            (
                "[**«A»**ның](https://example.org/)",
                "<p><a href=\"https://example.org/\"><strong>«A»</strong>ның</a></p>\n",
            ),
        ] {
            assert_eq!(shown(markdown), html, "{markdown}");
        }
    }

    #[test]
    fn what_is_no_emphasis_stays_as_it_is() {
        for markdown in [
            "2 * 3 * 4",
            "snake_case_name, __init__.py",
            "**\"a",
            "**a (**b",
            "\\*\\*«A»\\*\\*ның",
            "`**«A»**ның`",
            "    **«A»**ның",
            "**«A»\n\n»**ның",
            "(**жай**) сөз",
        ] {
            assert_eq!(prepare_markdown(markdown), markdown);
        }
    }

    #[test]
    fn bare_addresses_are_links_with_all_their_letters() {
        let link = |to: &str, text: &str| format!("<a href=\"{to}\">{text}</a>");
        for (markdown, html) in [
            (
                "Voir https://example.org/a_b_/*c*_d_?x=1&y=2.",
                format!(
                    "Voir {}.",
                    link(
                        "https://example.org/a_b_/*c*_d_?x=1&amp;y=2",
                        "https://example.org/a_b_/*c*_d_?x=1&amp;y=2"
                    )
                ),
            ),
            (
                "(www.example.org/_a_)",
                format!(
                    "({})",
                    link("https://www.example.org/_a_", "www.example.org/_a_")
                ),
            ),
            (
                "**https://example.org/x**",
                format!(
                    "<strong>{}</strong>",
                    link("https://example.org/x", "https://example.org/x")
                ),
            ),
            (
                "à nous_tous@example.org !",
                format!(
                    "à {} !",
                    link("mailto:nous_tous@example.org", "nous_tous@example.org")
                ),
            ),
        ] {
            assert_eq!(shown(markdown), format!("<p>{html}</p>\n"), "{markdown}");
        }
    }

    #[test]
    fn addresses_that_are_links_or_code_already_stay() {
        for markdown in [
            "<https://example.org/a_b>",
            "[https://example.org/](https://example.org/)",
            "[a][1]\n\n[1]: https://example.org/ \"t\"",
            "`https://example.org/`",
            "```\nhttps://example.org/\n```",
            "https://example.org/a\\_b",
            "example.org, z.B., u.a.m.",
            "![](https://example.org/a.png)",
        ] {
            assert_eq!(prepare_markdown(markdown), markdown);
        }
    }
}
