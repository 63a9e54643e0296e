//! The headers of mails that can be unsubscribed from.

use std::fmt;

use jiff::Timestamp;

use crate::domain::{FeedbackSender, IssueId, MailKind, Newsletter, Purpose, SubscriptionId};
use crate::links::Links;

/// The headers of RFC 2369, 2919 and 8058, and Feedback-ID for the complaint reports of mailbox providers.
#[derive(Debug, Clone)]
pub struct ListHeaders {
    /// The URL that accepts the one-click POST (RFC 8058).
    pub unsubscribe_url: String,
    /// A `mailto:` URL for unsubscribing by mail.
    pub unsubscribe_mailto: String,
    /// By what mailbox providers group complaints.
    pub feedback_id: FeedbackId,
}

impl ListHeaders {
    /// Those of a mail by which this subscription can be ended; `at` is the date of the mail.
    #[must_use]
    pub fn new(
        links: &Links,
        newsletter: &Newsletter,
        subscription: SubscriptionId,
        at: Timestamp,
        feedback_id: FeedbackId,
    ) -> Self {
        Self {
            unsubscribe_url: links.personal(Purpose::Unsubscribe, subscription, at),
            unsubscribe_mailto: links.unsubscribe_mailto(newsletter, subscription, at),
            feedback_id,
        }
    }

    /// Those of a copy of an issue for editors: like a reader's, so that mail programs and filters treat both alike,
    /// with links that are answered and unsubscribe nobody.
    #[must_use]
    pub fn of_copy(
        links: &Links,
        newsletter: &Newsletter,
        issue: IssueId,
        sender: &FeedbackSender,
        at: Timestamp,
    ) -> Self {
        let feedback_id = FeedbackId::of_issue(newsletter, issue, sender);
        Self::new(links, newsletter, SubscriptionId::NOBODY, at, feedback_id)
    }
}

/// The value of Feedback-ID, as Google describes it: what complaints are counted by. None of its parts may
/// differ from one recipient to the next.
#[derive(Debug, Clone)]
pub struct FeedbackId {
    /// The issue, or the kind of transactional mail.
    pub campaign: String,
    /// The newsletter's slug.
    pub list: String,
    /// `digest` or `transactional`.
    pub kind: &'static str,
    /// From [`FeedbackSender`].
    pub sender: String,
}

impl FeedbackId {
    /// That of all mails of an issue.
    #[must_use]
    pub fn of_issue(newsletter: &Newsletter, issue: IssueId, sender: &FeedbackSender) -> Self {
        Self::new(newsletter, issue.to_string(), "digest", sender)
    }

    /// That of all transactional mails of this kind.
    #[must_use]
    pub fn of_mail(newsletter: &Newsletter, kind: MailKind, sender: &FeedbackSender) -> Self {
        let campaign = kind.as_str().to_owned();
        Self::new(newsletter, campaign, "transactional", sender)
    }

    fn new(
        newsletter: &Newsletter,
        campaign: String,
        kind: &'static str,
        sender: &FeedbackSender,
    ) -> Self {
        Self {
            campaign,
            list: newsletter.slug.as_str().to_owned(),
            kind,
            sender: sender.of_domain(newsletter.sender_address.domain()),
        }
    }
}

impl fmt::Display for FeedbackId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self {
            campaign,
            list,
            kind,
            sender,
        } = self;
        write!(f, "{campaign}:{list}:{kind}:{sender}")
    }
}
