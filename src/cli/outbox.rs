//! `xabar outbox list|retry`: transactional mails that wait or were given up.

use clap::Subcommand;
use serde_json::json;
use uuid::Uuid;

use super::CliError;
use super::output::Output;
use crate::deliver;
use crate::domain::{Actor, OutboxId};
use crate::service::Service;
use crate::store::queue::{self, UnsentMail};

#[derive(Debug, Subcommand)]
pub(super) enum Outbox {
    /// Lists the newest mails that wait, were given up or bounced. It names nobody.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=1000))]
        limit: i64,
    },
    /// Sends mails at once: those that wait for their next attempt, and those that were given up.
    Retry {
        /// Their ids, as `list` shows them.
        #[arg(required = true, value_parser = mail_id)]
        ids: Vec<Uuid>,
    },
}

fn mail_id(text: &str) -> Result<Uuid, &'static str> {
    Uuid::parse_str(text).map_err(|_| "a mail's id is a UUID; `xabar outbox list` shows them")
}

impl Outbox {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::List { limit } => {
                let mut db = service.store.read().await?;
                let mails = queue::unsent_mails(&mut db, limit).await?;
                out.value(&mails, || {
                    mails.iter().map(line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Retry { ids } => {
                let mails: Vec<OutboxId> = ids.iter().copied().map(OutboxId).collect();
                deliver::retry_mails(service, &mails, &Actor::CommandLine).await?;
                out.value(&json!({ "retried": ids }), || {
                    format!("due at once: {}", ids.len())
                })
            }
        }
    }
}

fn line(mail: &UnsentMail) -> String {
    let next = match (mail.leased, mail.due_at, mail.ended_at) {
        (true, Some(until), _) => format!("leased until {until}"),
        (false, Some(at), _) => format!("due {at}"),
        (_, None, Some(at)) => format!("ended {at}"),
        (_, None, None) => "-".to_owned(),
    };
    let code = match mail.reply_code {
        None => "no reply".to_owned(),
        Some(0) => "not reached".to_owned(),
        Some(code) => format!("reply {code}"),
    };
    format!(
        "{}\t{}\t{}\t{} attempts\t{code}\t{next}",
        mail.id, mail.kind, mail.state, mail.attempts
    )
}
