//! The sign-up form.

use axum::body::Bytes;
use axum::extract::{FromRequest, Query, Request, State};
use axum::http::StatusCode;
use axum::http::header::CONTENT_TYPE;
use axum::response::Response;
use serde::Deserialize;

use super::errors;
use super::frame::{Surroundings, private, retry_after};
use crate::domain::{ConsentMethod, CountrySet, EmailAddress, Language, Newsletter, Signup, Slug};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::subscribe::{self, RateLimited};
use crate::texts::language_name;
use crate::web::client::Client;
use crate::web::pages::{Accepted, NewsletterCard, OtherNewsletter, Subscribe, SubscribeErrors};

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
    newsletter: String,
    lang: String,
    countries: Vec<String>,
    consent: bool,
    website: String,
}

impl Form {
    fn parse(body: &[u8]) -> Self {
        let mut form = Self::default();
        for (name, value) in url::form_urlencoded::parse(body) {
            let value = value.into_owned();
            match &*name {
                "email" => form.email = value,
                "newsletter" => form.newsletter = value,
                "lang" => form.lang = value,
                "countries" => form.countries.extend(value.split(',').map(str::to_owned)),
                "consent" => form.consent = !value.is_empty() && value != "no",
                "website" => form.website = value,
                _ => {}
            }
        }
        form
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
    match newsletters(&service, wish.newsletter.as_deref()).await {
        Ok(Some((newsletter, all))) => {
            let language = lang
                .or_else(|| chosen(&wish, &client))
                .unwrap_or(newsletter.language);
            let errors = SubscribeErrors::default();
            show(
                &newsletter,
                &all,
                language,
                &Form::default(),
                errors,
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

/// The newsletter that is meant, the first one if none is named, and all of them.
async fn newsletters(
    service: &Service,
    slug: Option<&str>,
) -> Result<Option<(Newsletter, Vec<Newsletter>)>, StoreError> {
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let meant = match slug.filter(|slug| !slug.is_empty()) {
        Some(slug) => Slug::parse(slug)
            .ok()
            .and_then(|slug| all.iter().find(|n| n.slug == slug)),
        None => all.first(),
    };
    Ok(meant.cloned().map(|meant| (meant, all)))
}

fn show(
    newsletter: &Newsletter,
    all: &[Newsletter],
    language: Language,
    form: &Form,
    errors: SubscribeErrors<'_>,
    status: StatusCode,
) -> Response {
    let others: Vec<OtherNewsletter<'_>> = all
        .iter()
        .filter(|other| other.slug != newsletter.slug)
        .map(|other| OtherNewsletter {
            title: &other.title,
            language: other.language,
            language_name: language_name(other.language),
            href: format!(
                "/subscribe?newsletter={}&lang={}",
                other.slug, other.language
            ),
        })
        .collect();
    let email: String = form.email.chars().take(SHOWN).collect();
    let countries =
        CountrySet::from_codes(form.countries.iter().map(String::as_str)).unwrap_or_default();
    let page = Subscribe {
        newsletter: NewsletterCard {
            slug: &newsletter.slug,
            title: &newsletter.title,
            description: &newsletter.description,
            language: newsletter.language,
            language_name: language_name(newsletter.language),
        },
        others,
        email: &email,
        countries,
        consent: form.consent,
        errors,
    };
    let here = format!("/subscribe?newsletter={}", newsletter.slug);
    Surroundings::of(newsletter, language)
        .here(here)
        .answer(status, &page)
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
    let Some((newsletter, all)) = newsletters(service, Some(&form.newsletter)).await? else {
        return Ok(errors::page(service, language, StatusCode::NOT_FOUND).await);
    };
    let language = language.unwrap_or(newsletter.language);
    let address = EmailAddress::parse(&form.email);
    let countries = CountrySet::from_codes(form.countries.iter().map(String::as_str));
    let errors = SubscribeErrors {
        email: address.err().map(crate::domain::AddressError::code),
        countries: countries.is_err().then_some("country-unknown"),
        consent: (!form.consent).then_some("consent-missing"),
        limited_minutes: None,
    };
    let (Ok(address), Ok(countries), true) =
        (EmailAddress::parse(&form.email), countries, form.consent)
    else {
        let status = StatusCode::UNPROCESSABLE_ENTITY;
        return Ok(show(&newsletter, &all, language, form, errors, status));
    };
    if let Some(ip) = client.ip {
        let limited = subscribe::check_ip(service, ip).await?;
        if let Some(RateLimited {
            retry_after: seconds,
        }) = limited
        {
            let errors = SubscribeErrors {
                limited_minutes: Some(seconds.unsigned_abs().div_ceil(60)),
                ..SubscribeErrors::default()
            };
            let page = show(
                &newsletter,
                &all,
                language,
                form,
                errors,
                StatusCode::TOO_MANY_REQUESTS,
            );
            return Ok(retry_after(page, seconds));
        }
    }
    let signup = Signup {
        address,
        name: None,
        language,
        countries,
        method: ConsentMethod::Page,
        page: format!("/subscribe?newsletter={}", newsletter.slug),
        ip: client.ip,
    };
    // Only a program fills the field that nobody sees; it learns nothing from the answer.
    if form.website.is_empty() {
        subscribe::sign_up(service, &newsletter, &signup).await?;
    }
    let page = Accepted {
        email: form.email.trim(),
    };
    Ok(private(
        Surroundings::of(&newsletter, language).answer(StatusCode::OK, &page),
    ))
}
