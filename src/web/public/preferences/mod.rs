//! The reader's choices.

mod form;

use axum::body::Bytes;
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::form::Form;
use super::errors;
use super::layout::{PageLayout, TokenInPath, private};
use crate::domain::{AnswersByNewsletter, PauseRequest, WrongByNewsletter};
use crate::service::Service;
use crate::subscribe::{self, Choices, LinkError};
use crate::web::client_ip::Client;
use crate::web::pages::{self, Asking, FieldGroup, NewsletterOption, PauseChoice, Unsubscribed};

/// GET: the choices as they are.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    match subscribe::load_preferences(&service, &token).await {
        Ok(found) => render(&service, &found, Outcome::Looked),
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
    let found = subscribe::load_preferences(service, token).await?;
    let Some(choices) = form.choices() else {
        return Ok(None);
    };
    let choices = match complete(service, form, &found, &choices) {
        Ok(complete) => complete,
        Err(again) => {
            let outcome = Outcome::Again(&again, &choices);
            return Ok(Some(render(service, &found, outcome)));
        }
    };
    let saved = subscribe::choose(service, token, &choices, "/preferences", client.ip).await?;
    Ok(Some(render(service, &saved, Outcome::Saved)))
}

/// The choices with the pause and the answers, or why the form is shown once more.
fn complete<'a>(
    service: &Service,
    form: &'a Form,
    found: &subscribe::Preferences,
    choices: &Choices,
) -> Result<Choices, Again<'a>> {
    if form.resume {
        return Ok(choices.clone());
    }
    let own = &found.membership.newsletter;
    let pause = form.pause(service, own);
    let answered = found.letters.iter();
    let answered = answered.filter(|letter| found.is_answered(letter, choices));
    let (asked, not_asked): (Vec<_>, Vec<_>) =
        answered.partition(|letter| form.typed.was_asked(&letter.newsletter, own));
    // Who reads one already may keep to what was answered before.
    let asks_more = not_asked
        .iter()
        .any(|letter| found.begins(letter, choices) && !letter.newsletter.fields.is_empty());
    let asked = asked.iter();
    let asked = asked.map(|letter| (&letter.newsletter, found.asked(letter)));
    let answers = AnswersByNewsletter::read_as(asked, |one| form.typed.to(one, own));
    match (pause, answers) {
        (Ok(pause), Ok(answers)) if !asks_more => Ok(Choices {
            pause,
            answers,
            ..choices.clone()
        }),
        (pause, answers) => Err(Again {
            form,
            bad_pause: pause.is_err(),
            wrong: answers.err().unwrap_or_default(),
        }),
    }
}

/// What the page answers to.
#[derive(Clone, Copy)]
enum Outcome<'a> {
    Looked,
    Saved,
    /// Everything is shown as it was typed.
    Again(&'a Again<'a>, &'a Choices),
}

/// A form with something to mend or to add.
struct Again<'a> {
    form: &'a Form,
    /// The day makes no sense.
    bad_pause: bool,
    wrong: WrongByNewsletter,
}

impl Again<'_> {
    fn status(&self) -> StatusCode {
        if self.bad_pause || !self.wrong.is_empty() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

fn render(service: &Service, found: &subscribe::Preferences, outcome: Outcome<'_>) -> Response {
    let (newsletter, subscription) = (&found.membership.newsletter, &found.membership.subscription);
    let surroundings = PageLayout::of(newsletter, subscription.chosen.language);
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
    let (status, again, choices) = match outcome {
        Outcome::Again(again, typed) => (again.status(), Some(again), typed),
        Outcome::Looked | Outcome::Saved => (StatusCode::OK, None, &nothing_typed),
    };
    let form = again.map(|again| again.form);
    let letters = found.letters.iter().filter(|_| found.letters.len() > 1);
    let letters = letters.map(|letter| {
        let ticked = choices.ticks(letter).unwrap_or(letter.reads);
        NewsletterOption::new(&letter.newsletter, ticked)
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
            last: PauseRequest::last_day(today),
            error: again
                .filter(|again| again.bad_pause)
                .map(|_| "pause-bad-day"),
        },
        fields: asked(found, again, choices),
        saved: matches!(outcome, Outcome::Saved),
        unsubscribe_href: &found.unsubscribe_link,
        data_href: &found.data_link,
    };
    private(surroundings.answer(status, &page))
}

/// What the newsletters ask, with what was typed, or else with what is kept and may be shown.
fn asked<'a>(
    found: &'a subscribe::Preferences,
    again: Option<&'a Again<'_>>,
    choices: &Choices,
) -> Vec<FieldGroup<'a>> {
    let own = &found.membership;
    let typed = again.map(|again| &again.form.typed);
    let asking = found.letters.iter();
    let asking = asking.filter(|letter| found.is_answered(letter, choices));
    let asking = asking.map(|letter| {
        let one = &letter.newsletter;
        let typed = typed.filter(|typed| typed.was_asked(one, &own.newsletter));
        let asked = found.asked(letter);
        Asking {
            newsletter: one,
            asked,
            filled: typed.map_or_else(|| asked.shown(), |typed| typed.to(one, &own.newsletter)),
            new: typed.is_none() && found.begins(letter, choices),
        }
    });
    let right = WrongByNewsletter::new();
    let wrong = again.map_or(&right, |again| &again.wrong);
    let language = own.subscription.chosen.language;
    FieldGroup::all(asking, &own.newsletter, language, wrong)
}

/// Enough to recognise one's own address; mails with this link get forwarded.
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
