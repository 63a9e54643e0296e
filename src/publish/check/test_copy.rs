//! The issue as one reader would get it, signed, in memory.

use crate::domain::{CountrySet, EmailAddress, Issue, Newsletter, OutboxId};
use crate::mail::{
    Envelope, ListHeaders, MessageError, Outgoing, TemplateError, build, render_editors_copy,
};
use crate::service::Service;

#[derive(Debug, thiserror::Error)]
pub(super) enum CopyError {
    #[error(transparent)]
    Template(#[from] TemplateError),
    #[error(transparent)]
    Message(#[from] MessageError),
}

/// The octets that would go to a reader; its links open nobody's subscription.
pub(super) async fn test_copy(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
) -> Result<Outgoing, CopyError> {
    let (links, at) = (&service.links, service.clock.now());
    let mail = render_editors_copy(links, newsletter, issue, CountrySet::default(), at)?;
    let id = OutboxId(service.clock.new_uuid());
    let sender = &service.settings.feedback_sender;
    let to: &EmailAddress = &newsletter.sender_address;
    let envelope = Envelope {
        newsletter,
        to,
        date: at,
        message_id: &links.outbox_message_id(newsletter, id),
        list: Some(ListHeaders::of_copy(
            links, newsletter, issue.id, sender, at,
        )),
        auto_generated: false,
    };
    let message = build(&envelope, &mail)?;
    let unsigned = Outgoing {
        return_path: links.outbox_return_path(newsletter, id),
        to: to.clone(),
        date: at,
        message: message.into(),
    };
    Ok(service.signed(unsigned).await?)
}
