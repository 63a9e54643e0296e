//! Correcting a paused issue, or the page of one that was sent: the difference is looked at before anybody gets it.

use axum::http::StatusCode;
use axum::response::Response;
use serde::Serialize;
use similar::{ChangeTag, TextDiff};
use url::form_urlencoded;

use super::Opened;
use super::form::Draft;
use crate::domain::{CountrySet, Issue, IssueContent, IssueState, Language};
use crate::publish::{self, PublishError};
use crate::service::Service;
use crate::texts::{number, text};
use crate::web::desk::DeskError;
use crate::web::desk::layout::DeskLayout;
use crate::web::desk::pages::DeskPage;
use crate::web::desk::refusal::refusal;

/// How many unchanged lines stand around a change.
const CONTEXT: usize = 2;

/// A correction that somebody has looked at and confirmed.
#[derive(Debug, Clone, Copy)]
pub(super) struct Confirmed {
    /// The state in the history that it was kept in.
    pub(super) state: i64,
    /// The version of the issue that it corrects.
    pub(super) version: i64,
}

/// The correction that a form confirms, if it does.
pub(super) fn confirmed(body: &[u8]) -> Option<Confirmed> {
    let field = |wanted: &str| {
        let mut fields = form_urlencoded::parse(body);
        let found = fields.find(|(name, _)| name == wanted);
        found.map(|(_, value)| value.into_owned())
    };
    let number = |wanted: &str| field(wanted)?.parse().ok();
    (field("do")? == "correct").then_some(())?;
    Some(Confirmed {
        state: number("aside")?,
        version: number("version")?,
    })
}

#[derive(Serialize)]
struct Correction {
    id: String,
    subject: String,
    /// The language of the newsletter, and so of its texts.
    language: Language,
    sent: i64,
    waiting: i64,
    /// Of an issue that was sent, what that means for those who got it.
    of_page: Option<OfPage>,
    aside: i64,
    version: i64,
    lines: Vec<Line>,
}

impl DeskPage for Correction {
    const TEMPLATE: &'static str = "desk/correction.html";
}

/// What it means that a text is corrected on the page alone.
#[derive(Serialize)]
struct OfPage {
    /// How many had the old text, and whether they can be written to; nothing where nobody got it.
    had: Option<String>,
}

impl OfPage {
    async fn new(
        service: &Service,
        layout: &DeskLayout,
        issue: &Issue,
    ) -> Result<Self, PublishError> {
        let language = layout.language();
        let had = issue.counts.sent + issue.counts.unknown;
        let values = [
            ("count", had.into()),
            ("number", number(language, had).into()),
        ];
        let had = match had {
            0 => None,
            _ if publish::knows_who_got_what(service, issue).await? => {
                Some(text(language, "desk-correction-had", &values))
            }
            _ => Some(text(language, "desk-correction-had-unknown", &[])),
        };
        Ok(Self { had })
    }
}

#[derive(Serialize)]
struct Line {
    kind: &'static str,
    text: String,
}

/// Shows what is different from what was sent.
pub(super) async fn compare(
    service: &Service,
    layout: &DeskLayout,
    opened: &Opened,
    draft: &Draft,
) -> Result<Response, DeskError> {
    let issue = &opened.issue;
    let aside = publish::unapplied(service, issue, &opened.actor).await;
    let aside = aside.map_err(|error| refusal(layout.language(), error))?;
    let of_page = match issue.state {
        IssueState::Sent => Some(OfPage::new(service, layout, issue).await),
        _ => None,
    };
    let of_page = of_page.transpose();
    let of_page = of_page.map_err(|error| refusal(layout.language(), error))?;
    let page = Correction {
        id: issue.id.to_string(),
        subject: issue.content.subject.clone(),
        language: opened.newsletter.language,
        sent: issue.counts.sent,
        waiting: issue.counts.waiting(),
        of_page,
        version: issue.version,
        lines: match aside {
            Some(_) => lines(service, opened, &draft.content)?,
            None => Vec::new(),
        },
        aside: aside.map_or(0, |state| state.number),
    };
    Ok(layout.answer(StatusCode::OK, &page))
}

/// The mail as text, line by line, with what is gone and what is new.
fn lines(
    service: &Service,
    opened: &Opened,
    corrected: &IssueContent,
) -> Result<Vec<Line>, DeskError> {
    let as_text = |content: &IssueContent| {
        let issue = Issue {
            content: content.clone(),
            ..opened.issue.clone()
        };
        let all = CountrySet::default();
        publish::render_preview(service, &opened.newsletter, &issue, all)
            .map(|mail| {
                format!(
                    "{}\n{}\n\n{}",
                    content.subject, content.preheader, mail.text
                )
            })
            .map_err(|error| DeskError::Internal(error.to_string()))
    };
    let (old, new) = (as_text(&opened.issue.content)?, as_text(corrected)?);
    let diff = TextDiff::from_lines(&old, &new);
    let mut lines = Vec::new();
    for (index, group) in diff.grouped_ops(CONTEXT).iter().enumerate() {
        if index > 0 {
            lines.push(Line {
                kind: "gap",
                text: "…".to_owned(),
            });
        }
        let changes = group.iter().flat_map(|op| diff.iter_changes(op));
        for change in changes.filter(|change| is_said(change.value())) {
            lines.push(Line {
                kind: match change.tag() {
                    ChangeTag::Equal => "same",
                    ChangeTag::Delete => "removed",
                    ChangeTag::Insert => "added",
                },
                text: change.value().trim_end().to_owned(),
            });
        }
    }
    Ok(lines)
}

/// Whether a line says something: it is not empty, and no line under a heading.
fn is_said(line: &str) -> bool {
    let line = line.trim();
    !line.is_empty() && line.chars().any(|c| !matches!(c, '=' | '-'))
}
