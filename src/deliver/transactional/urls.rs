//! The links in transactional mails.

use crate::domain::{Certificate, MailKind, Purpose, SubscriptionId};
use crate::links::Links;
use crate::mail::MailLinks;
use crate::store::outbox::ClaimedMail;

/// The links of a transactional mail.
pub(super) struct Urls {
    pub(super) confirm: String,
    preferences: String,
    unsubscribe: String,
    latest: Option<String>,
    my_data: String,
    new_address: String,
}

impl Urls {
    pub(super) fn of(
        links: &Links,
        mail: &ClaimedMail,
        first: SubscriptionId,
        others: &[SubscriptionId],
        latest: Option<String>,
    ) -> Self {
        let personal = |purpose| links.personal(purpose, first, mail.first_due_at);
        Self {
            confirm: links.confirmation(first, others, mail.first_due_at),
            preferences: personal(Purpose::Preferences),
            unsubscribe: personal(Purpose::Unsubscribe),
            latest,
            my_data: personal(Purpose::MyData),
            new_address: personal(Purpose::NewAddress),
        }
    }

    /// The links of this kind of mail; `None` if it cannot be composed (an erasure without a certificate).
    pub(super) fn of_kind<'a>(
        &'a self,
        kind: MailKind,
        hours_valid: u32,
        certificate: Option<&'a Certificate>,
    ) -> Option<MailLinks<'a>> {
        Some(match kind {
            MailKind::Confirmation => MailLinks::Confirmation {
                confirm_url: &self.confirm,
                hours_valid,
            },
            MailKind::AlreadySubscribed => MailLinks::AlreadySubscribed {
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
            MailKind::Welcome => MailLinks::Welcome {
                latest_url: self.latest.as_deref(),
                preferences_url: &self.preferences,
                unsubscribe_url: &self.unsubscribe,
            },
            MailKind::DataLink => MailLinks::DataLink {
                my_data_url: &self.my_data,
                hours_valid: Purpose::MY_DATA_HOURS,
            },
            MailKind::NewAddress => MailLinks::NewAddress {
                new_address_url: &self.new_address,
                hours_valid: Purpose::NEW_ADDRESS_HOURS,
            },
            MailKind::AddressChanged => MailLinks::AddressChanged {},
            MailKind::Erased => MailLinks::Erased {
                certificate: certificate?,
            },
            MailKind::TestCopy
            | MailKind::EditorInvitation
            | MailKind::PasswordReset
            | MailKind::NewBrowser
            | MailKind::CodesOff => {
                return None;
            }
        })
    }
}
