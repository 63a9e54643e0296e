//! Tokens for some newsletters alone: whatever is of another newsletter does not exist for them.

use axum::RequestPartsExt;
use axum::extract::{MatchedPath, RawPathParams, Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::auth::holder_of;
use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::domain::{IssueId, NewsletterId, Slug};
use crate::service::Service;
use crate::store;
use crate::store::accounts::token::TokenHolder;

/// The newsletters of the token, in the extensions of a request; all when there is none.
#[derive(Debug, Clone)]
pub(super) struct Scope(pub(super) Vec<NewsletterId>);

/// Refuses what the path names outside the token's newsletters, and what is about all of them. Lists and new
/// issues look at [`Scope`] themselves.
pub(super) async fn keep(State(service): State<Service>, request: Request, next: Next) -> Response {
    let (mut parts, body) = request.into_parts();
    let holder = match holder_of(&parts, &service).await {
        Ok(holder) => holder,
        Err(problem) => return problem.into_response(),
    };
    let scoped = holder.filter(|holder| holder.newsletters.is_some());
    let Some(holder) = scoped else {
        return next.run(Request::from_parts(parts, body)).await;
    };
    let matched = parts.extensions.get::<MatchedPath>();
    let path = matched
        .map(|path| path.as_str().to_owned())
        .unwrap_or_default();
    let named = match parts.extract::<RawPathParams>().await {
        Ok(named) => named,
        Err(refused) => return refused.into_response(),
    };
    let of_path = |name: &str| {
        let mut all = named.iter();
        all.find(|(key, _)| *key == name).map(|(_, value)| value)
    };
    match check(&service, &holder, &path, of_path("id"), of_path("slug")).await {
        Ok(()) => {
            let scope = Scope(holder.newsletters.unwrap_or_default());
            parts.extensions.insert(scope);
            next.run(Request::from_parts(parts, body)).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn check(
    service: &Service,
    holder: &TokenHolder,
    path: &str,
    id: Option<&str>,
    slug: Option<&str>,
) -> Result<(), Problem> {
    let path = path.trim_start_matches("/api/v1");
    let newsletter = match (id, slug) {
        (Some(id), _) if path.starts_with("/issues/") => {
            let Ok(id) = id.parse().map(IssueId) else {
                // Its handler says what is wrong.
                return Ok(());
            };
            let found = store::issue::by_id(&mut service.store.read().await?, id).await?;
            found.map(|issue| issue.newsletter)
        }
        (_, Some(slug)) if path.starts_with("/newsletters/") => {
            let Ok(slug) = Slug::parse(slug) else {
                return Ok(());
            };
            let found = store::newsletter::by_slug(&mut service.store.read().await?, &slug).await?;
            found.map(|newsletter| newsletter.id)
        }
        _ if matches!(path, "/issues" | "/newsletters") => return Ok(()),
        _ => {
            let detail = "this call is about all newsletters, and the token is for some alone";
            return Err(Problem::new(ProblemKind::Forbidden, detail));
        }
    };
    match newsletter {
        Some(newsletter) if holder.covers(newsletter) => Ok(()),
        _ => {
            let detail = "there is no such thing in the newsletters of this token";
            Err(Problem::new(ProblemKind::NotFound, detail))
        }
    }
}
