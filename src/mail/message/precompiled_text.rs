//! A text with places for the values of one reader.

/// How many values a mail has that differ from reader to reader.
pub(super) const VALUES: usize = 3;

/// A text without the personal values, and where each of them stands.
#[derive(Debug)]
pub(super) struct PrecompiledText {
    fixed: String,
    /// In the order of their places.
    placeholders: Vec<Placeholder>,
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
        let mut rest = built;
        while let Some(letter) = rest.chars().next() {
            let mut found = marks.iter().enumerate();
            let found =
                found.find_map(|(value, mark)| Some((value, mark.len(), soft_breaks(rest, mark)?)));
            let Some((value, length, breaks)) = found else {
                text.fixed.push(letter);
                rest = &rest[letter.len_utf8()..];
                continue;
            };
            text.add_placeholders(value, length, &breaks);
            rest = &rest[length + breaks.len() * SOFT_BREAK.len()..];
        }
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

    /// The text in pieces, with the values in their places. Each must be as long as its mark.
    pub(super) fn pieces<'a>(
        &'a self,
        values: [&'a str; VALUES],
    ) -> impl Iterator<Item = &'a str> + Clone {
        let starts = std::iter::once(0).chain(self.placeholders.iter().map(|place| place.at));
        let ends = self.placeholders.iter().map(|place| place.at);
        let ends = ends.chain([self.fixed.len()]);
        let own = self.placeholders.iter();
        let own = own.map(move |place| &values[place.value][place.from..place.to]);
        let fixed = starts.zip(ends).map(|(from, to)| &self.fixed[from..to]);
        fixed
            .zip(own.chain([""]))
            .flat_map(|(fixed, own)| [fixed, own])
            .filter(|piece| !piece.is_empty())
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
