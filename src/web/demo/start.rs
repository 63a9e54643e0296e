//! The start page of the demo, and its button that sends the sample issues.

use axum::Form;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{DemoState, language};
use crate::domain::{Actor, Issue, IssueId, IssueState, Language, Newsletter};
use crate::publish::{self, IssueDraft, PublishError, Trigger};
use crate::service::Service;
use crate::store::{self, StoreError};
use crate::web::pages::DemoStart;
use crate::web::public::{PageLayout, PageQuery, store_error_page};

#[derive(Debug, Default, Deserialize)]
pub(super) struct StartQuery {
    lang: Option<String>,
}

/// GET /demo
pub(super) async fn show(
    State(state): State<DemoState>,
    PageQuery(query): PageQuery<StartQuery>,
    headers: HeaderMap,
) -> Response {
    let language = language(query.lang.as_deref(), &headers);
    match start(&state.service, language).await {
        Ok(page) => {
            let layout = PageLayout::bare(language).here("/demo".to_owned());
            layout.answer(StatusCode::OK, &page)
        }
        Err(error) => store_error_page(&state.service, Some(language), &error).await,
    }
}

/// What there is to look at, for a visitor with this language.
async fn start(service: &Service, language: Language) -> Result<DemoStart, StoreError> {
    let mut db = service.store.read().await?;
    let all = store::newsletter::list(&mut db).await?;
    let own = all
        .iter()
        .find(|newsletter| newsletter.language == language);
    let corrected_href = match own.or(all.first()) {
        Some(newsletter) => corrected_href(&mut db, newsletter).await?,
        None => None,
    };
    let asks = |newsletter: &&Newsletter| newsletter.fields.iter().next().is_some();
    let asking = all.iter().find(asks);
    Ok(DemoStart {
        corrected_href,
        fields_href: asking.map(|n| format!("/subscribe?newsletter={}&lang={language}", n.slug)),
    })
}

/// The page of an issue that was corrected, if there is one.
async fn corrected_href(
    db: &mut store::Read,
    newsletter: &Newsletter,
) -> Result<Option<String>, StoreError> {
    let corrected = store::issue::revision::corrected(db, newsletter.id).await?;
    let latest = corrected.iter().max_by_key(|(_, at)| **at);
    let Some((id, _)) = latest else {
        return Ok(None);
    };
    let issue = store::issue::by_id(db, *id).await?;
    let issue = issue.filter(Issue::has_page);
    Ok(issue.map(|issue| format!("/archive/{}/{}", newsletter.slug, issue.slug)))
}

#[derive(Debug, Deserialize)]
pub(super) struct SendForm {
    #[serde(default)]
    lang: String,
}

/// POST /demo/send: sends the sample issue of every newsletter, and leads to the mailbox.
pub(super) async fn send(State(state): State<DemoState>, Form(form): Form<SendForm>) -> Response {
    let language = Language::from_tag(&form.lang).ok();
    let mut readers = 0;
    for sample in &state.demo.samples {
        match send_sample(&state.service, *sample).await {
            Ok(audience) => readers += audience,
            Err(PublishError::NoAudience(_)) => {}
            Err(PublishError::Store(error)) => {
                return store_error_page(&state.service, language, &error).await;
            }
            Err(error) => {
                tracing::error!(%error, "a sample issue could not be sent");
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            }
        }
    }
    let lang = language.map_or_else(String::new, |language| format!("&lang={language}"));
    Redirect::to(&format!("/mailbox?sent={readers}{lang}")).into_response()
}

/// Sends a sample, or another issue with its content when it has gone out before. Returns to how many
/// readers.
async fn send_sample(service: &Service, id: IssueId) -> Result<i64, PublishError> {
    let actor = Actor::CommandLine;
    let mut db = service.store.read().await?;
    let sample = publish::issue(&mut db, id).await?;
    let newsletter = store::newsletter::by_id(&mut db, sample.newsletter).await?;
    drop(db);
    let id = match sample.state {
        IssueState::Draft => sample.id,
        _ => {
            let again = IssueDraft::new(&newsletter, sample.content);
            publish::create(service, again, &actor).await?.id
        }
    };
    let sent = publish::send(service, id, &Trigger::Now, None, &actor).await?;
    Ok(sent.counts.audience)
}
