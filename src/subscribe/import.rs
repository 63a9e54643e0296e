//! Subscribers from elsewhere, with proof of their consent.

use std::collections::{HashMap, HashSet};
use std::io::{self, Read};
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use csv::{ByteRecord, Reader, ReaderBuilder};
use jiff::Timestamp;
use serde::Serialize;

use crate::domain::{
    CountrySet, EmailAddress, Language, Newsletter, SubscriptionState, parse_schedule,
};
use crate::service::Service;
use crate::store::import::{self, ImportRow};
use crate::store::{self, StoreError};

/// Rows in one transaction.
const BATCH: usize = 2_000;
/// The longest cell that is taken.
const LONGEST_CELL: usize = 4_000;
/// The longest record that is read at all: past it a quote was surely left open.
const LONGEST_RECORD: u64 = 8 * 1024 * 1024;
/// Wordings remembered; a file has few, as they are what a form said.
const WORDINGS: usize = 1_000;

/// A row that was not taken.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct RefusedRow {
    /// Its line in the file.
    pub line: u64,
    /// Why, and what to do.
    pub why: String,
}

/// What an import did.
#[derive(Debug, Clone, Default, Serialize)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u64,
    /// New active subscriptions.
    pub imported: u64,
    /// Rows whose address has a subscription already, whatever its state; it was left alone.
    pub known: u64,
    /// Rows refused.
    pub refused: u64,
    /// Why reading ended before the end of the file, if it did. What was imported stays.
    pub stopped: Option<String>,
}

/// An import that could not go on.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The header row.
    #[error(
        "the first line must name the columns email, consent_at, consent_source and consent_wording \
        (and may name language, countries, name); {0}"
    )]
    Header(String),
    /// The file or the report.
    #[error("reading the file or writing the report failed: {0}")]
    Io(#[from] io::Error),
    /// The database.
    #[error("{0}; the rows before are imported, and running the import again goes on from there")]
    Store(#[from] StoreError),
}

/// Where the columns are.
struct Columns {
    email: usize,
    consent_at: usize,
    consent_source: usize,
    consent_wording: usize,
    language: Option<usize>,
    countries: Option<usize>,
    name: Option<usize>,
}

/// A checked row; its wording is not numbered yet.
struct Checked {
    row: ImportRow,
    wording: String,
}

/// Reads a CSV file in flat memory, however long the file or one of its cells.
pub struct Importer<'a, R: Read> {
    service: &'a Service,
    newsletter: &'a Newsletter,
    reader: Reader<Bounded<R>>,
    since_record: Arc<AtomicU64>,
    wordings: HashMap<(String, String, Language), i64>,
    report: ImportReport,
}

impl<'a, R: Read> Importer<'a, R> {
    /// An import of `file` into `newsletter`.
    pub fn new(service: &'a Service, newsletter: &'a Newsletter, file: R) -> Self {
        let since_record = Arc::new(AtomicU64::new(0));
        let bounded = Bounded {
            inner: file,
            since_record: Arc::clone(&since_record),
        };
        let reader = ReaderBuilder::new()
            .has_headers(false)
            .flexible(true)
            .from_reader(bounded);
        Self {
            service,
            newsletter,
            reader,
            since_record,
            wordings: HashMap::new(),
            report: ImportReport::default(),
        }
    }

    /// Imports; each refused row is given to `refuse`. Good rows are kept, whatever
    /// the others are like.
    ///
    /// # Errors
    /// When the header row does not fit, or the database cannot be used.
    pub async fn run(
        mut self,
        mut refuse: impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<ImportReport, ImportError> {
        let columns = self.header()?;
        let mut record = ByteRecord::new();
        let mut batch: Vec<Checked> = Vec::with_capacity(BATCH);
        loop {
            match self.reader.read_byte_record(&mut record) {
                Ok(false) => break,
                Ok(true) => {}
                Err(error) => {
                    self.report.stopped = Some(format!("reading stopped: {error}"));
                    break;
                }
            }
            self.since_record.store(0, Ordering::Relaxed);
            self.report.rows += 1;
            let line = record.position().map_or(0, csv::Position::line);
            match self.check(&columns, &record, line) {
                Ok(checked) => batch.push(checked),
                Err(why) => self.refuse(&mut refuse, line, why)?,
            }
            if batch.len() == BATCH {
                self.write(&mut batch, &mut refuse).await?;
            }
        }
        self.write(&mut batch, &mut refuse).await?;
        Ok(self.report)
    }

    fn refuse(
        &mut self,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
        line: u64,
        why: String,
    ) -> io::Result<()> {
        self.report.refused += 1;
        refuse(&RefusedRow { line, why })
    }

    fn header(&mut self) -> Result<Columns, ImportError> {
        let mut record = ByteRecord::new();
        let found = self.reader.read_byte_record(&mut record);
        if !found.map_err(|e| ImportError::Header(e.to_string()))? {
            return Err(ImportError::Header("the file is empty".into()));
        }
        let mut names = Vec::new();
        for cell in &record {
            let name = std::str::from_utf8(cell).map_err(|_| {
                ImportError::Header("it is not UTF-8: save the file as CSV UTF-8".into())
            })?;
            names.push(
                name.trim_start_matches('\u{feff}')
                    .trim()
                    .to_ascii_lowercase(),
            );
        }
        let optional = |wanted: &str| names.iter().position(|name| name == wanted);
        let required = |wanted: &str| {
            optional(wanted)
                .ok_or_else(|| ImportError::Header(format!("there is no column `{wanted}`")))
        };
        Ok(Columns {
            email: required("email")?,
            consent_at: required("consent_at")?,
            consent_source: required("consent_source")?,
            consent_wording: required("consent_wording")?,
            language: optional("language"),
            countries: optional("countries"),
            name: optional("name"),
        })
    }

    fn check(&self, columns: &Columns, record: &ByteRecord, line: u64) -> Result<Checked, String> {
        let cell = |index: usize, name: &str| {
            let octets = record.get(index).unwrap_or_default();
            if octets.len() > LONGEST_CELL {
                return Err(format!("{name} is longer than {LONGEST_CELL} octets"));
            }
            let text = std::str::from_utf8(octets)
                .map_err(|_| format!("{name} is not UTF-8: save the file as CSV UTF-8"))?;
            Ok(text.trim())
        };
        let optional =
            |index: Option<usize>, name: &str| index.map_or(Ok(""), |index| cell(index, name));
        let needed = |index: usize, name: &str| match cell(index, name)? {
            "" => Err(format!(
                "{name} is empty: without proof of consent nobody is taken in"
            )),
            text => Ok(text),
        };
        let address = EmailAddress::parse(cell(columns.email, "email")?)
            .map_err(|e| format!("email: {e}"))?;
        let consent_at = consent_time(needed(columns.consent_at, "consent_at")?, self)?;
        let language = match optional(columns.language, "language")? {
            "" => self.newsletter.language,
            tag => Language::from_tag(tag).map_err(|e| format!("language: {e}"))?,
        };
        let countries = optional(columns.countries, "countries")?.replace([';', ' ', '|'], ",");
        let countries = CountrySet::parse(&countries).map_err(|e| format!("countries: {e}"))?;
        let name = optional(columns.name, "name")?;
        if name.chars().any(char::is_control) {
            return Err("name has control characters".into());
        }
        let hash = self.service.links.address_hash(&address);
        let wording = needed(columns.consent_wording, "consent_wording")?.to_owned();
        Ok(Checked {
            row: ImportRow {
                line,
                address: address.to_string(),
                key: address.key(),
                hash: data_encoding::HEXLOWER.encode(&hash),
                name: (!name.is_empty()).then(|| name.to_owned()),
                language: language.as_str(),
                countries: countries.to_string(),
                consent_at: consent_at.as_microsecond(),
                source: needed(columns.consent_source, "consent_source")?.to_owned(),
                wording: 0,
            },
            wording,
        })
    }

    /// Writes a batch in one transaction and empties it.
    async fn write(
        &mut self,
        batch: &mut Vec<Checked>,
        refuse: &mut impl FnMut(&RefusedRow) -> io::Result<()>,
    ) -> Result<(), ImportError> {
        if batch.is_empty() {
            return Ok(());
        }
        let service = self.service;
        let mut tx = service.store.write().await?;
        let mut rows = Vec::with_capacity(batch.len());
        for Checked { mut row, wording } in batch.drain(..) {
            let language: Language = row.language.parse().unwrap_or(self.newsletter.language);
            row.wording = self
                .wording(&mut tx, wording, &row.source, language)
                .await?;
            rows.push(row);
        }
        let known = import::known(&mut tx, &rows, self.newsletter.id).await?;
        let suppressed: HashSet<u64> = import::suppressed(&mut tx, &rows)
            .await?
            .into_iter()
            .collect();
        let mut refused = Vec::new();
        let mut seen = HashSet::new();
        rows.retain(|row| {
            if suppressed.contains(&row.line) {
                refused.push((row.line, "the address is suppressed and must not be mailed".to_owned()));
                return false;
            }
            if let Some(state) = known.get(&row.line) {
                self.report.known += 1;
                if *state != SubscriptionState::Active {
                    let why = format!("the address has a subscription that is {state}; only its owner can confirm it");
                    refused.push((row.line, why));
                    self.report.known -= 1;
                }
                return false;
            }
            if !seen.insert(row.key.clone()) {
                self.report.known += 1;
                return false;
            }
            true
        });
        if !rows.is_empty() {
            import::insert(&mut tx, &rows, self.newsletter.id, service.clock.now()).await?;
        }
        tx.commit().await?;
        self.report.imported += rows.len() as u64;
        for (line, why) in refused {
            self.refuse(refuse, line, why)?;
        }
        Ok(())
    }

    async fn wording(
        &mut self,
        tx: &mut store::Write,
        wording: String,
        source: &str,
        language: Language,
    ) -> Result<i64, StoreError> {
        let key = (wording, source.to_owned(), language);
        if let Some(id) = self.wordings.get(&key) {
            return Ok(*id);
        }
        let id = store::consent::wording_id(tx, &key.0, &key.1, language).await?;
        if self.wordings.len() >= WORDINGS {
            self.wordings.clear();
        }
        self.wordings.insert(key, id);
        Ok(id)
    }
}

/// When consent was given: a date, or a time as in a schedule, and not in the future.
fn consent_time<R: Read>(text: &str, importer: &Importer<'_, R>) -> Result<Timestamp, String> {
    let zone = &importer.newsletter.time_zone;
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
    if at > importer.service.clock.now() {
        return Err("consent_at lies in the future".into());
    }
    Ok(at)
}

/// Ends reading when one record grows beyond all reason, so that a quote left
/// open does not pull the whole file into memory.
struct Bounded<R> {
    inner: R,
    since_record: Arc<AtomicU64>,
}

impl<R: Read> Read for Bounded<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let amount = self.inner.read(buffer)?;
        let total = self
            .since_record
            .fetch_add(amount as u64, Ordering::Relaxed);
        if total > LONGEST_RECORD {
            return Err(io::Error::other(
                "a record is longer than 8 MiB; a quotation mark was probably left open",
            ));
        }
        Ok(amount)
    }
}
