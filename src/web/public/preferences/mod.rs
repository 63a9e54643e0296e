//! The preferences page.

mod form;

use axum::extract::State;
use axum::http::StatusCode;
use axum::response::Response;

use self::form::Form;
use super::errors;
use super::form_body::Fields;
use super::layout::{PageLayout, TokenInPath, private};
use crate::domain::{AnswersByNewsletter, PauseRequest, Purpose, WrongByNewsletter};
use crate::service::Service;
use crate::subscribe::{self, Choices, LinkError};
use crate::web::client_ip::Client;
use crate::web::pages::{
    self, FieldGroup, FieldGroupInput, LeftHow, NewsletterOption, PauseChoice, Unsubscribed,
};

/// GET: the current preferences.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    match subscribe::load_preferences(&service, &token).await {
        Ok(found) => render(&service, &found, Outcome::Unchanged),
        Err(error) => link_error(&service, &client, &token, error).await,
    }
}

/// POST: saves them.
pub(super) async fn save(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    Fields(fields): Fields,
) -> Response {
    match process(&service, &client, &token, &Form::parse(fields)).await {
        Ok(answer) => answer,
        Err(error) => link_error(&service, &client, &token, error).await,
    }
}

/// The answer to the form.
async fn process(
    service: &Service,
    client: &Client,
    token: &str,
    form: &Form,
) -> Result<Response, LinkError> {
    let found = subscribe::load_preferences(service, token).await?;
    let Some(choices) = form.choices() else {
        // The form is none of this service. Its reader's language is known, and the link stays secret.
        let language = Some(found.linked.subscription.chosen.language);
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(private(errors::page(service, language, status).await));
    };
    let choices = match complete(service, form, &found, &choices) {
        Ok(complete) => complete,
        Err(incomplete) => {
            let outcome = Outcome::Incomplete(&incomplete, &choices);
            return Ok(render(service, &found, outcome));
        }
    };
    let page = "/preferences";
    let saved = subscribe::save_preferences(service, token, &choices, page, client.ip).await?;
    Ok(render(service, &saved, Outcome::Saved(&found)))
}

async fn link_error(service: &Service, client: &Client, token: &str, error: LinkError) -> Response {
    let opened = (Purpose::Preferences, token);
    errors::link(service, client.language, opened, error).await
}

/// The choices with the pause and the answers, or why the form is shown again.
fn complete<'a>(
    service: &Service,
    form: &'a Form,
    found: &subscribe::Preferences,
    choices: &Choices,
) -> Result<Choices, Incomplete<'a>> {
    if form.resume {
        return Ok(choices.clone());
    }
    let own = &found.linked.newsletter;
    let pause = form.pause(service, own);
    let answered = found.newsletters.iter();
    let answered = answered.filter(|one| found.takes_answers(one, choices));
    let (with_fields, without): (Vec<_>, Vec<_>) =
        answered.partition(|one| form.answers.had_fields_of(&one.newsletter, own));
    // An active subscriber may keep the earlier answers; a new one has to see the fields.
    let fields_missing = without
        .iter()
        .any(|one| found.activates(one, choices) && !one.newsletter.fields.is_empty());
    let forms = with_fields.iter();
    let forms = forms.map(|one| (&one.newsletter, found.field_selection(one)));
    let answers = AnswersByNewsletter::read_selected(forms, |one| form.answers.to(one, own));
    match (pause, answers) {
        (Ok(pause), Ok(answers)) if !fields_missing => Ok(Choices {
            pause,
            answers,
            ..choices.clone()
        }),
        (pause, answers) => Err(Incomplete {
            form,
            bad_pause: pause.is_err(),
            wrong: answers.err().unwrap_or_default(),
        }),
    }
}

/// Why the page is shown.
#[derive(Clone, Copy)]
enum Outcome<'a> {
    Unchanged,
    /// Saved; what it was before.
    Saved(&'a subscribe::Preferences),
    /// Everything is shown as it was typed.
    Incomplete(&'a Incomplete<'a>, &'a Choices),
}

/// A form with something to correct or to add.
struct Incomplete<'a> {
    form: &'a Form,
    /// Whether the last day of the pause is not valid.
    bad_pause: bool,
    wrong: WrongByNewsletter,
}

impl Incomplete<'_> {
    fn status(&self) -> StatusCode {
        if self.bad_pause || !self.wrong.is_empty() {
            StatusCode::UNPROCESSABLE_ENTITY
        } else {
            StatusCode::OK
        }
    }
}

fn render(service: &Service, found: &subscribe::Preferences, outcome: Outcome<'_>) -> Response {
    let (newsletter, subscription) = (&found.linked.newsletter, &found.linked.subscription);
    let layout = PageLayout::of(newsletter, subscription.chosen.language);
    if let Outcome::Saved(before) = outcome
        && !found.is_open()
    {
        // By name: there may be others that are not on the page.
        let ended: Vec<NewsletterOption<'_>> = ended(before).collect();
        let only = ended.first().filter(|_| ended.len() == 1);
        let page = Unsubscribed {
            newsletter_title: only.map_or(newsletter.title.as_str(), |only| only.title),
            several: Vec::new(),
            ended: if ended.len() > 1 { ended } else { Vec::new() },
            how: LeftHow::One,
            undo_href: found.undo.as_deref().unwrap_or_default(),
            data_href: Some(found.data_link.clone()),
        };
        return private(layout.answer(StatusCode::OK, &page));
    }
    let unchanged = Choices::default();
    let (status, incomplete, choices) = match outcome {
        Outcome::Incomplete(incomplete, typed) => (incomplete.status(), Some(incomplete), typed),
        Outcome::Unchanged | Outcome::Saved(_) => (StatusCode::OK, None, &unchanged),
    };
    let options = found.newsletters.iter();
    let options = options.filter(|_| found.newsletters.len() > 1);
    let options = options.map(|one| {
        let ticked = choices.selects(one).unwrap_or(one.is_active);
        NewsletterOption::new(&one.newsletter, ticked)
    });
    let email = || masked(&subscription.address.to_string());
    let page = pages::Preferences {
        newsletter_title: &newsletter.title,
        email: found.shows_address.then(email),
        newsletters: options.collect(),
        countries: found.asks_countries().then(|| {
            let chosen = subscription.chosen.countries;
            choices.countries.unwrap_or(chosen)
        }),
        frequency: choices.frequency.unwrap_or(subscription.chosen.frequency),
        language: choices.language.unwrap_or(subscription.chosen.language),
        languages: pages::LanguageChoice::all(),
        pause: pause_choice(service, found, incomplete),
        fields: field_groups(found, incomplete, choices),
        saved: matches!(outcome, Outcome::Saved(_)),
        unsubscribe_href: &found.unsubscribe_link,
        data_href: &found.data_link,
    };
    private(layout.answer(status, &page))
}

/// The newsletters that were received and could be left.
fn ended(before: &subscribe::Preferences) -> impl Iterator<Item = NewsletterOption<'_>> {
    let active = before.newsletters.iter().filter(|one| one.is_active);
    active.map(|one| NewsletterOption::new(&one.newsletter, true))
}

fn pause_choice<'a>(
    service: &Service,
    found: &subscribe::Preferences,
    incomplete: Option<&'a Incomplete<'_>>,
) -> PauseChoice<'a> {
    let (newsletter, subscription) = (&found.linked.newsletter, &found.linked.subscription);
    let now = service.clock.now();
    let today = newsletter.day(now);
    let pause = subscription.active_pause(now);
    let bad = incomplete.filter(|incomplete| incomplete.bad_pause);
    PauseChoice {
        until: pause.map(|end| newsletter.day(end)),
        chosen: incomplete.map_or("", |incomplete| &incomplete.form.pause),
        date: incomplete.map_or("", |incomplete| &incomplete.form.pause_date),
        first: today.tomorrow().unwrap_or(today),
        last: PauseRequest::last_day(today),
        error: bad.map(|_| "pause-bad-day"),
    }
}

/// The fields of the newsletters with what was typed, or else with the stored answers that may be
/// shown.
fn field_groups<'a>(
    found: &'a subscribe::Preferences,
    incomplete: Option<&'a Incomplete<'_>>,
    choices: &Choices,
) -> Vec<FieldGroup<'a>> {
    let own = &found.linked.newsletter;
    let typed = incomplete.map(|incomplete| &incomplete.form.answers);
    let groups = found.newsletters.iter();
    let groups = groups.filter(|one| found.takes_answers(one, choices));
    let groups = groups.map(|one| {
        let newsletter = &one.newsletter;
        let typed = typed.filter(|typed| typed.had_fields_of(newsletter, own));
        let selection = found.field_selection(one);
        FieldGroupInput {
            newsletter,
            selection,
            filled: typed.map_or_else(|| selection.prefilled(), |typed| typed.to(newsletter, own)),
            new: typed.is_none() && found.activates(one, choices),
        }
    });
    let none_wrong = WrongByNewsletter::new();
    let wrong = incomplete.map_or(&none_wrong, |incomplete| &incomplete.wrong);
    let language = found.linked.subscription.chosen.language;
    FieldGroup::all(groups, own, language, wrong)
}

/// Enough to recognise one's own address; mails with this link get forwarded.
pub(super) fn masked(address: &str) -> String {
    let (local, domain) = address.rsplit_once('@').unwrap_or((address, ""));
    let first: String = local.chars().take(1).collect();
    format!("{first}…@{domain}")
}
