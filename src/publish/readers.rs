//! How many readers a newsletter has, gained and lost, for the home page of the desk.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp, ToSpan};

use crate::domain::{Newsletter, NewsletterId};
use crate::service::Service;
use crate::store::subscription::figures;
use crate::store::StoreError;

/// How many days are shown.
const DAYS: i64 = 30;
/// Figures older than this are counted anew while the old ones are still shown.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The readers of a newsletter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReaderFigures {
    /// When they were counted.
    pub at: Timestamp,
    /// Active readers.
    pub active: i64,
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

/// The figures that a process has counted lately: counting reads every subscription.
#[derive(Debug, Default)]
pub struct KeptFigures(Mutex<HashMap<NewsletterId, Kept>>);

#[derive(Debug, Clone)]
struct Kept {
    figures: Arc<ReaderFigures>,
    /// Whether somebody counts anew already.
    in_work: bool,
}

impl KeptFigures {
    fn with<T>(&self, act: impl FnOnce(&mut HashMap<NewsletterId, Kept>) -> T) -> T {
        act(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    fn keep(&self, newsletter: NewsletterId, figures: Arc<ReaderFigures>) {
        let in_work = false;
        self.with(|all| all.insert(newsletter, Kept { figures, in_work }));
    }
}

/// The readers of a newsletter, as they were at most some minutes ago.
///
/// # Errors
/// When they were never counted and the database cannot be used.
pub async fn reader_figures(
    kept: &Arc<KeptFigures>,
    service: &Service,
    newsletter: &Newsletter,
) -> Result<Arc<ReaderFigures>, StoreError> {
    let (id, now) = (newsletter.id, service.clock.now());
    let known = kept.with(|all| all.get(&id).cloned());
    let Some(known) = known else {
        let figures = Arc::new(count(service, newsletter).await?);
        kept.keep(id, figures.clone());
        return Ok(figures);
    };
    if now.duration_since(known.figures.at).abs() > GOOD_FOR && !known.in_work {
        kept.with(|all| all.entry(id).and_modify(|kept| kept.in_work = true));
        let (kept, service, newsletter) = (kept.clone(), service.clone(), newsletter.clone());
        let old = known.figures.clone();
        tokio::spawn(async move {
            let counted = count(&service, &newsletter).await;
            // A database that cannot be used now is asked again by the next who looks.
            let figures = counted.map_or(old, Arc::new);
            kept.keep(newsletter.id, figures);
        });
    }
    Ok(known.figures)
}

async fn count(service: &Service, newsletter: &Newsletter) -> Result<ReaderFigures, StoreError> {
    let at = service.clock.now();
    let today = newsletter.day(at);
    let first = today.saturating_sub((DAYS - 1).days());
    // Days of 24 hours from the first midnight: a change of the clocks moves an hour at most.
    let since = first
        .to_zoned(newsletter.time_zone.clone())
        .map_or(at, |midnight| midnight.timestamp());
    let mut db = service.store.read().await?;
    let active = figures::active(&mut db, newsletter.id).await?;
    let joined = figures::joined(&mut db, newsletter.id, since).await?;
    let left = figures::left(&mut db, newsletter.id, since).await?;
    let on = |counts: &[(i64, i64)], day: i64| {
        let of_day = counts.iter().filter(|(at, _)| (*at).min(DAYS - 1) == day);
        of_day.map(|(_, count)| count).sum()
    };
    let day = |day: i64| DayFigures {
        date: first.saturating_add(day.days()),
        joined: on(&joined, day),
        left: on(&left, day),
    };
    Ok(ReaderFigures {
        at,
        active,
        days: (0..DAYS).map(day).collect(),
    })
}
