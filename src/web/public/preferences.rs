//! The reader's choices.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use super::errors;
use super::frame::{Surroundings, TokenInPath, private};
use crate::domain::{
    BadPause, CountrySet, Frequency, Language, Newsletter, PauseWish, Slug, SubscriptionState,
    WrongAnswers,
};
use crate::service::Service;
use crate::subscribe::{self, Choices, LinkError, Pause};
use crate::web::client::Client;
use crate::web::pages::{self, FieldView, LetterChoice, PauseChoice, Unsubscribed, field_key};

/// The form's fields, as they came.
#[derive(Debug, Default)]
struct Form {
    language: Option<Language>,
    countries: Vec<String>,
    frequency: Option<String>,
    letters: Option<Vec<String>>,
    pause: String,
    pause_date: String,
    resume: bool,
    answers: Option<BTreeMap<String, String>>,
}

impl Form {
    fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            match &*name {
                "language" => form.language = Language::from_tag(&value).ok(),
                "countries" => form.countries.push(value.into_owned()),
                "frequency" => form.frequency = Some(value.into_owned()),
                // An empty one says that they could be chosen.
                "letters" => {
                    let letters = form.letters.get_or_insert_default();
                    letters.extend(Some(value.into_owned()).filter(|slug| !slug.is_empty()));
                }
                "pause" => form.pause = value.into_owned(),
                "pause_date" => form.pause_date = value.into_owned(),
                "resume" => form.resume = true,
                // It says that they could be given: a box that is not ticked is not sent.
                "answers" => {
                    form.answers.get_or_insert_default();
                }
                other => {
                    if let Some(key) = field_key(other) {
                        let answers = form.answers.get_or_insert_default();
                        answers.insert(key.to_owned(), value.into_owned());
                    }
                }
            }
        }
        form
    }

    /// What the reader wishes; none where the form is not one of ours.
    fn choices(&self) -> Option<Choices> {
        if self.resume {
            return Some(Choices {
                pause: Some(Pause::End),
                ..Choices::default()
            });
        }
        let countries = CountrySet::from_codes(self.countries.iter().map(String::as_str));
        let frequency = self.frequency.as_deref().map(str::parse::<Frequency>);
        let letters = self.letters.as_ref();
        let letters = letters.map(|those| those.iter().map(|slug| Slug::parse(slug)).collect());
        Some(Choices {
            language: Some(self.language?),
            countries: Some(countries.ok()?),
            frequency: frequency.transpose().ok()?,
            letters: letters.transpose().ok()?,
            pause: None,
            answers: None,
        })
    }

    fn pause(&self, service: &Service, newsletter: &Newsletter) -> Result<Option<Pause>, BadPause> {
        let wish = match &*self.pause {
            "" => return Ok(None),
            "2" => PauseWish::Weeks(2),
            "4" => PauseWish::Weeks(4),
            _ => PauseWish::Until(self.pause_date.trim().parse().map_err(|_| BadPause)?),
        };
        let today = newsletter.day(service.clock.now());
        let end = wish.end(today, &newsletter.time_zone)?;
        Ok(Some(Pause::Until(end)))
    }
}

/// GET: the choices as they are.
pub(super) async fn look(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    match subscribe::look_at_preferences(&service, &token).await {
        Ok(found) => show(&service, &found, Outcome::Looked),
        Err(error) => errors::link(&service, client.language, error).await,
    }
}

/// POST: saves them.
pub(super) async fn save(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    body: Bytes,
) -> Response {
    match take_in(&service, &client, &token, &Form::parse(&body)).await {
        Ok(Some(answer)) => answer,
        Ok(None) => errors::page(&service, client.language, StatusCode::UNPROCESSABLE_ENTITY).await,
        Err(error) => errors::link(&service, client.language, error).await,
    }
}

/// The answer to the form; none where it is not one of ours.
async fn take_in(
    service: &Service,
    client: &Client,
    token: &str,
    form: &Form,
) -> Result<Option<Response>, LinkError> {
    let found = subscribe::look_at_preferences(service, token).await?;
    let Some(mut choices) = form.choices() else {
        return Ok(None);
    };
    if !form.resume {
        let newsletter = &found.membership.newsletter;
        let pause = form.pause(service, newsletter);
        let answers = form
            .answers
            .as_ref()
            .map(|given| newsletter.fields.read(given));
        let refused = Refused {
            form,
            bad_pause: pause.is_err(),
            answers: match &answers {
                Some(Err(wrong)) => wrong.clone(),
                _ => WrongAnswers::new(),
            },
        };
        let (Ok(pause), Ok(answers)) = (pause, answers.transpose()) else {
            let outcome = Outcome::Refused(&refused, &choices);
            return Ok(Some(show(service, &found, outcome)));
        };
        choices.pause = pause;
        choices.answers = answers;
    }
    let saved = subscribe::choose(service, token, &choices, "/preferences", client.ip).await?;
    Ok(Some(show(service, &saved, Outcome::Saved)))
}

/// What the page answers to.
#[derive(Clone, Copy)]
enum Outcome<'a> {
    Looked,
    Saved,
    /// Everything is shown as it was typed.
    Refused(&'a Refused<'a>, &'a Choices),
}

/// A form with something to mend.
struct Refused<'a> {
    form: &'a Form,
    /// The day makes no sense.
    bad_pause: bool,
    answers: WrongAnswers,
}

fn show(service: &Service, found: &subscribe::Preferences, outcome: Outcome<'_>) -> Response {
    let (newsletter, subscription) = (&found.membership.newsletter, &found.membership.subscription);
    let surroundings = Surroundings::of(newsletter, subscription.chosen.language);
    if matches!(outcome, Outcome::Saved) && !found.is_open() {
        let page = Unsubscribed {
            newsletter_title: &newsletter.title,
            data_href: Some(found.data_link.clone()),
        };
        return private(surroundings.answer(StatusCode::OK, &page));
    }
    let now = service.clock.now();
    let today = newsletter.day(now);
    let nothing_typed = Choices::default();
    let (status, refused, choices) = match outcome {
        Outcome::Refused(refused, typed) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Some(refused), typed)
        }
        Outcome::Looked | Outcome::Saved => (StatusCode::OK, None, &nothing_typed),
    };
    let form = refused.map(|refused| refused.form);
    let typed = form.and_then(|form| form.answers.as_ref());
    let answers = typed.unwrap_or(found.answers.by_key());
    let right = WrongAnswers::new();
    let wrong = refused.map_or(&right, |refused| &refused.answers);
    // Who does not read it any more has nothing to answer.
    let asked = subscription.state != SubscriptionState::Ended;
    let fields =
        asked.then(|| FieldView::all(newsletter, subscription.chosen.language, answers, wrong));
    let letters = found.letters.iter().filter(|_| found.letters.len() > 1);
    let letters = letters.map(|(letter, reads)| {
        let typed = choices.letters.as_ref();
        let ticked = typed.map_or(*reads, |those| those.contains(&letter.slug));
        LetterChoice::new(letter, ticked)
    });
    let email = masked(&subscription.address.to_string());
    let page = pages::Preferences {
        newsletter_title: &newsletter.title,
        email: &email,
        letters: letters.collect(),
        countries: choices.countries.unwrap_or(subscription.chosen.countries),
        frequency: choices.frequency.unwrap_or(subscription.chosen.frequency),
        language: choices.language.unwrap_or(subscription.chosen.language),
        languages: pages::LanguageChoice::all(),
        pause: PauseChoice {
            until: subscription
                .resting_until(now)
                .map(|end| newsletter.day(end)),
            chosen: form.map_or("", |form| &form.pause),
            date: form.map_or("", |form| &form.pause_date),
            first: today.tomorrow().unwrap_or(today),
            last: PauseWish::last_day(today),
            error: refused
                .filter(|refused| refused.bad_pause)
                .map(|_| "pause-bad-day"),
        },
        fields: fields.unwrap_or_default(),
        saved: matches!(outcome, Outcome::Saved),
        unsubscribe_href: &found.unsubscribe_link,
        data_href: &found.data_link,
    };
    private(surroundings.answer(status, &page))
}

/// Enough to recognise one's own address; mails with this link get forwarded.
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
