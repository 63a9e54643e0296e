//! Every URL and mail address that a mail contains, and the signatures in them.

mod desk;

pub use desk::{DeskLink, DeskToken};

use jiff::Timestamp;
use subtle::ConstantTimeEq;
use url::Url;

use crate::domain::{
    EmailAddress, Issue, IssueId, LinkKey, LinkToken, Logo, Newsletter, OutboxId, Purpose,
    SubscriptionId,
};

/// Makes links under the public address, signed with the service's key.
#[derive(Debug, Clone)]
pub struct Links {
    base: String,
    key: LinkKey,
}

/// The parts of an envelope sender that belong to one mail; a relay's setting `return_path` says
/// how they are put together.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReturnPath {
    /// Names the mail, and is signed, so that only a bounce of that very mail can bear it.
    pub token: String,
    /// That of the newsletter's sender.
    pub domain: String,
}

impl Links {
    /// Links below `public_url`.
    #[must_use]
    pub fn new(public_url: &Url, key: LinkKey) -> Self {
        let base = public_url.as_str().trim_end_matches('/').to_owned();
        Self { base, key }
    }

    /// The key that signs the links.
    #[must_use]
    pub fn key(&self) -> &LinkKey {
        &self.key
    }

    /// A page of the service.
    #[must_use]
    pub fn page(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    /// The sign-up page of a newsletter.
    #[must_use]
    pub fn signup(&self, newsletter: &Newsletter) -> String {
        self.page(&format!("/subscribe?newsletter={}", newsletter.slug))
    }

    /// A newsletter's logo.
    #[must_use]
    pub fn logo(&self, logo: &Logo) -> String {
        self.page(&format!("/logo/{}", logo.name))
    }

    /// A picture of an issue, by the name under which it is kept.
    #[must_use]
    pub fn picture(&self, name: &str) -> String {
        self.page(&format!("/picture/{name}"))
    }

    /// The archive of a newsletter.
    #[must_use]
    pub fn archive(&self, newsletter: &Newsletter) -> String {
        self.page(&format!("/archive/{}", newsletter.slug))
    }

    /// The permanent page of an issue. That of a private newsletter needs a key, which is the same
    /// for all subscribers and so identifies none of them.
    #[must_use]
    pub fn issue(&self, newsletter: &Newsletter, issue: &Issue) -> String {
        let page = self.page(&format!("/archive/{}/{}", newsletter.slug, issue.slug));
        if newsletter.is_public() {
            return page;
        }
        format!("{page}?key={}", self.issue_key(issue.id))
    }

    /// Whether this key opens the page of an issue of a private newsletter.
    #[must_use]
    pub fn opens_issue(&self, issue: IssueId, key: &str) -> bool {
        self.issue_key(issue)
            .as_bytes()
            .ct_eq(key.as_bytes())
            .into()
    }

    fn issue_key(&self, issue: IssueId) -> String {
        self.key.short_name("web-copy", &[issue.0.as_bytes()])
    }

    /// A link for one subscription and one purpose.
    #[must_use]
    pub fn personal(
        &self,
        purpose: Purpose,
        subscription: SubscriptionId,
        at: Timestamp,
    ) -> String {
        let folder = match purpose {
            Purpose::Confirm => "confirm",
            Purpose::Unsubscribe => "unsubscribe",
            Purpose::Preferences => "preferences",
            Purpose::MyData => "my-data",
            Purpose::NewAddress => "new-address",
            Purpose::Undo => "undo",
        };
        let token = self.token(purpose, subscription, at);
        format!("{}/{folder}/{token}", self.base)
    }

    /// The link that confirms a sign-up for one or several newsletters.
    #[must_use]
    pub fn confirmation(
        &self,
        subscription: SubscriptionId,
        others: &[SubscriptionId],
        at: Timestamp,
    ) -> String {
        let token = self.token_for(Purpose::Confirm, subscription, others, at);
        self.page(&format!("/confirm/{token}"))
    }

    /// The path that takes back what a reader has ended at this time by the link of a subscription: that one, or
    /// all that ended with it. It names no other: how many there were is nobody's business who has the link.
    #[must_use]
    pub fn undo(&self, subscription: SubscriptionId, of_all: bool, at: Timestamp) -> String {
        let marks = if of_all { &[subscription][..] } else { &[] };
        let token = self.token_for(Purpose::Undo, subscription, marks, at);
        format!("/undo/{token}")
    }

    /// One token for several subscriptions.
    fn token_for(
        &self,
        purpose: Purpose,
        first: SubscriptionId,
        others: &[SubscriptionId],
        at: Timestamp,
    ) -> String {
        let token = LinkToken {
            subscription: first,
            issued_at: at,
        };
        self.key.sign_with(purpose, token, others)
    }

    /// The page that mails a fresh link to the person's own data.
    #[must_use]
    pub fn data_request(&self, subscription: SubscriptionId, at: Timestamp) -> String {
        let preferences = self.personal(Purpose::Preferences, subscription, at);
        format!("{preferences}/data")
    }

    /// The token of such a link.
    #[must_use]
    pub fn token(&self, purpose: Purpose, subscription: SubscriptionId, at: Timestamp) -> String {
        self.key.sign(
            purpose,
            LinkToken {
                subscription,
                issued_at: at,
            },
        )
    }

    /// The keyed hash under which an address may be suppressed.
    #[must_use]
    pub fn address_hash(&self, address: &EmailAddress) -> [u8; 32] {
        self.key.address_hash(&address.key())
    }

    /// The Message-ID of a delivery up to the `@`: the same at every attempt.
    #[must_use]
    pub fn delivery_message_name(&self, issue: IssueId, subscription: SubscriptionId) -> String {
        self.delivery_name("message-id", issue, subscription)
    }

    /// The Message-ID of a mail of the outbox, without angle brackets.
    #[must_use]
    pub fn outbox_message_id(&self, newsletter: &Newsletter, id: OutboxId) -> String {
        let name = self.key.short_name("outbox-message-id", &[id.0.as_bytes()]);
        format!("{name}@{}", newsletter.sender_address.domain())
    }

    /// The envelope sender of a delivery: it contains subscription and issue and is signed, so that
    /// only a bounce of that mail can have it.
    #[must_use]
    pub fn delivery_return_path(
        &self,
        newsletter: &Newsletter,
        issue: IssueId,
        subscription: SubscriptionId,
    ) -> ReturnPath {
        let signature = self.delivery_name("return-path", issue, subscription);
        let short_issue = data_encoding::HEXLOWER.encode(&issue.0.as_bytes()[10..]);
        ReturnPath {
            token: format!("{}.{short_issue}.{signature}", subscription.0),
            domain: newsletter.sender_address.domain().to_owned(),
        }
    }

    /// The envelope sender of a mail of the outbox.
    #[must_use]
    pub fn outbox_return_path(&self, newsletter: &Newsletter, id: OutboxId) -> ReturnPath {
        ReturnPath {
            token: self
                .key
                .short_name("outbox-return-path", &[id.0.as_bytes()]),
            domain: newsletter.sender_address.domain().to_owned(),
        }
    }

    /// The mailbox form of List-Unsubscribe.
    #[must_use]
    pub fn unsubscribe_mailto(
        &self,
        newsletter: &Newsletter,
        subscription: SubscriptionId,
        at: Timestamp,
    ) -> String {
        let token = self.token(Purpose::Unsubscribe, subscription, at);
        let domain = newsletter.sender_address.domain();
        // In the subject, because mail servers may change the case of an address.
        format!("mailto:unsubscribe@{domain}?subject={token}")
    }

    fn delivery_name(&self, purpose: &str, issue: IssueId, subscription: SubscriptionId) -> String {
        self.key.short_name(
            purpose,
            &[issue.0.as_bytes(), &subscription.0.to_be_bytes()],
        )
    }
}
