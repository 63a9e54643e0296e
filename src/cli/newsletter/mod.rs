//! `xabar newsletter add|set|snippet|list|show|fields|text`

mod view;

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde::Serialize;

use super::input::read_json;
use super::output::Output;
use super::{CliError, text};
use crate::domain::{
    Actor, Field, InvalidField, Language, LogoFile, Newsletter, NewsletterId, NewsletterInput,
    NewsletterPatch, Slug, WrongField, label,
};
use crate::publish::{self, Change, PublishError};
use crate::service::Service;
use crate::store;
use crate::web::{self, Snippet};
use view::View;

#[derive(Debug, Subcommand)]
pub(super) enum Newsletters {
    /// Adds one; what is left out is taken from [newsletter] in the settings.
    Add(Box<Add>),
    /// Changes one; what is left out stays.
    Set(Box<Set>),
    /// Prints the sign-up form as another site pastes it.
    Snippet {
        /// Its slug.
        slug: String,
        /// The language of the form; the newsletter's when left out.
        #[arg(long = "language")]
        lang: Option<String>,
        /// The page of a trusted site to which people come after the sign-up.
        #[arg(long = "return", value_name = "URL", default_value = "")]
        return_to: String,
        /// The form in a frame, for the sites that the newsletter trusts.
        #[arg(long)]
        frame: bool,
    },
    /// Lists all.
    List,
    /// Shows one.
    Show {
        /// Its slug.
        slug: String,
    },
    /// Shows what it asks its readers besides the address.
    Fields {
        /// Its slug.
        slug: String,
        /// Asks what this file says from now on: a JSON array of fields.
        #[arg(long, value_name = "FILE")]
        set: Option<PathBuf>,
    },
    /// The wording of its mails.
    #[command(subcommand)]
    Text(text::Texts),
}

#[derive(Debug, Args)]
#[command(mut_arg("title", |title| title.required(true)))]
pub(super) struct Add {
    /// Its name in addresses, as in asie-centrale.
    #[arg(long)]
    slug: String,
    #[command(flatten)]
    fields: Fields,
}

#[derive(Debug, Args)]
pub(super) struct Set {
    /// Its slug.
    slug: String,
    #[command(flatten)]
    fields: Fields,
    /// Its picture: a PNG, JPEG or GIF of at most 100 KB; an empty name takes it away.
    #[arg(long, value_name = "FILE")]
    logo: Option<PathBuf>,
}

/// Everything about a newsletter that can be said in words.
#[derive(Debug, Args, Serialize)]
struct Fields {
    /// Its name for people.
    #[arg(long)]
    title: Option<String>,
    /// Its language, by the tag of a language of the pages, as in fr.
    #[arg(long)]
    language: Option<String>,
    /// One sentence for the sign-up page.
    #[arg(long)]
    description: Option<String>,
    /// The name mails come from.
    #[arg(long)]
    sender_name: Option<String>,
    /// The address mails come from.
    #[arg(long)]
    sender_address: Option<String>,
    /// Where answers go.
    #[arg(long)]
    reply_to: Option<String>,
    /// The legal notice in each mail.
    #[arg(long)]
    postal_address: Option<String>,
    /// As in Europe/Paris.
    #[arg(long)]
    time_zone: Option<String>,
    /// public, or private: in no list, search, feed, sitemap or archive.
    #[arg(long)]
    visibility: Option<String>,
    /// The colour of links and buttons, as in #0b5c68; empty for the shipped one.
    #[arg(long)]
    accent: Option<String>,
    /// The addresses of imprint and privacy notice by language, as JSON:
    /// {"fr":{"imprint_url":"https://…","privacy_url":"https://…"}}
    #[arg(long, value_parser = json)]
    legal: Option<serde_json::Value>,
    /// A web site that may embed the sign-up, as in https://magazine.example.org; * is any.
    /// Repeat it for several; they replace those there were, and an empty one is none.
    #[arg(long = "site", value_name = "ORIGIN")]
    sites: Option<Vec<String>>,
    /// Whether the welcome mail carries the latest issue: true or false.
    #[arg(long, value_name = "BOOL")]
    welcome_issue: Option<bool>,
    /// Safety mode for readers who could get into trouble: every article in full, nothing that is loaded, a neutral
    /// subject, and deliveries that are removed after a week: true or false.
    #[arg(long, value_name = "BOOL")]
    safety_mode: Option<bool>,
    /// The subject of every issue in safety mode; empty for the shipped one.
    #[arg(long)]
    neutral_subject: Option<String>,
    /// Whether an issue goes out only after a second person has approved it: true or false.
    #[arg(long, value_name = "BOOL")]
    needs_approval: Option<bool>,
}

fn json(text: &str) -> Result<serde_json::Value, serde_json::Error> {
    serde_json::from_str(text)
}

impl Fields {
    /// The change that they ask for.
    fn read(&self) -> Result<NewsletterPatch, CliError> {
        let failed = |e: serde_json::Error| CliError::Failed(e.to_string());
        let fields = serde_json::to_value(self).map_err(failed)?;
        serde_path_to_error::deserialize(fields)
            .map_err(|e| CliError::Failed(format!("{}: {}", e.path(), e.inner())))
    }
}

impl Newsletters {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        match self {
            Self::Add(add) => {
                let newsletter = add.insert(service).await?;
                show(service, &newsletter, out).await
            }
            Self::Set(set) => show(service, &set.change(service).await?, out).await,
            Self::List => {
                let mut views = Vec::new();
                let all = store::newsletter::list(&mut service.store.read().await?).await?;
                for newsletter in &all {
                    views.push(View::new(service, newsletter).await?);
                }
                out.value(&views, || {
                    views.iter().map(View::line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Snippet {
                slug,
                lang,
                return_to,
                frame,
            } => {
                let newsletter = find(service, &slug).await?;
                let snippet = snippet(service, &newsletter, lang.as_deref(), &return_to)?;
                let shown = match (frame, &snippet.frame) {
                    (false, _) => snippet.form.trim_end().to_owned(),
                    (true, Some(frame)) => frame.trim_end().to_owned(),
                    (true, None) => {
                        let why =
                            "no site is trusted to frame it; see `xabar newsletter set --site`";
                        return Err(CliError::Failed(why.to_owned()));
                    }
                };
                out.value(&snippet, || shown)
            }
            Self::Show { slug } => show(service, &find(service, &slug).await?, out).await,
            Self::Fields { slug, set } => {
                fields(service, find(service, &slug).await?, set, out).await
            }
            Self::Text(command) => command.run(service, out).await,
        }
    }
}

impl Set {
    async fn change(self, service: &Service) -> Result<Newsletter, CliError> {
        let slug = slug(&self.slug)?;
        let mut changes = vec![Change::Words(self.fields.read()?)];
        if let Some(path) = self.logo {
            changes.push(Change::Logo(logo(&path)?));
        }
        let mut changed = find(service, slug.as_str()).await?;
        for change in changes {
            changed = publish::change_newsletter(service, &slug, change, None, &Actor::CommandLine)
                .await?;
        }
        Ok(changed)
    }
}

/// The picture in a file; an empty name is none.
fn logo(path: &Path) -> Result<Option<LogoFile>, CliError> {
    if path.as_os_str().is_empty() {
        return Ok(None);
    }
    let failed = |why: &dyn std::fmt::Display| CliError::File {
        path: path.display().to_string(),
        why: why.to_string(),
    };
    let octets = std::fs::read(path).map_err(|e| failed(&e))?;
    LogoFile::read(octets).map(Some).map_err(|e| failed(&e))
}

impl Add {
    async fn insert(self, service: &Service) -> Result<Newsletter, CliError> {
        let wish = NewsletterInput {
            slug: self.slug,
            description: String::new(),
            ..service.settings.newsletter.clone()
        };
        let wish = wish.with(self.fields.read()?);
        let newsletter = wish.to_newsletter(NewsletterId(service.clock.new_uuid()));
        // As `set` says it: what is wrong was typed here, and is in no settings file.
        let unfit = |wrong: WrongField| InvalidField::new(&wrong.field, wrong.why);
        let newsletter = newsletter.map_err(|wrong| PublishError::Invalid(vec![unfit(wrong)]))?;
        publish::add_newsletter(service, &newsletter, &Actor::CommandLine).await?;
        Ok(newsletter)
    }
}

fn snippet(
    service: &Service,
    newsletter: &Newsletter,
    lang: Option<&str>,
    return_to: &str,
) -> Result<Snippet, CliError> {
    let failed = |why: &dyn std::fmt::Display| CliError::Failed(why.to_string());
    let language = lang.map(Language::from_tag).transpose();
    let language = language.map_err(|e| failed(&e))?;
    if !return_to.is_empty() && newsletter.answer_at(return_to).is_none() {
        let why = "the page to return to is on no trusted site; see `xabar newsletter set --site`";
        return Err(failed(&why));
    }
    let language = language.unwrap_or(newsletter.language);
    web::snippet(service, newsletter, language, return_to).map_err(|e| failed(&e))
}

fn slug(text: &str) -> Result<Slug, CliError> {
    Slug::parse(text).map_err(|e| CliError::Failed(e.to_string()))
}

/// The newsletter with this slug.
pub(super) async fn find(service: &Service, slug: &str) -> Result<Newsletter, CliError> {
    let slug = self::slug(slug)?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    Ok(found.ok_or(PublishError::NoNewsletter(slug))?)
}

async fn show(service: &Service, newsletter: &Newsletter, out: Output) -> Result<(), CliError> {
    let view = View::new(service, newsletter).await?;
    out.value(&view, || view.lines())
}

/// Sets the fields that a file describes, if one is given, and shows those there are.
async fn fields(
    service: &Service,
    newsletter: Newsletter,
    file: Option<PathBuf>,
    out: Output,
) -> Result<(), CliError> {
    let fields = match file {
        None => newsletter.fields,
        Some(file) => {
            let fields: crate::domain::Fields = read_json(&file)?;
            publish::set_fields(
                service,
                &newsletter.slug,
                &fields,
                None,
                &Actor::CommandLine,
            )
            .await?;
            fields
        }
    };
    let line = |field: &Field| {
        let needed = if field.required {
            "required"
        } else {
            "optional"
        };
        let (_, asked) = label(&field.labels, newsletter.language, newsletter.language);
        format!("{}\t{}\t{needed}\t{asked}", field.key, field.kind)
    };
    out.value(&fields, || {
        fields.iter().map(line).collect::<Vec<_>>().join("\n")
    })
}
