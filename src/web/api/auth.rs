//! Bearer tokens (RFC 6750).

use axum::extract::{FromRequestParts, OptionalFromRequestParts};
use axum::http::HeaderMap;
use axum::http::header::AUTHORIZATION;
use axum::http::request::Parts;

use super::problem::Problem;
use super::problem_kind::ProblemKind;
use crate::accounts;
use crate::domain::{Actor, NewsletterId, Role};
use crate::service::Service;
use crate::store::accounts::token::TokenHolder;

/// Somebody who may read.
pub(super) struct Viewer {
    /// Whether an owner reads: relays quote addresses in their answers, which others do not see.
    pub(super) is_owner: bool,
    /// Whether an editor reads, or an owner.
    pub(super) may_write: bool,
    pub(super) actor: Actor,
}

/// Somebody who may write and send.
pub(super) struct Editor(pub(super) Actor);

/// Somebody who may write, and so vouches for sign-ups to the newsletters of the token.
pub(super) struct Voucher(TokenHolder);

impl Voucher {
    /// Whether the token is good for this newsletter.
    pub(super) fn covers(&self, newsletter: NewsletterId) -> bool {
        self.0.covers(newsletter)
    }
}

/// Somebody who may change what a newsletter is, and look at single readers and the proof of their consent.
pub(super) struct Owner(pub(super) Actor);

impl FromRequestParts<Service> for Owner {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        require(parts, service, Role::Owner).await.map(Self)
    }
}

impl FromRequestParts<Service> for Viewer {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        let holder = holder(parts, service, Role::Viewer).await?;
        Ok(Self {
            is_owner: holder.role == Role::Owner,
            may_write: holder.role >= Role::Editor,
            actor: actor_of(holder),
        })
    }
}

impl FromRequestParts<Service> for Editor {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, service: &Service) -> Result<Self, Problem> {
        require(parts, service, Role::Editor).await.map(Self)
    }
}

impl OptionalFromRequestParts<Service> for Voucher {
    type Rejection = Problem;

    /// None without a token; a token that is not good for writing is refused all the same.
    async fn from_request_parts(
        parts: &mut Parts,
        service: &Service,
    ) -> Result<Option<Self>, Problem> {
        if !parts.headers.contains_key(AUTHORIZATION) {
            return Ok(None);
        }
        let holder = holder(parts, service, Role::Editor).await?;
        Ok(Some(Self(holder)))
    }
}

/// Who presents the token, if its role is enough.
async fn require(parts: &Parts, service: &Service, role: Role) -> Result<Actor, Problem> {
    holder(parts, service, role).await.map(actor_of)
}

fn actor_of(holder: TokenHolder) -> Actor {
    Actor::Token {
        id: holder.id,
        name: holder.name,
        editor: holder.editor,
    }
}

/// The holder of the token that is presented, if it is one.
pub(super) async fn holder_of(
    parts: &Parts,
    service: &Service,
) -> Result<Option<TokenHolder>, Problem> {
    let Some(token) = bearer(&parts.headers) else {
        return Ok(None);
    };
    Ok(accounts::holder_of(service, token).await?)
}

/// The token of a request, if it has one.
pub(in crate::web) fn bearer(headers: &HeaderMap) -> Option<&str> {
    let header = headers.get(AUTHORIZATION)?.to_str().ok()?;
    let (scheme, token) = header.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The holder of the token that is presented, if its role is enough.
async fn holder(parts: &Parts, service: &Service, role: Role) -> Result<TokenHolder, Problem> {
    let holder = holder_of(parts, service).await?.ok_or_else(|| {
        let detail = "send Authorization: Bearer TOKEN; `xabar token add` makes a token";
        Problem::new(ProblemKind::Unauthorized, detail)
    })?;
    if holder.role < role {
        let detail = format!(
            "this needs the role {role}; the token `{}` has {}",
            holder.name, holder.role
        );
        return Err(Problem::new(ProblemKind::Forbidden, detail));
    }
    Ok(holder)
}
