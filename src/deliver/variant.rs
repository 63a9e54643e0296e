//! An issue, rendered once for all subscribers who get the same text; then only each subscriber's own
//! values are filled in.

use std::collections::HashMap;
use std::collections::hash_map::Entry;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{
    Attempt, CountrySet, FeedbackSender, Issue, IssueId, Newsletter, Purpose, SubscriptionId,
};
use crate::links::Links;
use crate::mail::{
    DigestLinks, DigestMeta, Envelope, FeedbackId, ListHeaders, MessageError, Outgoing, Personal,
    PrecompiledMail, RenderedMail, TemplateError, render_digest,
};
use crate::service::Service;
use crate::store::{self, Read, StoreError};

/// Why a variant could not be rendered.
#[derive(Debug, thiserror::Error)]
pub(super) enum VariantError {
    /// The issue or its newsletter is gone.
    #[error("the issue or its newsletter is no longer in the database")]
    Gone,
    /// A template failed.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// The mail could not be built.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The database cannot be used.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl VariantError {
    /// Whether it fails again until somebody corrects the issue, the newsletter or the database.
    pub(super) fn is_permanent(&self) -> bool {
        match self {
            Self::Gone | Self::Template(_) | Self::Message(_) => true,
            Self::Store(error) => matches!(error, StoreError::Corrupt { .. }),
        }
    }
}

/// One rendering of an issue, with placeholders for a subscriber's own values.
pub(super) struct Variant {
    newsletter: Arc<Newsletter>,
    issue: IssueId,
    date: Timestamp,
    precompiled: PrecompiledMail,
}

/// The subscription whose values are the placeholders. No subscription has this id, and no text of an
/// issue can contain its values by chance, as they are signed.
const PLACEHOLDER: SubscriptionId = SubscriptionId(-1);

impl Variant {
    /// Renders the issue for subscribers who follow `countries`.
    fn render(
        service: &Service,
        newsletter: &Arc<Newsletter>,
        issue: &Issue,
        countries: CountrySet,
    ) -> Result<Self, VariantError> {
        let links = service.links.as_ref();
        let date = issue.started_at.unwrap_or(issue.created_at);
        let own = Personalization {
            links,
            newsletter,
            issue: issue.id,
            date,
            subscription: PLACEHOLDER,
        };
        let day = newsletter.day(date);
        let logo = newsletter.logo.as_ref().map(|logo| links.logo(logo));
        let rendered = render_digest(
            newsletter,
            &issue.content,
            countries,
            &DigestLinks {
                unsubscribe: &own.link(Purpose::Unsubscribe),
                preferences: &own.link(Purpose::Preferences),
                web_view: &links.issue(newsletter, issue),
                logo: logo.as_deref(),
            },
            &DigestMeta { date: day },
        )?;
        let precompiled = own.compile(&service.settings.feedback_sender, &rendered)?;
        Ok(Self {
            newsletter: Arc::clone(newsletter),
            issue: issue.id,
            date,
            precompiled,
        })
    }

    /// The mail for one subscriber. It depends on nothing but the issue, the subscription and the subscriber's address,
    /// so that a second attempt has the same octets unless the address was changed.
    pub(super) fn render_for(
        &self,
        links: &Links,
        attempt: &Attempt,
    ) -> Result<Outgoing, MessageError> {
        let own = Personalization {
            links,
            newsletter: &self.newsletter,
            issue: self.issue,
            date: self.date,
            subscription: attempt.subscription,
        };
        Ok(Outgoing {
            return_path: links.delivery_return_path(
                &self.newsletter,
                self.issue,
                attempt.subscription,
            ),
            to: attempt.address.clone(),
            date: self.date,
            message: self
                .precompiled
                .render_for(&attempt.address, own.personal())?,
        })
    }
}

/// One subscriber of one issue, with the links in their mail.
struct Personalization<'a> {
    links: &'a Links,
    newsletter: &'a Newsletter,
    issue: IssueId,
    date: Timestamp,
    subscription: SubscriptionId,
}

impl Personalization<'_> {
    fn link(&self, purpose: Purpose) -> String {
        self.links.personal(purpose, self.subscription, self.date)
    }

    fn personal(&self) -> Personal {
        let token = |purpose| self.links.token(purpose, self.subscription, self.date);
        Personal {
            name: self
                .links
                .delivery_message_name(self.issue, self.subscription),
            unsubscribe: token(Purpose::Unsubscribe),
            preferences: token(Purpose::Preferences),
        }
    }

    fn compile(
        &self,
        sender: &FeedbackSender,
        mail: &RenderedMail,
    ) -> Result<PrecompiledMail, MessageError> {
        let newsletter = self.newsletter;
        let personal = self.personal();
        let domain = newsletter.sender_address.domain();
        let envelope = Envelope {
            newsletter,
            to: &newsletter.sender_address,
            date: self.date,
            message_id: &format!("{}@{domain}", personal.name),
            list: Some(ListHeaders::new(
                self.links,
                newsletter,
                self.subscription,
                self.date,
                FeedbackId::of_issue(newsletter, self.issue, sender),
            )),
            auto_generated: false,
        };
        PrecompiledMail::compile(&envelope, mail, &personal)
    }
}

impl OpenIssue {
    async fn load(db: &mut Read, id: IssueId, revision: i64) -> Result<Self, VariantError> {
        let mut issue = store::issue::by_id(db, id)
            .await?
            .ok_or(VariantError::Gone)?;
        if issue.revision != revision {
            let old = store::issue::revision::content(db, id, revision).await?;
            issue.content = old.ok_or(VariantError::Gone)?;
        }
        let newsletter = store::newsletter::by_id(db, issue.newsletter).await?;
        Ok(Self {
            issue,
            newsletter: Arc::new(newsletter),
            rendered: HashMap::new(),
        })
    }
}

/// The variants of the issues that are being sent, each rendered when it is first needed.
#[derive(Default)]
pub(super) struct Variants {
    issues: HashMap<(IssueId, i64), OpenIssue>,
}

/// One revision of an issue that is being sent.
struct OpenIssue {
    issue: Issue,
    newsletter: Arc<Newsletter>,
    /// By the countries that a subscriber follows; several sets may share one variant.
    rendered: HashMap<CountrySet, Arc<Variant>>,
}

impl Variants {
    /// Drops the issues that are not in `sending`.
    pub(super) fn keep(&mut self, sending: &[IssueId]) {
        self.issues.retain(|(id, _), _| sending.contains(id));
    }

    /// The variant of a revision for subscribers who follow `countries`. The caller has a connection
    /// already: to wait for a second one could be to wait for itself.
    ///
    /// # Errors
    /// When the issue is gone, cannot be rendered, or the database cannot be used.
    pub(super) async fn get(
        &mut self,
        service: &Service,
        db: &mut Read,
        (id, revision): (IssueId, i64),
        countries: CountrySet,
    ) -> Result<Arc<Variant>, VariantError> {
        let open = match self.issues.entry((id, revision)) {
            Entry::Occupied(entry) => entry.into_mut(),
            Entry::Vacant(entry) => entry.insert(OpenIssue::load(db, id, revision).await?),
        };
        if let Some(variant) = open.rendered.get(&countries) {
            return Ok(Arc::clone(variant));
        }
        // Subscribers who get the same text share one rendering.
        let same = open.issue.content.variant(countries);
        let variant = match open.rendered.get(&same) {
            Some(variant) => Arc::clone(variant),
            None => {
                let (newsletter, issue) = (&open.newsletter, &open.issue);
                let variant = Variant::render(service, newsletter, issue, same)?;
                tracing::debug!(issue = %id, revision, countries = %same, "variant rendered");
                Arc::new(variant)
            }
        };
        open.rendered.insert(same, Arc::clone(&variant));
        open.rendered.insert(countries, Arc::clone(&variant));
        Ok(variant)
    }
}
