//! What `xabar newsletter` shows of one.

use serde::Serialize;

use crate::domain::{Newsletter, NewsletterInput, SubscriptionState};
use crate::service::Service;
use crate::store::{self, StoreError};

/// Everything that `newsletter set` sets, and how many readers there are.
#[derive(Serialize)]
pub(super) struct View {
    #[serde(flatten)]
    words: NewsletterInput,
    /// Name and address in one, as in a mail.
    sender: String,
    logo_url: Option<String>,
    active: i64,
    pending: i64,
    ended: i64,
}

impl View {
    pub(super) async fn new(
        service: &Service,
        newsletter: &Newsletter,
    ) -> Result<Self, StoreError> {
        let mut db = service.store.read().await?;
        let mut counts = [0; 3];
        for (count, state) in counts.iter_mut().zip(SubscriptionState::ALL) {
            *count = store::subscription::count(&mut db, newsletter.id, *state).await?;
        }
        let [pending, active, ended] = counts;
        let logo = newsletter.logo.as_ref();
        Ok(Self {
            words: newsletter.into(),
            sender: format!("{} <{}>", newsletter.sender_name, newsletter.sender_address),
            logo_url: logo.map(|logo| service.links.logo(logo)),
            active,
            pending,
            ended,
        })
    }

    /// In a list of several.
    pub(super) fn line(&self) -> String {
        let words = &self.words;
        format!(
            "{}\t{}\t{}\t{} active",
            words.slug,
            words.language.as_str(),
            words.title,
            self.active
        )
    }

    /// One alone; what is empty or off is left out.
    pub(super) fn lines(&self) -> String {
        let words = &self.words;
        let mut lines = vec![format!("{} ({})", words.title, words.slug)];
        let mut say = |name: &str, value: &str| {
            if !value.is_empty() {
                // A postal address has lines.
                let value = value.replace('\n', &format!("\n{:<11}", ""));
                lines.push(format!("{name:<10} {value}"));
            }
        };
        let on = |is_on: bool, what: &'static str| if is_on { what } else { "" };
        say("language", words.language.as_str());
        say("about", &words.description);
        say("sender", &self.sender);
        say("replies", &words.reply_to);
        say("post", &words.postal_address);
        say("time zone", &words.time_zone);
        say("visibility", words.visibility.as_str());
        say("accent", &words.accent);
        say("logo", self.logo_url.as_deref().unwrap_or_default());
        say("sites", &words.sites.join(" "));
        for (language, links) in &words.legal.0 {
            let both = [
                ("imprint", &links.imprint_url),
                ("privacy", &links.privacy_url),
            ];
            for (kind, address) in both {
                if let Some(address) = address {
                    say(kind, &format!("{}: {address}", language.as_str()));
                }
            }
        }
        say("welcome", on(words.welcome_issue, "with the latest issue"));
        say("safety", on(words.safety_mode, "on"));
        say("subject", &words.neutral_subject);
        say("approval", on(words.needs_approval, "by a second person"));
        say(
            "readers",
            &format!(
                "{} active, {} pending, {} ended",
                self.active, self.pending, self.ended
            ),
        );
        lines.join("\n")
    }
}
