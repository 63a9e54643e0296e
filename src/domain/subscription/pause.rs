//! The pause of a subscription, which ends on a day.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// The longest pause, in days; after that, unsubscribing is the right choice.
const MAX_DAYS: i32 = 366;

/// A requested pause.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PauseRequest {
    /// For some weeks from today.
    Weeks(u8),
    /// Until a day, on which mails come again.
    Until(Date),
}

/// A pause with an invalid end.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a pause ends on a day after today and within a year")]
pub struct BadPause;

impl PauseRequest {
    /// The last day that can be chosen.
    #[must_use]
    pub fn last_day(today: Date) -> Date {
        today.saturating_add(MAX_DAYS.days())
    }

    /// When the pause ends: at the beginning of the day in this time zone.
    ///
    /// # Errors
    /// When that day is not after today, or more than 366 days away.
    pub fn end(self, today: Date, zone: &TimeZone) -> Result<Timestamp, BadPause> {
        let day = match self {
            Self::Weeks(weeks) => today.saturating_add(i64::from(weeks).weeks()),
            Self::Until(day) => day,
        };
        if day <= today || day > Self::last_day(today) {
            return Err(BadPause);
        }
        let begin = zone.to_ambiguous_timestamp(day.at(0, 0, 0, 0));
        begin.compatible().map_err(|_| BadPause)
    }
}

#[cfg(test)]
mod tests {
    use super::{BadPause, PauseRequest};
    use jiff::civil::date;

    #[test]
    fn a_pause_ends_at_midnight_in_the_newsletters_time_zone() {
        let zone = crate::domain::time_zone("Europe/Paris").unwrap();
        let today = date(2026, 10, 12);
        let end = |request: PauseRequest| request.end(today, &zone).map(|end| end.to_string());
        // The clocks go back in between.
        assert_eq!(
            end(PauseRequest::Weeks(2)),
            Ok("2026-10-25T23:00:00Z".to_owned())
        );
        assert_eq!(
            end(PauseRequest::Weeks(4)),
            Ok("2026-11-08T23:00:00Z".to_owned())
        );
        let until = |day| end(PauseRequest::Until(day));
        assert_eq!(
            until(date(2026, 10, 13)),
            Ok("2026-10-12T22:00:00Z".to_owned())
        );
        assert_eq!(until(today), Err(BadPause));
        assert_eq!(until(date(2025, 10, 13)), Err(BadPause));
        assert!(until(date(2027, 10, 13)).is_ok());
        assert_eq!(until(date(2027, 10, 14)), Err(BadPause));
    }
}
