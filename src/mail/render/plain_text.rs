//! Wraps and cleans up the plain-text part of a mail.

/// The longest line, in characters. A longer word, such as a URL, is not broken.
const WIDTH: usize = 76;

/// A space at which no line is wrapped, and beside which others stay: Unicode keeps this character for programs.
pub(super) const KEPT_SPACE: &str = "\u{fdd0}";

/// Wraps each line at spaces. Further lines of a list item or quotation are indented like its first.
///
/// A URL that repeats the text before it (`https://x <https://x>`) is written once.
pub(crate) fn wrap(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + text.len() / WIDTH);
    for line in text.lines() {
        wrap_line(line, &mut out);
    }
    out.truncate(out.trim_end().len());
    out.replace(KEPT_SPACE, " ")
}

fn wrap_line(line: &str, out: &mut String) {
    let (first, rest) = margins(line);
    let words: Vec<&str> = line[first.len()..]
        .split(' ')
        .filter(|w| !w.is_empty())
        .collect();
    out.push_str(first);
    let mut column = first.chars().count();
    let mut fresh = true;
    for (position, word) in words.iter().enumerate() {
        let repeated = words
            .get(position + 1)
            .and_then(|next| next.strip_prefix('<'))
            .is_some_and(|next| next.trim_end_matches(['>', '.', ',']) == *word);
        if repeated {
            continue;
        }
        let length = word.chars().count();
        if !fresh && column + 1 + length > WIDTH {
            out.push('\n');
            out.push_str(&rest);
            column = rest.chars().count();
        } else if !fresh {
            out.push(' ');
            column += 1;
        }
        out.push_str(word);
        column += length;
        fresh = false;
    }
    out.push('\n');
}

/// The quotation marks and list marker that a line begins with, and what its further lines begin with.
fn margins(line: &str) -> (&str, String) {
    let quoted = line.len() - line.trim_start_matches([' ', '>']).len();
    let body = &line[quoted..];
    let digits = body.len() - body.trim_start_matches(|c: char| c.is_ascii_digit()).len();
    let marker = if body.starts_with("- ") {
        2
    } else if (1..=3).contains(&digits) && body[digits..].starts_with(". ") {
        digits + 2
    } else {
        0
    };
    let rest = format!("{}{}", &line[..quoted], " ".repeat(marker));
    (&line[..quoted + marker], rest)
}

/// A heading above a line of `mark` characters, as long as the heading.
pub(crate) fn underlined(heading: &str, mark: &str) -> String {
    let heading = wrap(heading);
    let longest = heading.lines().map(|l| l.chars().count()).max();
    format!("{heading}\n{}", mark.repeat(longest.unwrap_or_default()))
}

/// Removes trailing white space, and blank lines at the ends and after another blank line.
pub(crate) fn tidy(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for line in text.trim().lines() {
        let line = line.trim_end_matches([' ', '\t']);
        if !line.is_empty() || !out.ends_with("\n\n") {
            out.push_str(line);
            out.push('\n');
        }
    }
    out
}

/// Replaces each run of white space and control characters by one space; no-break spaces stay.
pub(crate) fn one_line(text: &str) -> String {
    let breaks = |c: char| c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let words: Vec<&str> = text.split(breaks).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

#[cfg(test)]
mod tests {
    use super::{one_line, tidy, underlined, wrap};

    #[test]
    fn wraps_at_spaces_and_never_inside_a_url() {
        let address = format!("<https://example.org/{}>", "a".repeat(100));
        let text = format!("{} {address} après\u{a0}: fin", "mot ".repeat(20).trim());
        let wrapped = wrap(&text);
        let lines: Vec<&str> = wrapped.lines().collect();
        assert_eq!(lines.len(), 4);
        assert!(lines[0].chars().count() <= 76);
        assert_eq!(lines[2], address);
        assert_eq!(lines[3], "après\u{a0}: fin");
    }

    #[test]
    fn indents_further_lines_of_an_item() {
        let item = "word ".repeat(20);
        let second = |text: &str| wrap(text).lines().nth(1).map(str::to_owned);
        let begins = |text: &str, with: &str| second(text).is_some_and(|l| l.starts_with(with));
        assert!(begins(&format!("- {item}"), "  word"));
        assert!(begins(&format!("12. {item}"), "    word"));
        assert!(begins(&format!("> {item}"), "> word"));
        assert!(begins(&format!("> - {item}"), ">   word"));
    }

    #[test]
    fn writes_a_url_once() {
        let bare = "see https://example.org/a <https://example.org/a>.";
        assert_eq!(wrap(bare), "see <https://example.org/a>.");
    }

    #[test]
    fn a_subject_has_one_line() {
        let folded = "A\r\nBcc: x\t b\u{2028}c\u{a0}!\u{7}";
        assert_eq!(one_line(folded), "A Bcc: x b c\u{a0}!");
    }

    #[test]
    fn removes_needless_white_space() {
        assert_eq!(tidy("\n\na  \n\n\n\nb\n\n"), "a\n\nb\n");
        assert_eq!(underlined("Été", "="), "Été\n===");
    }
}
