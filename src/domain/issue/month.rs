//! A month of a calendar, for what is put together once a month.

use jiff::civil::{Date, Time};
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan};

/// A month of a year, as in `2026-11`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    first: Date,
}

/// A text that is no month.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a month such as 2026-11")]
pub struct BadMonth(String);

impl Month {
    /// The month of a day.
    #[must_use]
    pub fn of(day: Date) -> Self {
        Self {
            first: day.first_of_month(),
        }
    }

    /// The one before; the first that there is has itself before it.
    #[must_use]
    pub fn previous(self) -> Self {
        Self::of(self.first.saturating_sub(1.day()))
    }

    /// The one after; the last that there is has itself after it.
    #[must_use]
    pub fn next(self) -> Self {
        Self::of(self.first.saturating_add(1.month()))
    }

    /// The year.
    #[must_use]
    pub fn year(self) -> i16 {
        self.first.year()
    }

    /// The number of the month in its year, from 1.
    #[must_use]
    pub fn number(self) -> i8 {
        self.first.month()
    }

    /// When it begins there.
    ///
    /// # Errors
    /// When it lies at the very edge of time.
    pub fn begin(self, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        self.at(1, 0, zone)
    }

    /// An hour of one of its days, both within their ranges; one that the clocks skip is the
    /// next there is.
    ///
    /// # Errors
    /// When there is no such day or hour.
    pub fn at(self, day: i8, hour: i8, zone: &TimeZone) -> Result<Timestamp, jiff::Error> {
        let day = self.first.with().day(day).build()?;
        let time = Time::new(hour, 0, 0, 0)?;
        zone.to_ambiguous_timestamp(day.to_datetime(time))
            .compatible()
    }
}

impl std::fmt::Display for Month {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "{:04}-{:02}", self.year(), self.number())
    }
}

impl std::str::FromStr for Month {
    type Err = BadMonth;

    fn from_str(text: &str) -> Result<Self, BadMonth> {
        let bad = || BadMonth(text.chars().take(40).collect());
        let (year, month) = text.split_once('-').ok_or_else(bad)?;
        let digits = |text: &str| text.bytes().all(|b| b.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return Err(bad());
        }
        let (year, month) = (year.parse().ok(), month.parse().ok());
        let first = year.zip(month);
        let first = first.and_then(|(year, month)| Date::new(year, month, 1).ok());
        first.map(Self::of).ok_or_else(bad)
    }
}

impl serde::Serialize for Month {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::Month;
    use jiff::civil::date;

    #[test]
    fn months_follow_each_other_over_the_year() {
        let december = Month::of(date(2026, 12, 31));
        assert_eq!(december.to_string(), "2026-12");
        assert_eq!(december.next().to_string(), "2027-01");
        assert_eq!(december.next().previous(), december);
        assert_eq!("2026-12".parse(), Ok(december));
        for text in [
            "2026-13",
            "2026-1",
            "26-01",
            "2026",
            "2026-12-01",
            "-2026-12",
            "2026-+1",
        ] {
            assert!(text.parse::<Month>().is_err(), "{text}");
        }
    }

    #[test]
    fn a_month_begins_where_the_readers_are() {
        let zone = crate::domain::time_zone("Europe/Paris").unwrap();
        let month = Month::of(date(2026, 11, 5));
        assert_eq!(
            month.begin(&zone).unwrap().to_string(),
            "2026-10-31T23:00:00Z"
        );
        assert_eq!(
            month.at(2, 8, &zone).unwrap().to_string(),
            "2026-11-02T07:00:00Z"
        );
        // 29 March 2026: there is no 02:00.
        let march = Month::of(date(2026, 3, 1));
        assert_eq!(
            march.at(29, 2, &zone).unwrap().to_string(),
            "2026-03-29T01:00:00Z"
        );
    }
}
