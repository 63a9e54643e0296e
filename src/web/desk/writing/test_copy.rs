//! Test copies: the issue as a mail to oneself or to colleagues.

use axum::extract::State;
use axum::http::StatusCode;
use axum::http::header::HeaderMap;
use axum::response::{Html, IntoResponse, Redirect, Response};
use serde::Deserialize;

use super::{IssueInPath, open};
use crate::domain::{CountrySet, EmailAddress, Role};
use crate::publish;
use crate::service::Service;
use crate::texts::text;
use crate::web::desk::refusal::refusal;
use crate::web::desk::signed_in::is_htmx;
use crate::web::desk::{CsrfForm, DeskError, SignedIn};

/// How many copies one request sends at most.
const MAX_COPIES: usize = 20;

#[derive(Debug, Deserialize)]
pub(in crate::web::desk) struct TestForm {
    #[serde(default)]
    to: String,
    #[serde(default)]
    countries: String,
}

/// POST /desk/issues/{id}/test
pub(in crate::web::desk) async fn send(
    State(service): State<Service>,
    signed_in: SignedIn,
    IssueInPath(id): IssueInPath,
    headers: HeaderMap,
    CsrfForm(form): CsrfForm<TestForm>,
) -> Result<Response, DeskError> {
    let opened = open(&service, &signed_in, id, Role::Editor).await?;
    let language = signed_in.0.editor.language;
    let named = form.to.split([',', ';', ' ', '\n']).map(str::trim);
    let named: Vec<&str> = named.filter(|one| !one.is_empty()).collect();
    if named.is_empty() || named.len() > MAX_COPIES {
        return Err(DeskError::Invalid(text(
            language,
            "desk-test-how-many",
            &[],
        )));
    }
    let mut to = Vec::new();
    for one in named {
        let wrong = |_| {
            let values = [("address", one.to_owned().into())];
            DeskError::Invalid(text(language, "desk-test-wrong-address", &values))
        };
        to.push(EmailAddress::parse(one).map_err(wrong)?);
    }
    let countries = CountrySet::parse(&form.countries).map_err(|_| DeskError::NotFound)?;
    publish::send_test_copies(&service, opened.issue.id, &to, countries, &opened.actor)
        .await
        .map_err(|error| refusal(language, error))?;
    let count = i64::try_from(to.len()).unwrap_or_default();
    if is_htmx(&headers) {
        let sent = text(language, "desk-test-sent", &[("count", count.into())]);
        return Ok((StatusCode::OK, Html(format!("<p>{sent}</p>"))).into_response());
    }
    let back = format!("/desk/issues/{}/write?test={count}", opened.issue.id);
    Ok(Redirect::to(&back).into_response())
}
