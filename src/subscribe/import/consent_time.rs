//! When consent was given, in the forms in which files tell it.

use std::borrow::Cow;

use jiff::Timestamp;

use crate::domain::{Newsletter, parse_past_time};

/// Before this year nobody consented to a newsletter.
const FIRST_YEAR: i16 = 1990;
/// The most of an unreadable text that is shown again, in characters.
const MAX_SHOWN_CHARS: usize = 40;

/// Reads a date, or a time as in RFC 3339, as databases print it (`2023-03-02 15:04:05.1 +0000 UTC`), or with the
/// day first and points between (`31.07.2024 10:00`). What names no zone is meant in that of the newsletter.
///
/// # Errors
/// Says what is wrong: it is none of these, lies in the future, or before anybody consented to a newsletter.
pub(super) fn consent_time(
    text: &str,
    newsletter: &Newsletter,
    now: Timestamp,
) -> Result<Timestamp, String> {
    let zone = &newsletter.time_zone;
    let unreadable = || {
        let shown: String = text.chars().take(MAX_SHOWN_CHARS).collect();
        format!(
            "consent_at: `{shown}` is not a date such as 2024-07-31 or 2024-07-31T10:00:00Z; if a spreadsheet has \
             changed it, give the cells of the column the format YYYY-MM-DD"
        )
    };
    let standard = standard_form(text).ok_or_else(unreadable)?;
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

/// The same time as RFC 3339 writes it, with or without an offset; none if it has too many words.
fn standard_form(text: &str) -> Option<String> {
    let mut words = text.split_whitespace();
    let (date, time) = (year_first(words.next()?), words.next());
    let (offset, abbreviation) = (words.next(), words.next());
    if words.next().is_some() {
        return None;
    }
    let is_offset = |word: &&str| word.starts_with(['+', '-']);
    let offset = match (offset, abbreviation) {
        (None, _) => "",
        (Some("UTC" | "GMT"), None) => "Z",
        // The abbreviation of a zone tells nothing that the offset does not.
        (Some(offset), None) if is_offset(&offset) => offset,
        (Some(offset), Some(zone)) if is_offset(&offset) && !is_offset(&zone) => offset,
        _ => return None,
    };
    Some(match time {
        None if date.len() == "2024-07-31".len() => format!("{date}T00:00"),
        None => date.into_owned(),
        Some(time) => format!("{date}T{time}{offset}"),
    })
}

/// `2024-07-31` of `31.07.2024` or `31.7.2024`: with points the day is first wherever they are used.
fn year_first(date: &str) -> Cow<'_, str> {
    let parts: Vec<&str> = date.split('.').collect();
    match parts[..] {
        [day, month, year] if year.len() == 4 && !day.contains('-') => {
            format!("{year}-{month:0>2}-{day:0>2}").into()
        }
        _ => date.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::standard_form;
    use crate::domain::{parse_past_time, time_zone};

    #[test]
    fn times_are_read_as_they_stand_in_files() {
        let cairo = time_zone("Africa/Cairo").unwrap();
        let read = |text: &str| {
            let standard = standard_form(text)?;
            parse_past_time(&standard, &cairo)
                .ok()
                .map(|at| at.to_string())
        };
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
            ("31.01.2024", "2024-01-30T22:00:00Z"),
            ("1.2.2024 10:00", "2024-02-01T08:00:00Z"),
            // The clocks of Cairo skip this midnight, and this hour.
            ("2024-04-26", "2024-04-25T22:00:00Z"),
            ("2024-04-26 00:30", "2024-04-25T22:30:00Z"),
        ] {
            assert_eq!(read(text).as_deref(), Some(instant), "{text}");
        }
        for text in [
            "",
            "yesterday",
            "31/01/2024",
            "01/31/2024 10:00",
            "2024-13-01",
            "31.13.2024",
            "2024-01-31 10:00 CEST",
            "2024-01-31 10:00 +0200 +0200",
            "2024-01-31 10:00 +0200 CEST m=+1",
            "45322",
        ] {
            assert_eq!(read(text), None, "{text}");
        }
    }
}
