//! Errata: issues for those who got a wrong text of another issue.

use super::audience::without_erratum;
use crate::domain::{Erratum, IssueId};
use crate::store::dialect::{fetch_optional_scalar, statements};
use crate::store::{Read, StoreError};

statements! {
    UNSENT = [
        r"SELECT id
          FROM issue
          WHERE erratum_of = $1 AND (state = 'draft' OR state = 'scheduled')",
    ];
    // Nothing of the ledger is read beyond the first row that matches.
    ANY_BELOW = [
        r"SELECT 1
          FROM delivery d
          WHERE d.issue_id = $1 AND d.revision < $2 AND (d.state = 'sent' OR d.state = 'unknown')",
        (without_erratum!),
        " LIMIT 1",
    ];
    HAS_LEDGER = ["SELECT 1 FROM delivery WHERE issue_id = $1 LIMIT 1"];
}

/// The erratum of an issue that was not sent yet; there is at most one.
pub async fn unsent(db: &mut Read, issue: IssueId) -> Result<Option<IssueId>, StoreError> {
    Ok(fetch_optional_scalar!(db, UNSENT, issue)?)
}

/// Whether a revision below this one went to anybody who had no erratum to it.
pub async fn any_below(db: &mut Read, erratum: Erratum) -> Result<bool, StoreError> {
    let found: Option<i32> = fetch_optional_scalar!(db, ANY_BELOW, erratum.of, erratum.below)?;
    Ok(found.is_some())
}

/// Whether the deliveries of an issue are still there.
pub async fn has_ledger(db: &mut Read, issue: IssueId) -> Result<bool, StoreError> {
    let found: Option<i32> = fetch_optional_scalar!(db, HAS_LEDGER, issue)?;
    Ok(found.is_some())
}
