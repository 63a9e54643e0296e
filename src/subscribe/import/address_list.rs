//! A file that has nothing but addresses to tell.

use std::collections::HashSet;
use std::io::{self, Read};

use csv::ByteRecord;

use super::columns::address_column;
use super::reader::RowReader;
use super::row::cell;
use super::{RefusedRow, misquoted};
use crate::domain::EmailAddress;

/// The addresses of a file.
#[derive(Debug, Default)]
pub struct AddressList {
    /// Each once, in the order of the file.
    pub addresses: Vec<EmailAddress>,
    /// The rows without an address that can be read.
    pub refused: Vec<RefusedRow>,
}

/// Why a file cannot be read.
#[derive(Debug, thiserror::Error)]
pub enum AddressListError {
    /// Which column has the addresses is not known.
    #[error("the first line must name a column `email`, or each line be one address")]
    NoColumn,
    /// It breaks off, or a quotation mark is left open.
    #[error("{0}")]
    Broken(String),
    /// The file.
    #[error(transparent)]
    Io(#[from] io::Error),
}

/// Reads addresses: one a line, or the column `email` of a CSV file as a spreadsheet saves it.
///
/// # Errors
/// When the file cannot be read to its end, or has several columns and none is `email`.
pub fn read_addresses<R: Read>(file: R) -> Result<AddressList, AddressListError> {
    let mut reader = RowReader::new(file, &[])?;
    let mut record = ByteRecord::new();
    let (mut list, mut seen) = (AddressList::default(), HashSet::new());
    let mut column = None;
    while let Some(line) = reader.next(&mut record).map_err(AddressListError::Broken)? {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let misquoted = reader.misquoted_line().map(misquoted);
        let index = match column {
            Some(index) => index,
            None => match address_column(&record) {
                Some(header) => {
                    column = Some(header);
                    continue;
                }
                None if record.len() == 1 => *column.insert(0),
                None => return Err(AddressListError::NoColumn),
            },
        };
        let address = match misquoted {
            Some(why) => Err(why),
            None => cell(&record, index, "email")
                .and_then(|text| EmailAddress::parse(text).map_err(|e| format!("email: {e}"))),
        };
        match address {
            Ok(address) if seen.insert(address.key()) => list.addresses.push(address),
            Ok(_) => {}
            Err(why) => list.refused.push(RefusedRow { line, why }),
        }
    }
    Ok(list)
}

#[cfg(test)]
mod tests {
    use super::{AddressListError, read_addresses};

    fn read(text: &str) -> Result<(Vec<String>, Vec<u64>), AddressListError> {
        let list = read_addresses(std::io::Cursor::new(text.to_owned()))?;
        let addresses = list.addresses.iter().map(ToString::to_string).collect();
        Ok((addresses, list.refused.iter().map(|row| row.line).collect()))
    }

    #[test]
    fn lines_and_tables_are_read() -> Result<(), AddressListError> {
        let both = ["a@example.org", "b@example.org"]
            .map(str::to_owned)
            .to_vec();
        for text in [
            "a@example.org\nb@example.org\n",
            "\u{feff}a@example.org\r\n\r\nb@example.org\r\nA@example.org",
            "email\na@example.org\nb@example.org\n",
            "Name;E-Mail;Since\nAnna;a@example.org;2020\n\"B; C\";b@example.org;2021\n",
            "Email bounced,email\nx@example.org,a@example.org\n,b@example.org\n",
        ] {
            assert_eq!(read(text)?, (both.clone(), Vec::new()), "{text}");
        }
        let (good, refused) = read("email,name\na@example.org,A\nnobody,B\n,C\nb@example.org,\n")?;
        assert_eq!((good, refused), (both, vec![3, 4]));
        let columns = read("a@example.org,Anna\n");
        assert!(matches!(columns, Err(AddressListError::NoColumn)));
        let open = read("email\n\"a@example.org\n");
        assert!(matches!(open, Err(AddressListError::Broken(_))), "{open:?}");
        Ok(())
    }
}
