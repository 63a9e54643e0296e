//! The row of an issue.

use sqlx::FromRow;

use crate::domain::{
    Counts, Erratum, Issue, IssueId, NewsletterId, PauseCode, PausedBecause, Slug,
};
use crate::store::StoreError;
use crate::store::rows::Row;

/// The columns of an [`IssueRow`]; the table is `issue i`.
macro_rules! issue_columns {
    () => {
        r"i.id, i.newsletter_id, i.slug, i.state, i.version, i.revision, i.content, i.month,
          i.created_at, i.scheduled_at, i.started_at, i.finished_at, i.hidden_at,
          i.paused_code, i.paused_because, i.erratum_of, i.erratum_below, i.excluded, i.audience, i.queued, i.sent,
          i.deferred, i.bounced, i.failed, i.skipped, i.unknown"
    };
}

pub(super) use issue_columns;

#[derive(FromRow)]
pub(super) struct IssueRow {
    id: IssueId,
    newsletter_id: NewsletterId,
    slug: String,
    state: String,
    version: i64,
    revision: i64,
    content: String,
    month: Option<String>,
    created_at: i64,
    scheduled_at: Option<i64>,
    started_at: Option<i64>,
    finished_at: Option<i64>,
    hidden_at: Option<i64>,
    paused_code: Option<String>,
    paused_because: Option<String>,
    erratum_of: Option<IssueId>,
    erratum_below: Option<i64>,
    excluded: String,
    audience: i64,
    queued: i64,
    sent: i64,
    deferred: i64,
    bounced: i64,
    failed: i64,
    skipped: i64,
    unknown: i64,
}

impl TryFrom<IssueRow> for Issue {
    type Error = StoreError;

    fn try_from(row: IssueRow) -> Result<Self, StoreError> {
        let place = Row {
            table: "issue",
            id: &row.id,
        };
        let code = match (&row.paused_code, &row.paused_because) {
            (Some(code), _) => Some(place.parse("paused_code", code)?),
            (None, Some(_)) => Some(PauseCode::Other),
            (None, None) => None,
        };
        let said = row.paused_because.unwrap_or_default();
        let month = row.month.as_deref().map(|text| place.parse("month", text));
        Ok(Self {
            id: row.id,
            newsletter: row.newsletter_id,
            slug: Slug::parse(&row.slug).map_err(|e| place.corrupt("slug", &e))?,
            state: place.parse("state", &row.state)?,
            version: row.version,
            revision: row.revision,
            content: serde_json::from_str(&row.content)
                .map_err(|e| place.corrupt("content", &e))?,
            month: month.transpose()?,
            created_at: place.time("created_at", row.created_at)?,
            scheduled_at: place.maybe_time("scheduled_at", row.scheduled_at)?,
            started_at: place.maybe_time("started_at", row.started_at)?,
            finished_at: place.maybe_time("finished_at", row.finished_at)?,
            hidden_at: place.maybe_time("hidden_at", row.hidden_at)?,
            excluded: serde_json::from_str(&row.excluded)
                .map_err(|e| place.corrupt("excluded", &e))?,
            paused_because: code.map(|code| PausedBecause::saying(code, said)),
            erratum: row
                .erratum_of
                .zip(row.erratum_below)
                .map(|(of, below)| Erratum { of, below }),
            counts: Counts {
                audience: row.audience,
                queued: row.queued,
                sent: row.sent,
                deferred: row.deferred,
                bounced: row.bounced,
                failed: row.failed,
                skipped: row.skipped,
                unknown: row.unknown,
            },
        })
    }
}
