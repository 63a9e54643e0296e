//! The sign-up form.

mod form;
mod shown;

use axum::body::Bytes;
use axum::extract::{FromRequest, Path, Request, State};
use axum::http::header::{CONTENT_TYPE, ORIGIN};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use self::form::{Form, Incomplete, complete, page_of};
use self::shown::{render, surroundings, trusting};
use super::errors;
use super::layout::{PageQuery, private, retry_after};
use super::signup_guard;
use super::signup_guard::SignupGuard;
use crate::domain::{Chosen, ConsentMethod, Language, Newsletter, Signup, Site, Slug};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::subscribe::{self, RateLimited};
use crate::web::client_ip::Client;
use crate::web::pages::{Accepted, Guard, SubscribeErrors};

/// The page's query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FormQuery {
    newsletter: Option<String>,
    lang: Option<String>,
}

/// GET: the form, filled with nothing.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    PageQuery(wish): PageQuery<FormQuery>,
) -> Response {
    show_fresh(&service, client, &wish, false).await
}

async fn show_fresh(
    service: &Service,
    client: Client,
    wish: &FormQuery,
    embedded: bool,
) -> Response {
    let lang = wish
        .lang
        .as_deref()
        .and_then(|tag| Language::from_tag(tag).ok());
    let found = async {
        let guard = signup_guard::fresh(service).await?;
        let found = newsletters(service, wish.newsletter.as_deref()).await?;
        Ok(found.map(|(newsletter, all)| (newsletter, all, guard)))
    };
    match found.await {
        Ok(Some((newsletter, all, guard))) => {
            let language = lang
                .or_else(|| chosen(wish, &client))
                .unwrap_or(newsletter.language);
            let errors = SubscribeErrors::default();
            let form = Form {
                newsletters: vec![newsletter.slug.to_string()],
                embedded,
                ..Form::default()
            };
            let letters = (&newsletter, all.as_slice());
            render(
                &service.links,
                letters,
                language,
                &form,
                errors,
                &guard,
                StatusCode::OK,
            )
        }
        Ok(None) => errors::page(service, lang.or(client.language), StatusCode::NOT_FOUND).await,
        Err(error) => errors::store(service, lang.or(client.language), &error).await,
    }
}

/// The bare address of the service speaks the visitor's language; a link to one
/// newsletter speaks that newsletter's.
fn chosen(wish: &FormQuery, client: &Client) -> Option<Language> {
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

/// GET /embed/{newsletter}: the form for a frame on another site's page.
pub(super) async fn embedded_form(
    State(service): State<Service>,
    client: Client,
    Path(slug): Path<String>,
    PageQuery(wish): PageQuery<FormQuery>,
) -> Response {
    let wish = FormQuery {
        newsletter: Some(slug),
        ..wish
    };
    show_fresh(&service, client, &wish, true).await
}

/// POST /embed/{newsletter}: the same as [`submit`], in the frame.
pub(super) async fn embedded_submit(
    State(service): State<Service>,
    client: Client,
    Path(slug): Path<String>,
    request: Request,
) -> Response {
    receive(&service, client, request, Some(slug)).await
}

/// POST: takes the sign-up in. The answer is the same whatever was known of the address.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    request: Request,
) -> Response {
    receive(&service, client, request, None).await
}

/// Reads the form; one in a frame is for the newsletter of its address.
async fn receive(
    service: &Service,
    client: Client,
    request: Request,
    embedded: Option<String>,
) -> Response {
    let kind = request
        .headers()
        .get(CONTENT_TYPE)
        .and_then(|value| value.to_str().ok());
    if !kind.is_some_and(|kind| kind.starts_with("application/x-www-form-urlencoded")) {
        let status = StatusCode::UNSUPPORTED_MEDIA_TYPE;
        return errors::page(service, client.language, status).await;
    }
    let site = foreign_site(service, request.headers());
    let body = match Bytes::from_request(request, service).await {
        Ok(body) => body,
        Err(rejection) => return errors::page(service, client.language, rejection.status()).await,
    };
    let mut form = Form {
        site,
        embedded: embedded.is_some(),
        ..Form::parse(&body)
    };
    if let Some(slug) = embedded {
        form.form.clear();
        form.newsletters = vec![slug];
    }
    let language = Language::from_tag(&form.lang).ok();
    match take_in(service, client, &form, language).await {
        Ok(answer) => answer,
        Err(error) => errors::store(service, language.or(client.language), &error).await,
    }
}

/// The site whose page sent the form, if it is not our own.
fn foreign_site(service: &Service, headers: &HeaderMap) -> Option<Site> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    let site = Site::parse(origin).ok()?;
    (!site.has(&service.settings.http.public_url)).then_some(site)
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
        render(
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
        Err(incomplete) => {
            let guard = signup_guard::fresh(service).await?;
            return Ok(match incomplete {
                Incomplete::Wrong(errors) => {
                    again(errors, &guard, StatusCode::UNPROCESSABLE_ENTITY)
                }
                Incomplete::NotAsked => again(SubscribeErrors::default(), &guard, StatusCode::OK),
            });
        }
    };
    let voucher = match signup_guard::pass(service, client, &meant.address, &form.signs).await? {
        SignupGuard::Open(voucher) => voucher,
        SignupGuard::Again(guard) => {
            return Ok(again(SubscribeErrors::default(), &guard, StatusCode::OK));
        }
        SignupGuard::Limited(guard, RateLimited { retry_after: wait }) => {
            let errors = SubscribeErrors {
                limited_minutes: Some(wait.unsigned_abs().div_ceil(60)),
                ..SubscribeErrors::default()
            };
            let page = again(errors, &guard, StatusCode::TOO_MANY_REQUESTS);
            return Ok(retry_after(page, wait));
        }
    };
    // Only a program fills the field that nobody sees; it learns nothing from the answer.
    let honest = form.website.is_empty();
    // Asked last, so that whoever is held up before cannot make us ask the DNS.
    if honest && subscribe::takes_no_mail(service, &meant.address, client.ip).await? {
        let errors = SubscribeErrors {
            email: Some("address-no-mail"),
            ..SubscribeErrors::default()
        };
        let guard = signup_guard::fresh(service).await?;
        return Ok(again(errors, &guard, StatusCode::UNPROCESSABLE_ENTITY));
    }
    let signup = Signup {
        address: meant.address,
        name: None,
        chosen: Chosen {
            language,
            countries: meant.countries,
            frequency: meant.frequency,
        },
        answers: meant.answers,
        method: ConsentMethod::Page,
        page: page_of(&newsletter, form),
        ip: client.ip,
        others: meant.others,
        agreed_to: meant.agreed_to,
        voucher,
    };
    if honest {
        subscribe::sign_up(service, &meant.first, &signup).await?;
    }
    if let Some(address) = newsletter.answer_at(&form.return_to)
        && !form.embedded
    {
        return Ok(private(Redirect::to(address.as_str()).into_response()));
    }
    let page = Accepted {
        email: form.email.trim(),
    };
    let surroundings = surroundings(&newsletter, language, form).here(String::new());
    let answer = surroundings.answer(StatusCode::OK, &page);
    Ok(private(trusting(&newsletter, form, answer)))
}
