//! All SQL, a file a noun, for SQLite and PostgreSQL alike.
//!
//! Every statement is declared once with [`statements!`] and runs on both
//! databases; the few places where they differ are pieces of [`dialect`].
//! Functions that only read take [`Read`], those that write take [`Write`],
//! a transaction that its caller opens and commits.

mod bell;
mod chain;
mod dialect;
mod error;
mod migrate;
mod rows;
mod session;
mod writer;

pub mod address_change;
pub mod answer;
pub mod archive;
pub mod audience;
pub mod claim;
pub mod consent;
pub mod consent_check;
pub mod consent_removal;
pub mod delivery;
pub mod dossier;
pub mod erasure;
pub mod expiry;
pub mod import;
pub mod issue;
pub mod ledger;
pub mod logo;
pub mod newsletter;
pub mod outbox;
pub mod own_text;
pub mod progress;
pub mod proof;
pub mod rate;
pub mod record;
pub mod retention;
pub mod retention_log;
pub mod revision;
pub mod signup;
pub mod subscriber;
pub mod subscription;
pub mod suppression;
pub mod throttle;
pub mod token;

pub use error::StoreError;
pub use session::{Read, Store, Write, in_time};

/// Every statement of this module with its name, as SQLite and as PostgreSQL see it.
/// The test suite prepares each of them on both.
#[must_use]
pub fn all_statements() -> Vec<(String, dialect::Statement)> {
    let files: &[(&str, &[(&str, dialect::Statement)])] = &[
        ("address_change", address_change::STATEMENTS),
        ("answer", answer::STATEMENTS),
        ("archive", archive::STATEMENTS),
        ("bell", bell::STATEMENTS),
        ("chain", chain::STATEMENTS),
        ("audience", audience::STATEMENTS),
        ("claim", claim::STATEMENTS),
        ("consent", consent::STATEMENTS),
        ("consent_check", consent_check::STATEMENTS),
        ("consent_removal", consent_removal::STATEMENTS),
        ("delivery", delivery::STATEMENTS),
        ("dossier", dossier::STATEMENTS),
        ("erasure", erasure::STATEMENTS),
        ("ledger", ledger::STATEMENTS),
        ("revision", revision::STATEMENTS),
        ("import", import::STATEMENTS),
        ("issue", issue::STATEMENTS),
        ("logo", logo::STATEMENTS),
        ("newsletter", newsletter::STATEMENTS),
        ("outbox", outbox::STATEMENTS),
        ("own_text", own_text::STATEMENTS),
        ("progress", progress::STATEMENTS),
        ("proof", proof::STATEMENTS),
        ("expiry", expiry::STATEMENTS),
        ("rate", rate::STATEMENTS),
        ("record", record::STATEMENTS),
        ("retention", retention::STATEMENTS),
        ("retention_log", retention_log::STATEMENTS),
        ("signup", signup::STATEMENTS),
        ("subscriber", subscriber::STATEMENTS),
        ("subscription", subscription::STATEMENTS),
        ("suppression", suppression::STATEMENTS),
        ("throttle", throttle::STATEMENTS),
        ("token", token::STATEMENTS),
    ];
    let named = |(file, list): &(&str, &'static [(&str, dialect::Statement)])| {
        let file = (*file).to_owned();
        list.iter()
            .map(move |(name, statement)| (format!("{file}::{name}"), *statement))
    };
    files.iter().flat_map(named).chain(record::made()).collect()
}
