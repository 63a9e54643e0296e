//! `xabar token add|list|revoke`

use clap::Subcommand;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::CliError;
use super::newsletter::find;
use super::output::Output;
use crate::accounts::token::{self, Listed, NewToken};
use crate::domain::{Actor, Role};
use crate::service::Service;

#[derive(Debug, Subcommand)]
pub(super) enum Tokens {
    /// Makes a token and prints it, once, alone on standard output.
    Add {
        /// What it is for.
        #[arg(long)]
        name: String,
        /// viewer, editor or owner.
        #[arg(long, value_parser = |word: &str| word.parse::<Role>())]
        role: Role,
        /// Only for the newsletter with this slug; may be repeated. For all when left out.
        #[arg(long, value_name = "SLUG")]
        newsletter: Vec<String>,
        /// For how long, as in 90d or 12h. For ever when left out.
        #[arg(long, value_name = "TIME", value_parser = lasting)]
        expires: Option<SignedDuration>,
    },
    /// Lists the tokens that are good.
    List,
    /// Revokes a token at once.
    Revoke {
        /// Its id, as `list` shows it.
        #[arg(value_parser = token_id)]
        id: Uuid,
    },
}

fn token_id(text: &str) -> Result<Uuid, &'static str> {
    Uuid::parse_str(text).map_err(|_| "a token's id is a UUID; `xabar token list` shows them")
}

/// Days or hours, as in `90d` or `12h`.
fn lasting(text: &str) -> Result<SignedDuration, &'static str> {
    let wrong = "must be a number of days or hours, as in 90d or 12h";
    let (number, hours) = match (text.strip_suffix('d'), text.strip_suffix('h')) {
        (Some(days), _) => (days, 24),
        (_, Some(hours)) => (hours, 1),
        _ => return Err(wrong),
    };
    match number.parse::<i64>() {
        Ok(number @ 1..=36_500) => Ok(SignedDuration::from_hours(number * hours)),
        _ => Err(wrong),
    }
}

impl Tokens {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Add {
                name,
                role,
                newsletter,
                expires,
            } => {
                if name.trim().is_empty() {
                    return Err(CliError::Failed(
                        "a token needs a name that says what it is for".into(),
                    ));
                }
                let mut ids = Vec::with_capacity(newsletter.len());
                for slug in &newsletter {
                    ids.push(find(service, slug).await?.id);
                }
                let new = NewToken {
                    name: name.clone(),
                    role,
                    newsletters: Some(ids).filter(|ids| !ids.is_empty()),
                    lasts: expires,
                };
                let made = token::add(service, new, &Actor::CommandLine).await?;
                let shown = json!({ "token": made, "name": name, "role": role });
                let shown = out.value(&shown, || made.clone());
                // What nobody has seen, nobody can use or miss.
                if shown.is_err()
                    && let Some(holder) = token::holder_of(service, &made).await?
                {
                    token::revoke(service, holder.id, &Actor::CommandLine).await?;
                }
                shown
            }
            Self::List => {
                let all = token::list(service).await?;
                let values: Vec<Value> = all.iter().map(value).collect();
                out.value(&values, || {
                    let lines = all.iter().map(line);
                    lines.collect::<Vec<_>>().join("\n")
                })
            }
            Self::Revoke { id } => {
                if !token::revoke(service, id, &Actor::CommandLine).await? {
                    let why = format!("there is no good token {id}; `xabar token list` shows them");
                    return Err(CliError::Failed(why));
                }
                out.value(&json!({ "revoked": id }), || format!("revoked {id}"))
            }
        }
    }
}

fn value(listed: &Listed) -> Value {
    json!({
        "id": listed.holder.id,
        "name": listed.holder.name,
        "role": listed.holder.role,
        "newsletters": listed.holder.newsletters,
        "created_at": listed.created_at,
        "expires_at": listed.expires_at,
    })
}

fn line(listed: &Listed) -> String {
    let expires = listed
        .expires_at
        .map_or_else(|| "never expires".to_owned(), |at| format!("expires {at}"));
    let scope = listed.holder.newsletters.as_ref().map_or_else(
        || "all newsletters".to_owned(),
        |some| match some.len() {
            1 => "1 newsletter".to_owned(),
            number => format!("{number} newsletters"),
        },
    );
    let holder = &listed.holder;
    format!(
        "{}\t{}\t{}\t{scope}\t{expires}",
        holder.id, holder.name, holder.role
    )
}
