//! Checks of a row that need no database.

use csv::ByteRecord;
use jiff::Timestamp;

use super::ImportError;
use crate::domain::{
    ConsentMethod, ConsentWording, CountrySet, EmailAddress, Frequency, Language, Newsletter,
    parse_schedule,
};
use crate::membership::{Evidence, ImportedConsent};
use crate::service::Service;
use crate::store::subscription::import::ImportRow;

/// The longest cell that is accepted, in octets.
const MAX_CELL_OCTETS: usize = 4_000;

/// The indexes of the columns.
pub(super) struct Columns {
    count: usize,
    email: usize,
    consent_at: usize,
    consent_source: usize,
    consent_wording: usize,
    language: Option<usize>,
    countries: Option<usize>,
    frequency: Option<usize>,
    name: Option<usize>,
}

/// A row that passed the checks, and its proof of consent.
pub(super) struct CheckedRow {
    pub(super) row: ImportRow,
    pub(super) proof: ImportedConsent,
}

impl Columns {
    /// Reads the header row.
    pub(super) fn find(header: &ByteRecord) -> Result<Self, ImportError> {
        let wrong = |why: &str| Err(ImportError::Header(why.to_owned()));
        let mut names = Vec::new();
        for cell in header {
            let Ok(name) = std::str::from_utf8(cell) else {
                return wrong("it is not UTF-8: save the file as CSV UTF-8");
            };
            names.push(name.trim().to_ascii_lowercase());
        }
        if let [only] = names.as_slice() {
            for (separator, name) in [(';', "semicolons"), ('\t', "tabs")] {
                if only.contains(separator) {
                    return wrong(&format!(
                        "the columns are separated by {name}: save the file with commas"
                    ));
                }
            }
        }
        let optional = |wanted: &str| names.iter().position(|name| name == wanted);
        let required = |wanted: &str| {
            optional(wanted)
                .ok_or_else(|| ImportError::Header(format!("there is no column `{wanted}`")))
        };
        Ok(Self {
            count: names.len(),
            email: required("email")?,
            consent_at: required("consent_at")?,
            consent_source: required("consent_source")?,
            consent_wording: required("consent_wording")?,
            language: optional("language"),
            countries: optional("countries"),
            frequency: optional("frequency"),
            name: optional("name"),
        })
    }

    /// Checks a row; the error says why it is refused.
    pub(super) fn check(
        &self,
        record: &ByteRecord,
        line: u64,
        service: &Service,
        newsletter: &Newsletter,
    ) -> Result<CheckedRow, String> {
        if record.len() != self.count {
            // A comma in a text without quotation marks shifts the cells after it.
            return Err(format!(
                "the row has {} cells, but there are {} columns; a text with a comma or a line break needs quotation marks",
                record.len(),
                self.count
            ));
        }
        let address = EmailAddress::parse(cell(record, self.email, "email")?)
            .map_err(|e| format!("email: {e}"))?;
        let consent_at = proof(record, self.consent_at, "consent_at")?;
        let consent_at = consent_time(consent_at, newsletter, service.clock.now())?;
        let source = proof(record, self.consent_source, "consent_source")?;
        let wording = proof(record, self.consent_wording, "consent_wording")?;
        let language = match optional(record, self.language, "language")? {
            "" => newsletter.language,
            tag => Language::from_tag(tag).map_err(|e| format!("language: {e}"))?,
        };
        let countries = optional(record, self.countries, "countries")?;
        let countries = CountrySet::parse(&countries.replace([';', ' ', '|'], ","))
            .map_err(|e| format!("countries: {e}"))?;
        let frequency = match optional(record, self.frequency, "frequency")? {
            "" => Frequency::default(),
            word => word.parse().map_err(|e| format!("frequency: {e}"))?,
        };
        let name = optional(record, self.name, "name")?;
        refuse_controls("name", name)?;
        refuse_controls("consent_source", source)?;
        // A wording may have several lines.
        wording
            .split('\n')
            .try_for_each(|line| refuse_controls("consent_wording", line))?;
        let hash = service.links.address_hash(&address);
        Ok(CheckedRow {
            row: ImportRow {
                line,
                address: address.to_string(),
                key: address.key(),
                hash: data_encoding::HEXLOWER.encode(&hash),
                name: (!name.is_empty()).then(|| name.to_owned()),
                language: language.as_str(),
                countries: countries.to_string(),
                frequency: frequency.as_str(),
                consent_at: consent_at.as_microsecond(),
            },
            proof: ImportedConsent {
                address_hash: hash,
                evidence: Evidence {
                    method: ConsentMethod::Import,
                    at: consent_at,
                    wording: ConsentWording {
                        wording: wording.to_owned(),
                        version: source.to_owned(),
                        language,
                    },
                    page: source.to_owned(),
                    ip: None,
                },
            },
        })
    }
}

/// The text of a cell without surrounding white space.
fn cell<'a>(record: &'a ByteRecord, index: usize, name: &str) -> Result<&'a str, String> {
    let octets = record.get(index).unwrap_or_default();
    if octets.len() > MAX_CELL_OCTETS {
        return Err(format!("{name} is longer than {MAX_CELL_OCTETS} octets"));
    }
    let text = std::str::from_utf8(octets)
        .map_err(|_| format!("{name} is not UTF-8: save the file as CSV UTF-8"))?;
    Ok(text.trim())
}

/// A cell of a column that may be missing.
fn optional<'a>(
    record: &'a ByteRecord,
    index: Option<usize>,
    name: &str,
) -> Result<&'a str, String> {
    index.map_or(Ok(""), |index| cell(record, index, name))
}

fn refuse_controls(name: &str, text: &str) -> Result<(), String> {
    if text.chars().any(char::is_control) {
        return Err(format!("{name} has control characters or line breaks"));
    }
    Ok(())
}

/// A cell that is required as proof of consent.
fn proof<'a>(record: &'a ByteRecord, index: usize, name: &str) -> Result<&'a str, String> {
    match cell(record, index, name)? {
        "" => Err(format!(
            "{name} is empty: without proof of consent nobody is taken in"
        )),
        text => Ok(text),
    }
}

/// When consent was given: a date, or a time as in a schedule, and not in the future.
fn consent_time(text: &str, newsletter: &Newsletter, now: Timestamp) -> Result<Timestamp, String> {
    let zone = &newsletter.time_zone;
    let midnight = format!("{text}T00:00");
    let parsed = parse_schedule(text, zone).or_else(|e| {
        if text.len() == 10 {
            parse_schedule(&midnight, zone)
        } else {
            Err(e)
        }
    });
    let at = parsed.map_err(|_| {
        format!(
            "consent_at: `{}` is not a date such as 2024-07-31 or 2024-07-31T10:00:00Z",
            text.chars().take(40).collect::<String>()
        )
    })?;
    if at > now {
        return Err("consent_at lies in the future".into());
    }
    Ok(at)
}
