//! `xabar newsletter text list|set|reset|preview`

use std::collections::BTreeMap;

use clap::{Args, Subcommand};

use super::CliError;
use super::newsletter::find;
use super::output::Output;
use crate::domain::{Actor, Language, MailKind, Newsletter};
use crate::publish;
use crate::service::Service;

#[derive(Debug, Subcommand)]
pub(super) enum Texts {
    /// Lists the texts of the mails that the newsletter may word itself.
    List {
        #[command(flatten)]
        of: Of,
    },
    /// Words a text.
    Set {
        #[command(flatten)]
        of: Of,
        /// The text, as in welcome-title.
        key: String,
        /// The words, with values as in { $newsletter }.
        wording: String,
    },
    /// Goes back to the shipped wording.
    Reset {
        #[command(flatten)]
        of: Of,
        /// The text, as in welcome-title.
        key: String,
    },
    /// Shows a mail as it would be sent now.
    Preview {
        #[command(flatten)]
        of: Of,
        /// confirmation, already_subscribed or welcome.
        #[arg(value_parser = |word: &str| word.parse::<MailKind>())]
        mail: MailKind,
        /// The HTML part instead of the plain one.
        #[arg(long)]
        html: bool,
    },
}

/// Whose texts, in which language.
#[derive(Debug, Args)]
pub(super) struct Of {
    /// The newsletter's slug.
    slug: String,
    /// The language of the mails; the newsletter's own when left out.
    #[arg(long, value_parser = |word: &str| Language::from_tag(word))]
    language: Option<Language>,
}

impl Of {
    async fn find(&self, service: &Service) -> Result<(Newsletter, Language), CliError> {
        let newsletter = find(service, &self.slug).await?;
        let language = self.language.unwrap_or(newsletter.language);
        Ok((newsletter, language))
    }
}

impl Texts {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::List { of } => {
                let (newsletter, language) = of.find(service).await?;
                list(service, &newsletter, language, out).await
            }
            Self::Set { of, key, wording } => {
                let (newsletter, language) = of.find(service).await?;
                let text = (language, key.as_str());
                publish::set_text(
                    service,
                    &newsletter.slug,
                    text,
                    Some(&wording),
                    None,
                    &Actor::CommandLine,
                )
                .await?;
                list(service, &newsletter, language, out).await
            }
            Self::Reset { of, key } => {
                let (newsletter, language) = of.find(service).await?;
                let text = (language, key.as_str());
                publish::set_text(
                    service,
                    &newsletter.slug,
                    text,
                    None,
                    None,
                    &Actor::CommandLine,
                )
                .await?;
                list(service, &newsletter, language, out).await
            }
            Self::Preview { of, mail, html } => {
                let (newsletter, language) = of.find(service).await?;
                let none = BTreeMap::new();
                let mail =
                    publish::preview_mail(service, &newsletter, language, mail, &none).await?;
                let value = serde_json::json!({
                    "subject": mail.subject, "text": mail.text, "html": mail.html,
                });
                out.value(&value, || match html {
                    true => mail.html.clone(),
                    false => format!("{}\n\n{}", mail.subject, mail.text),
                })
            }
        }
    }
}

/// Own wordings are marked with a star.
async fn list(
    service: &Service,
    newsletter: &Newsletter,
    language: Language,
    out: Output,
) -> Result<(), CliError> {
    let texts = publish::texts(service, newsletter, language).await?;
    out.value(&texts, || {
        let lines = texts.iter().map(|text| {
            let (key, words, own) = text.in_use();
            format!("{} {key}\t{words}", if own { '*' } else { ' ' })
        });
        lines.collect::<Vec<_>>().join("\n")
    })
}
