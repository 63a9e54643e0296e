//! Texts without case, accents and signs, in which words are looked for.

use unicode_normalization::char::{decompose_canonical, is_combining_mark};

/// A text as its words and as its letters. It is filled again and again, so that reading a cell takes no memory.
#[derive(Debug, Default)]
pub(super) struct Folded {
    words: String,
    letters: String,
}

impl Folded {
    pub(super) fn of(text: &str) -> Self {
        let mut folded = Self::default();
        folded.read(text);
        folded
    }

    /// Takes this text instead of the last one.
    pub(super) fn read(&mut self, text: &str) {
        self.words.clear();
        self.letters.clear();
        for c in text.chars() {
            if c.is_ascii_alphanumeric() {
                self.push(c.to_ascii_lowercase());
            } else if c.is_ascii() {
                self.end_word();
            } else {
                self.read_beyond_ascii(c);
            }
        }
        self.end_word();
    }

    fn read_beyond_ascii(&mut self, c: char) {
        match c {
            'ß' | 'ẞ' => {
                self.push('s');
                self.push('s');
            }
            // They are not seen, and part no words.
            '\u{ad}' | '\u{200b}'..='\u{200d}' | '\u{2060}' | '\u{feff}' => {}
            c if is_combining_mark(c) => {}
            c if c.is_alphanumeric() => {
                for lower in c.to_lowercase() {
                    decompose_canonical(lower, |part| {
                        if !is_combining_mark(part) {
                            self.push(part);
                        }
                    });
                }
            }
            _ => self.end_word(),
        }
    }

    fn push(&mut self, c: char) {
        self.words.push(c);
        self.letters.push(c);
    }

    fn end_word(&mut self) {
        if !self.words.is_empty() && !self.words.ends_with(' ') {
            self.words.push(' ');
        }
    }

    /// The letters and digits, without what is between them.
    pub(super) fn letters(&self) -> &str {
        &self.letters
    }

    /// The words, each with a space after it.
    pub(super) fn words(&self) -> &str {
        &self.words
    }

    /// What is left of the text from each of its words on.
    pub(super) fn tails(&self) -> impl Iterator<Item = &str> {
        let mut rest = self.words.as_str();
        std::iter::from_fn(move || {
            let this = rest;
            rest = this.split_once(' ')?.1;
            Some(this)
        })
    }
}

/// The parts of lists in which `|` stands between them.
fn parts<'a>(lists: &[&'a str]) -> impl Iterator<Item = &'a str> {
    let lists = lists.iter();
    lists.flat_map(|list| list.split('|')).map(str::trim)
}

/// Beginnings of folded texts, of at least two octets.
#[derive(Debug)]
pub(super) struct Beginnings {
    sorted: Vec<Box<str>>,
    /// A bit for each pair of octets with which one begins: most texts begin with none of them.
    pairs: Vec<u64>,
}

impl Beginnings {
    /// Those of lists such as `unsub | left_`: one that ends with `_` is of whole words.
    pub(super) fn new(lists: &[&str]) -> Self {
        let fold = |part: &str| {
            let folded = Folded::of(part);
            let words = match part.ends_with('_') {
                true => folded.words(),
                false => folded.words().trim_end(),
            };
            Box::<str>::from(words)
        };
        let mut all: Vec<Box<str>> = parts(lists).map(fold).collect();
        all.sort_unstable();
        // A longer one that begins with another says nothing more.
        all.dedup_by(|later, kept| later.starts_with(&**kept));
        let mut pairs = vec![0; 1 << 10];
        for one in &all {
            if let Some((at, bit)) = pair(one) {
                pairs[at] |= bit;
            }
        }
        Self { sorted: all, pairs }
    }

    /// Whether the text begins with one of them. As none begins with another, only that one can be it which is the last
    /// that does not come after the text.
    pub(super) fn of(&self, text: &str) -> bool {
        if pair(text).is_none_or(|(at, bit)| self.pairs[at] & bit == 0) {
            return false;
        }
        let after = self.sorted.partition_point(|one| &**one <= text);
        let last = after.checked_sub(1).and_then(|at| self.sorted.get(at));
        last.is_some_and(|one| text.starts_with(&**one))
    }
}

/// Where the bit of the first two octets is.
fn pair(text: &str) -> Option<(usize, u64)> {
    let [first, second, ..] = text.as_bytes() else {
        return None;
    };
    let pair = (usize::from(*first) << 8) | usize::from(*second);
    Some((pair >> 6, 1 << (pair & 63)))
}

/// Words as their letters alone.
#[derive(Debug)]
pub(super) struct Words(Vec<Box<str>>);

impl Words {
    /// Those of lists such as `yes | opted in`.
    pub(super) fn new(lists: &[&str]) -> Self {
        let letters = |part| Box::from(Folded::of(part).letters());
        let mut all: Vec<Box<str>> = parts(lists).map(letters).collect();
        all.sort_unstable();
        Self(all)
    }

    pub(super) fn has(&self, letters: &str) -> bool {
        let found = self.0.binary_search_by(|word| (**word).cmp(letters));
        found.is_ok()
    }

    /// Whether one of them is a part of the text.
    pub(super) fn is_part_of(&self, letters: &str) -> bool {
        self.0.iter().any(|part| letters.contains(&**part))
    }
}

#[cfg(test)]
mod tests {
    use super::{Beginnings, Folded};

    #[test]
    fn case_accents_and_signs_are_left_out() {
        for (text, words) in [
            ("DÉSABONNÉ", "desabonne "),
            ("de\u{301}sabonne\u{301}e", "desabonnee "),
            ("Opt-Out (2024)", "opt out 2024 "),
            ("  s’est désinscrit !", "s est desinscrit "),
            ("Удалён", "удален "),
            ("größer", "grosser "),
            ("un\u{ad}sub\u{200b}scribed", "unsubscribed "),
            ("--", ""),
        ] {
            assert_eq!(Folded::of(text).words(), words, "{text}");
        }
        let folded = Folded::of("a b c");
        let rests: Vec<&str> = folded.tails().collect();
        assert_eq!(rests, ["a b c ", "b c ", "c "]);
    }

    #[test]
    fn a_beginning_is_found() {
        let all = Beginnings::new(&["unsub | unsubscribed | left_ | léft on", "opt out"]);
        for (text, found) in [
            ("unsubscribed ", true),
            ("unsub ", true),
            ("unsu ", false),
            ("left ", true),
            ("left early ", true),
            ("lefteris ", false),
            ("opt outside ", true),
            ("opt ", false),
            ("a ", false),
            ("z ", false),
            ("", false),
        ] {
            assert_eq!(all.of(text), found, "{text}");
        }
    }
}
