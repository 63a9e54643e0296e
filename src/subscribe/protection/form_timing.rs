//! How long a visitor took to fill in a form, and the wait that replaces a proof of work.

use jiff::SignedDuration;

use crate::domain::{EmailAddress, RateLimited};
use crate::service::Service;
use crate::store::StoreError;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};

/// The purpose of the stamp that each form carries.
const FORM: &str = "form";
/// The purpose of the stamp of a wait, which is tied to the address.
const WAIT: &str = "wait";
/// A stamp of a wait that is older than this counts as none.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(1);
const HOUR_SECONDS: i64 = 3600;

/// Whether a visitor whose browser sends no proof of work has waited instead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum WaitCheck {
    /// The visitor has waited long enough.
    LongEnough,
    /// The visitor has waited, but so have too many others in this hour.
    TooMany(RateLimited),
    /// The visitor has to wait longer.
    NotYet {
        /// The stamp to send again with the form.
        wait: String,
        /// After how many seconds.
        seconds: u64,
    },
}

/// The stamp of a form that is shown now.
#[must_use]
pub fn form_stamp(service: &Service) -> String {
    service.links.key().stamp(FORM, &[], service.clock.now())
}

/// Checks the stamp of a form that was sent: None if the form passes, or the stamp with which
/// to show it again. A form without a stamp, as a program or another site sends it, passes:
/// it has no advantage over a call of the API.
#[must_use]
pub fn check_form_stamp(service: &Service, stamp: &str) -> Option<String> {
    let settings = &service.settings.signup;
    let min_age = SignedDuration::from_secs(i64::from(settings.min_fill_seconds));
    let max_age = SignedDuration::from_hours(i64::from(settings.max_fill_hours));
    if stamp.is_empty() {
        return None;
    }
    let now = service.clock.now();
    let Some(at) = service.links.key().stamped_at(FORM, &[], stamp) else {
        return Some(form_stamp(service));
    };
    let age = now.duration_since(at);
    if !max_age.is_zero() && age > max_age {
        return Some(form_stamp(service));
    }
    // The same stamp again: when it is sent a second time it is old enough.
    (age < min_age).then(|| stamp.to_owned())
}

/// Checks the stamp of a wait.
///
/// # Errors
/// When the database cannot be used.
pub async fn check_wait(
    service: &Service,
    address: &EmailAddress,
    stamp: &str,
) -> Result<WaitCheck, StoreError> {
    let settings = &service.settings.signup;
    let (key, now) = (service.links.key(), service.clock.now());
    let subject = address.key();
    let required = SignedDuration::from_secs(i64::from(settings.slow_seconds));
    let waited = key
        .stamped_at(WAIT, subject.as_bytes(), stamp)
        .map(|at| now.duration_since(at))
        .filter(|age| *age <= MAX_WAIT);
    let (left, wait) = match waited {
        Some(age) if age >= required => return check_wait_quota(service).await,
        Some(age) => (required - age, stamp.to_owned()),
        None => (required, key.stamp(WAIT, subject.as_bytes(), now)),
    };
    Ok(WaitCheck::NotYet {
        wait,
        seconds: left.as_secs().unsigned_abs().max(1),
    })
}

/// The counter of those who have waited. The name is part of the stored key.
fn counter(service: &Service) -> [u8; 32] {
    service.links.key().keyed_hash("waited", &[])
}

async fn check_wait_quota(service: &Service) -> Result<WaitCheck, StoreError> {
    let limit = service.settings.signup.slow_per_hour;
    let now = service.clock.now();
    let window = Window::at(now, HOUR_SECONDS);
    let mut db = service.store.read().await?;
    if limit > 0 && rate_counter::hits(&mut db, &counter(service), window).await? >= limit {
        return Ok(WaitCheck::TooMany(RateLimited {
            retry_after: window.seconds_left(now),
        }));
    }
    Ok(WaitCheck::LongEnough)
}

/// One more visitor who has waited, to be written with [`rate_counter::hit`].
pub(crate) fn hit(service: &Service) -> Hit {
    Hit {
        key: data_encoding::HEXLOWER.encode(&counter(service)),
        window: Window::at(service.clock.now(), HOUR_SECONDS),
    }
}
