//! `xabar editor add|list|role|password|totp-off|remove`

use std::io::{IsTerminal, Read};

use clap::{Args, Subcommand};
use serde_json::{Value, json};

use super::CliError;
use super::newsletter::find;
use super::output::Output;
use crate::accounts::people::{self, NewEditor, TokensOfPerson};
use crate::accounts::{second_factor, token};
use crate::domain::{Actor, Editor, EmailAddress, Language, NewsletterId, Role};
use crate::service::Service;
use crate::store;

/// Whoever may run a command.
const BY: &Actor = &Actor::CommandLine;
/// The longest password that is read.
const MAX_PASSWORD_OCTETS: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(super) enum Editors {
    /// Makes an account. The password is asked for on the terminal, or read from standard input.
    Add(Add),
    /// Lists all, with their roles.
    List,
    /// Gives a role, or takes it with `--role none`.
    Role {
        /// The address of the account.
        #[arg(value_parser = email)]
        email: EmailAddress,
        /// viewer, editor, owner or none.
        #[arg(long)]
        role: String,
        /// Only in the newsletter with this slug; in all when left out.
        #[arg(long, value_name = "SLUG")]
        newsletter: Option<String>,
    },
    /// Sets a new password, asked for or read as by `add`, and signs the person out everywhere.
    Password {
        /// The address of the account.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Asks for no codes any more, where phone and recovery codes are lost. The person is signed out, and told by mail.
    TotpOff {
        /// The address of the account.
        #[arg(value_parser = email)]
        email: EmailAddress,
    },
    /// Removes an account; the person is signed out at once. Prints the API tokens that the person has or has made.
    Remove {
        /// The address of the account.
        #[arg(value_parser = email)]
        email: EmailAddress,
        /// Revokes those tokens too. Without it they stay good.
        #[arg(long)]
        revoke_tokens: bool,
    },
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// The address to sign in with.
    #[arg(value_parser = email)]
    email: EmailAddress,
    /// The name that colleagues see.
    #[arg(long)]
    name: String,
    /// viewer, editor or owner.
    #[arg(long, value_parser = |word: &str| word.parse::<Role>())]
    role: Role,
    /// Only in the newsletter with this slug; in all when left out.
    #[arg(long, value_name = "SLUG")]
    newsletter: Option<String>,
    /// The language of the desk, as in fr; that of the newsletter in the settings when left out.
    #[arg(long = "language", value_parser = |tag: &str| Language::from_tag(tag))]
    lang: Option<Language>,
    /// Sends a mail with a link to set a password, instead of asking for one.
    #[arg(long)]
    invite: bool,
}

fn email(text: &str) -> Result<EmailAddress, String> {
    EmailAddress::parse(text).map_err(|error| error.to_string())
}

impl Editors {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Add(new) => add(service, new, out).await,
            Self::List => list(service, out).await,
            Self::Role {
                email,
                role,
                newsletter,
            } => {
                let role = match role.as_str() {
                    "none" => None,
                    word => Some(
                        word.parse::<Role>()
                            .map_err(|e| CliError::Failed(format!("{e}, and none")))?,
                    ),
                };
                let newsletter = newsletter_id(service, newsletter).await?;
                let id = people::by_email(service, &email).await?.editor.id;
                let tokens = TokensOfPerson::Keep;
                people::set_role(service, id, (newsletter, role), tokens, BY).await?;
                show(service, &email, out).await
            }
            Self::Password { email } => {
                let account = people::by_email(service, &email).await?;
                let new = password()?;
                people::set_password(service, account.editor.id, &new, None, BY).await?;
                show(service, &email, out).await
            }
            Self::TotpOff { email } => {
                let id = people::by_email(service, &email).await?.editor.id;
                second_factor::turn_off_for(service, id, BY).await?;
                show(service, &email, out).await
            }
            Self::Remove {
                email,
                revoke_tokens,
            } => remove(service, &email, revoke_tokens, out).await,
        }
    }
}

async fn add(service: &Service, new: Add, out: Output) -> Result<(), CliError> {
    let newsletter = newsletter_id(service, new.newsletter).await?;
    let language = new.lang.unwrap_or(service.settings.newsletter.language);
    let email = new.email.clone();
    // Asked for before anything is written.
    let password = if new.invite { None } else { Some(password()?) };
    let wanted = NewEditor {
        email: new.email,
        name: new.name,
        language,
        newsletter,
        role: new.role,
    };
    if let Some(password) = &password {
        people::check_password(&wanted, password)?;
    }
    let added = people::add(service, wanted, new.invite, BY).await?;
    if let Some(password) = password {
        people::set_password(service, added.id, &password, None, BY).await?;
    }
    show(service, &email, out).await
}

async fn remove(
    service: &Service,
    email: &EmailAddress,
    revoke_tokens: bool,
    out: Output,
) -> Result<(), CliError> {
    let id = people::by_email(service, email).await?.editor.id;
    let tokens = token::of_person(service, id).await?;
    let (then, what) = match revoke_tokens {
        true => (TokensOfPerson::Revoke, "revoked"),
        false => (TokensOfPerson::Keep, "still good"),
    };
    people::remove(service, id, then, BY).await?;
    let ids: Vec<_> = tokens.iter().map(|one| one.holder.id).collect();
    let shown = json!({ "removed": id, "tokens": ids, "tokens_revoked": revoke_tokens });
    out.value(&shown, || {
        let line =
            |one: &token::Listed| format!("\n{what}: token {}\t{}", one.holder.id, one.holder.name);
        let lines: String = tokens.iter().map(line).collect();
        format!("removed {id}{lines}")
    })
}

async fn newsletter_id(
    service: &Service,
    slug: Option<String>,
) -> Result<Option<NewsletterId>, CliError> {
    match slug {
        None => Ok(None),
        Some(slug) => Ok(Some(find(service, &slug).await?.id)),
    }
}

/// Asks for a password twice on a terminal, or reads the first line of standard input.
fn password() -> Result<String, CliError> {
    let stdin = std::io::stdin();
    if stdin.is_terminal() {
        let asked = dialoguer::Password::new()
            .with_prompt("Password")
            .with_confirmation("The same again", "These are two different ones");
        return asked
            .interact()
            .map_err(|error| CliError::Failed(format!("the password cannot be read: {error}")));
    }
    let mut text = String::new();
    let read = stdin.take(MAX_PASSWORD_OCTETS).read_to_string(&mut text);
    read.map_err(|error| CliError::Failed(format!("the password cannot be read: {error}")))?;
    Ok(text.lines().next().unwrap_or_default().to_owned())
}

async fn show(service: &Service, email: &EmailAddress, out: Output) -> Result<(), CliError> {
    let account = people::by_email(service, email).await?;
    let named = Named::load(service).await?;
    let editor = &account.editor;
    out.value(&named.json(editor), || named.line(editor))
}

async fn list(service: &Service, out: Output) -> Result<(), CliError> {
    let named = Named::load(service).await?;
    let all = people::list(service).await?;
    let editors: Vec<&Editor> = all.iter().map(|account| &account.editor).collect();
    let values: Vec<Value> = editors.iter().map(|editor| named.json(editor)).collect();
    out.value(&values, || {
        let lines = editors.iter().map(|editor| named.line(editor));
        lines.collect::<Vec<_>>().join("\n")
    })
}

/// The slugs of the newsletters.
struct Named(Vec<(NewsletterId, String)>);

impl Named {
    async fn load(service: &Service) -> Result<Self, CliError> {
        let all = store::newsletter::list(&mut service.store.read().await?).await?;
        let slugs = all.into_iter().map(|one| (one.id, one.slug.to_string()));
        Ok(Self(slugs.collect()))
    }

    fn roles(&self, editor: &Editor) -> Vec<(Option<&str>, Role)> {
        let given = editor.roles.given();
        let named = given.map(|(newsletter, role)| {
            let found = newsletter.and_then(|id| self.0.iter().find(|(other, _)| *other == id));
            (found.map(|(_, slug)| slug.as_str()), role)
        });
        named.collect()
    }

    fn json(&self, editor: &Editor) -> Value {
        let roles = self.roles(editor).into_iter();
        let roles: Vec<Value> = roles
            .map(|(newsletter, role)| json!({ "newsletter": newsletter, "role": role }))
            .collect();
        json!({
            "id": editor.id,
            "email": editor.email.to_string(),
            "name": editor.name,
            "language": editor.language,
            "roles": roles,
        })
    }

    fn line(&self, editor: &Editor) -> String {
        let roles = self.roles(editor).into_iter();
        let roles: Vec<String> = roles
            .map(|(newsletter, role)| match newsletter {
                Some(slug) => format!("{role} of {slug}"),
                None => format!("{role} of all"),
            })
            .collect();
        format!("{}\t{}\t{}", editor.email, editor.name, roles.join(", "))
    }
}
