//! When consent was given, in the forms in which files tell it.

use std::borrow::Cow;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::parse_past_time;

/// Before this year nobody consented to a newsletter.
const FIRST_YEAR: i16 = 1990;
/// The most of an unreadable text that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 40;
/// Words that stand in a time and tell nothing.
const CONNECTING: [&str; 8] = ["à", "at", "um", "в", "г.", "г", "Uhr", "alle"];

/// What comes first in dates with slashes or dashes that do not begin with the year.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum DateOrder {
    /// `31/07/2024`.
    DayFirst,
    /// `07/31/2024`.
    MonthFirst,
}

/// An order that cannot be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error(
    "write dmy where the day comes first (31/07/2024), or mdy where the month does (07/31/2024)"
)]
pub struct DateOrderError;

impl std::str::FromStr for DateOrder {
    type Err = DateOrderError;

    fn from_str(text: &str) -> Result<Self, DateOrderError> {
        match text {
            "dmy" => Ok(Self::DayFirst),
            "mdy" => Ok(Self::MonthFirst),
            _ => Err(DateOrderError),
        }
    }
}

/// How the times of a file are meant.
#[derive(Debug, Clone)]
pub(super) struct Times {
    /// Where a day is that day.
    pub(super) zone_of_days: TimeZone,
    /// Whose clock a time is of that names no zone.
    pub(super) zone_of_times: TimeZone,
    pub(super) order: Option<DateOrder>,
}

impl Times {
    /// Reads a date, or a time as in RFC 3339, as databases print it (`2023-03-02 15:04:05.1 +0000 UTC`), or with the
    /// day first and points between (`31.07.2024 10:00`).
    ///
    /// # Errors
    /// Says what is wrong: it is none of these, lies in the future, or before anybody consented to a newsletter.
    pub(super) fn read(&self, text: &str, now: Timestamp) -> Result<Timestamp, String> {
        let text = text.trim_matches(is_unseen);
        let unreadable = || self.unreadable(text);
        let (standard, is_day) = standard_form(text, self.order).ok_or_else(unreadable)?;
        let zone = match is_day {
            true => &self.zone_of_days,
            false => &self.zone_of_times,
        };
        let at = parse_past_time(&standard, zone).map_err(|_| unreadable())?;
        if at > now {
            return Err("consent_at lies in the future".into());
        }
        if zone.to_datetime(at).year() < FIRST_YEAR {
            return Err(format!(
                "consent_at: {text} is before {FIRST_YEAR}, when nobody had consented to a newsletter; spreadsheets \
                 write such dates for empty or broken cells"
            ));
        }
        Ok(at)
    }

    fn unreadable(&self, text: &str) -> String {
        let shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
        let is_number = text
            .bytes()
            .all(|o| o.is_ascii_digit() || matches!(o, b'.' | b','));
        let whole = text.split(['.', ',']).next().unwrap_or_default().len();
        if is_number && text.matches(['.', ',']).count() <= 1 && (4..=6).contains(&whole) {
            return format!(
                "consent_at: `{shown}` is a spreadsheet's number of a day: give the cells of the column the format \
                 YYYY-MM-DD"
            );
        }
        if is_number && whole >= 9 {
            return format!(
                "consent_at: `{shown}` seems to count the seconds since 1970: give it as a time such as \
                 2024-07-31T10:00:00Z"
            );
        }
        let ordered = |order| standard_form(text, order).is_some();
        if self.order.is_none() && ordered(Some(DateOrder::DayFirst)) && !ordered(None) {
            return format!(
                "consent_at: `{shown}` does not tell whether its day or its month comes first: add --date-order dmy or \
                 --date-order mdy"
            );
        }
        format!(
            "consent_at: `{shown}` is not a date such as 2024-07-31 or 2024-07-31T10:00:00Z, with all digits of the \
             year; if a spreadsheet has changed it, give the cells of the column the format YYYY-MM-DD"
        )
    }
}

/// White space and what is not seen: mails and pages leave it around what is copied from them.
fn is_unseen(c: char) -> bool {
    c.is_whitespace()
        || c.is_control()
        || matches!(c, '\u{ad}' | '\u{200b}'..='\u{200f}' | '\u{202a}'..='\u{202e}' | '\u{2060}'..='\u{2064}' | '\u{feff}')
}

/// The same time as RFC 3339 writes it, with or without an offset, and whether it is a day alone; none if it has too many
/// words, or an order that is not known.
fn standard_form(text: &str, order: Option<DateOrder>) -> Option<(String, bool)> {
    let words = text.split_whitespace();
    let mut words = words.filter(|word| !CONNECTING.contains(word));
    let date = year_first(words.next()?.trim_end_matches(','), order)?;
    let Some(time) = words.next() else {
        let is_day = date.len() == "2024-07-31".len();
        let text = match is_day {
            true => format!("{date}T00:00"),
            false => date.into_owned(),
        };
        return Some((text, is_day));
    };
    let mut words = words.peekable();
    let half = words.next_if(|word| half_of_day(word).is_some());
    let time = with_two_digits(time, half)?;
    let (offset, abbreviation) = (words.next(), words.next());
    if words.next().is_some() {
        return None;
    }
    let is_offset = |word: &str| word.starts_with(['+', '-']);
    let offset = match (offset, abbreviation) {
        (None, _) => "",
        (Some("UTC" | "GMT" | "Z"), None) => "Z",
        (Some(offset), None) if is_offset(offset) => offset,
        // What abbreviates a zone tells nothing that the offset does not; zones without letters repeat it.
        (Some(offset), Some(zone))
            if is_offset(offset) && (!is_offset(zone) || minutes(offset)? == minutes(zone)?) =>
        {
            offset
        }
        _ => return None,
    };
    Some((format!("{date}T{time}{offset}"), false))
}

/// An offset such as `+05`, `+0530` or `+05:30` in minutes.
fn minutes(offset: &str) -> Option<i32> {
    let (sign, digits) = offset.split_at_checked(1)?;
    let digits = digits.replace(':', "");
    let (hours, rest) = digits.split_at_checked(2)?;
    let hours = hours.parse::<i32>().ok()?;
    let minutes = match rest {
        "" => hours * 60,
        rest if rest.len() == 2 => hours * 60 + rest.parse::<i32>().ok()?,
        _ => return None,
    };
    Some(if sign == "-" { -minutes } else { minutes })
}

/// Whether a word names the first or the second half of the day.
fn half_of_day(word: &str) -> Option<u32> {
    let word = word.trim_end_matches('.');
    let is = |half: &str| word.eq_ignore_ascii_case(half);
    match word {
        _ if is("am") || is("a.m") => Some(0),
        _ if is("pm") || is("p.m") => Some(12),
        _ => None,
    }
}

/// A time with two digits for the hour: spreadsheets write one before ten.
fn with_two_digits<'a>(time: &'a str, half: Option<&str>) -> Option<Cow<'a, str>> {
    let end = time.find(|c: char| !c.is_ascii_digit())?;
    let (hour, rest) = time.split_at(end);
    match half.and_then(half_of_day) {
        None if hour.len() == 1 => Some(format!("0{hour}{rest}").into()),
        None => Some(time.into()),
        Some(half) => {
            let hour = hour.parse::<u32>().ok();
            let hour = hour.filter(|hour| (1..=12).contains(hour))?;
            Some(format!("{:02}{rest}", hour % 12 + half).into())
        }
    }
}

/// `2024-07-31` of `31.07.2024`, `31.7.2024` or `2024/07/31`: with points the day is first wherever they are used. None if
/// the order of day and month has to be known.
fn year_first(date: &str, order: Option<DateOrder>) -> Option<Cow<'_, str>> {
    let separator = date.chars().find(|c| !c.is_ascii_digit())?;
    let mut parts = date.split(separator);
    let (Some(first), Some(second), Some(third), None) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Some(date.into());
    };
    let are_numbers = [first, second, third]
        .iter()
        .all(|part| part.bytes().all(|octet| octet.is_ascii_digit()));
    if !are_numbers {
        return Some(date.into());
    }
    let (year, month, day) = match (separator, order) {
        ('.' | '/' | '-', _) if first.len() == 4 => (first, second, third),
        _ if third.len() != 4 => return None,
        ('.', _) | ('/' | '-', Some(DateOrder::DayFirst)) => (third, second, first),
        ('/' | '-', Some(DateOrder::MonthFirst)) => (third, first, second),
        _ => return None,
    };
    Some(format!("{year}-{month:0>2}-{day:0>2}").into())
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;
    use proptest::prelude::*;

    use super::{DateOrder, Times};
    use crate::domain::time_zone;

    fn times(order: Option<DateOrder>) -> Times {
        let cairo = time_zone("Africa/Cairo").unwrap();
        Times {
            zone_of_days: cairo.clone(),
            zone_of_times: cairo,
            order,
        }
    }

    fn read(times: &Times, text: &str) -> Result<String, String> {
        let now = "2030-01-01T00:00:00Z".parse::<Timestamp>().unwrap();
        times.read(text, now).map(|at| at.to_string())
    }

    #[test]
    fn times_are_read_as_they_stand_in_files() {
        let times = times(None);
        for (text, instant) in [
            ("2024-01-31", "2024-01-30T22:00:00Z"),
            ("2024-07-31T10:00:00Z", "2024-07-31T10:00:00Z"),
            ("2024-07-31 10:00:00", "2024-07-31T07:00:00Z"),
            ("2024-07-31 10:00 UTC", "2024-07-31T10:00:00Z"),
            ("2024-07-31 10:00:00 GMT", "2024-07-31T10:00:00Z"),
            ("2024-07-31 10:00:00+02", "2024-07-31T08:00:00Z"),
            ("2024-07-31 10:00:00.25 +0200", "2024-07-31T08:00:00.25Z"),
            (
                "2023-03-02 15:04:05.123456 +0000 UTC",
                "2023-03-02T15:04:05.123456Z",
            ),
            ("2023-07-02 15:04:05 +0200 CEST", "2023-07-02T13:04:05Z"),
            // Zones without letters: Almaty and Tashkent, and UTC as some databases name it.
            ("2023-03-02 15:04:05.1 +0600 +06", "2023-03-02T09:04:05.1Z"),
            ("2023-03-02 15:04:05 +0530 +0530", "2023-03-02T09:34:05Z"),
            ("2023-03-02 15:04:05 +0000 +0000", "2023-03-02T15:04:05Z"),
            ("2023-03-02 15:04:05 -0300 -03", "2023-03-02T18:04:05Z"),
            ("31.01.2024", "2024-01-30T22:00:00Z"),
            ("1.2.2024 10:00", "2024-02-01T08:00:00Z"),
            ("05.03.2024 9:30", "2024-03-05T07:30:00Z"),
            ("05.03.2024 9:30:05", "2024-03-05T07:30:05Z"),
            ("05.03.2024 г.", "2024-03-04T22:00:00Z"),
            ("05.03.2024, 14:30 Uhr", "2024-03-05T12:30:00Z"),
            ("2024/3/5", "2024-03-04T22:00:00Z"),
            ("\u{200b}2024-03-05\u{a0}", "2024-03-04T22:00:00Z"),
            ("2024-03-05 2:30 PM", "2024-03-05T12:30:00Z"),
            ("2024-03-05 12:30:00 am", "2024-03-04T22:30:00Z"),
            // The clocks of Cairo skip this midnight, and this hour.
            ("2024-04-26", "2024-04-25T22:00:00Z"),
            ("2024-04-26 00:30", "2024-04-25T22:30:00Z"),
        ] {
            assert_eq!(read(&times, text).as_deref(), Ok(instant), "{text}");
        }
        for (text, why) in [
            ("", "is not a date"),
            ("yesterday", "is not a date"),
            ("31/01/2024", "add --date-order"),
            ("01/31/2024 10:00", "add --date-order"),
            ("02-03-2023 15:04:05", "add --date-order"),
            ("2024-13-01", "is not a date"),
            ("31.13.2024", "is not a date"),
            ("05.03.24", "all digits of the year"),
            ("2024-01-31 10:00 CEST", "is not a date"),
            ("2024-01-31 10:00 +0200 +0300", "is not a date"),
            ("2024-01-31 10:00 +0200 CEST m=+1", "is not a date"),
            ("2024-01-31 13:00 PM", "is not a date"),
            ("45322", "spreadsheet's number of a day"),
            ("45322,5", "spreadsheet's number of a day"),
            ("1709632800", "seconds since 1970"),
            ("0", "is not a date"),
        ] {
            let said = read(&times, text).unwrap_err();
            assert!(
                said.starts_with("consent_at") && said.contains(why),
                "{text}: {said}"
            );
        }
    }

    proptest! {
        #[test]
        fn whatever_stands_there_is_a_time_or_refused(text in "[-+0-9:./, TZépm]{0,30}|.{0,30}") {
            for order in [None, Some(DateOrder::DayFirst), Some(DateOrder::MonthFirst)] {
                let _ = read(&times(order), &text);
            }
        }

        #[test]
        fn offsets_are_compared_whatever_they_are(one in "[-+0-9:é]{0,7}", other in "[-+0-9:é]{0,7}") {
            let _ = read(&times(None), &format!("2024-03-05 10:00 +{one} +{other}"));
        }
    }

    #[test]
    fn what_comes_first_is_asked_and_never_guessed() {
        let (day, month) = (
            times(Some(DateOrder::DayFirst)),
            times(Some(DateOrder::MonthFirst)),
        );
        for (text, with_day, with_month) in [
            (
                "05/03/2024",
                Some("2024-03-04T22:00:00Z"),
                Some("2024-05-02T21:00:00Z"),
            ),
            (
                "2-3-2023 15:04:05",
                Some("2023-03-02T13:04:05Z"),
                Some("2023-02-03T13:04:05Z"),
            ),
            ("31/07/2024", Some("2024-07-30T21:00:00Z"), None),
            ("7/31/2024 2:30 PM", None, Some("2024-07-31T11:30:00Z")),
            (
                "05.03.2024",
                Some("2024-03-04T22:00:00Z"),
                Some("2024-03-04T22:00:00Z"),
            ),
            (
                "2024-03-05",
                Some("2024-03-04T22:00:00Z"),
                Some("2024-03-04T22:00:00Z"),
            ),
        ] {
            assert_eq!(read(&day, text).ok().as_deref(), with_day, "{text}");
            assert_eq!(read(&month, text).ok().as_deref(), with_month, "{text}");
        }
        assert_eq!("dmy".parse(), Ok(DateOrder::DayFirst));
        assert!("ymd".parse::<DateOrder>().is_err());
    }

    #[test]
    fn a_zone_of_times_moves_no_day() {
        let utc = Times {
            zone_of_times: jiff::tz::TimeZone::UTC,
            ..times(None)
        };
        assert_eq!(
            read(&utc, "2024-01-31 10:00").as_deref(),
            Ok("2024-01-31T10:00:00Z")
        );
        assert_eq!(
            read(&utc, "2024-01-31").as_deref(),
            Ok("2024-01-30T22:00:00Z")
        );
    }
}
