//! When an issue is to go out.

use jiff::{
    Timestamp,
    civil::DateTime,
    tz::{AmbiguousOffset, TimeZone},
};

/// A time that cannot be understood or does not exist.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Neither of the two forms.
    #[error(
        "`{0}` is not a time; write 2026-11-30T08:00 (in the newsletter's time zone) or 2026-11-30T08:00:00+01:00"
    )]
    Unreadable(String),
    /// The clocks skip this time when daylight saving begins.
    #[error(
        "{0} does not exist in {1}: the clocks are put forward over it; choose a time before or after"
    )]
    Skipped(String, String),
}

/// Reads an RFC 3339 time, or a local time meant in `zone`.
///
/// A local time that occurs twice when daylight saving ends means the first
/// of the two; one that is skipped is an error rather than a guess.
///
/// # Errors
/// When the text is no time, or names one that does not exist.
pub fn parse_schedule(text: &str, zone: &TimeZone) -> Result<Timestamp, ScheduleError> {
    let text = text.trim();
    if let Ok(instant) = text.parse::<Timestamp>() {
        return Ok(instant);
    }
    let unreadable = || ScheduleError::Unreadable(text.chars().take(60).collect());
    let local: DateTime = text.parse().map_err(|_| unreadable())?;
    let possible = zone.to_ambiguous_timestamp(local);
    if matches!(possible.offset(), AmbiguousOffset::Gap { .. }) {
        let name = zone.iana_name().unwrap_or("this time zone").to_owned();
        return Err(ScheduleError::Skipped(local.to_string(), name));
    }
    possible.earlier().map_err(|_| unreadable())
}

#[cfg(test)]
mod tests {
    use super::{ScheduleError, parse_schedule};
    use jiff::tz::TimeZone;

    fn paris(text: &str) -> Result<String, ScheduleError> {
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        parse_schedule(text, &zone).map(|t| t.to_string())
    }

    #[test]
    fn respects_daylight_saving() {
        for (given, instant) in [
            ("2026-01-05T08:00", "2026-01-05T07:00:00Z"),
            ("2026-07-06T08:00", "2026-07-06T06:00:00Z"),
            ("2026-07-06 08:00:00", "2026-07-06T06:00:00Z"),
            ("2026-07-06T08:00:00+05:00", "2026-07-06T03:00:00Z"),
            ("2026-07-06T08:00:00Z", "2026-07-06T08:00:00Z"),
            // 25 October 2026: 02:30 comes twice; the first is still summer time.
            ("2026-10-25T02:30", "2026-10-25T00:30:00Z"),
        ] {
            assert_eq!(paris(given).as_deref(), Ok(instant), "{given}");
        }
    }

    #[test]
    fn refuses_times_that_do_not_exist() {
        assert!(matches!(
            paris("2026-03-29T02:30"),
            Err(ScheduleError::Skipped(..))
        ));
        for text in ["", "tomorrow", "2026-13-01T00:00", "08:00"] {
            assert!(
                matches!(paris(text), Err(ScheduleError::Unreadable(_))),
                "{text}"
            );
        }
    }
}
