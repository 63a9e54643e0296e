//! A text with places for the values of one reader.

use std::ops::Range;

/// How many values a mail has that differ from reader to reader.
pub(super) const VALUES: usize = 3;

/// A text without the personal values, and where each of them stands.
#[derive(Debug)]
pub(super) struct PrecompiledText {
    fixed: String,
    /// In the order of their places.
    placeholders: Vec<Placeholder>,
}

/// A part of a text.
pub(super) enum Part {
    /// The same for all readers: where it lies.
    Fixed(Range<usize>),
    /// So many octets of one of the values.
    Value { value: usize, octets: Range<usize> },
}

/// A place for a personal value, or for the part of one that is on one line of the encoding.
#[derive(Debug)]
struct Placeholder {
    /// The offset in `fixed`.
    at: usize,
    /// Which of the values.
    value: usize,
    /// The part of the value, by octets.
    from: usize,
    to: usize,
}

impl PrecompiledText {
    /// Removes the marks, each of which stands for the value of the same number; without marks there are no
    /// placeholders.
    pub(super) fn new(built: &str, marks: &[&str]) -> Self {
        let mut text = Self {
            fixed: String::with_capacity(built.len()),
            placeholders: Vec::new(),
        };
        let begins_a_mark = |letter: char| marks.iter().any(|mark| mark.starts_with(letter));
        let mut rest = built;
        while let Some(at) = rest.find(begins_a_mark) {
            let (before, from_here) = rest.split_at(at);
            text.fixed.push_str(before);
            let mut marks = marks.iter().enumerate();
            let found = marks
                .find_map(|(value, mark)| Some((value, mark.len(), soft_breaks(from_here, mark)?)));
            let used = match found {
                Some((value, length, breaks)) => {
                    text.add_placeholders(value, length, &breaks);
                    length + breaks.len() * SOFT_BREAK.len()
                }
                None => {
                    let letter = from_here.chars().next().map_or(0, char::len_utf8);
                    text.fixed.push_str(&from_here[..letter]);
                    letter
                }
            };
            rest = &from_here[used..];
        }
        text.fixed.push_str(rest);
        text
    }

    /// One for each line of the encoding that a part of the value is on.
    fn add_placeholders(&mut self, value: usize, length: usize, breaks: &[usize]) {
        let mut from = 0;
        for to in breaks.iter().copied().chain([length]) {
            self.placeholders.push(Placeholder {
                at: self.fixed.len(),
                value,
                from,
                to,
            });
            if to < length {
                self.fixed.push_str(SOFT_BREAK);
            }
            from = to;
        }
    }

    /// How many octets it has with the values.
    pub(super) fn len(&self) -> usize {
        let filled_in = |placeholder: &Placeholder| placeholder.to - placeholder.from;
        self.fixed.len() + self.placeholders.iter().map(filled_in).sum::<usize>()
    }

    /// The text in its order.
    pub(super) fn parts(&self) -> impl Iterator<Item = Part> {
        let starts = std::iter::once(0).chain(self.placeholders.iter().map(|place| place.at));
        let ends = self.placeholders.iter().map(|place| place.at);
        let ends = ends.chain([self.fixed.len()]);
        let fixed = starts.zip(ends).map(|(from, to)| Part::Fixed(from..to));
        let own = self.placeholders.iter().map(|place| Part::Value {
            value: place.value,
            octets: place.from..place.to,
        });
        fixed
            .zip(own.map(Some).chain([None]))
            .flat_map(|(fixed, own)| std::iter::once(fixed).chain(own))
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
        self.parts().map(move |part| self.resolve(&part, values))
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
