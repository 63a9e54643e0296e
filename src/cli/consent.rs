//! `xabar consent verify|proof`

use clap::Subcommand;

use super::CliError;
use super::output::Output;
use super::subscriber::print_dossier;
use crate::domain::{EmailAddress, Language};
use crate::service::Service;
use crate::subscribe::privacy::Extent;
use crate::subscribe::{self, ConsentAuditReport, NotedEnd};

#[derive(Debug, Subcommand)]
pub(super) enum Consents {
    /// Reads the whole record of consent; exit status 1 and the places if it is not what was recorded.
    Verify {
        /// An end of the chain that was noted earlier: it has to be in the chain still.
        #[arg(long, value_name = "EVENT:HASH")]
        noted: Option<NotedEnd>,
    },
    /// The proof of one person's consent, as one file to read, or as JSON.
    Proof {
        /// The address.
        #[arg(value_parser = EmailAddress::parse)]
        address: EmailAddress,
        /// The language of the file; that of the person when left out.
        #[arg(long, value_parser = Language::from_tag)]
        language: Option<Language>,
    },
}

impl Consents {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Verify { noted } => verify(service, noted.as_ref(), out).await,
            Self::Proof { address, language } => {
                print_dossier(service, out, &address, Extent::Consent, language).await
            }
        }
    }
}

async fn verify(service: &Service, noted: Option<&NotedEnd>, out: Output) -> Result<(), CliError> {
    let report = subscribe::audit_consents(service, noted).await?;
    out.value(&report, || lines(&report))?;
    match report.breaks.first() {
        None => Ok(()),
        Some(first) => Err(CliError::Failed(format!(
            "the record of consent is not what was recorded: event {}: {}",
            first.event, first.what
        ))),
    }
}

fn lines(report: &ConsentAuditReport) -> String {
    let began_at = report
        .began_at
        .map(|at| format!(", chained since {at}"))
        .unwrap_or_default();
    let mut lines = format!(
        "{} events{began_at}; {} more were removed in their time\nthe last is {}:{}",
        report.events, report.removed, report.last_event, report.last_hash
    );
    for found in &report.breaks {
        lines.push_str(&format!("\nevent {}: {}", found.event, found.what));
    }
    lines
}
