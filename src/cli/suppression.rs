//! `xabar suppression add|list|remove`: addresses that must not be mailed.

use std::fs::File;
use std::io::Read;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use serde_json::json;

use super::CliError;
use super::caution::Caution;
use super::import::SHOWN;
use super::input::without_address;
use super::output::Output;
use crate::domain::{Actor, EmailAddress};
use crate::service::Service;
use crate::store::consent::operator_suppression::{self, Suppression, SuppressionCount};
use crate::subscribe::suppression::{
    self, Execution, RemovalReport, RemovalScope, SuppressionReport,
};
use crate::subscribe::{AddressList, read_addresses};

const BY: &Actor = &Actor::CommandLine;

#[derive(Debug, Subcommand)]
pub(super) enum Suppressions {
    /// Suppresses addresses: their subscriptions end, and nobody may sign them up or import them. Only a
    /// keyed hash of each is kept.
    Add {
        /// The addresses.
        #[arg(required_unless_present = "file", value_parser = EmailAddress::parse)]
        addresses: Vec<EmailAddress>,
        /// A file with more: one address a line, or CSV with a column email. `-` reads standard input.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Why, for the log and the record of consent. No address may be in it.
        #[arg(long, value_name = "TEXT", default_value = suppression::BY_HAND, value_parser = without_address)]
        because: String,
        #[command(flatten)]
        caution: Caution,
    },
    /// Counts suppressions by reason. The addresses cannot be listed: only their keyed hashes are stored.
    List {
        /// Tells whether this address is suppressed, and why.
        #[arg(long, value_parser = EmailAddress::parse)]
        address: Option<EmailAddress>,
    },
    /// Takes back what an operator suppressed. Subscriptions that ended stay so: readers sign up again.
    Remove {
        /// The addresses.
        #[arg(required_unless_present = "file", value_parser = EmailAddress::parse)]
        addresses: Vec<EmailAddress>,
        /// A file with more, as for `add`.
        #[arg(long)]
        file: Option<PathBuf>,
        /// Also what its reader asked for (an erasure, "this was not me"): the reader asks for mails now.
        #[arg(long)]
        reader_asked: bool,
        #[command(flatten)]
        caution: Caution,
    },
}

impl Suppressions {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Add {
                addresses,
                file,
                because,
                caution,
            } => {
                let mut list = match &file {
                    Some(path) => read_file(path)?,
                    None => AddressList::default(),
                };
                list.addresses.extend(addresses);
                let file = file.unwrap_or_default();
                add(service, out, &list, &because, (caution, &file)).await
            }
            Self::List { address: None } => {
                let mut db = service.store.read().await?;
                let counts = operator_suppression::counts(&mut db, service.clock.now()).await?;
                out.value(&counts, || {
                    counts.iter().map(count_line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::List {
                address: Some(address),
            } => {
                let found = of_address(service, &address).await?;
                let answer = json!({ "suppressed": !found.is_empty(), "suppressions": found });
                out.value(&answer, || match found.is_empty() {
                    true => "not suppressed".to_owned(),
                    false => found.iter().map(line).collect::<Vec<_>>().join("\n"),
                })
            }
            Self::Remove {
                addresses,
                file,
                reader_asked,
                caution,
            } => {
                let scope = match reader_asked {
                    true => RemovalScope::ReaderAsked,
                    false => RemovalScope::OfOperators,
                };
                match (addresses.as_slice(), &file) {
                    ([address], None) if !caution.dry_run => {
                        remove(service, out, address, scope).await
                    }
                    _ => {
                        let mut list = match &file {
                            Some(path) => read_file(path)?,
                            None => AddressList::default(),
                        };
                        list.addresses.extend(addresses);
                        let file = file.unwrap_or_default();
                        remove_many(service, out, &list, scope, (caution, &file)).await
                    }
                }
            }
        }
    }
}

fn read_file(path: &Path) -> Result<AddressList, CliError> {
    let failed = |why: String| CliError::File {
        path: path.display().to_string(),
        why,
    };
    let file: Box<dyn Read> = match path.as_os_str() == "-" {
        true => Box::new(std::io::stdin()),
        false => Box::new(File::open(path).map_err(|e| failed(e.to_string()))?),
    };
    read_addresses(file).map_err(|e| failed(e.to_string()))
}

async fn add(
    service: &Service,
    out: Output,
    list: &AddressList,
    because: &str,
    (caution, file): (Caution, &Path),
) -> Result<(), CliError> {
    let refused = tell_refused(out, list);
    let plan =
        suppression::suppress(service, &list.addresses, because, BY, Execution::DryRun).await?;
    let value = |report: &SuppressionReport, done: bool| {
        json!({ "done": done, "new": report.new, "known": report.known, "ended": report.ended,
            "unconfirmed": report.unconfirmed, "refused": refused })
    };
    if caution.dry_run {
        out.value(&value(&plan, false), || {
            format!("Nothing was done. It would be: {}", summary(&plan))
        })?;
    } else {
        let SuppressionReport {
            new,
            ended,
            unconfirmed,
            ..
        } = plan;
        let question = format!(
            "Suppress {new} addresses, end {ended} subscriptions and erase {unconfirmed} unconfirmed sign-ups for good?"
        );
        caution.ask_about_file(file, &question)?;
        let done =
            suppression::suppress(service, &list.addresses, because, BY, Execution::Real).await?;
        out.value(&value(&done, true), || summary(&done))?;
    }
    all_read(refused)
}

/// Shows some rows without an address that can be read; returns how many there are.
fn tell_refused(out: Output, list: &AddressList) -> usize {
    if !out.json {
        for row in list.refused.iter().take(SHOWN) {
            out.error(&format!("line {}: {}", row.line, row.why));
        }
    }
    list.refused.len()
}

fn all_read(refused: usize) -> Result<(), CliError> {
    match refused {
        0 => Ok(()),
        _ => Err(CliError::Failed(format!(
            "{refused} rows have no address that can be read; mend them and run this again"
        ))),
    }
}

async fn remove_many(
    service: &Service,
    out: Output,
    list: &AddressList,
    scope: RemovalScope,
    (caution, file): (Caution, &Path),
) -> Result<(), CliError> {
    let refused = tell_refused(out, list);
    let run = async |execution| {
        suppression::remove_many(service, &list.addresses, scope, BY, execution).await
    };
    let value = |report: &RemovalReport, done: bool| json!({ "done": done, "removed": report.removed, "others": report.others, "refused": refused });
    let summary = |RemovalReport { removed, others }: &RemovalReport| {
        format!("{removed} addresses may sign up again, {others} had no such suppression")
    };
    let plan = run(Execution::DryRun).await?;
    if caution.dry_run {
        out.value(&value(&plan, false), || {
            format!("Nothing was done. It would be: {}", summary(&plan))
        })?;
        return all_read(refused);
    }
    let question = format!("Take back the suppression of {} addresses?", plan.removed);
    caution.ask_about_file(file, &question)?;
    let done = run(Execution::Real).await?;
    out.value(&value(&done, true), || summary(&done))?;
    all_read(refused)
}

fn summary(report: &SuppressionReport) -> String {
    let SuppressionReport {
        new,
        known,
        ended,
        unconfirmed,
    } = report;
    format!(
        "{new} addresses suppressed, {known} were so before; {ended} subscriptions ended, {unconfirmed} unconfirmed sign-ups erased"
    )
}

async fn of_address(
    service: &Service,
    address: &EmailAddress,
) -> Result<Vec<Suppression>, CliError> {
    let keys = service.links.key().suppression_keys(address);
    let mut db = service.store.read().await?;
    Ok(operator_suppression::of_address(&mut db, &keys, service.clock.now()).await?)
}

async fn remove(
    service: &Service,
    out: Output,
    address: &EmailAddress,
    scope: RemovalScope,
) -> Result<(), CliError> {
    let removed = suppression::remove(service, address, scope, BY).await?;
    let left = of_address(service, address).await?;
    let asks_reader = "its reader asked for that; `--reader-asked` removes it when the same reader asks for mails now";
    if !removed {
        return Err(CliError::Failed(match left.first() {
            None => "the address is not suppressed".to_owned(),
            Some(one) => format!(
                "no operator suppressed the address ({}): {asks_reader}",
                line(one)
            ),
        }));
    }
    let answer = json!({ "removed": true, "left": left });
    out.value(&answer, || match left.first() {
        None => "no longer suppressed; its reader may sign up again".to_owned(),
        Some(one) => format!(
            "the operator's suppression is removed, another stays ({}): {asks_reader}",
            line(one)
        ),
    })
}

fn count_line(count: &SuppressionCount) -> String {
    let besides = match count.by_operator_too {
        0 => String::new(),
        some => format!(", {some} of them by an operator too"),
    };
    format!(
        "{}\t{} hashes{besides}\tthe newest of {}",
        count.reason, count.hashes, count.newest
    )
}

fn line(one: &Suppression) -> String {
    let until = one
        .until
        .map_or_else(|| "for ever".to_owned(), |until| format!("until {until}"));
    let besides = match one.by_operator && one.reason != crate::domain::SuppressionReason::Operator
    {
        true => ", and by an operator",
        false => "",
    };
    format!("{}{besides}, since {}, {until}", one.reason, one.since)
}
