//! Transparency (RFC 5321 §4.5.2): a line of a text that begins with a dot gets another one.

/// The text with its leading dots doubled. It begins at the start of a line.
pub(crate) fn with_dots_doubled(text: String) -> String {
    let next = |rest: &str| memchr::memmem::find(rest.as_bytes(), b"\r\n.").map(|at| at + 2);
    let first = if text.starts_with('.') {
        Some(0)
    } else {
        next(&text)
    };
    let Some(mut at) = first else {
        return text;
    };
    let mut doubled = String::with_capacity(text.len() + text.len() / 32);
    let mut rest = text.as_str();
    loop {
        let (before, dot) = rest.split_at(at);
        doubled.push_str(before);
        doubled.push('.');
        rest = dot;
        match next(rest) {
            Some(further) => at = further,
            None => break,
        }
    }
    doubled.push_str(rest);
    doubled
}
