//! How long somebody took over a form.

use jiff::SignedDuration;

use crate::domain::EmailAddress;
use crate::service::Service;
use crate::store::StoreError;
use crate::store::protection::rate_counter;
use crate::store::protection::rate_counter::{Hit, Window};
use crate::subscribe::RateLimited;

/// The stamp of a form.
const FORM: &str = "form";
/// The stamp of a wait, tied to the address.
const WAIT: &str = "wait";
/// A wait that was longer begins anew.
const MAX_WAIT: SignedDuration = SignedDuration::from_hours(1);
const HOUR: i64 = 3600;

/// Whether somebody has waited, where others have their browser work.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Waited {
    /// Yes.
    LongEnough,
    /// Yes, but so have too many others.
    TooMany(RateLimited),
    /// No: the stamp to come back with, and after how many seconds.
    NotYet {
        /// The stamp.
        wait: String,
        /// The seconds.
        seconds: u64,
    },
}

/// The stamp of a form that is shown now.
#[must_use]
pub fn form_stamp(service: &Service) -> String {
    service.links.key().stamp(FORM, &[], service.clock.now())
}

/// Looks at the stamp of a form that came back: None if it may pass, or the stamp with which
/// it should come again. A form without a stamp, as a program or another site sends it, passes:
/// it is no better off than a call of the API.
#[must_use]
pub fn check_form_stamp(service: &Service, stamp: &str) -> Option<String> {
    let settings = &service.settings.signup;
    let quickest = SignedDuration::from_secs(i64::from(settings.min_fill_seconds));
    let longest = SignedDuration::from_hours(i64::from(settings.max_fill_hours));
    if stamp.is_empty() {
        return None;
    }
    let now = service.clock.now();
    let Some(at) = service.links.key().stamped_at(FORM, &[], stamp) else {
        return Some(form_stamp(service));
    };
    let age = now.duration_since(at);
    if !longest.is_zero() && age > longest {
        return Some(form_stamp(service));
    }
    // Who was too quick keeps the stamp: the second time is late enough.
    (age < quickest).then(|| stamp.to_owned())
}

/// Looks at the stamp of a wait.
///
/// # Errors
/// When the database cannot be used.
pub async fn check_wait(
    service: &Service,
    address: &EmailAddress,
    stamp: &str,
) -> Result<Waited, StoreError> {
    let settings = &service.settings.signup;
    let (key, now) = (service.links.key(), service.clock.now());
    let about = address.key();
    let wanted = SignedDuration::from_secs(i64::from(settings.slow_seconds));
    let begun = key
        .stamped_at(WAIT, about.as_bytes(), stamp)
        .map(|at| now.duration_since(at))
        .filter(|age| *age <= MAX_WAIT);
    let (left, wait) = match begun {
        Some(age) if age >= wanted => return room(service).await,
        Some(age) => (wanted - age, stamp.to_owned()),
        None => (wanted, key.stamp(WAIT, about.as_bytes(), now)),
    };
    Ok(Waited::NotYet {
        wait,
        seconds: left.as_secs().unsigned_abs().max(1),
    })
}

fn line(service: &Service) -> [u8; 32] {
    service.links.key().keyed_hash("waited", &[])
}

async fn room(service: &Service) -> Result<Waited, StoreError> {
    let most = service.settings.signup.slow_per_hour;
    let now = service.clock.now();
    let window = Window::at(now, HOUR);
    let mut db = service.store.read().await?;
    if most > 0 && rate_counter::hits(&mut db, &line(service), window).await? >= most {
        return Ok(Waited::TooMany(RateLimited {
            retry_after: window.seconds_left(now),
        }));
    }
    Ok(Waited::LongEnough)
}

/// One more who has waited, to be written with [`rate_counter::hit`].
pub(crate) fn hit(service: &Service) -> Hit {
    Hit {
        key: data_encoding::HEXLOWER.encode(&line(service)),
        window: Window::at(service.clock.now(), HOUR),
    }
}
