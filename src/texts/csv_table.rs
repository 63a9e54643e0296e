//! Tables for a spreadsheet (RFC 4180).

use crate::domain::Language;

/// A spreadsheet takes a cell that begins with one of these for a formula.
const BEGINS_A_FORMULA: [char; 6] = ['=', '+', '-', '@', '\t', '\r'];

/// Who reads a table.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CsvReader {
    /// A program: UTF-8 with commas.
    Program,
    /// Excel or the like, set up for this language. Without the byte order mark Excel takes another character set;
    /// and where numbers have a decimal comma, it expects semicolons.
    Spreadsheet(Language),
}

impl CsvReader {
    /// What stands before the first row of a file.
    #[must_use]
    pub fn file_start(self) -> &'static str {
        match self {
            Self::Program => "",
            Self::Spreadsheet(_) => "\u{feff}",
        }
    }

    fn separator(self) -> u8 {
        match self {
            Self::Program | Self::Spreadsheet(Language::En) => b',',
            Self::Spreadsheet(_) => b';',
        }
    }

    /// Rows as CSV with CRLF. No cell can act as a formula: an apostrophe stands before one that looks like it.
    #[must_use]
    pub fn rows<const COLUMNS: usize>(
        self,
        rows: impl IntoIterator<Item = [String; COLUMNS]>,
    ) -> String {
        let mut writer = csv::WriterBuilder::new()
            .delimiter(self.separator())
            .terminator(csv::Terminator::CRLF)
            .from_writer(Vec::new());
        for row in rows {
            // Writing to memory cannot fail.
            let _ = writer.write_record(row.map(harmless));
        }
        let octets = writer.into_inner().unwrap_or_default();
        String::from_utf8(octets).unwrap_or_default()
    }
}

fn harmless(cell: String) -> String {
    if cell.starts_with(BEGINS_A_FORMULA) {
        format!("'{cell}")
    } else {
        cell
    }
}

#[cfg(test)]
mod tests {
    use super::{CsvReader, Language};

    #[test]
    fn no_cell_is_a_formula() {
        let rows = [["=1+1", "@x"], ["orange.fr", "a, b"]];
        let rows = rows.map(|row| row.map(str::to_owned));
        let table = CsvReader::Program.rows(rows.clone());
        assert_eq!(table, "'=1+1,'@x\r\norange.fr,\"a, b\"\r\n");
        let table = CsvReader::Spreadsheet(Language::Fr).rows(rows);
        assert_eq!(table, "'=1+1;'@x\r\norange.fr;a, b\r\n");
    }
}
