//! stub
use super::mailbox::MailView;
use crate::domain::Language;
use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
#[derive(Serialize)]
pub struct MailboxList {
    pub mails: Vec<MailView>,
}
#[derive(Serialize)]
pub struct MailboxMessage {
    pub mail: MailView,
}
pub(super) fn respond(_: StatusCode, _: Language, _: &impl Serialize) -> Response {
    Response::default()
}
