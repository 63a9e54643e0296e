//! How many readers a newsletter has, gained and lost.

use jiff::Timestamp;
use jiff::civil::Date;

/// The readers of a newsletter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderFigures {
    /// When they were counted.
    pub at: Timestamp,
    /// Active readers.
    pub active: i64,
    /// Who was imported in these days with an older consent, and so is in none of them.
    pub imported: i64,
    /// The last 30 days, the oldest first.
    pub days: Vec<DayFigures>,
}

/// One day, in the newsletter's time zone.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DayFigures {
    /// Which.
    pub date: Date,
    /// Readers who confirmed.
    pub joined: i64,
    /// Readers who left, or whose address ended.
    pub left: i64,
}

impl ReaderFigures {
    /// Who confirmed in these days.
    #[must_use]
    pub fn joined(&self) -> i64 {
        self.days.iter().map(|day| day.joined).sum()
    }

    /// Who left in these days.
    #[must_use]
    pub fn left(&self) -> i64 {
        self.days.iter().map(|day| day.left).sum()
    }
}
