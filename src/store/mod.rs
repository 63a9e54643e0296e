//! All SQL, one file for each noun, for SQLite and PostgreSQL.
//!
//! Every statement is declared once with [`statements!`](dialect) and runs on both databases. Where they differ, it has
//! a piece for each: one that several statements need has a name in [`dialect`].
//!
//! A function that only reads takes [`Read`], a connection. A function that writes takes [`Write`], a
//! transaction; the caller begins and commits it.
//!
//! Every function returns [`StoreError`] when the database cannot be used: it cannot be reached, is
//! locked or full, or does not answer in time. After such an error, drop the transaction. An
//! `# Errors` section names only what goes beyond that.
//!
//! Times are bound as microseconds since 1970 in UTC, identifiers as the values they wrap ([`ids`]).

mod availability;
mod bulk;
mod chain_head;
mod closing;
mod commit_hook;
mod connection;
mod dialect;
mod error;
mod file_trouble;
mod ids;
mod lock_wait;
mod migrate;
mod open_file;
mod open_postgres;
mod open_sqlite;
mod pool_wait;
mod rows;
mod time_limit;
mod timings;
mod work_signal;
mod writer;

pub mod accounts;
pub mod audit;
pub mod backup;
pub mod condition;
pub mod consent;
pub mod delivery;
pub mod instance;
pub mod issue;
pub mod newsletter;
pub mod outbox;
pub mod picture;
pub mod protection;
pub mod queue;
pub mod retention;
pub mod subscriber;
pub mod subscription;
pub mod worker;

pub(crate) use closing::CLOSING;
pub use connection::{Read, Store, Write};
pub use error::StoreError;
pub use file_trouble::FileTrouble;
pub use migrate::{MigrationStep, newest_schema_version, schema_version};
pub use open_sqlite::{left_over, sqlite_path};
pub use time_limit::with_timeout;
pub use timings::PoolUse;

/// The statements of each file.
const FILES: &[(&str, &[(&str, dialect::Statement)])] = &[
    ("accounts::browser", accounts::browser::STATEMENTS),
    ("accounts::editor", accounts::editor::STATEMENTS),
    (
        "accounts::recovery_code",
        accounts::recovery_code::STATEMENTS,
    ),
    ("accounts::session", accounts::session::STATEMENTS),
    ("accounts::token", accounts::token::STATEMENTS),
    (
        "accounts::idempotency_key",
        accounts::idempotency_key::STATEMENTS,
    ),
    ("audit", audit::STATEMENTS),
    ("backup", backup::STATEMENTS),
    ("instance", instance::STATEMENTS),
    ("condition", condition::STATEMENTS),
    ("consent", consent::STATEMENTS),
    ("consent::audit", consent::audit::STATEMENTS),
    ("consent::chain", consent::chain::STATEMENTS),
    ("consent::removal", consent::removal::STATEMENTS),
    (
        "consent::operator_suppression",
        consent::operator_suppression::STATEMENTS,
    ),
    ("consent::suppression", consent::suppression::STATEMENTS),
    ("delivery", delivery::STATEMENTS),
    ("delivery::causes", delivery::causes::STATEMENTS),
    ("delivery::relay_limit", delivery::relay_limit::STATEMENTS),
    ("delivery::relay_pause", delivery::relay_pause::STATEMENTS),
    ("delivery::claim", delivery::claim::STATEMENTS),
    ("delivery::delivery_log", delivery::delivery_log::STATEMENTS),
    ("delivery::far_ahead", delivery::far_ahead::STATEMENTS),
    ("delivery::range", delivery::range::STATEMENTS),
    ("delivery::record", delivery::record::STATEMENTS),
    (
        "delivery::record::one_by_one",
        delivery::record::one_by_one::STATEMENTS,
    ),
    ("delivery::throttle", delivery::throttle::STATEMENTS),
    ("delivery::waiting", delivery::waiting::STATEMENTS),
    ("issue", issue::STATEMENTS),
    ("issue::archive", issue::archive::STATEMENTS),
    ("issue::approval", issue::approval::STATEMENTS),
    ("issue::audience", issue::audience::STATEMENTS),
    ("issue::backlog", issue::backlog::STATEMENTS),
    ("issue::erratum", issue::erratum::STATEMENTS),
    ("issue::report", issue::report::STATEMENTS),
    ("issue::sample", issue::sample::STATEMENTS),
    ("issue::history", issue::history::STATEMENTS),
    ("issue::progress", issue::progress::STATEMENTS),
    ("issue::revision", issue::revision::STATEMENTS),
    ("newsletter", newsletter::STATEMENTS),
    ("newsletter::recipe", newsletter::recipe::STATEMENTS),
    ("newsletter::logo", newsletter::logo::STATEMENTS),
    (
        "newsletter::text_override",
        newsletter::text_override::STATEMENTS,
    ),
    ("migrate", migrate::STATEMENTS),
    ("outbox", outbox::STATEMENTS),
    ("outbox::again", outbox::again::STATEMENTS),
    ("outbox::backlog", outbox::backlog::STATEMENTS),
    ("outbox::repeated", outbox::repeated::STATEMENTS),
    ("outbox::test_copies", outbox::test_copies::STATEMENTS),
    ("picture", picture::STATEMENTS),
    ("picture::leftover", picture::leftover::STATEMENTS),
    ("picture::object", picture::object::STATEMENTS),
    ("queue", queue::STATEMENTS),
    ("worker", worker::STATEMENTS),
    (
        "protection::daily_count",
        protection::daily_count::STATEMENTS,
    ),
    (
        "protection::unconfirmed_mail",
        protection::unconfirmed_mail::STATEMENTS,
    ),
    (
        "protection::rate_counter",
        protection::rate_counter::STATEMENTS,
    ),
    (
        "protection::spent_proof",
        protection::spent_proof::STATEMENTS,
    ),
    ("retention", retention::STATEMENTS),
    ("retention::expiry", retention::expiry::STATEMENTS),
    ("retention::log", retention::log::STATEMENTS),
    ("retention::space", retention::space::STATEMENTS),
    ("subscriber", subscriber::STATEMENTS),
    (
        "subscriber::address_change",
        subscriber::address_change::STATEMENTS,
    ),
    ("subscriber::answer", subscriber::answer::STATEMENTS),
    ("subscriber::dossier", subscriber::dossier::STATEMENTS),
    ("subscriber::erasure", subscriber::erasure::STATEMENTS),
    ("subscription", subscription::STATEMENTS),
    ("subscription::figures", subscription::figures::STATEMENTS),
    ("subscription::import", subscription::import::STATEMENTS),
    (
        "subscription::import::left",
        subscription::import::left::STATEMENTS,
    ),
    (
        "subscription::import::undo",
        subscription::import::undo::STATEMENTS,
    ),
    ("subscription::signup", subscription::signup::STATEMENTS),
    ("work_signal", work_signal::STATEMENTS),
];

/// Every statement of this module with its name, as SQLite and as PostgreSQL see it.
/// The test suite prepares each of them on both.
#[must_use]
pub fn all_statements() -> Vec<(String, dialect::Statement)> {
    let named = |(file, list): &(&str, &'static [(&str, dialect::Statement)])| {
        let file = (*file).to_owned();
        list.iter()
            .map(move |(name, statement)| (format!("{file}::{name}"), *statement))
    };
    let bulk = [
        &consent::INSERT,
        &consent::chain::LINK,
        &subscription::import::bulk_statements::SUPPRESSED,
        &subscription::import::bulk_statements::SUBSCRIBERS,
        &subscription::import::bulk_statements::KNOWN,
        &subscription::import::bulk_statements::NEW_SUBSCRIPTIONS,
        &subscription::import::bulk_statements::SUBSCRIPTIONS,
        &subscription::import::bulk_statements::INSERTED,
        &subscription::import::bulk_statements::LEFT,
        &subscription::import::bulk_statements::ACTIVE,
    ];
    FILES
        .iter()
        .flat_map(named)
        .chain(delivery::record::generated())
        .chain(bulk.iter().flat_map(|statement| statement.statements()))
        .collect()
}
