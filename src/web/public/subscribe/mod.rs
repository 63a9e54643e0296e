//! The sign-up form.

mod accepted;
mod form;
mod guard;
mod preview;
mod view;

pub(in crate::web) use preview::preview;

use axum::extract::{Request, State};
use axum::http::header::ORIGIN;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Response;
use serde::Deserialize;

use self::accepted::{Mailed, accepted};
use self::form::{Complete, Form, Incomplete, complete, page_of};
use self::guard::GuardDecision;
use self::view::{FormView, render};
use super::layout::{NamesInPath, PageQuery, retry_after, without_marks};
use super::{errors, form_body, signup_cookie};
use crate::domain::{
    Chosen, ConsentMethod, EmailAddress, Language, Newsletter, RateLimited, Signup, SignupTrust,
    Site, Slug,
};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::subscribe;
use crate::web::client_ip::Client;
use crate::web::demo::Mailbox;
use crate::web::pages::{AddressFault, FormGuard, SubscribeErrors};

/// The page's query.
#[derive(Debug, Default, Deserialize)]
pub(super) struct FormQuery {
    newsletter: Option<String>,
    lang: Option<String>,
    /// Fills the address in.
    email: Option<String>,
}

/// GET: an empty form.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    PageQuery(query): PageQuery<FormQuery>,
) -> Response {
    show_empty(&service, client, &query, false).await
}

async fn show_empty(
    service: &Service,
    client: Client,
    query: &FormQuery,
    embedded: bool,
) -> Response {
    let lang = query
        .lang
        .as_deref()
        .and_then(|tag| Language::from_tag(tag).ok());
    let named = query.newsletter.as_deref().filter(|slug| !slug.is_empty());
    // A page that is about no newsletter speaks the visitor's language, and offers what is written
    // in it first.
    let visitor = lang.or_else(|| client.language.filter(|_| named.is_none()));
    let found = async {
        let guard = guard::fresh(service).await?;
        let found = newsletters(service, named, visitor).await?;
        Ok(found.map(|(newsletter, all)| (newsletter, all, guard)))
    };
    match found.await {
        Ok(Some((newsletter, all, guard))) => {
            let language = visitor.unwrap_or(newsletter.language);
            let slug = newsletter.slug.to_string();
            let form = Form {
                email: query.email.as_deref().map(unspaced).unwrap_or_default(),
                form: named.map_or_else(|| slug.clone(), |_| String::new()),
                newsletters: vec![slug],
                embedded,
                ..Form::default()
            };
            let view = FormView {
                links: &service.links,
                newsletter: &newsletter,
                all: &all,
                language,
                form: &form,
            };
            render(&view, SubscribeErrors::default(), &guard, StatusCode::OK)
        }
        Ok(None) => errors::page(service, lang.or(client.language), StatusCode::NOT_FOUND).await,
        Err(error) => errors::store(service, lang.or(client.language), &error).await,
    }
}

/// An address in a link whose `+` was not escaped, and so was read as a space.
fn unspaced(email: &str) -> String {
    let whole = email.trim().replace(' ', "+");
    match EmailAddress::parse(email).is_err() && EmailAddress::parse(&whole).is_ok() {
        true => whole,
        false => email.to_owned(),
    }
}

/// The newsletter with this slug, and all of them. When none is named: the oldest public one that is
/// written in the visitor's language, or else the oldest public one.
async fn newsletters(
    service: &Service,
    slug: Option<&str>,
    visitor: Option<Language>,
) -> Result<Option<(Newsletter, Vec<Newsletter>)>, StoreError> {
    let all = store::newsletter::list(&mut service.store.read().await?).await?;
    let mut public = all.iter().filter(|newsletter| newsletter.is_public());
    let found = match slug {
        Some(slug) => Slug::parse(without_marks(slug))
            .ok()
            .and_then(|slug| all.iter().find(|n| n.slug == slug)),
        None => public
            .clone()
            .find(|newsletter| Some(newsletter.language) == visitor)
            .or_else(|| public.next()),
    };
    Ok(found.cloned().map(|found| (found, all)))
}

/// The newsletters of a form that was sent.
struct FormNewsletters {
    /// The one whose form it is.
    own: Newsletter,
    /// All of the service.
    all: Vec<Newsletter>,
    /// Those that are requested.
    requested: Vec<Newsletter>,
}

/// None when the form names an unknown newsletter. A form for one newsletter may name none.
async fn resolve(service: &Service, form: &Form) -> Result<Option<FormNewsletters>, StoreError> {
    let own = Some(form.form.as_str()).filter(|own| !own.is_empty());
    let slug = own.or(form.newsletters.first().map(String::as_str));
    let Some((newsletter, all)) = newsletters(service, slug, None).await? else {
        return Ok(None);
    };
    let Some(mut requested) = by_slugs(&all, &form.newsletters) else {
        return Ok(None);
    };
    if own.is_none() && requested.is_empty() {
        requested.push(newsletter.clone());
    }
    Ok(Some(FormNewsletters {
        own: newsletter,
        all,
        requested,
    }))
}

/// The newsletters with these slugs, in the order of the form; None when one is unknown.
fn by_slugs(all: &[Newsletter], slugs: &[String]) -> Option<Vec<Newsletter>> {
    let find = |slug: &String| {
        all.iter()
            .find(|newsletter| newsletter.slug.as_str() == slug)
    };
    slugs.iter().map(|slug| find(slug).cloned()).collect()
}

/// GET /embed/{newsletter}: an empty form for a frame on another site's page.
pub(super) async fn embedded_form(
    State(service): State<Service>,
    client: Client,
    NamesInPath([slug]): NamesInPath<1>,
    PageQuery(query): PageQuery<FormQuery>,
) -> Response {
    let query = FormQuery {
        newsletter: Some(slug),
        ..query
    };
    show_empty(&service, client, &query, true).await
}

/// POST /embed/{newsletter}: the same as [`submit`], in the frame.
pub(super) async fn embedded_submit(
    State(service): State<Service>,
    client: Client,
    NamesInPath([slug]): NamesInPath<1>,
    request: Request,
) -> Response {
    receive(&service, client, request, Some(slug)).await
}

/// POST: processes the sign-up. The answer is the same whatever is known of the address.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    request: Request,
) -> Response {
    receive(&service, client, request, None).await
}

/// Reads the form; one in a frame is for the newsletter in its URL.
async fn receive(
    service: &Service,
    client: Client,
    request: Request,
    embedded: Option<String>,
) -> Response {
    let headers = request.headers().clone();
    let site = foreign_site(service, &headers);
    let mailbox = request.extensions().get::<Mailbox>().is_some();
    let fields = match form_body::read(request, service).await {
        Ok(fields) => fields,
        Err(status) => return errors::page(service, client.language, status).await,
    };
    let mut form = Form {
        elsewhere: site.is_some() || is_from_elsewhere(&headers),
        site,
        mailbox,
        embedded: embedded.is_some(),
        ..Form::parse(fields)
    };
    if let Some(slug) = embedded {
        form.form.clear();
        form.newsletters = vec![slug];
    }
    let language = Language::from_tag(&form.lang).ok();
    match process(service, client, &headers, &form, language).await {
        Ok(answer) => answer,
        Err(error) => errors::store(service, language.or(client.language), &error).await,
    }
}

/// The site whose page sent the form, if it is another one.
fn foreign_site(service: &Service, headers: &HeaderMap) -> Option<Site> {
    let origin = headers.get(ORIGIN)?.to_str().ok()?;
    let site = Site::parse(origin).ok()?;
    (!site.has(&service.settings.http.public_url)).then_some(site)
}

/// Whether the browser says that another site's page sent the form, also where its origin is kept secret (`Sec-Fetch-Site`
/// of the Fetch Metadata standard). Our own pages keep their origin secret too.
fn is_from_elsewhere(headers: &HeaderMap) -> bool {
    let from = headers.get("sec-fetch-site");
    from.is_some_and(|from| from != "same-origin" && from != "none")
}

async fn process(
    service: &Service,
    client: Client,
    headers: &HeaderMap,
    form: &Form,
    language: Option<Language>,
) -> Result<Response, StoreError> {
    let Some(newsletters) = resolve(service, form).await? else {
        return Ok(errors::page(service, language, StatusCode::NOT_FOUND).await);
    };
    let FormNewsletters {
        own,
        all,
        requested,
    } = newsletters;
    let view = FormView {
        links: &service.links,
        newsletter: &own,
        all: &all,
        language: language.unwrap_or(own.language),
        form,
    };
    if form.change {
        let guard = guard::fresh(service).await?;
        let errors = SubscribeErrors::default();
        return Ok(render(&view, errors, &guard, StatusCode::OK));
    }
    let complete = match complete(service, form, &own, requested) {
        Ok(complete) => complete,
        Err(incomplete) => return show_incomplete(service, &view, incomplete).await,
    };
    let address = &complete.address;
    if let Some(since) = signup_cookie::signed_up_at(service, headers, address)
        && subscribe::confirmation_bounced(service, address, since).await?
    {
        return show_wrong_address(service, &view, "address-refused").await;
    }
    let suspect = !form.trap.trim().is_empty();
    let trust = match guard::check(service, client, address, &form.evidence, suspect).await? {
        GuardDecision::Accept(trust) => trust,
        GuardDecision::Retry(guard) => {
            let errors = SubscribeErrors::default();
            return Ok(render(&view, errors, &guard, StatusCode::OK));
        }
        GuardDecision::Limited(guard, limited) => return Ok(show_limited(&view, &guard, limited)),
    };
    // Checked last, so that a client that is over its limits causes no DNS queries.
    if subscribe::domain_is_undeliverable(service, address, Some(client.network())).await? {
        return show_wrong_address(service, &view, "address-no-mail").await;
    }
    let mail = Mailed {
        address: complete.address.clone(),
        first: complete.first.clone(),
        others: complete.others.len(),
    };
    let (first, signup) = signup(&view, complete, trust, client);
    if let Some(limited) = subscribe::sign_up(service, &first, &signup).await? {
        let guard = guard::fresh(service).await?;
        return Ok(show_limited(&view, &guard, limited));
    }
    accepted(service, &view, mail).await
}

/// The form again, with what is wrong with the address: the key of a text.
async fn show_wrong_address(
    service: &Service,
    view: &FormView<'_>,
    why: &'static str,
) -> Result<Response, StoreError> {
    let errors = SubscribeErrors {
        email: Some(AddressFault::of(why)),
        ..SubscribeErrors::default()
    };
    let guard = guard::fresh(service).await?;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    Ok(render(view, errors, &guard, status))
}

async fn show_incomplete(
    service: &Service,
    view: &FormView<'_>,
    incomplete: Incomplete,
) -> Result<Response, StoreError> {
    let guard = guard::fresh(service).await?;
    Ok(match incomplete {
        Incomplete::Invalid(errors) => {
            render(view, *errors, &guard, StatusCode::UNPROCESSABLE_ENTITY)
        }
        Incomplete::FieldsMissing => {
            let errors = SubscribeErrors {
                fields_missing: true,
                ..SubscribeErrors::default()
            };
            render(view, errors, &guard, StatusCode::OK)
        }
    })
}

fn show_limited(view: &FormView<'_>, guard: &FormGuard, limited: RateLimited) -> Response {
    let errors = SubscribeErrors {
        limited_minutes: Some(limited.minutes()),
        ..SubscribeErrors::default()
    };
    let page = render(view, errors, guard, StatusCode::TOO_MANY_REQUESTS);
    retry_after(page, limited.retry_after)
}

/// The first newsletter that is requested, and the sign-up.
fn signup(
    view: &FormView<'_>,
    complete: Complete,
    trust: SignupTrust,
    client: Client,
) -> (Newsletter, Signup) {
    let signup = Signup {
        address: complete.address,
        name: None,
        chosen: Chosen {
            language: view.language,
            countries: complete.countries,
            frequency: complete.frequency,
        },
        answers: complete.answers,
        method: ConsentMethod::Page,
        page: page_of(view.newsletter, view.form),
        ip: client.ip,
        others: complete.others,
        agreed_to: complete.agreed_to,
        trust,
    };
    (complete.first, signup)
}
