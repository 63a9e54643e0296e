//! The reader's choices.

mod change;

use std::net::IpAddr;

use jiff::Timestamp;

use self::change::Change;
use super::{LinkError, Membership, membership};
use crate::domain::{
    Answers, AnswersByNewsletter, Asked, Chosen, CountrySet, Frequency, Language, Newsletter,
    Purpose, Slug, SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::{self, Read};

/// What the page shows.
#[derive(Debug, Clone)]
pub struct Preferences {
    /// Whose link it is.
    pub membership: Membership,
    /// Every newsletter of the house.
    pub letters: Vec<NewsletterChoices>,
    /// The way out.
    pub unsubscribe_link: String,
    /// The way to the reader's own data.
    pub data_link: String,
}

/// A newsletter, as far as one person has to do with it.
#[derive(Debug, Clone)]
pub struct NewsletterChoices {
    /// Which.
    pub newsletter: Newsletter,
    /// Whether the person reads it.
    pub reads: bool,
    /// Whether the person has answers to give: reads it, or has asked for it and holds its link.
    pub is_on: bool,
    /// What the person answered to what it asks.
    pub answers: Answers,
}

impl Preferences {
    /// Whether the person reads anything: then the address is confirmed.
    fn reads(&self) -> bool {
        self.letters.iter().any(|letter| letter.reads)
    }

    /// Whether these choices turn a newsletter on that is not read yet.
    #[must_use]
    pub fn begins(&self, letter: &NewsletterChoices, choices: &Choices) -> bool {
        self.reads() && !letter.reads && choices.ticks(letter) == Some(true)
    }

    /// Whether these choices turn a newsletter off.
    fn ends(letter: &NewsletterChoices, choices: &Choices) -> bool {
        letter.reads && choices.ticks(letter) == Some(false)
    }

    /// Whether a newsletter gets answers when these choices are saved.
    #[must_use]
    pub fn is_answered(&self, letter: &NewsletterChoices, choices: &Choices) -> bool {
        letter.is_on && !Self::ends(letter, choices) || self.begins(letter, choices)
    }

    /// What is asked for a newsletter. The link gets forwarded with every mail: it shows what its
    /// own newsletter was answered, and of the others only what is still open.
    #[must_use]
    pub fn asked<'a>(&self, letter: &'a NewsletterChoices) -> Asked<'a> {
        if !letter.is_on {
            Asked::All
        } else if letter.newsletter.id == self.membership.newsletter.id {
            Asked::Again(&letter.answers)
        } else {
            Asked::Open(&letter.answers)
        }
    }

    /// Whether there is anything to choose. Who has left everything comes back by a sign-up.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.reads() || self.membership.subscription.state == SubscriptionState::Pending
    }
}

/// What a reader wishes. All of it holds for everything that the person reads; what is
/// missing stays as it is.
#[derive(Debug, Clone, Default)]
pub struct Choices {
    /// The language of pages and transactional mails.
    pub language: Option<Language>,
    /// The countries to follow.
    pub countries: Option<CountrySet>,
    /// How often letters come.
    pub frequency: Option<Frequency>,
    /// The newsletters to read from now on.
    pub letters: Option<Vec<Slug>>,
    /// Until when nothing is sent.
    pub pause: Option<Pause>,
    /// What newsletters are answered.
    pub answers: AnswersByNewsletter,
}

impl Choices {
    /// Whether a newsletter is ticked; none where none could be.
    #[must_use]
    pub fn ticks(&self, letter: &NewsletterChoices) -> Option<bool> {
        let ticked = self.letters.as_ref();
        ticked.map(|those| those.contains(&letter.newsletter.slug))
    }

    /// What is chosen afterwards, by who has chosen `before`.
    fn over(&self, before: Chosen) -> Chosen {
        Chosen {
            language: self.language.unwrap_or(before.language),
            countries: self.countries.unwrap_or(before.countries),
            frequency: self.frequency.unwrap_or(before.frequency),
        }
    }

    /// When this pause would end, for whom it ends at `now`.
    fn paused_until(&self, now: Option<Timestamp>) -> Option<Timestamp> {
        match self.pause {
            Some(Pause::Until(until)) => Some(until),
            Some(Pause::End) => None,
            None => now,
        }
    }
}

/// A wish for a pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Pause {
    /// Nothing until then.
    Until(Timestamp),
    /// Everything again from now on.
    End,
}

/// The choices behind the link.
///
/// # Errors
/// When the link is not genuine, or its owner reads nothing any more.
pub async fn load_preferences(service: &Service, token: &str) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut db = service.store.read().await?;
    let found = open(service, &mut db, token.subscription).await?;
    if found.is_open() {
        Ok(found)
    } else {
        Err(LinkError::Gone)
    }
}

/// Saves the choices, and records what changed. Whoever reads one newsletter has confirmed
/// the address, and may turn others on by the signed link; a mail tells so. The answer may
/// say that the person now reads nothing.
///
/// # Errors
/// When the link is not genuine, or its owner reads nothing any more.
pub async fn choose(
    service: &Service,
    token: &str,
    choices: &Choices,
    page: &str,
    ip: Option<IpAddr>,
) -> Result<Preferences, LinkError> {
    let token = service.links.key().verify(Purpose::Preferences, token)?;
    let mut tx = service.store.write().await?;
    // What is decided here must not be about a subscription that ends meanwhile.
    let person = membership(&mut tx, token.subscription).await?;
    let person = person.subscription.subscriber;
    let known = store::subscription::lock_all_of(&mut tx, person).await?;
    let before = open(service, &mut tx, token.subscription).await?;
    if !before.is_open() {
        return Err(LinkError::Gone);
    }
    let own = &before.membership.subscription;
    // Letters may come at different paces; only a change is meant for all.
    let choices = &Choices {
        frequency: choices
            .frequency
            .filter(|wish| *wish != own.chosen.frequency),
        ..choices.clone()
    };
    let mut change = Change::new(service, choices, page, ip, own);
    let mut answered = Vec::new();
    for letter in &before.letters {
        let newsletter = &letter.newsletter;
        let known = known.iter().find(|one| one.newsletter == newsletter.id);
        let on = if before.begins(letter, choices) {
            change.begin(&mut tx, known, newsletter).await?
        } else if Preferences::ends(letter, choices) {
            change.end(&mut tx, known).await?;
            None
        } else {
            let on = change.adapt(&mut tx, known).await?;
            on.filter(|_| letter.is_on)
        };
        answered.extend(on.zip(choices.answers.of(newsletter.id)));
    }
    // After all subscriptions: whoever locks both does so in this order.
    for (on, answers) in answered {
        change.answer(&mut tx, on, answers).await?;
    }
    change.finish(&mut tx).await?;
    let after = open(service, &mut tx, token.subscription).await?;
    tx.commit().await?;
    Ok(after)
}

async fn open(
    service: &Service,
    db: &mut Read,
    subscription: SubscriptionId,
) -> Result<Preferences, LinkError> {
    let membership = membership(db, subscription).await?;
    let subscription = &membership.subscription;
    let known = store::subscription::all_of(db, subscription.subscriber).await?;
    // Of a private one only its readers hear, and who holds a link of it.
    let own = subscription.newsletter;
    let mut letters = Vec::new();
    for newsletter in store::newsletter::list(db).await? {
        let known = known.iter().find(|one| one.newsletter == newsletter.id);
        let state = known.map(|one| one.state);
        let reads = state == Some(SubscriptionState::Active);
        let is_own = newsletter.id == own;
        if !reads && !newsletter.is_public() && !is_own {
            continue;
        }
        let is_on = reads || is_own && state == Some(SubscriptionState::Pending);
        let answers = match known {
            Some(known) if is_on && !newsletter.fields.is_empty() => {
                store::subscriber::answer::of(db, known.id).await?
            }
            _ => Answers::default(),
        };
        letters.push(NewsletterChoices {
            newsletter,
            reads,
            is_on,
            answers,
        });
    }
    let (id, now) = (subscription.id, service.clock.now());
    let unsubscribe_link = service.links.personal(Purpose::Unsubscribe, id, now);
    let data_link = service.links.data_request(id, now);
    Ok(Preferences {
        membership,
        letters,
        unsubscribe_link,
        data_link,
    })
}
