//! Issues that are planned, go out or wait.

use jiff::Timestamp;

use crate::domain::IssueState;
use crate::store::dialect::{fetch_scalar, statements};
use crate::store::rows::Row;
use crate::store::{Read, StoreError};

statements! {
    IN_STATE = ["SELECT COUNT(*) FROM issue WHERE state = $1"];
    WAITING = [
        r"SELECT CAST(COALESCE(SUM(queued + deferred), 0) AS BIGINT) FROM issue WHERE state = $1",
    ];
    OLDEST_PLANNED = ["SELECT MIN(scheduled_at) FROM issue WHERE state = $1"];
}

/// How many issues are in a state.
pub async fn in_state(db: &mut Read, state: IssueState) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, IN_STATE, state.as_str())?)
}

/// How many deliveries of issues that are being sent wait, by the counters of the issues.
pub async fn waiting(db: &mut Read) -> Result<i64, StoreError> {
    Ok(fetch_scalar!(db, WAITING, IssueState::Sending.as_str())?)
}

/// The earliest time for which an issue is planned that has not begun.
pub async fn oldest_planned(db: &mut Read) -> Result<Option<Timestamp>, StoreError> {
    let state = IssueState::Scheduled.as_str();
    let at: Option<i64> = fetch_scalar!(db, OLDEST_PLANNED, state)?;
    let place = Row {
        table: "issue",
        id: &state,
    };
    place.maybe_time("scheduled_at", at)
}
