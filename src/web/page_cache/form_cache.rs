//! The sign-up forms of the present second.

use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, Method, Uri};
use axum::middleware::Next;
use axum::response::Response;
use moka::future::Cache;

use super::kept_page::{KeptPage, find_or_render, path_and_query, secured};
use super::versions::{Seen, Versions};
use crate::domain::Language;
use crate::service::Service;
use crate::store::StoreError;
use crate::store::issue::archive::ArchiveVersion;
use crate::subscribe;
use crate::web::client_ip;
use crate::web::public::errors;

/// The memory that the kept forms of a process may take, in octets.
const MAX_OCTETS: u64 = 4 << 20;

/// A form is not found again after its second.
const KEPT_FOR: Duration = Duration::from_secs(2);

/// The kept forms of one process. Clones share them.
#[derive(Clone)]
pub(in crate::web) struct FormCache {
    service: Service,
    versions: Versions,
    forms: Cache<FormKey, Arc<KeptPage>>,
}

#[derive(Clone, PartialEq, Eq, Hash)]
struct FormKey {
    version: ArchiveVersion,
    /// In which the form is shown: its stamp says so.
    second: i64,
    /// Whether the form asks for a proof of work.
    work: bool,
    path_and_query: String,
    language: Option<Language>,
}

impl FormCache {
    /// An empty cache.
    pub(in crate::web) fn new(service: Service, versions: Versions) -> Self {
        let weight = |key: &FormKey, form: &Arc<KeptPage>| {
            u32::try_from(form.octets() + key.path_and_query.len()).unwrap_or(u32::MAX)
        };
        Self {
            service,
            versions,
            forms: Cache::builder()
                .max_capacity(MAX_OCTETS)
                .weigher(weight)
                .time_to_live(KEPT_FOR)
                .build(),
        }
    }

    async fn key(&self, uri: &Uri, language: Option<Language>) -> Result<FormKey, StoreError> {
        let seen = self.versions.present().await?;
        let work = subscribe::proof_required(&self.service).await?;
        Ok(self.key_of(&seen, work, uri, language))
    }

    fn key_of(&self, seen: &Seen, work: bool, uri: &Uri, language: Option<Language>) -> FormKey {
        FormKey {
            version: seen.version,
            second: self.service.clock.now().as_second(),
            work,
            path_and_query: path_and_query(uri),
            language,
        }
    }

    /// The answer to GET, if the form is kept and nobody has to be asked for it.
    pub(super) async fn find(&self, uri: &Uri, headers: &HeaderMap) -> Option<Response> {
        let seen = self.versions.believed()?;
        let work = subscribe::known_proof_required(&self.service)?;
        let language = client_ip::language(headers);
        let key = self.key_of(&seen, work, uri, language);
        let form = self.forms.get(&key).await?;
        Some(form.answer(headers))
    }
}

/// Answers GET and HEAD with a form that was rendered in this second, if there is one.
pub(in crate::web) async fn serve(
    State(cache): State<Arc<FormCache>>,
    request: Request,
    next: Next,
) -> Response {
    let is_read = matches!(*request.method(), Method::GET | Method::HEAD);
    // What fills in a field is for one visitor.
    let is_filled = request.uri().query().is_some_and(|query| {
        url::form_urlencoded::parse(query.as_bytes()).any(|(name, _)| name == "email")
    });
    if !is_read || is_filled {
        return next.run(request).await;
    }
    let language = client_ip::language(request.headers());
    let key = match cache.key(request.uri(), language).await {
        Ok(key) => key,
        Err(error) => return errors::store(&cache.service, language, &error).await,
    };
    let (asked, _) = request.into_parts();
    let keep = |answer| KeptPage::of(answer, true);
    match find_or_render(&cache.forms, key, &asked, next, keep).await {
        Ok(form) => secured(form.answer(&asked.headers)),
        Err(answer) => *answer,
    }
}
