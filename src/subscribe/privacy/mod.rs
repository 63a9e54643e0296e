//! The rights of a person to the stored data: access, correction, portability and erasure.
//!
//! The links in every mail get forwarded. They open none of this: they only cause a fresh
//! link to be mailed to the stored address, which works for an hour.

mod address;
mod address_request;
mod dossier;
mod erase;
mod link;

pub use address::{
    AddressChange, confirm_address_change, decline_address_change, load_address_change,
};
pub use address_request::{AddressChangeRequest, request_address_change};
pub use dossier::{
    Dossier, DossierAnswer, DossierDelivery, DossierEvent, DossierMail, DossierSubscription,
    Extent, dossier_of_address,
};
pub use erase::{erase_by_link, erase_by_owner, proof_until};
pub use link::{
    DataRequest, MyData, correct_name, load_data_request, load_my_data, mail_data_link,
};

use jiff::{SignedDuration, Timestamp};

use super::{LinkError, LinkedSubscription, linked_subscription};
use crate::domain::{
    ConsentMethod, EndReason, MailKind, Purpose, SubscriberId, Subscription, TokenError,
};
use crate::membership::Evidence;
use crate::service::Service;
use crate::store::outbox::SentBefore;
use crate::store::subscriber::StoredPerson;
use crate::store::{self, Read, StoreError, Write};
use crate::texts;

/// Verifies a link to a person's own data; returns whose it is.
async fn verify_data_link(
    service: &Service,
    db: &mut Read,
    token: &str,
) -> Result<(LinkedSubscription, StoredPerson), LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, _) = key.verify_fresh(Purpose::MyData, token, now, Purpose::MY_DATA_HOURS)?;
    let linked = linked_subscription(db, token.subscription).await?;
    let person = store::subscriber::by_id(db, linked.subscription.subscriber).await?;
    let person = person.ok_or(LinkError::Gone)?;
    if linked.subscription.end_reason == Some(EndReason::Erased) {
        return Err(LinkError::Gone);
    }
    // The link was mailed to an address that the person has since replaced.
    if person
        .address_changed_at
        .is_some_and(|at| token.issued_at <= at)
    {
        return Err(TokenError::Expired(token).into());
    }
    Ok((linked, person))
}

/// The same, with everything of the person locked until the transaction ends, so that no erasure and no change of
/// address lies between what is read and what is written.
async fn lock_data_link(
    service: &Service,
    tx: &mut Write,
    token: &str,
) -> Result<(LinkedSubscription, StoredPerson), LinkError> {
    let (linked, _) = verify_data_link(service, tx, token).await?;
    store::subscription::lock_all_of(tx, linked.subscription.subscriber).await?;
    verify_data_link(service, tx, token).await
}

/// Evidence that the person pressed a button on a page.
fn button_evidence(
    service: &Service,
    subscription: &Subscription,
    button: &str,
    page: &str,
) -> Evidence {
    Evidence {
        method: ConsentMethod::Page,
        at: service.clock.now(),
        wording: texts::action_wording(subscription.chosen.language, button),
        page: page.to_owned(),
        ip: None,
    }
}

/// How many mails of a kind a person was sent in the last hour, day and 30 days.
pub(in crate::subscribe) async fn sent_lately(
    service: &Service,
    db: &mut Read,
    person: SubscriberId,
    kind: MailKind,
) -> Result<SentBefore, StoreError> {
    let now = service.clock.now();
    let ago = |hours| -> Timestamp {
        now.saturating_sub(SignedDuration::from_hours(hours))
            .unwrap_or(now)
    };
    store::outbox::count_since(db, person, kind, [ago(1), ago(24), ago(24 * 30)]).await
}
