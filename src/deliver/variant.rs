//! An issue, rendered once for all readers who get the same text, and fitted to each.

use std::collections::HashMap;
use std::sync::Arc;

use jiff::Timestamp;

use crate::domain::{Attempt, CountrySet, Issue, IssueId, Newsletter, Purpose};
use crate::links::Links;
use crate::mail::{
    DigestLinks, DigestMeta, Envelope, ListHeaders, MessageError, Outgoing, RenderedMail,
    TemplateError, build, render_digest,
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
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// One rendering of an issue, with marks where each reader's links go.
pub(super) struct Variant {
    newsletter: Arc<Newsletter>,
    issue: IssueId,
    date: Timestamp,
    rendered: RenderedMail,
    marks: Marks,
}

/// Addresses that stand for the personal links until they are put in. They
/// contain a keyed hash, so that no text of an issue can contain one.
struct Marks {
    unsubscribe: String,
    preferences: String,
}

impl Marks {
    fn new(links: &Links, issue: IssueId) -> Self {
        let name = links.key().short_name("mark", &[issue.0.as_bytes()]);
        Self {
            unsubscribe: format!("https://{name}.invalid/u"),
            preferences: format!("https://{name}.invalid/p"),
        }
    }
}

impl Variant {
    fn render(
        links: &Links,
        newsletter: &Arc<Newsletter>,
        issue: &Issue,
        countries: CountrySet,
    ) -> Result<Self, TemplateError> {
        let marks = Marks::new(links, issue.id);
        let date = issue.started_at.unwrap_or(issue.created_at);
        let web_view = links.issue(newsletter, &issue.slug);
        let digest_links = DigestLinks {
            unsubscribe: &marks.unsubscribe,
            preferences: &marks.preferences,
            web_view: &web_view,
        };
        let day = newsletter.time_zone.to_datetime(date).date();
        let rendered = render_digest(
            newsletter,
            &issue.content,
            countries,
            &digest_links,
            &DigestMeta { date: day },
        )?;
        Ok(Self {
            newsletter: Arc::clone(newsletter),
            issue: issue.id,
            date,
            rendered,
            marks,
        })
    }

    /// The mail for one reader. Depends on nothing but the issue and the reader,
    /// so that a second attempt has the same octets.
    pub(super) fn fit(&self, links: &Links, attempt: &Attempt) -> Result<Outgoing, MessageError> {
        let personal = |purpose| links.personal(purpose, attempt.subscription, self.date);
        let unsubscribe = personal(Purpose::Unsubscribe);
        let preferences = personal(Purpose::Preferences);
        let fill = |text: &str| {
            text.replace(&self.marks.unsubscribe, &unsubscribe)
                .replace(&self.marks.preferences, &preferences)
        };
        let mail = RenderedMail {
            subject: self.rendered.subject.clone(),
            text: fill(&self.rendered.text),
            html: fill(&self.rendered.html),
        };
        let newsletter = &*self.newsletter;
        let mailto = links.unsubscribe_mailto(newsletter, attempt.subscription, self.date);
        let domain = newsletter.sender_address.domain();
        let feedback_id = format!("{}:{}:digest:{domain}", self.issue, newsletter.slug);
        let message_id = links.delivery_message_id(newsletter, self.issue, attempt.subscription);
        let envelope = Envelope {
            newsletter,
            to: &attempt.address,
            date: self.date,
            message_id: &message_id,
            list: Some(ListHeaders {
                unsubscribe_url: &unsubscribe,
                unsubscribe_mailto: &mailto,
                feedback_id: &feedback_id,
            }),
            automatic_reply: false,
        };
        Ok(Outgoing {
            return_path: links.delivery_return_path(newsletter, self.issue, attempt.subscription),
            to: attempt.address.clone(),
            message: build(&envelope, &mail)?,
        })
    }
}

/// The variants of the issues that are being sent.
#[derive(Default)]
pub(super) struct Variants {
    issues: HashMap<IssueId, OpenIssue>,
}

struct OpenIssue {
    issue: Issue,
    newsletter: Arc<Newsletter>,
    rendered: HashMap<CountrySet, Arc<Variant>>,
}

impl Variants {
    /// Forgets the issues that are not in `sending`.
    pub(super) fn keep(&mut self, sending: &[IssueId]) {
        self.issues.retain(|id, _| sending.contains(id));
    }

    /// The variant for readers who follow `countries`.
    pub(super) async fn get(
        &mut self,
        service: &Service,
        id: IssueId,
        countries: CountrySet,
    ) -> Result<Arc<Variant>, VariantError> {
        let open = match self.issues.entry(id) {
            std::collections::hash_map::Entry::Occupied(entry) => entry.into_mut(),
            std::collections::hash_map::Entry::Vacant(entry) => {
                let mut db = service.store.read().await?;
                let issue = store::issue::by_id(&mut db, id)
                    .await?
                    .ok_or(VariantError::Gone)?;
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
        let variant = Variant::render(&service.links, &open.newsletter, &open.issue, countries)?;
        let variant = Arc::new(variant);
        open.rendered.insert(countries, Arc::clone(&variant));
        Ok(variant)
    }
}
