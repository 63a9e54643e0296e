//! A file that has nothing but addresses to tell.

use std::collections::HashSet;
use std::io::{self, Read};

use csv::ByteRecord;

use super::cell_forms::address_in;
use super::hints::AddressHeader;
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
    let (mut column, mut header) = (None, None::<AddressHeader>);
    while let Some(line) = reader.next(&mut record).map_err(AddressListError::Broken)? {
        if record.iter().all(|cell| cell.trim_ascii().is_empty()) {
            continue;
        }
        let misquoted = reader.misquoted_line().map(misquoted);
        if column.is_none() && header.is_none() {
            header = AddressHeader::read(&record);
            match header {
                Some(_) => continue,
                None if record.len() == 1 => column = Some(0),
                None => return Err(AddressListError::NoColumn),
            }
        }
        let of_header = header.as_ref().filter(|_| column.is_none());
        if let Some(header) = of_header {
            column = header.with_address(&record);
        }
        let Some(index) = column.or_else(|| header.as_ref().and_then(AddressHeader::named)) else {
            let why = "no cell has an address".to_owned();
            list.refused.push(RefusedRow { line, why });
            continue;
        };
        let address = match misquoted {
            Some(why) => Err(why),
            None => cell(&record, index, "email").and_then(address_in),
        };
        match address {
            Ok(address) if seen.insert(address.key()) => list.addresses.push(address),
            Ok(_) => {}
            Err(why) => list.refused.push(RefusedRow { line, why }),
        }
    }
    let is_known = |header: AddressHeader| column.is_some() || header.named().is_some();
    match header.is_none_or(is_known) {
        true => Ok(list),
        false => Err(AddressListError::NoColumn),
    }
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
            "E-Mail-Typ;E-Mail-Adresse\nHTML;a@example.org\nHTML;b@example.org\n",
            "Nom;Courrier\nA;a@example.org\nB;b@example.org\n",
            "Anna <a@example.org>\nB <b@example.org>\n",
        ] {
            assert_eq!(read(text)?, (both.clone(), Vec::new()), "{text}");
        }
        let (good, refused) = read("email,name\na@example.org,A\nnobody,B\n,C\nb@example.org,\n")?;
        assert_eq!((good, refused), (both, vec![3, 4]));
        for text in ["a@example.org,Anna\n", "Nom;Ville\nA;Bonn\n", "Nom;Ville\n"] {
            let columns = read(text);
            assert!(matches!(columns, Err(AddressListError::NoColumn)), "{text}");
        }
        let open = read("email\n\"a@example.org\n");
        assert!(matches!(open, Err(AddressListError::Broken(_))), "{open:?}");
        Ok(())
    }
}
