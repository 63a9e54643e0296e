//! Whether a transactional mail is still wanted when its turn comes.

use crate::domain::{
    EmailAddress, EndReason, MailKind, Newsletter, Subscription, SubscriptionId, SubscriptionState,
};
use crate::service::Service;
use crate::store::outbox::ClaimedMail;
use crate::store::{self, Read, StoreError};

/// The subscriptions for which the mail is still wanted, with their newsletters.
pub(super) async fn wanted(
    service: &Service,
    db: &mut Read,
    mail: &ClaimedMail,
    (first, others): (SubscriptionId, &[SubscriptionId]),
    elsewhere: Option<&EmailAddress>,
) -> Result<Vec<(Subscription, Newsletter)>, StoreError> {
    let mut wanted = Vec::new();
    for id in std::iter::once(&first).chain(others) {
        let Some(subscription) = store::subscription::by_id(db, *id).await? else {
            continue;
        };
        let to = elsewhere.unwrap_or(&subscription.address);
        if is_wanted(service, db, mail.kind, &subscription, to).await? {
            let newsletter = store::newsletter::by_id(db, subscription.newsletter).await?;
            wanted.push((subscription, newsletter));
        }
    }
    Ok(wanted)
}

/// Whether a mail about a subscription is still wanted, in the subscription's present state.
async fn is_wanted(
    service: &Service,
    db: &mut Read,
    kind: MailKind,
    subscription: &Subscription,
    to: &EmailAddress,
) -> Result<bool, StoreError> {
    let erased = subscription.end_reason == Some(EndReason::Erased);
    Ok(match kind {
        // "This was not me" may have been said meanwhile, to a mail to another spelling.
        MailKind::Confirmation => {
            let (keys, now) = (
                service.links.key().suppression_keys(to),
                service.clock.now(),
            );
            subscription.state == SubscriptionState::Pending
                && !store::consent::suppression::refuses_request(db, &keys, to, now).await?
        }
        MailKind::AlreadySubscribed | MailKind::Welcome => {
            subscription.state == SubscriptionState::Active
        }
        MailKind::DataLink => !erased && subscription.state != SubscriptionState::Pending,
        MailKind::NewAddress => {
            let person = subscription.subscriber;
            let asked = store::subscriber::address_change::asked(db, person).await?;
            let hashes = service.links.key().suppression_keys(to);
            let now = service.clock.now();
            asked.is_some_and(|(address, _)| address == *to)
                && store::subscriber::address_change::is_free(db, person, to, &hashes, now).await?
        }
        MailKind::AddressChanged | MailKind::Erased => true,
        MailKind::TestCopy
        | MailKind::EditorInvitation
        | MailKind::PasswordReset
        | MailKind::NewBrowser
        | MailKind::CodesOff => false,
    })
}
