//! What a person may ask of the data that is held: to see it, to correct it, to take it
//! along, and to have it erased.
//!
//! The links in every mail get forwarded. None of this opens by them: they only have a fresh
//! link mailed to the address on record, which is good for an hour.

mod address;
mod dossier;
mod erase;
mod link;

pub use address::{Moved, NewAddress, ask_for_new_address, load_new_address, move_to_new_address};
pub use dossier::{
    Dossier, DossierDelivery, DossierEvent, DossierMail, DossierSubscription, Extent,
    dossier_of_address,
};
pub use erase::{erase_by_link, erase_by_owner, proof_until};
pub use link::{MyData, correct_name, load_my_data, look_before_mailing, mail_data_link};

use jiff::{SignedDuration, Timestamp};

use super::{LinkError, Membership, membership};
use crate::domain::{
    ConsentEvent, ConsentKind, ConsentMethod, EndReason, Purpose, SubscriberId, Subscription,
    TokenError,
};
use crate::service::Service;
use crate::store::outbox::SentBefore;
use crate::store::subscriber::StoredPerson;
use crate::store::{self, Read, StoreError};
use crate::texts;

/// Whose data a fresh link opens.
async fn opened(
    service: &Service,
    db: &mut Read,
    token: &str,
) -> Result<(Membership, StoredPerson), LinkError> {
    let now = service.clock.now();
    let key = service.links.key();
    let (token, _) = key.verify_fresh(Purpose::MyData, token, now, Purpose::MY_DATA_HOURS)?;
    let membership = membership(db, token.subscription).await?;
    let held = store::subscriber::by_id(db, membership.subscription.subscriber).await?;
    let held = held.ok_or(LinkError::Gone)?;
    if membership.subscription.end_reason == Some(EndReason::Erased) {
        return Err(LinkError::Gone);
    }
    // It was mailed to an address that is not the reader's any more.
    if held
        .address_changed_at
        .is_some_and(|at| token.issued_at <= at)
    {
        return Err(TokenError::Expired(token).into());
    }
    Ok((membership, held))
}

/// What is recorded of something that a person did on a page, by a button.
fn act(
    service: &Service,
    subscription: &Subscription,
    kind: ConsentKind,
    button: &str,
    page: &str,
) -> ConsentEvent {
    let wording = texts::action_wording(subscription.chosen.language, button);
    ConsentEvent {
        subscription: subscription.id,
        address_hash: service.links.address_hash(&subscription.address),
        kind,
        method: ConsentMethod::Page,
        at: service.clock.now(),
        wording: wording.wording,
        wording_version: wording.version,
        language: subscription.chosen.language,
        page: page.to_owned(),
        ip: None,
    }
}

/// How many mails of a kind a person was sent in an hour, a day and a month.
async fn sent_lately(
    service: &Service,
    db: &mut Read,
    person: SubscriberId,
    kind: crate::domain::MailKind,
) -> Result<SentBefore, StoreError> {
    let now = service.clock.now();
    let ago = |hours| -> Timestamp {
        now.saturating_sub(SignedDuration::from_hours(hours))
            .unwrap_or(now)
    };
    store::outbox::count_since(db, person, kind, [ago(1), ago(24), ago(24 * 30)]).await
}
