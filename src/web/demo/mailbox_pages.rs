//! The pages of the mailbox, and its mails as JSON for programs.

use axum::Json;
use axum::extract::{Path, State};
use axum::http::header::{CACHE_CONTROL, CONTENT_SECURITY_POLICY, HeaderValue};
use axum::http::{HeaderMap, StatusCode};
use axum::response::{IntoResponse, Response};
use linkify::LinkFinder;
use serde::Deserialize;

use super::language;
use super::mailbox::{MailView, Mailbox, read};
use crate::web::headers::POLICY_WITH_SCRIPT;
use crate::web::inert_html::{SANDBOX, inert_html};
use crate::web::pages;
use crate::web::public::{PageLayout, PageQuery};

/// The query of the list.
#[derive(Debug, Default, Deserialize)]
pub(super) struct ListQuery {
    lang: Option<String>,
    /// Shows the mails to the sample readers too.
    all: Option<String>,
    /// To how many readers the sample issue has just been sent.
    sent: Option<i64>,
}

/// GET /mailbox
pub(super) async fn list(
    State(mailbox): State<Mailbox>,
    PageQuery(query): PageQuery<ListQuery>,
    headers: HeaderMap,
) -> Response {
    let caught_mails = mailbox.list();
    let all = query.all.is_some();
    let to_samples = |mail: &&_| super::CaughtMail::is_to_sample_readers(mail);
    let others = caught_mails.iter().filter(to_samples).count();
    let shown = caught_mails.iter().filter(|mail| all || !to_samples(mail));
    let mails: Vec<MailView> = shown.map(read).collect();
    let page = pages::Mailbox {
        mails: mails.iter().map(caught).collect(),
        others,
        all,
        sent: query.sent,
    };
    let here = if all { "/mailbox?all=yes" } else { "/mailbox" };
    let language = language(query.lang.as_deref(), &headers);
    let layout = PageLayout::bare(language).here(here.to_owned());
    let mut answer = layout.answer(StatusCode::OK, &page);
    let headers = answer.headers_mut();
    // Its script fetches the page again.
    let policy = HeaderValue::from_static(POLICY_WITH_SCRIPT);
    headers.insert(CONTENT_SECURITY_POLICY, policy);
    headers.insert(CACHE_CONTROL, HeaderValue::from_static("no-store"));
    answer
}

/// GET /mailbox.json: all mails.
pub(super) async fn list_json(State(mailbox): State<Mailbox>) -> Json<Vec<MailView>> {
    Json(mailbox.list().iter().map(read).collect())
}

/// The query of a mail.
#[derive(Debug, Default, Deserialize)]
pub(super) struct MailQuery {
    lang: Option<String>,
    view: Option<pages::MailView>,
}

/// GET /mailbox/{id}
pub(super) async fn show(
    State(mailbox): State<Mailbox>,
    Path(id): Path<usize>,
    PageQuery(query): PageQuery<MailQuery>,
    headers: HeaderMap,
) -> Response {
    use pages::MailView::{Headers, Html, Text};
    let Some(mail) = mailbox.get(id) else {
        return StatusCode::NOT_FOUND.into_response();
    };
    let mail = read(&mail);
    let view = query.view.unwrap_or(Html);
    let shown = pages::MailboxMail {
        mail: caught(&mail),
        views: &[Html, Text, Headers],
        view,
        text: text_pieces(&mail.text),
        headers: &mail.headers,
        sandbox: SANDBOX,
    };
    let language = language(query.lang.as_deref(), &headers);
    let here = format!("/mailbox/{id}?view={}", view.as_str());
    let layout = PageLayout::bare(language).here(here);
    layout.answer(StatusCode::OK, &shown)
}

/// The text in pieces: a web address is a piece of its own.
fn text_pieces(text: &str) -> Vec<pages::TextPiece<'_>> {
    let pieces = LinkFinder::new();
    let pieces = pieces.spans(text).map(|piece| pages::TextPiece {
        text: piece.as_str(),
        is_link: ["http://", "https://"]
            .iter()
            .any(|scheme| piece.as_str().starts_with(scheme)),
    });
    pieces.collect()
}

fn caught(mail: &MailView) -> pages::CaughtMail<'_> {
    let href = format!("/mailbox/{}", mail.id);
    pages::CaughtMail {
        href,
        from: &mail.from,
        to: &mail.to,
        subject: &mail.subject,
        received: &mail.date,
    }
}

/// GET /mailbox/{id}/html: what the frame of a mail shows.
pub(super) async fn html(State(mailbox): State<Mailbox>, Path(id): Path<usize>) -> Response {
    match mailbox.get(id) {
        Some(mail) => inert_html(&read(&mail).html),
        None => StatusCode::NOT_FOUND.into_response(),
    }
}
