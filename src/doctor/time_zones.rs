//! The rules of time zones: those of the program decide, and those of the machine may be newer.

use std::collections::BTreeMap;

use jiff::tz::{TimeZone, TimeZoneDatabase};
use jiff::{SignedDuration, Timestamp};

use super::Diagnosis;
use crate::domain::Newsletter;

/// How far ahead schedules may lie.
const DAYS_AHEAD: i64 = 730;

pub(super) fn examine(newsletters: &[Newsletter], now: Timestamp) -> Vec<Diagnosis> {
    let zones: BTreeMap<&str, &TimeZone> = newsletters
        .iter()
        .filter_map(|one| Some((one.time_zone.iana_name()?, &one.time_zone)))
        .collect();
    let machine = TimeZoneDatabase::from_env();
    let found = zones.into_iter().map(|(name, ours)| {
        let differs = machine
            .get(name)
            .is_ok_and(|theirs| differ(ours, &theirs, now));
        if !differs {
            return Diagnosis::green("time-zone", name, "its rules are known for two years");
        }
        let says =
            "the rules of this program and of this machine differ; those of the program count";
        let mend = "upgrade xabar, or the machine's package tzdata, whichever is older";
        Diagnosis::yellow("time-zone", name, says, mend)
    });
    found.collect()
}

fn differ(ours: &TimeZone, theirs: &TimeZone, now: Timestamp) -> bool {
    (0..DAYS_AHEAD).any(|day| {
        let ahead = SignedDuration::from_hours(24 * day);
        let at = now.saturating_add(ahead).unwrap_or(now);
        ours.to_offset(at) != theirs.to_offset(at)
    })
}

#[cfg(test)]
mod tests {
    use super::differ;
    use jiff::Timestamp;
    use jiff::tz::{TimeZone, offset};

    #[test]
    fn another_summer_time_is_seen() -> Result<(), Box<dyn std::error::Error>> {
        let winter: Timestamp = "2026-01-10T00:00:00Z".parse()?;
        let paris = crate::domain::time_zone("Europe/Paris")?;
        assert!(differ(&paris, &TimeZone::fixed(offset(1)), winter));
        assert!(!differ(
            &paris,
            &crate::domain::time_zone("Europe/Berlin")?,
            winter
        ));
        Ok(())
    }
}
