//! `xabar subscriber show|unsubscribe|erase ADDRESS`

use clap::Subcommand;
use serde_json::json;

use super::CliError;
use super::caution::Caution;
use super::newsletter::find;
use super::output::Output;
use crate::accounts::audit_log;
use crate::domain::{Actor, AuditAction, AuditEvent, EmailAddress, Language, Newsletter};
use crate::service::Service;
use crate::subscribe;
use crate::subscribe::privacy::{self, Extent};

#[derive(Debug, Subcommand)]
pub(super) enum Subscribers {
    /// Shows everything that is held of one person.
    Show {
        /// The address.
        #[arg(value_parser = EmailAddress::parse)]
        address: EmailAddress,
        /// The language of the file; that of the person when left out.
        #[arg(long, value_parser = Language::from_tag)]
        language: Option<Language>,
    },
    /// Ends one subscription of a person who asked the publisher for it. No mail is sent.
    Unsubscribe {
        /// The address.
        #[arg(value_parser = EmailAddress::parse)]
        address: EmailAddress,
        /// The newsletter's slug.
        #[arg(long, value_name = "SLUG")]
        newsletter: String,
        #[command(flatten)]
        caution: Caution,
    },
    /// Erases one person, at once and for good; the person is told by a mail.
    Erase {
        /// The address.
        #[arg(value_parser = EmailAddress::parse)]
        address: EmailAddress,
        #[command(flatten)]
        caution: Caution,
    },
}

impl Subscribers {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Show { address, language } => {
                print_dossier(service, out, &address, Extent::All, language).await
            }
            Self::Unsubscribe {
                address,
                newsletter,
                caution,
            } => {
                let newsletter = find(service, &newsletter).await?;
                unsubscribe(service, out, &address, &newsletter, caution).await
            }
            Self::Erase { address, caution } => {
                let dossier = privacy::dossier_of_address(service, &address, Extent::All).await?;
                let subscriptions = dossier.ok_or_else(nobody)?.subscriptions.len();
                let what = format!("Erase {address} for good, with {subscriptions} subscriptions");
                if caution.dry_run {
                    let plan =
                        json!({ "erase": address.to_string(), "subscriptions": subscriptions });
                    return out.value(&plan, || what);
                }
                caution.ask(&format!("{what}?"))?;
                let certificate =
                    privacy::erase_by_owner(service, &address, &Actor::CommandLine).await?;
                let certificate = certificate.ok_or_else(nobody)?;
                out.value(&certificate, || {
                    let proof = match (&certificate.proof_until, certificate.proof_remains) {
                        (Some(until), _) => format!("the locked proof of consent until {until}"),
                        (None, true) => "the locked proof of consent".to_owned(),
                        (None, false) => "no proof of consent".to_owned(),
                    };
                    format!(
                        "erased: {} subscriptions, {} lines of ledgers, {} mails; what remains is a keyed hash and {proof}",
                        certificate.subscriptions, certificate.deliveries, certificate.mails
                    )
                })
            }
        }
    }
}

async fn unsubscribe(
    service: &Service,
    out: Output,
    address: &EmailAddress,
    newsletter: &Newsletter,
    caution: Caution,
) -> Result<(), CliError> {
    let slug = &newsletter.slug;
    let none = || {
        CliError::Failed(format!(
            "this address has no subscription to {slug} that could end; `xabar subscriber show` says which there are"
        ))
    };
    let found = subscribe::running_subscription(service, address, newsletter).await?;
    let number = found.ok_or_else(none)?.id.0;
    let what = format!("End the subscription of {address} to {slug}");
    let answer = |done: bool| json!({ "done": done, "newsletter": slug, "number": number });
    if caution.dry_run {
        return out.value(&answer(false), || what);
    }
    caution.ask(&format!("{what}?"))?;
    let (by, page) = (&Actor::CommandLine, "xabar subscriber unsubscribe");
    if !subscribe::unsubscribe_by_owner(service, address, newsletter, by, page).await? {
        return Err(none());
    }
    out.value(&answer(true), || {
        format!("unsubscribed from {slug}; the address may sign up again")
    })
}

/// Prints what is held of a person as a file to read, or as JSON.
pub(super) async fn print_dossier(
    service: &Service,
    out: Output,
    address: &EmailAddress,
    extent: Extent,
    language: Option<Language>,
) -> Result<(), CliError> {
    let dossier = privacy::dossier_of_address(service, address, extent).await?;
    let dossier = dossier.ok_or_else(nobody)?;
    note(service, AuditAction::Exported).await?;
    let text = dossier
        .to_text(language.unwrap_or(dossier.language))
        .map_err(|e| CliError::Failed(e.to_string()))?;
    out.value(&dossier, || text.trim_end().to_owned())
}

/// Logs what was done about one reader; the log does not name the reader.
async fn note(service: &Service, action: AuditAction) -> Result<(), CliError> {
    let event = AuditEvent::about_a_reader(&Actor::CommandLine, action, service.clock.now());
    Ok(audit_log::note(service, &event).await?)
}

fn nobody() -> CliError {
    CliError::Failed("nothing is held of this address".to_owned())
}
