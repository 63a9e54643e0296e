use super::{Limits, Quota, Scope, Throttle};
use jiff::{SignedDuration, Timestamp};

fn at(seconds: i64) -> Timestamp {
    Timestamp::UNIX_EPOCH + SignedDuration::from_hours(1000) + SignedDuration::from_secs(seconds)
}

/// How many messages are sent in each second when all that are permitted are.
fn flow(throttle: &mut Throttle, limits: Limits, seconds: impl Iterator<Item = i64>) -> Vec<i64> {
    seconds
        .map(|second| {
            let permits = throttle.permits(limits, at(second));
            throttle.take(limits, at(second), permits);
            permits
        })
        .collect()
}

#[test]
fn keeps_the_rate_and_allows_no_burst_after_a_pause() {
    let mut throttle = Throttle::new(Scope::Provider, "gmail");
    let limits = Limits {
        per_second: Some(2.5),
        quota: None,
    };
    let sent = flow(&mut throttle, limits, 0..101);
    assert_eq!(
        sent.iter().sum::<i64>(),
        253,
        "three at once, then 2.5 a second"
    );
    assert_eq!(throttle.permits(limits, at(1000)), 3);
    let slow = Limits {
        per_second: Some(0.1),
        quota: None,
    };
    let mut throttle = Throttle::new(Scope::Provider, "orange");
    assert_eq!(flow(&mut throttle, slow, 0..100).iter().sum::<i64>(), 10);
}

#[test]
fn a_quota_ends_with_its_window_which_begins_with_the_first_message() {
    let mut throttle = Throttle::new(Scope::Relay, "main");
    let length = SignedDuration::from_hours(1);
    let quota = Some(Quota {
        messages: 1000,
        length,
    });
    let limits = Limits {
        per_second: None,
        quota,
    };
    throttle.take(limits, at(600), 1);
    assert_eq!(throttle.permits(limits, at(601)), 999);
    throttle.take(limits, at(601), 1004);
    assert_eq!(
        throttle.permits(limits, at(4199)),
        0,
        "transactional mails went on"
    );
    assert_eq!(throttle.permits(limits, at(4200)), 1000);
}

#[test]
fn a_clock_that_is_set_back_blocks_nothing() {
    let length = SignedDuration::from_hours(1);
    let limits = Limits {
        per_second: Some(5.0),
        quota: Some(Quota {
            messages: 10,
            length,
        }),
    };
    let mut throttle = Throttle::new(Scope::Relay, "main");
    let (ahead, right) = (at(200_000), at(0));
    throttle.take(limits, ahead, 10);
    throttle.slow_down(limits, None, ahead);
    assert_eq!(throttle.permits(limits, ahead), 0);
    assert_eq!(throttle.permits(limits, right), 5);
    throttle.take(limits, right, 5);
    assert_eq!(throttle.permits(limits, right), 0, "counted as ever");
    assert_eq!(throttle.permits(limits, at(1)), 5);
    assert_eq!(
        throttle.slow_down(limits, None, at(2)),
        Some(2.5),
        "and slowed"
    );
}

#[test]
fn what_did_not_go_after_all_may_go_again() {
    let length = SignedDuration::from_hours(1);
    let quota = Some(Quota {
        messages: 8,
        length,
    });
    let limits = Limits {
        per_second: None,
        quota,
    };
    let mut throttle = Throttle::new(Scope::Relay, "main");
    throttle.take(limits, at(0), 8);
    assert_eq!(throttle.permits(limits, at(0)), 0);
    throttle.refund(3);
    assert_eq!(throttle.permits(limits, at(0)), 3);
    throttle.refund(9);
    assert_eq!(
        throttle.permits(limits, at(0)),
        8,
        "no more than there were"
    );
}

#[test]
fn a_throttled_rate_is_halved_and_recovers() {
    let none = Limits::default();
    let mut throttle = Throttle::new(Scope::Provider, "gmx");
    assert_eq!(throttle.permits(none, at(0)), i64::MAX);
    assert_eq!(throttle.slow_down(none, None, at(0)), Some(10.0));
    assert_eq!(throttle.permits(none, at(0)), 0);
    assert_eq!(
        throttle.slow_down(none, None, at(5)),
        None,
        "a reply to the old rate"
    );
    let again = throttle.slow_down(none, None, at(40)).unwrap_or_default();
    assert!((again - 5.0).abs() < 1e-9, "{again}");
    assert_eq!(throttle.rate(none, at(3600)), Some(5.0), "nothing was sent");
    for second in 100..1200 {
        let permits = throttle.permits(none, at(second)).min(10_000);
        throttle.take(none, at(second), permits);
        throttle.accepted(permits);
    }
    assert_eq!(throttle.rate(none, at(1200)), None, "it takes all");
    let limits = Limits {
        per_second: Some(20.0),
        quota: None,
    };
    assert_eq!(throttle.rate(limits, at(3600)), Some(20.0));
    assert_eq!(throttle.slow_down(limits, None, at(3600)), Some(10.0));
}

#[test]
fn a_rate_is_halved_from_what_was_really_taken() {
    let none = Limits::default();
    let mut throttle = Throttle::new(Scope::Provider, "gmx");
    assert_eq!(throttle.slow_down(none, Some(800.0), at(0)), Some(400.0));
    let again = throttle.slow_down(none, Some(90.0), at(60));
    assert_eq!(again, Some(45.0), "it took less than it might have");
}
