//! What people type into fields.

/// A line for a field of one line: line breaks and rows of spaces become one space. French and Russian need
/// their no-break spaces, which stay.
pub(super) fn one_line(typed: &str) -> String {
    let keeps = |c: char| matches!(c, '\u{a0}' | '\u{2007}' | '\u{202f}');
    let words = typed.split(|c: char| c.is_whitespace() && !keeps(c));
    let words: Vec<&str> = words.filter(|word| !word.is_empty()).collect();
    words.join(" ").trim().to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_keeps_its_no_break_spaces() {
        let typed = " Sommet\u{a0}: quelles \n\tpriorités\u{202f}?\u{a0}\r\n";
        assert_eq!(one_line(typed), "Sommet\u{a0}: quelles priorités\u{202f}?");
        assert_eq!(one_line(" \u{a0}\n"), "");
    }
}
