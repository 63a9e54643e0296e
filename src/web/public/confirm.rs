//! The page behind the link of the confirmation mail.

use axum::extract::State;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::form_body::TypedForm;
use super::layout::{PageLayout, TokenInPath, issued_at, private};
use super::{errors, signup_cookie};
use crate::domain::{Language, Purpose, Slug};
use crate::service::Service;
use crate::store::issue::archive::Slice;
use crate::store::{self, StoreError};
use crate::subscribe::{self, Confirmation, DeclineUndo, Declined, LinkError, LinkedSubscriptions};
use crate::web::client_ip::Client;
use crate::web::pages::{
    Confirm, ConfirmSuperseded, Confirmed, LatestIssue, LinkAdvice, LinkFault, LinkInvalid,
    NewsletterOption, NotMe, NotMeUndone,
};

/// GET: a page with one button that no script presses, as mail scanners follow links. The browser
/// that signed up confirms with this request already.
pub(super) async fn show(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
    method: Method,
    headers: HeaderMap,
) -> Response {
    let found = match subscribe::load_confirmation(&service, &token).await {
        Ok(Confirmation::Waiting(all))
            if method == Method::GET
                && !is_prefetch(&headers)
                && signed_up_here(&service, &headers, &all) =>
        {
            subscribe::confirm(&service, &token, "/confirm", client.ip).await
        }
        found => found,
    };
    answer(&service, client, &token, found).await
}

fn signed_up_here(service: &Service, headers: &HeaderMap, all: &LinkedSubscriptions) -> bool {
    let address = &all.first.subscription.address;
    signup_cookie::signed_up_at(service, headers, address).is_some()
}

/// Whether nobody may ever look at the answer (`Sec-Purpose` of the Fetch standard).
fn is_prefetch(headers: &HeaderMap) -> bool {
    let purposes = ["sec-purpose", "purpose"].into_iter();
    let mut purposes = purposes.filter_map(|name| headers.get(name)?.to_str().ok());
    purposes.any(|purpose| purpose.contains("prefetch") || purpose.contains("prerender"))
}

/// POST: confirms.
pub(super) async fn submit(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let done = subscribe::confirm(&service, &token, "/confirm", client.ip).await;
    answer(&service, client, &token, done).await
}

/// POST, by the decline button: the owner of the address did not sign up.
pub(super) async fn decline(
    State(service): State<Service>,
    client: Client,
    TokenInPath(token): TokenInPath,
) -> Response {
    let (was, undo) = match subscribe::decline(&service, &token).await {
        Ok(Declined::Done { was, undo }) => (was, undo),
        Ok(Declined::Confirmed(linked)) => {
            let confirmed = Ok(Confirmation::Done(*linked));
            return answer(&service, client, &token, confirmed).await;
        }
        Err(error) => {
            let opened = (Purpose::Confirm, token.as_str());
            return errors::link(&service, client.language, opened, error).await;
        }
    };
    let newsletter = was.as_ref().map(|was| was.newsletter.slug.to_string());
    let page = NotMe {
        silenced: undo.is_some(),
        undo,
        newsletter: newsletter.unwrap_or_default(),
        of_change: false,
    };
    let layout = match was {
        Some(was) => Ok(PageLayout::of(
            &was.newsletter,
            was.subscription.chosen.language,
        )),
        None => PageLayout::of_first(&service, client.language).await,
    };
    match layout {
        Ok(layout) => private(layout.answer(StatusCode::OK, &page)),
        Err(error) => errors::store(&service, client.language, &error).await,
    }
}

/// A "this was not me" that was a slip.
#[derive(Deserialize)]
pub(super) struct UndoForm {
    #[serde(flatten)]
    undo: DeclineUndo,
    newsletter: String,
    lang: Option<String>,
    /// Sent when it was about a change of address.
    change: Option<String>,
}

/// POST, by the button of the page after the decline: back to the form, in the language of the page.
pub(super) async fn undo_decline(
    State(service): State<Service>,
    client: Client,
    TypedForm(form): TypedForm<UndoForm>,
) -> Response {
    let language = form.lang.and_then(|tag| Language::from_tag(&tag).ok());
    match subscribe::undo_decline(&service, &form.undo).await {
        Ok(()) if form.change.is_some() => {
            let language = language.or(client.language);
            match PageLayout::of_first(&service, language).await {
                Ok(layout) => private(layout.answer(StatusCode::OK, &NotMeUndone {})),
                Err(error) => errors::store(&service, language, &error).await,
            }
        }
        Ok(()) => {
            let slug = Slug::parse(&form.newsletter).ok();
            let mut query = url::form_urlencoded::Serializer::new(String::new());
            query.extend_pairs(slug.map(|slug| ("newsletter", slug.to_string())));
            query.extend_pairs(language.map(|language| ("lang", language.as_str())));
            let query = query.finish();
            let mark = if query.is_empty() { "" } else { "?" };
            private(Redirect::to(&format!("/subscribe{mark}{query}")).into_response())
        }
        Err(error) => {
            let opened = (Purpose::Confirm, "");
            errors::link(&service, client.language, opened, error).await
        }
    }
}

async fn answer(
    service: &Service,
    client: Client,
    token: &str,
    found: Result<Confirmation, LinkError>,
) -> Response {
    let found = match found {
        Ok(found) => found,
        Err(error) => {
            return errors::link(service, client.language, (Purpose::Confirm, token), error).await;
        }
    };
    let (Confirmation::Waiting(all)
    | Confirmation::Done(all)
    | Confirmation::Superseded(all)
    | Confirmation::Ended(all)) = &found;
    let (newsletter, subscription) = (&all.first.newsletter, &all.first.subscription);
    let several = all.iter().filter(|_| !all.others.is_empty());
    let several = several.map(|one| NewsletterOption::new(&one.newsletter, true));
    let layout = PageLayout::of(newsletter, subscription.chosen.language);
    private(match &found {
        Confirmation::Waiting(_) => layout.answer(
            StatusCode::OK,
            &Confirm {
                newsletter_title: &newsletter.title,
                several: several.collect(),
                confirm_href: &format!("/confirm/{token}"),
                decline_href: &format!("/confirm/{token}/decline"),
            },
        ),
        Confirmation::Done(_) => {
            let latest = match latest_issues(service, all).await {
                Ok(latest) => latest,
                Err(error) => return errors::store(service, client.language, &error).await,
            };
            let at = issued_at(service, Purpose::Confirm, token);
            let preferences_href =
                service
                    .links
                    .personal(Purpose::Preferences, subscription.id, at);
            let page = Confirmed {
                newsletter_title: &newsletter.title,
                several: several.collect(),
                latest,
                countries: all
                    .iter()
                    .any(|one| !one.newsletter.safety_mode)
                    .then_some(subscription.chosen.countries),
                frequency: subscription.chosen.frequency,
                preferences_href: &preferences_href,
            };
            layout.answer(StatusCode::OK, &page)
        }
        Confirmation::Superseded(_) => layout.answer(
            StatusCode::GONE,
            &ConfirmSuperseded {
                decline_href: &format!("/confirm/{token}/decline"),
            },
        ),
        // An old link does not reactivate an ended subscription.
        Confirmation::Ended(_) => {
            let page = LinkInvalid {
                why: LinkFault::Gone,
                advice: LinkAdvice::SignUp,
                data_href: None,
            };
            layout.answer(StatusCode::GONE, &page)
        }
    })
}

/// The latest issue of each newsletter that has one.
async fn latest_issues(
    service: &Service,
    all: &LinkedSubscriptions,
) -> Result<Vec<LatestIssue>, StoreError> {
    let mut db = service.store.read().await?;
    let newest = Slice {
        limit: 1,
        offset: 0,
    };
    let mut latest = Vec::new();
    for one in all.iter() {
        let newsletter = &one.newsletter;
        let issues = store::issue::public(&mut db, newsletter.id, newest).await?;
        latest.extend(issues.into_iter().map(|issue| LatestIssue {
            href: service.links.issue(newsletter, &issue),
            subject: issue.content.subject,
            language: newsletter.language,
        }));
    }
    Ok(latest)
}
