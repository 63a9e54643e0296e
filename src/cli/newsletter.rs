//! `xabar newsletter add|list|show|text`

use clap::{Args, Subcommand};
use serde::Serialize;

use super::output::Output;
use super::{CliError, open, text};
use crate::config::{FirstNewsletter, Settings};
use crate::domain::{Newsletter, NewsletterId, Slug, SubscriptionState};
use crate::publish::PublishError;
use crate::service::Service;
use crate::store;

#[derive(Debug, Subcommand)]
pub(super) enum Newsletters {
    /// Adds one; what is left out is taken from [newsletter] in the settings.
    Add(Box<Add>),
    /// Lists all.
    List,
    /// Shows one.
    Show {
        /// Its slug.
        slug: String,
    },
    /// The wording of its mails.
    #[command(subcommand)]
    Text(text::Texts),
}

#[derive(Debug, Args)]
pub(super) struct Add {
    /// Its name in addresses, as in asie-centrale.
    #[arg(long)]
    slug: String,
    /// Its name for people.
    #[arg(long)]
    title: String,
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
}

#[derive(Serialize)]
struct View {
    slug: String,
    title: String,
    language: &'static str,
    sender: String,
    reply_to: String,
    time_zone: String,
    active: i64,
    pending: i64,
    ended: i64,
}

impl Newsletters {
    pub(super) async fn run(self, settings: Settings, out: Output) -> Result<(), CliError> {
        let service = open(settings).await?;
        match self {
            Self::Add(add) => {
                let newsletter = add.insert(&service).await?;
                show(&service, &newsletter, out).await
            }
            Self::List => {
                let mut views = Vec::new();
                let all = store::newsletter::list(&mut service.store.read().await?).await?;
                for newsletter in &all {
                    views.push(view(&service, newsletter).await?);
                }
                let line = |v: &View| {
                    format!(
                        "{}\t{}\t{}\t{} active",
                        v.slug, v.language, v.title, v.active
                    )
                };
                out.value(&views, || {
                    views.iter().map(line).collect::<Vec<_>>().join("\n")
                })
            }
            Self::Show { slug } => show(&service, &find(&service, &slug).await?, out).await,
            Self::Text(command) => command.run(&service, out).await,
        }
    }
}

impl Add {
    async fn insert(self, service: &Service) -> Result<Newsletter, CliError> {
        let defaults = service.settings.newsletter.clone();
        let language = self.language.as_deref().map(str::parse).transpose();
        let wish = FirstNewsletter {
            slug: self.slug,
            title: self.title,
            description: self.description.unwrap_or_default(),
            language: language
                .map_err(|e| CliError::Failed(format!("{e}")))?
                .unwrap_or(defaults.language),
            sender_name: self.sender_name.unwrap_or(defaults.sender_name),
            sender_address: self.sender_address.unwrap_or(defaults.sender_address),
            reply_to: self.reply_to.unwrap_or(defaults.reply_to),
            postal_address: self.postal_address.unwrap_or(defaults.postal_address),
            time_zone: self.time_zone.unwrap_or(defaults.time_zone),
        };
        let newsletter = wish.to_newsletter(NewsletterId(service.clock.new_uuid()))?;
        let mut tx = service.store.write().await?;
        store::newsletter::insert(&mut tx, &newsletter, service.clock.now()).await?;
        tx.commit().await?;
        Ok(newsletter)
    }
}

/// The newsletter with this slug.
pub(super) async fn find(service: &Service, slug: &str) -> Result<Newsletter, CliError> {
    let slug = Slug::parse(slug).map_err(|e| CliError::Failed(e.to_string()))?;
    let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
    Ok(found.ok_or(PublishError::NoNewsletter(slug))?)
}

async fn view(service: &Service, newsletter: &Newsletter) -> Result<View, CliError> {
    let mut db = service.store.read().await?;
    let mut counts = [0; 3];
    for (count, state) in counts.iter_mut().zip(SubscriptionState::ALL) {
        *count = store::subscription::count(&mut db, newsletter.id, *state).await?;
    }
    let [pending, active, ended] = counts;
    Ok(View {
        slug: newsletter.slug.to_string(),
        title: newsletter.title.clone(),
        language: newsletter.language.as_str(),
        sender: format!("{} <{}>", newsletter.sender_name, newsletter.sender_address),
        reply_to: newsletter.reply_to.to_string(),
        time_zone: newsletter.time_zone.iana_name().unwrap_or("UTC").to_owned(),
        active,
        pending,
        ended,
    })
}

async fn show(service: &Service, newsletter: &Newsletter, out: Output) -> Result<(), CliError> {
    let view = view(service, newsletter).await?;
    out.value(&view, || {
        format!(
            "{} ({})\nlanguage   {}\nsender     {}\nreplies    {}\ntime zone  {}\nreaders    {} active, {} pending, {} ended",
            view.title, view.slug, view.language, view.sender, view.reply_to, view.time_zone, view.active,
            view.pending, view.ended
        )
    })
}
