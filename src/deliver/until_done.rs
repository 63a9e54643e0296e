//! Writing what must not be lost.

use std::borrow::Cow;
use std::time::Duration;

use tokio::time::sleep;

use crate::log_limiter::failures;
use crate::store::{self, StoreError};

/// The pause between two tries.
const PAUSE: Duration = Duration::from_secs(1);

/// Tries again until the database has taken it. After each failure it logs `failed`, which says what does not go on, and
/// calls `still_here`.
pub(super) async fn until_done<Trial>(
    failed: impl Into<Cow<'static, str>>,
    still_here: impl Fn(),
    mut attempt: impl FnMut() -> Trial,
) where
    Trial: Future<Output = Result<(), StoreError>>,
{
    let failed = failed.into();
    while let Err(error) = store::with_timeout(attempt()).await {
        failures::error(failed.clone(), &error);
        still_here();
        sleep(PAUSE).await;
    }
}
