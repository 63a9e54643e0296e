//! A text with places for the values of one reader.

use std::ops::Range;

/// How many values a mail has that differ from reader to reader.
pub(super) const VALUES: usize = 3;

/// A text without the personal values, and where each of them stands.
#[derive(Debug)]
pub(super) struct PrecompiledText {
    fixed: String,
    /// In their order; none is empty, and no fixed part follows another.
    parts: Vec<Part>,
}

/// A part of a text.
#[derive(Debug)]
pub(super) enum Part {
    /// The same for all readers: where it lies.
    Fixed(Range<usize>),
    /// So many octets of one of the values: those on one line of the encoding.
    Value { value: usize, octets: Range<usize> },
}

impl Part {
    pub(super) fn len(&self) -> usize {
        match self {
            Self::Fixed(octets) | Self::Value { octets, .. } => octets.len(),
        }
    }
}

impl PrecompiledText {
    /// Removes the marks, each of which stands for the value of the same number; without marks all is fixed.
    pub(super) fn new(built: &str, marks: &[&str]) -> Self {
        let mut text = Self {
            fixed: String::with_capacity(built.len()),
            parts: Vec::new(),
        };
        let begins_a_mark = |letter: char| marks.iter().any(|mark| mark.starts_with(letter));
        let mut rest = built;
        while let Some(at) = rest.find(begins_a_mark) {
            let (before, from_here) = rest.split_at(at);
            text.push_fixed(before);
            let mut marks = marks.iter().enumerate();
            let found = marks
                .find_map(|(value, mark)| Some((value, mark.len(), soft_breaks(from_here, mark)?)));
            let used = match found {
                Some((value, length, breaks)) => {
                    text.push_value(value, length, &breaks);
                    length + breaks.len() * SOFT_BREAK.len()
                }
                None => {
                    let letter = from_here.chars().next().map_or(0, char::len_utf8);
                    text.push_fixed(&from_here[..letter]);
                    letter
                }
            };
            rest = &from_here[used..];
        }
        text.push_fixed(rest);
        text
    }

    fn push_fixed(&mut self, octets: &str) {
        let from = self.fixed.len();
        self.fixed.push_str(octets);
        let to = self.fixed.len();
        match self.parts.last_mut() {
            Some(Part::Fixed(last)) => last.end = to,
            _ if from < to => self.parts.push(Part::Fixed(from..to)),
            _ => {}
        }
    }

    fn push_value(&mut self, value: usize, length: usize, breaks: &[usize]) {
        let mut from = 0;
        for to in breaks.iter().copied().chain([length]) {
            let octets = from..to;
            self.parts.push(Part::Value { value, octets });
            if to < length {
                self.push_fixed(SOFT_BREAK);
            }
            from = to;
        }
    }

    /// How many octets it has with the values.
    pub(super) fn len(&self) -> usize {
        self.parts.iter().map(Part::len).sum()
    }

    /// The text in its order.
    pub(super) fn parts(&self) -> &[Part] {
        &self.parts
    }

    /// A fixed part.
    pub(super) fn fixed(&self, place: &Range<usize>) -> &str {
        &self.fixed[place.clone()]
    }

    /// A part of the text with these values, each of which must be as long as its mark.
    pub(super) fn resolve<'a>(&'a self, part: &Part, values: [&'a str; VALUES]) -> &'a str {
        match part {
            Part::Fixed(place) => self.fixed(place),
            Part::Value { value, octets } => &values[*value][octets.clone()],
        }
    }

    /// The text in pieces, with the values in their places.
    pub(super) fn pieces<'a>(&'a self, values: [&'a str; VALUES]) -> impl Iterator<Item = &'a str> {
        let parts = self.parts.iter();
        parts.map(move |part| self.resolve(part, values))
    }
}

/// A soft line break of quoted-printable (RFC 2045 §6.7).
const SOFT_BREAK: &str = "=\r\n";

/// The offsets of soft line breaks within the mark, if `text` begins with the mark.
fn soft_breaks(text: &str, mark: &str) -> Option<Vec<usize>> {
    let mut breaks = Vec::new();
    let mut rest = text;
    for (index, letter) in mark.char_indices() {
        if index > 0
            && let Some(next_line) = rest.strip_prefix(SOFT_BREAK)
        {
            breaks.push(index);
            rest = next_line;
        }
        rest = rest.strip_prefix(letter)?;
    }
    Some(breaks)
}
