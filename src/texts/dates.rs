//! Dates and durations in words.

use jiff::civil::{Date, DateTime};

use super::text;
use crate::domain::Language;

/// A date in full: `lundi 8 juillet 2024`.
#[must_use]
pub fn long_date(language: Language, date: Date) -> String {
    let weekday = date.weekday().to_monday_one_offset();
    let values = [
        (
            "weekday",
            text(language, &format!("weekday-{weekday}"), &[]).into(),
        ),
        ("day", date.day().into()),
        (
            "month",
            text(language, &format!("month-{}", date.month()), &[]).into(),
        ),
        ("year", date.year().to_string().into()),
    ];
    text(language, "date-long", &values)
}

/// A time in full: `lundi 8 juillet 2024, 08:00`.
#[must_use]
pub fn local_time(language: Language, at: DateTime) -> String {
    let date = long_date(language, at.date());
    format!("{date}, {}", at.strftime("%H:%M"))
}

/// A number of hours in words, in whole days where that is shorter.
#[must_use]
pub fn duration(language: Language, hours: u32) -> String {
    let (key, count) = if hours >= 48 && hours.is_multiple_of(24) {
        ("duration-days", hours / 24)
    } else {
        ("duration-hours", hours)
    };
    text(language, key, &[("count", count.into())])
}

#[cfg(test)]
mod tests {
    use super::{duration, long_date};
    use crate::domain::Language;
    use jiff::civil::date;

    #[test]
    fn dates_read_well_in_each_language() {
        let (summit, labour) = (date(2024, 7, 8), date(2026, 5, 1));
        assert_eq!(long_date(Language::Fr, summit), "lundi 8 juillet 2024");
        assert_eq!(long_date(Language::Fr, labour), "vendredi 1er mai 2026");
        assert_eq!(long_date(Language::En, summit), "Monday, 8 July 2024");
        assert_eq!(long_date(Language::De, summit), "Montag, 8. Juli 2024");
        assert_eq!(
            long_date(Language::Ru, summit),
            "понедельник, 8\u{a0}июля 2024\u{a0}г."
        );
    }

    #[test]
    fn durations_are_counted_in_days_when_they_are_long() {
        assert_eq!(duration(Language::Fr, 1), "une heure");
        assert_eq!(duration(Language::De, 36), "36 Stunden");
        assert_eq!(duration(Language::En, 168), "7 days");
        for (hours, words) in [
            (1, "1 час"),
            (21, "21 час"),
            (24, "24 часа"),
            (11, "11 часов"),
        ] {
            let spaced = duration(Language::Ru, hours).replace('\u{a0}', " ");
            assert_eq!(spaced, words);
        }
    }
}
