//! How an issue went out over time.

use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use utoipa::ToSchema;

use crate::domain::Issue;
use crate::store::issue::sample::{self, Sample};
use crate::store::{Read, StoreError};

/// So many bars are read at a glance.
const BARS: i64 = 48;
/// The lengths that a bar may stand for, in seconds.
const LENGTHS: [i64; 9] = [10, 30, 60, 300, 900, 3_600, 10_800, 43_200, 86_400];

/// How many mails went out in each span of time.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct Course {
    /// How long each span is, in seconds.
    pub seconds: i64,
    /// The spans from the start on, without those at the end in which nothing happened.
    pub points: Vec<CoursePoint>,
}

/// One span.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, ToSchema)]
pub struct CoursePoint {
    /// When it begins, RFC 3339.
    pub at: String,
    /// Mails that were accepted in it.
    pub sent: i64,
    /// Mails that bounced or failed in it.
    pub refused: i64,
}

/// The course of an issue, by its samples.
pub(super) async fn of(db: &mut Read, issue: &Issue) -> Result<Course, StoreError> {
    let Some(started) = issue.started_at else {
        return Ok(Course::default());
    };
    let samples = sample::since(db, issue.id, started).await?;
    Ok(course(started, &samples))
}

fn course(started: Timestamp, samples: &[Sample]) -> Course {
    let Some(last) = samples.last() else {
        return Course::default();
    };
    let lasted = last.at.duration_since(started).as_secs().max(1);
    let longest = LENGTHS[LENGTHS.len() - 1];
    let seconds = LENGTHS.into_iter().find(|length| lasted / length < BARS);
    let seconds = seconds.unwrap_or(longest);
    let (mut points, mut before): (Vec<CoursePoint>, _) = (Vec::new(), (0, 0));
    for sample in samples {
        let counts = sample.counts;
        let now = (counts.sent, counts.bounced + counts.failed);
        let change = ((now.0 - before.0).max(0), (now.1 - before.1).max(0));
        before = now;
        if change == (0, 0) {
            continue;
        }
        // What a sample has new happened before it.
        let since = sample.at.duration_since(started).as_millis().max(1) - 1;
        let place = usize::try_from(since / 1_000 / i128::from(seconds)).unwrap_or_default();
        if points.len() <= place {
            points.resize_with(place + 1, CoursePoint::default);
        }
        points[place].sent += change.0;
        points[place].refused += change.1;
    }
    for (point, number) in points.iter_mut().zip(0_i64..) {
        let into = SignedDuration::from_secs(number * seconds);
        let at = started.saturating_add(into).unwrap_or(started);
        point.at = at.to_string();
    }
    Course { seconds, points }
}

#[cfg(test)]
mod tests {
    use super::{CoursePoint, course};
    use crate::domain::Counts;
    use crate::store::issue::sample::Sample;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn each_mail_is_in_the_span_in_which_it_went_out() {
        let start: Timestamp = "2026-11-30T07:00:00Z".parse().unwrap();
        let sample = |seconds: i64, sent, bounced| Sample {
            at: start + SignedDuration::from_secs(seconds),
            counts: Counts {
                sent,
                bounced,
                ..Counts::default()
            },
        };
        let samples = [
            sample(0, 0, 0),
            sample(10, 100, 1),
            sample(20, 300, 1),
            sample(45, 300, 2),
        ];
        let found = course(start, &samples);
        assert_eq!(found.seconds, 10);
        let point = |at: &str, sent, refused| CoursePoint {
            at: at.to_owned(),
            sent,
            refused,
        };
        assert_eq!(
            found.points,
            [
                point("2026-11-30T07:00:00Z", 100, 1),
                point("2026-11-30T07:00:10Z", 200, 0),
                point("2026-11-30T07:00:20Z", 0, 0),
                point("2026-11-30T07:00:30Z", 0, 0),
                point("2026-11-30T07:00:40Z", 0, 1),
            ]
        );
        let days = [sample(0, 0, 0), sample(3 * 86_400, 5, 0)];
        assert_eq!(course(start, &days).seconds, 10_800);
        assert!(course(start, &[]).points.is_empty());
    }
}
