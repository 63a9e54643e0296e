//! Finds in Rust source which rooms of the crate and which external crates it names.
//!
//! A tokenizer rather than a parser: paths inside macros count too.

/// What a file uses, each with the line of its first mention there.
#[derive(Debug, Default)]
pub struct Uses {
    pub rooms: Vec<(usize, String)>,
    pub crates: Vec<(usize, String)>,
}

/// A word or one character of punctuation (`::` counts as one), and its line.
type Token<'a> = (usize, &'a str);

/// Reads the source of `path` (relative to `src`), looking for the crates in `watched`.
pub fn uses_of(path: &str, source: &str, watched: &[&str]) -> Uses {
    let bare = strip(source);
    let tokens = without_tests(&tokens(&bare));
    let mut uses = Uses::default();
    for (at, &(line, word)) in tokens.iter().enumerate() {
        let before = at.checked_sub(1).map_or("", |before| tokens[before].1);
        match word {
            "crate" => rooms_after(&tokens[at + 1..], &mut uses.rooms),
            "super" if before != "::" => {
                let climb = tokens[at..]
                    .chunks(2)
                    .take_while(|pair| pair[0].1 == "super")
                    .count();
                if climb >= depth(path) {
                    rooms_after(&tokens[at + 2 * climb - 1..], &mut uses.rooms);
                }
            }
            _ if watched.contains(&word) && names_a_crate(&tokens, at) => {
                uses.crates.push((line, word.to_owned()));
            }
            _ => {}
        }
    }
    uses
}

/// How many modules deep a file lies: `web/mod.rs` one, `web/form.rs` two.
fn depth(path: &str) -> usize {
    path.split('/').count() - usize::from(path.ends_with("mod.rs"))
}

/// The rooms named by what follows `crate`: one, or the heads of a group.
fn rooms_after(rest: &[Token<'_>], rooms: &mut Vec<(usize, String)>) {
    let [(_, "::"), rest @ ..] = rest else { return };
    if rest.first().is_none_or(|token| token.1 != "{") {
        rooms.extend(rest.first().map(|&(line, word)| (line, word.to_owned())));
        return;
    }
    let mut nesting = 0;
    let mut head = true;
    for &(line, word) in rest {
        match word {
            "{" => nesting += 1,
            "}" => nesting -= 1,
            "," if nesting == 1 => head = true,
            _ if nesting == 1 && head => {
                rooms.push((line, word.to_owned()));
                head = false;
            }
            _ => {}
        }
        if nesting == 0 {
            return;
        }
    }
}

/// Whether the word is a crate there: it begins a path, or is imported as it is.
fn names_a_crate(tokens: &[Token<'_>], at: usize) -> bool {
    let word = |at: Option<usize>| at.and_then(|at| tokens.get(at)).map_or("", |token| token.1);
    let (before, after) = (word(at.checked_sub(1)), word(Some(at + 1)));
    // `::sqlx` is the crate, `other::sqlx` is not.
    let outside = word(at.checked_sub(2));
    let inside = before == "::" && outside.starts_with(is_word) && outside != "use";
    let path = after == "::" && before != "." && !inside;
    path || matches!(before, "use" | "crate") || (matches!(before, "{" | ",") && after == "as")
}

/// Leaves out every item under `#[cfg(test)]`.
fn without_tests<'a>(tokens: &[Token<'a>]) -> Vec<Token<'a>> {
    const TEST: [&str; 7] = ["#", "[", "cfg", "(", "test", ")", "]"];
    let mut kept = Vec::new();
    let mut at = 0;
    while at < tokens.len() {
        let here = tokens[at..].iter().map(|token| token.1);
        if here.take(TEST.len()).eq(TEST) {
            at += TEST.len();
            let mut nesting = 0_i32;
            while at < tokens.len() {
                let word = tokens[at].1;
                nesting += i32::from(word == "{") - i32::from(word == "}");
                at += 1;
                if nesting == 0 && matches!(word, ";" | "}") {
                    break;
                }
            }
        } else {
            kept.push(tokens[at]);
            at += 1;
        }
    }
    kept
}

fn tokens(bare: &str) -> Vec<Token<'_>> {
    let mut tokens = Vec::new();
    for (number, line) in bare.lines().enumerate() {
        let mut rest = line.trim_start();
        while let Some(first) = rest.chars().next() {
            let length = if is_word(first) {
                rest.find(|c| !is_word(c)).unwrap_or(rest.len())
            } else if rest.starts_with("::") {
                2
            } else {
                first.len_utf8()
            };
            tokens.push((number + 1, &rest[..length]));
            rest = rest[length..].trim_start();
        }
    }
    tokens
}

fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}

/// Takes out comments, strings and characters, and leaves the line breaks.
fn strip(source: &str) -> String {
    let mut bare = String::new();
    let mut rest = source;
    while let Some(first) = rest.chars().next() {
        let after_word = bare.ends_with(is_word);
        let skipped = if rest.starts_with("//") {
            rest.find('\n').unwrap_or(rest.len())
        } else if rest.starts_with("/*") {
            comment(rest)
        } else if first == '"' {
            string(rest)
        } else if first == 'r' && !after_word {
            raw_string(rest)
        } else if first == '\'' {
            character(rest)
        } else {
            0
        };
        if skipped == 0 {
            bare.push(first);
            rest = &rest[first.len_utf8()..];
        } else {
            bare.push(' ');
            bare.extend(rest[..skipped].chars().filter(|&c| c == '\n'));
            rest = &rest[skipped..];
        }
    }
    bare
}

/// The length of a block comment; they nest.
fn comment(text: &str) -> usize {
    let mut nesting = 0;
    let mut at = 0;
    while at < text.len() {
        if text[at..].starts_with("/*") {
            nesting += 1;
            at += 2;
        } else if text[at..].starts_with("*/") {
            nesting -= 1;
            at += 2;
        } else {
            at += text[at..].chars().next().map_or(1, char::len_utf8);
        }
        if nesting == 0 {
            break;
        }
    }
    at
}

fn string(text: &str) -> usize {
    let mut escaped = false;
    for (at, c) in text.char_indices().skip(1) {
        match c {
            _ if escaped => escaped = false,
            '\\' => escaped = true,
            '"' => return at + 1,
            _ => {}
        }
    }
    text.len()
}

/// The length of `r"…"` or `r#"…"#`; zero for a word that begins with r.
fn raw_string(text: &str) -> usize {
    let hashes = text[1..].len() - text[1..].trim_start_matches('#').len();
    if !text[1 + hashes..].starts_with('"') {
        return 0;
    }
    let end = format!("\"{}", "#".repeat(hashes));
    let start = hashes + 2;
    text[start..]
        .find(&end)
        .map_or(text.len(), |at| start + at + end.len())
}

/// The length of `'x'` or `'\…'`; zero for a lifetime.
fn character(text: &str) -> usize {
    let mut inner = text.chars().skip(1);
    match (inner.next(), inner.next()) {
        (Some('\\'), Some(_)) => text[3..].find('\'').map_or(0, |at| at + 4),
        (Some(c), Some('\'')) => c.len_utf8() + 2,
        _ => 0,
    }
}
