//! When an issue is to go out.

use jiff::{
    SignedDuration, Span, Timestamp,
    civil::DateTime,
    fmt::temporal::Pieces,
    tz::{AmbiguousOffset, Offset, TimeZone, TimeZoneDatabase},
};

/// How long ago a time may be that still means now.
const GRACE: SignedDuration = SignedDuration::from_mins(1);
/// How many years ahead an issue may be scheduled.
const MAX_YEARS: i64 = 2;
/// The most of an unreadable text that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 60;

/// A time that cannot be understood, does not exist, or is not one to send at.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ScheduleError {
    /// Neither of the forms.
    #[error(
        "`{0}` is not a time; write 2026-11-30T08:00 (in the newsletter's time zone) or 2026-11-30T08:00:00+01:00"
    )]
    Unreadable(String),
    /// The clocks skip this time when daylight saving begins.
    #[error(
        "{0} does not exist in {1}: the clocks are put forward over it; choose a time before or after"
    )]
    Skipped(String, String),
    /// Offset and time zone say different things.
    #[error("`{0}` contradicts itself: {1} has another offset then; leave one of the two out")]
    Contradiction(String, String),
    /// It is over.
    #[error("{at} has passed, it is {now}; choose a time ahead, or send at once by leaving it out")]
    Passed {
        /// The time that was asked for.
        at: String,
        /// The present.
        now: String,
    },
    /// It is too far ahead to be meant.
    #[error("{at} is more than two years ahead; check the year")]
    TooFar {
        /// The time that was asked for.
        at: String,
    },
}

/// Reads an RFC 3339 time, or a local time meant in `zone`. Either may name its own zone as RFC 9557
/// does, as in `2026-11-30T08:00[Asia/Almaty]`.
///
/// A local time that occurs twice when daylight saving ends means the first
/// of the two; one that is skipped is an error rather than a guess.
///
/// # Errors
/// When the text is no time, or names one that does not exist.
pub fn parse_schedule(text: &str, zone: &TimeZone) -> Result<Timestamp, ScheduleError> {
    parse(text, zone, false)
}

/// Reads the time of something that has happened, in the forms of [`parse_schedule`].
///
/// A local time that the clocks skip was written by somebody whose clock did not: it counts from the offset
/// before the gap, as in RFC 5545 §3.3.5.
///
/// # Errors
/// When the text is no time.
pub fn parse_past_time(text: &str, zone: &TimeZone) -> Result<Timestamp, ScheduleError> {
    parse(text, zone, true)
}

fn parse(text: &str, zone: &TimeZone, skipped_is_fine: bool) -> Result<Timestamp, ScheduleError> {
    let text = text.trim();
    let shown = || text.chars().take(MAX_SHOWN_CHARS).collect::<String>();
    let unreadable = || ScheduleError::Unreadable(shown());
    // The parser takes more forms than are promised: a date alone, hours without minutes, no dashes.
    if !has_date_and_minutes(text) {
        return Err(unreadable());
    }
    let pieces = Pieces::parse(text).map_err(|_| unreadable())?;
    let time = pieces.time().ok_or_else(unreadable)?;
    let local = pieces.date().to_datetime(time);
    let named = pieces
        .to_time_zone_with(&TimeZoneDatabase::bundled())
        .map_err(|_| unreadable())?;
    let Some(offset) = pieces.to_numeric_offset() else {
        let zone = named.as_ref().unwrap_or(zone);
        return in_zone(local, zone, skipped_is_fine).ok_or_else(unreadable)?;
    };
    let instant = offset.to_timestamp(local).map_err(|_| unreadable())?;
    match named {
        Some(named) if !fits(&named, instant, offset) => {
            Err(ScheduleError::Contradiction(shown(), name_of(&named)))
        }
        _ => Ok(instant),
    }
}

/// Whether an issue may be sent at this time.
///
/// # Errors
/// When it has passed by more than a minute, or is more than two years ahead.
pub fn check_schedule(at: Timestamp, now: Timestamp, zone: &TimeZone) -> Result<(), ScheduleError> {
    if at.saturating_add(GRACE).is_ok_and(|end| end < now) {
        let (at, now) = (zoned_time(at, zone), zoned_time(now, zone));
        return Err(ScheduleError::Passed { at, now });
    }
    let latest = now
        .to_zoned_datetime(zone.clone())
        .checked_add(Span::new().years(MAX_YEARS));
    if latest.is_ok_and(|latest| at > latest.timestamp()) {
        let at = zoned_time(at, zone);
        return Err(ScheduleError::TooFar { at });
    }
    Ok(())
}

/// A time as people of a zone read it, with its offset, its zone and the time in UTC.
#[must_use]
pub fn zoned_time(at: Timestamp, zone: &TimeZone) -> String {
    let local = at.to_zoned_datetime(zone.clone());
    let name = name_of(zone);
    let (shown, utc) = (
        local.strftime("%Y-%m-%d %H:%M %:z"),
        at.strftime("%Y-%m-%d %H:%M"),
    );
    format!("{shown} {name} ({utc} UTC)")
}

/// `YYYY-MM-DD`, `T` or a space, `HH:MM`, and whatever follows.
fn has_date_and_minutes(text: &str) -> bool {
    let pattern = b"dddd-dd-ddTdd:dd";
    let fits = |(given, wanted): (&u8, &u8)| match wanted {
        b'd' => given.is_ascii_digit(),
        b'T' => matches!(given, b'T' | b't' | b' '),
        other => given == other,
    };
    text.len() >= pattern.len() && text.as_bytes().iter().zip(pattern).all(fits)
}

/// A local time in a zone; `None` outside the years that are known.
fn in_zone(
    local: DateTime,
    zone: &TimeZone,
    skipped_is_fine: bool,
) -> Option<Result<Timestamp, ScheduleError>> {
    let possible = zone.to_ambiguous_timestamp(local);
    if !skipped_is_fine && matches!(possible.offset(), AmbiguousOffset::Gap { .. }) {
        let skipped = ScheduleError::Skipped(local.to_string(), name_of(zone));
        return Some(Err(skipped));
    }
    // Of a time that comes twice the earlier; one that is skipped counts from before the gap.
    possible.compatible().ok().map(Ok)
}

fn fits(zone: &TimeZone, instant: Timestamp, offset: Offset) -> bool {
    zone.to_offset(instant) == offset
}

fn name_of(zone: &TimeZone) -> String {
    zone.iana_name().unwrap_or("this time zone").to_owned()
}

#[cfg(test)]
mod tests {
    use super::{ScheduleError, check_schedule, parse_schedule, zoned_time};
    use crate::domain::time_zone;
    use jiff::Timestamp;

    fn paris(text: &str) -> Result<String, ScheduleError> {
        let zone = time_zone("Europe/Paris").unwrap();
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
            ("2027-02-01T08:00[Asia/Almaty]", "2027-02-01T03:00:00Z"),
            (
                "2027-02-01T08:00+05:00[Asia/Almaty]",
                "2027-02-01T03:00:00Z",
            ),
            ("2027-02-01T08:00:00Z[UTC]", "2027-02-01T08:00:00Z"),
        ] {
            assert_eq!(paris(given).as_deref(), Ok(instant), "{given}");
        }
    }

    #[test]
    fn refuses_times_that_do_not_exist() {
        for text in ["2026-03-29T02:30", "2026-03-29T02:30[Europe/Berlin]"] {
            assert!(
                matches!(paris(text), Err(ScheduleError::Skipped(..))),
                "{text}"
            );
        }
        for text in [
            "",
            "tomorrow",
            "2026-13-01T00:00",
            "08:00",
            "2027-02-01",
            "2027-02-01T08",
            "20270201T0800",
            "2027-W05-1T08:00",
            "2027-02-01T08:00 CET",
            "2027-02-01T08:00[Asia/Nowhere]",
            "2027-02-01T08:00[localtime]",
            "2027-02-30T08:00",
            "2027-02-01T08:00+25:99",
            "+002027-02-01T08:00",
            "２０２７-02-01T08:00",
        ] {
            assert!(
                matches!(paris(text), Err(ScheduleError::Unreadable(_))),
                "{text}"
            );
        }
        // Almaty was six hours ahead until 2024.
        let text = "2027-02-01T08:00+06:00[Asia/Almaty]";
        assert!(matches!(paris(text), Err(ScheduleError::Contradiction(..))));
    }

    #[test]
    fn a_time_is_ahead_and_not_too_far() -> Result<(), Box<dyn std::error::Error>> {
        let zone = time_zone("Asia/Almaty")?;
        let now: Timestamp = "2026-11-28T08:00:00Z".parse()?;
        let check = |text: &str| check_schedule(text.parse().unwrap(), now, &zone);
        for fine in [
            "2026-11-28T07:59:00Z",
            "2026-11-28T08:00:01Z",
            "2028-11-28T08:00:00Z",
        ] {
            assert_eq!(check(fine), Ok(()), "{fine}");
        }
        let passed = check("2026-11-28T07:58:59Z").unwrap_err().to_string();
        assert!(
            passed.contains("2026-11-28 12:58 +05:00 Asia/Almaty (2026-11-28 07:58 UTC)"),
            "{passed}"
        );
        assert!(passed.contains("it is 2026-11-28 13:00 +05:00"), "{passed}");
        assert!(check("2020-01-01T08:00:00Z").is_err());
        assert!(matches!(
            check("2028-11-28T08:00:01Z"),
            Err(ScheduleError::TooFar { .. })
        ));
        assert!(matches!(
            check("9999-01-01T00:00:00Z"),
            Err(ScheduleError::TooFar { .. })
        ));
        assert_eq!(
            zoned_time(now, &zone),
            "2026-11-28 13:00 +05:00 Asia/Almaty (2026-11-28 08:00 UTC)"
        );
        Ok(())
    }
}
