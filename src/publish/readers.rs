//! How many readers a newsletter has, gained and lost, for the home page of the desk.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError};

use jiff::{SignedDuration, ToSpan};

use crate::domain::{DayFigures, Newsletter, NewsletterId, ReaderFigures, SubscriptionState};
use crate::log_limiter::failures;
use crate::service::{KeptFigures, Service};
use crate::store::StoreError;
use crate::store::subscription::{self, figures};

/// How many days are shown.
const DAYS: i64 = 30;
/// Figures older than this are counted anew while the old ones are still shown.
const GOOD_FOR: SignedDuration = SignedDuration::from_mins(5);

/// The readers of a newsletter, as they were at most some minutes ago.
///
/// # Errors
/// When they were never counted and the database cannot be used.
pub async fn reader_figures(
    service: &Service,
    newsletter: &Newsletter,
) -> Result<Arc<ReaderFigures>, StoreError> {
    let (id, now) = (newsletter.id, service.clock.now());
    let known = with_kept(service, |all| all.get(&id).cloned());
    let Some(known) = known else {
        return Ok(keep(
            service,
            id,
            Arc::new(count(service, newsletter).await?),
        ));
    };
    if now.duration_since(known.figures.at).abs() > GOOD_FOR && !known.in_work {
        with_kept(service, |all| {
            all.entry(id).and_modify(|kept| kept.in_work = true);
        });
        let (service, newsletter) = (service.clone(), newsletter.clone());
        tokio::spawn(async move {
            let _counting = Counting(&service, newsletter.id);
            match count(&service, &newsletter).await {
                Ok(figures) => drop(keep(&service, newsletter.id, Arc::new(figures))),
                // The next who looks asks again.
                Err(error) => {
                    failures::warn("readers cannot be counted; old figures are shown", &error)
                }
            }
        });
    }
    Ok(known.figures)
}

/// A count in work; however it ends, the next one may begin.
struct Counting<'a>(&'a Service, NewsletterId);

impl Drop for Counting<'_> {
    fn drop(&mut self) {
        with_kept(self.0, |all| {
            all.entry(self.1).and_modify(|kept| kept.in_work = false);
        });
    }
}

/// Counting reads every subscription, so a process keeps what it has counted.
fn with_kept<T>(
    service: &Service,
    act: impl FnOnce(&mut HashMap<NewsletterId, KeptFigures>) -> T,
) -> T {
    let kept = service.reader_figures.lock();
    act(&mut kept.unwrap_or_else(PoisonError::into_inner))
}

fn keep(service: &Service, id: NewsletterId, figures: Arc<ReaderFigures>) -> Arc<ReaderFigures> {
    let kept = KeptFigures {
        figures: figures.clone(),
        in_work: false,
    };
    with_kept(service, |all| all.insert(id, kept));
    figures
}

async fn count(service: &Service, newsletter: &Newsletter) -> Result<ReaderFigures, StoreError> {
    let at = service.clock.now();
    let today = newsletter.day(at);
    let first = today.saturating_sub((DAYS - 1).days());
    // Days of 24 hours from the first midnight: a change of the clocks moves an hour at most.
    let midnight = newsletter.time_zone.to_timestamp(first.at(0, 0, 0, 0));
    let since = midnight.unwrap_or(at);
    let mut db = service.store.read().await?;
    let active = subscription::count(&mut db, newsletter.id, SubscriptionState::Active).await?;
    let joined = figures::joined(&mut db, newsletter.id, since).await?;
    let imported = figures::imported(&mut db, newsletter.id, since).await?;
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
        imported,
        days: (0..DAYS).map(day).collect(),
    })
}
