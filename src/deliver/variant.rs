//! An issue, rendered once for all readers who get the same text, and rendered to each.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{Attempt, CountrySet, Issue, IssueId, Newsletter, Purpose, SubscriptionId};
use crate::links::Links;
use crate::mail::{
    DigestLinks, DigestMeta, Envelope, ListHeaders, MessageError, Outgoing, Personal,
    PrecompiledMail, RenderedMail, TemplateError, render_digest,
};
use crate::service::Service;
use crate::store::{self, StoreError};

/// A variant that cannot be made.
#[derive(Debug, thiserror::Error)]
pub(super) enum VariantError {
    /// The issue or its newsletter is gone.
    #[error("the issue has vanished from the database")]
    Gone,
    /// It could not be rendered.
    #[error(transparent)]
    Template(#[from] TemplateError),
    /// It could not be built.
    #[error(transparent)]
    Message(#[from] MessageError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One rendering of an issue, to be rendered to each reader.
pub(super) struct Variant {
    newsletter: Arc<Newsletter>,
    issue: IssueId,
    date: Timestamp,
    precompiled: PrecompiledMail,
}

/// Whose values mark the places of a reader's own: no reader has this number, and no text of
/// an issue can contain the values, as they are signed.
const NOBODY: SubscriptionId = SubscriptionId(-1);

impl Variant {
    fn render(
        links: &Links,
        newsletter: &Arc<Newsletter>,
        issue: &Issue,
        countries: CountrySet,
    ) -> Result<Self, VariantError> {
        let date = issue.started_at.unwrap_or(issue.created_at);
        let reader = Reader {
            links,
            newsletter,
            issue: issue.id,
            date,
            subscription: NOBODY,
        };
        let day = newsletter.day(date);
        let logo = newsletter.logo.as_ref().map(|logo| links.logo(logo));
        let rendered = render_digest(
            newsletter,
            &issue.content,
            countries,
            &DigestLinks {
                unsubscribe: &reader.link(Purpose::Unsubscribe),
                preferences: &reader.link(Purpose::Preferences),
                web_view: &links.issue(newsletter, issue),
                logo: logo.as_deref(),
            },
            &DigestMeta { date: day },
        )?;
        let precompiled = reader.compile(&rendered)?;
        Ok(Self {
            newsletter: Arc::clone(newsletter),
            issue: issue.id,
            date,
            precompiled,
        })
    }

    /// The mail for one reader. Depends on nothing but the issue and the reader,
    /// so that a second attempt has the same octets.
    pub(super) fn render_for(
        &self,
        links: &Links,
        attempt: &Attempt,
    ) -> Result<Outgoing, MessageError> {
        let reader = Reader {
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
                .render_for(&attempt.address, &reader.personal())?,
        })
    }
}

/// One reader of one issue.
struct Reader<'a> {
    links: &'a Links,
    newsletter: &'a Newsletter,
    issue: IssueId,
    date: Timestamp,
    subscription: SubscriptionId,
}

impl Reader<'_> {
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

    fn compile(&self, mail: &RenderedMail) -> Result<PrecompiledMail, MessageError> {
        let newsletter = self.newsletter;
        let personal = self.personal();
        let domain = newsletter.sender_address.domain();
        let envelope = Envelope {
            newsletter,
            to: &newsletter.sender_address,
            date: self.date,
            message_id: &format!("{}@{domain}", personal.name),
            list: Some(ListHeaders {
                unsubscribe_url: &self.link(Purpose::Unsubscribe),
                unsubscribe_mailto: &self.links.unsubscribe_mailto(
                    newsletter,
                    self.subscription,
                    self.date,
                ),
                feedback_id: &format!("{}:{}:digest:{domain}", self.issue, newsletter.slug),
            }),
            automatic_reply: false,
        };
        PrecompiledMail::compile(&envelope, mail, &personal)
    }
}

/// The variants of the issues that are being sent.
#[derive(Default)]
pub(super) struct Variants {
    issues: HashMap<(IssueId, i64), OpenIssue>,
}

struct OpenIssue {
    issue: Issue,
    newsletter: Arc<Newsletter>,
    /// By what a reader chose; several choices may have one variant.
    rendered: HashMap<CountrySet, Arc<Variant>>,
}

impl Variants {
    /// Forgets the issues that are not in `sending`.
    pub(super) fn keep(&mut self, sending: &[IssueId]) {
        self.issues.retain(|(id, _), _| sending.contains(id));
    }

    /// The variant of this revision for readers who follow `countries`.
    pub(super) async fn get(
        &mut self,
        service: &Service,
        (id, revision): (IssueId, i64),
        countries: CountrySet,
    ) -> Result<Arc<Variant>, VariantError> {
        let open = match self.issues.entry((id, revision)) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let mut db = service.store.read().await?;
                let mut issue = store::issue::by_id(&mut db, id)
                    .await?
                    .ok_or(VariantError::Gone)?;
                if issue.revision != revision {
                    let old = store::issue::revision::content(&mut db, id, revision).await?;
                    issue.content = old.ok_or(VariantError::Gone)?;
                }
                let newsletter = store::newsletter::by_id(&mut db, issue.newsletter).await?;
                entry.insert(OpenIssue {
                    issue,
                    newsletter: Arc::new(newsletter),
                    rendered: HashMap::new(),
                })
            }
        };
        if let Some(variant) = open.rendered.get(&countries) {
            return Ok(Arc::clone(variant));
        }
        // Readers who get the same letter share one rendering.
        let same = open.issue.content.variant(countries);
        let variant = match open.rendered.get(&same) {
            Some(variant) => Arc::clone(variant),
            None => Arc::new(Variant::render(
                &service.links,
                &open.newsletter,
                &open.issue,
                same,
            )?),
        };
        open.rendered.insert(same, Arc::clone(&variant));
        open.rendered.insert(countries, Arc::clone(&variant));
        Ok(variant)
    }
}
