//! `xabar token add|list|revoke`

use clap::Subcommand;
use jiff::SignedDuration;
use serde_json::{Value, json};
use uuid::Uuid;

use super::CliError;
use super::newsletter::find;
use super::output::Output;
use crate::accounts::people;
use crate::accounts::token::{self, Listed, NewToken};
use crate::domain::{Actor, EditorId, EmailAddress, Role};
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
        /// Whose it is: the address of an account. Somebody who approves and sends with several tokens is still one
        /// person. Leave it out for a program that acts by itself.
        #[arg(long = "for", value_name = "ADDRESS", value_parser = |text: &str| EmailAddress::parse(text))]
        person: Option<EmailAddress>,
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
                person,
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
                let editor = match person {
                    Some(email) => Some(people::by_email(service, &email).await?.editor.id),
                    None => None,
                };
                let new = NewToken {
                    name: name.clone(),
                    role,
                    newsletters: Some(ids).filter(|ids| !ids.is_empty()),
                    editor,
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
                let people = people::list(service).await?;
                let name = |id: Option<EditorId>| {
                    let one = people.iter().find(|one| Some(one.editor.id) == id)?;
                    Some(one.editor.name.as_str())
                };
                let values: Vec<Value> = all.iter().map(value).collect();
                out.value(&values, || {
                    let lines = all.iter().map(|one| {
                        let (whose, maker) = (name(one.holder.editor), name(one.made_by));
                        line(one, whose, maker)
                    });
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
        "editor_id": listed.holder.editor,
        "made_by": listed.made_by,
    })
}

fn line(listed: &Listed, whose: Option<&str>, maker: Option<&str>) -> String {
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
        "{}\t{}\t{}\t{scope}\t{expires}\t{}{}",
        holder.id,
        holder.name,
        holder.role,
        whose.map_or_else(|| "nobody's".to_owned(), |name| format!("{name}'s")),
        maker.map_or_else(String::new, |name| format!(", made by {name}")),
    )
}
