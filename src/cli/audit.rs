//! `xabar audit list|verify`

use std::collections::HashMap;

use clap::Subcommand;
use serde_json::{Value, json};

use super::CliError;
use super::output::Output;
use crate::accounts::audit_log::{self, AuditReport};
use crate::service::Service;
use crate::store;
use crate::store::audit::{EventFilter, LoggedEvent};

#[derive(Debug, Subcommand)]
pub(super) enum Audits {
    /// Lists who did what, the newest first.
    List {
        /// At most so many.
        #[arg(long, default_value_t = 50, value_parser = clap::value_parser!(i64).range(1..=10_000))]
        limit: i64,
        /// Only those before the event with this number.
        #[arg(long, value_name = "NUMBER")]
        before: Option<i64>,
    },
    /// Checks that nobody has changed or removed anything.
    Verify,
}

impl Audits {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::List { limit, before } => {
                let events =
                    audit_log::newest(service, &EventFilter::default(), before, limit).await?;
                let all = store::newsletter::list(&mut service.store.read().await?).await?;
                let slugs: HashMap<_, _> = all.iter().map(|one| (one.id, &one.slug)).collect();
                let slug_of = |logged: &LoggedEvent| {
                    let newsletter = logged.event.as_ref().and_then(|event| event.newsletter);
                    let slug = newsletter.and_then(|id| slugs.get(&id));
                    slug.map(ToString::to_string)
                };
                let values = events.iter().map(|logged| value(logged, slug_of(logged)));
                let values: Vec<Value> = values.collect();
                out.value(&values, || {
                    let lines = events.iter().map(|logged| line(logged, slug_of(logged)));
                    lines.collect::<Vec<_>>().join("\n")
                })
            }
            Self::Verify => {
                let report = audit_log::verify(service).await?;
                out.value(&report, || in_words(&report))?;
                if report.intact {
                    Ok(())
                } else {
                    let why = "the audit log is not what was written";
                    Err(CliError::Failed(why.to_owned()))
                }
            }
        }
    }
}

fn value(logged: &LoggedEvent, slug: Option<String>) -> Value {
    let number = logged.number;
    match &logged.event {
        None => json!({ "number": number }),
        Some(event) => json!({
            "number": number,
            "at": event.at,
            "actor": event.actor,
            "name": event.actor_name,
            "action": event.action,
            "newsletter": event.newsletter,
            "newsletter_slug": slug,
            "object": event.object,
            "detail": event.detail,
        }),
    }
}

fn line(logged: &LoggedEvent, slug: Option<String>) -> String {
    let Some(event) = &logged.event else {
        return format!("{}\tcannot be read", logged.number);
    };
    let words = [
        &logged.number.to_string(),
        &event.at.to_string(),
        &event.actor,
        &event.actor_name,
        event.action.as_str(),
        &slug.unwrap_or_default(),
        &event.object,
        &event.detail,
    ];
    words.join("\t")
}

fn in_words(report: &AuditReport) -> String {
    let mut lines = vec![format!(
        "{} events, the last {}:{}",
        report.events, report.last_event, report.last_hash
    )];
    let wrong = report.breaks.iter();
    lines.extend(wrong.map(|wrong| format!("event {}: {}", wrong.event, wrong.what)));
    if report.intact {
        lines.push("everything is as it was written".to_owned());
    }
    lines.join("\n")
}
