//! The sign-up form.

use std::collections::BTreeMap;

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HeaderValue};
use axum::response::Response;
use serde::Deserialize;

use super::errors;
use super::frame::{Surroundings, private, retry_after};
use super::gate::{self, Gate, Signs};
use crate::domain::{
    AgreedTo, Answers, ConsentMethod, CountrySet, EmailAddress, Language, Newsletter, NewsletterId,
    Signup, Slug,
};
use crate::links::Links;
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::subscribe::{self, RateLimited};
use crate::texts::language_name;
use crate::web::client::Client;
use crate::web::headers::POLICY_WITH_WORK;
use crate::web::pages::{
    Accepted, FieldView, Guard, LetterChoice, NewsletterCard, Subscribe, SubscribeErrors, field_key,
};

/// The longest address that is shown again; a longer one is refused anyway.
const SHOWN: usize = 300;

/// The page's query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct Wish {
    newsletter: Option<String>,
    lang: Option<String>,
}

/// The form's fields, as they came.
#[derive(Debug, Default)]
struct Form {
    email: String,
    /// The newsletter whose form it is, where several can be ticked.
    form: String,
    newsletters: Vec<String>,
    lang: String,
    countries: Vec<String>,
    answers: BTreeMap<String, String>,
    consent: Option<AgreedTo>,
    website: String,
    signs: Signs,
}

impl Form {
    fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "email" => form.email = value,
                "form" => form.form = value,
                "newsletter" if !value.is_empty() => form.newsletters.push(value),
                "lang" => form.lang = value,
                "countries" => form.countries.extend(value.split(',').map(str::to_owned)),
                "consent" => form.consent = agreed_to(&value),
                "website" => form.website = value,
                "stamp" => form.signs.stamp = value,
                "wait" => form.signs.wait = value,
                "altcha" => form.signs.altcha = value,
                other => {
                    if let Some(key) = field_key(other) {
                        form.answers.insert(key.to_owned(), value);
                    }
                }
            }
        }
        form
    }
}

/// The value tells under which words the box stood.
fn agreed_to(value: &str) -> Option<AgreedTo> {
    match value {
        "" | "no" => None,
        "ticked" => Some(AgreedTo::AllTicked),
        _ => Some(AgreedTo::OneNamed),
    }
}

/// GET: the form, filled with nothing.
pub(super) async fn form(
    State(service): State<Service>,
    client: Client,
    Query(wish): Query<Wish>,
) -> Response {
    let lang = wish
        .lang
        .as_deref()
        .and_then(|tag| Language::from_tag(tag).ok());
    let found = async {
        let guard = gate::fresh(&service).await?;
        let found = newsletters(&service, wish.newsletter.as_deref()).await?;
        Ok(found.map(|(newsletter, all)| (newsletter, all, guard)))
    };
    match found.await {
        Ok(Some((newsletter, all, guard))) => {
            let language = lang
                .or_else(|| chosen(&wish, &client))
                .unwrap_or(newsletter.language);
            let errors = SubscribeErrors::default();
            let form = Form {
                newsletters: vec![newsletter.slug.to_string()],
                ..Form::default()
            };
            let letters = (&newsletter, all.as_slice());
            show(
                &service.links,
                letters,
                language,
                &form,
                errors,
                &guard,
                StatusCode::OK,
            )
        }
        Ok(None) => errors::page(&service, lang.or(client.language), StatusCode::NOT_FOUND).await,
        Err(error) => errors::store(&service, lang.or(client.language), &error).await,
    }
}

/// The bare address of the service speaks the visitor's language; a link to one
/// newsletter speaks that newsletter's.
fn chosen(wish: &Wish, client: &Client) -> Option<Language> {
    if wish.newsletter.is_none() {
        client.language
    } else {
        None
    }
}

/// The newsletter that is meant, the first public one if none is named, and all of them.
async fn newsletters(
    service: &Service,
    slug: Option<&str>,
) -> Result<Option<(Newsletter, Vec<Newsletter>)>, StoreError> {
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let meant = match slug.filter(|slug| !slug.is_empty()) {
        Some(slug) => Slug::parse(slug)
            .ok()
            .and_then(|slug| all.iter().find(|n| n.slug == slug)),
        None => all.iter().find(|newsletter| newsletter.is_public()),
    };
    Ok(meant.cloned().map(|meant| (meant, all)))
}

/// The newsletter whose form it is, all of them, and those that are asked for; none where one
/// is unknown. A form that offers no choice may leave its newsletter out.
async fn meant(
    service: &Service,
    form: &Form,
) -> Result<Option<(Newsletter, Vec<Newsletter>, Vec<Newsletter>)>, StoreError> {
    let own = Some(form.form.as_str()).filter(|own| !own.is_empty());
    let slug = own.or(form.newsletters.first().map(String::as_str));
    let Some((newsletter, all)) = newsletters(service, slug).await? else {
        return Ok(None);
    };
    let Some(mut asked_for) = named(&all, &form.newsletters) else {
        return Ok(None);
    };
    if own.is_none() && asked_for.is_empty() {
        asked_for.push(newsletter.clone());
    }
    Ok(Some((newsletter, all, asked_for)))
}

/// The newsletters with these slugs, in the order of the form; none where one is unknown.
fn named(all: &[Newsletter], slugs: &[String]) -> Option<Vec<Newsletter>> {
    let known = |slug: &String| {
        all.iter()
            .find(|newsletter| newsletter.slug.as_str() == slug)
    };
    slugs.iter().map(|slug| known(slug).cloned()).collect()
}

/// The form of one newsletter of all.
fn show(
    links: &Links,
    (newsletter, all): (&Newsletter, &[Newsletter]),
    language: Language,
    form: &Form,
    errors: SubscribeErrors<'_>,
    guard: &Guard,
    status: StatusCode,
) -> Response {
    let ticked = |letter: &Newsletter| form.newsletters.iter().any(|n| *n == *letter.slug.as_str());
    // A private one is shown only on its own form.
    let shown = |letter: &&Newsletter| letter.is_public() || letter.id == newsletter.id;
    let letters: Vec<&Newsletter> = all.iter().filter(shown).collect();
    let letters = letters.iter().filter(|_| letters.len() > 1);
    let letters = letters.map(|letter| LetterChoice::new(letter, ticked(letter)));
    let email: String = form.email.chars().take(SHOWN).collect();
    let countries =
        CountrySet::from_codes(form.countries.iter().map(String::as_str)).unwrap_or_default();
    let public_url = &links.signup(newsletter);
    let page = Subscribe {
        newsletter: NewsletterCard {
            slug: &newsletter.slug,
            title: &newsletter.title,
            description: &newsletter.description,
            language: newsletter.language,
            language_name: language_name(newsletter.language),
            public_url: newsletter.is_public().then_some(public_url.as_str()),
        },
        letters: letters.collect(),
        email: &email,
        countries,
        fields: FieldView::all(newsletter, language, &form.answers, &errors.answers),
        consent: form.consent.is_some(),
        errors,
        guard,
    };
    let here = format!("/subscribe?newsletter={}", newsletter.slug);
    let mut answer = Surroundings::of(newsletter, language)
        .here(here)
        .answer(status, &page);
    // The form is fresh each time, as are its stamps.
    let headers = answer.headers_mut();
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    if guard.work {
        let policy = HeaderValue::from_static(POLICY_WITH_WORK);
        headers.insert(CONTENT_SECURITY_POLICY, policy);
    }
    answer
}

/// POST: takes the sign-up in. The answer is the same whatever was known of the address.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    request: Request,
) -> Response {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        return errors::page(
            &service,
            client.language,
            StatusCode::UNSUPPORTED_MEDIA_TYPE,
        )
        .await;
    }
    let body = match Bytes::from_request(request, &service).await {
        Ok(body) => body,
        Err(rejection) => return errors::page(&service, client.language, rejection.status()).await,
    };
    let form = Form::parse(&body);
    let language = Language::from_tag(&form.lang).ok();
    match take_in(&service, client, &form, language).await {
        Ok(answer) => answer,
        Err(error) => errors::store(&service, language.or(client.language), &error).await,
    }
}

async fn take_in(
    service: &Service,
    client: Client,
    form: &Form,
    language: Option<Language>,
) -> Result<Response, StoreError> {
    let Some((newsletter, all, asked_for)) = meant(service, form).await? else {
        return Ok(errors::page(service, language, StatusCode::NOT_FOUND).await);
    };
    let language = language.unwrap_or(newsletter.language);
    let again = |errors, guard: &Guard, status| {
        show(
            &service.links,
            (&newsletter, &all),
            language,
            form,
            errors,
            guard,
            status,
        )
    };
    let meant = match complete(service, form, &newsletter, asked_for) {
        Ok(meant) => meant,
        Err(errors) => {
            let guard = gate::fresh(service).await?;
            return Ok(again(errors, &guard, StatusCode::UNPROCESSABLE_ENTITY));
        }
    };
    let voucher = match gate::pass(service, client, &meant.address, &form.signs).await? {
        Gate::Open(voucher) => voucher,
        Gate::Again(guard) => {
            return Ok(again(SubscribeErrors::default(), &guard, StatusCode::OK));
        }
        Gate::Limited(guard, RateLimited { retry_after: wait }) => {
            let errors = SubscribeErrors {
                limited_minutes: Some(wait.unsigned_abs().div_ceil(60)),
                ..SubscribeErrors::default()
            };
            let page = again(errors, &guard, StatusCode::TOO_MANY_REQUESTS);
            return Ok(retry_after(page, wait));
        }
    };
    let signup = Signup {
        address: meant.address,
        name: None,
        language,
        countries: meant.countries,
        answers: meant.answers,
        method: ConsentMethod::Page,
        page: format!("/subscribe?newsletter={}", newsletter.slug),
        ip: client.ip,
        others: meant.others,
        agreed_to: meant.agreed_to,
        voucher,
    };
    // Only a program fills the field that nobody sees; it learns nothing from the answer.
    if form.website.is_empty() {
        subscribe::sign_up(service, &meant.first, &signup).await?;
    }
    let page = Accepted {
        email: form.email.trim(),
    };
    Ok(private(
        Surroundings::of(&newsletter, language).answer(StatusCode::OK, &page),
    ))
}

/// What a form says that is complete.
struct Complete {
    address: EmailAddress,
    first: Newsletter,
    others: Vec<Newsletter>,
    countries: CountrySet,
    answers: Option<(NewsletterId, Answers)>,
    agreed_to: AgreedTo,
}

/// Reads a form, or tells what it lacks.
fn complete(
    service: &Service,
    form: &Form,
    own: &Newsletter,
    asked_for: Vec<Newsletter>,
) -> Result<Complete, SubscribeErrors<'static>> {
    let address = EmailAddress::parse(&form.email)
        .map_err(crate::domain::AddressError::code)
        .and_then(|address| match service.disposable.has(&address) {
            true => Err("address-disposable"),
            false => Ok(address),
        });
    let countries = CountrySet::from_codes(form.countries.iter().map(String::as_str));
    // The form asks for its own newsletter.
    let is_own = |asked_for: &Newsletter| asked_for.id == own.id;
    let answers = asked_for
        .iter()
        .any(is_own)
        .then(|| own.fields.read(&form.answers));
    let answers = answers.transpose();
    let errors = SubscribeErrors {
        answers: answers.as_ref().err().cloned().unwrap_or_default(),
        email: address.as_ref().err().copied(),
        letters: asked_for.is_empty().then_some("letters-missing"),
        countries: countries.is_err().then_some("country-unknown"),
        consent: form.consent.is_none().then_some("consent-missing"),
        limited_minutes: None,
    };
    let mut asked_for = asked_for.into_iter();
    match (address, asked_for.next(), countries, answers, form.consent) {
        (Ok(address), Some(first), Ok(countries), Ok(answers), Some(agreed_to)) => Ok(Complete {
            address,
            first,
            others: asked_for.collect(),
            countries,
            answers: answers.map(|answers| (own.id, answers)),
            agreed_to,
        }),
        _ => Err(errors),
    }
}
