//! Time zones by name, by the rules that this program carries.

use jiff::tz::{TimeZone, TimeZoneDatabase};

/// A time zone that is not in the database.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "`{0}` is no time zone of the IANA database; write one such as Europe/Paris or Asia/Almaty"
)]
pub struct UnknownTimeZone(pub String);

/// The zone with this name in the IANA database that is part of this program. The database of the
/// machine is not read: one that is years old would move an issue by an hour (Almaty changed its
/// offset in 2024), and two machines could disagree.
///
/// # Errors
/// When there is no such zone. `localtime` and the like name the machine's zone and are none.
pub fn time_zone(name: &str) -> Result<TimeZone, UnknownTimeZone> {
    TimeZoneDatabase::bundled()
        .get(name)
        .map_err(|_| UnknownTimeZone(name.chars().take(60).collect()))
}

#[cfg(test)]
mod tests {
    use super::time_zone;
    use jiff::{Timestamp, tz::Offset};

    #[test]
    fn zones_are_those_of_the_program() -> Result<(), Box<dyn std::error::Error>> {
        let almaty = time_zone("Asia/Almaty")?;
        for (day, hours) in [("2024-02-29T00:00:00Z", 6), ("2024-03-02T00:00:00Z", 5)] {
            let offset = almaty.to_offset(day.parse::<Timestamp>()?);
            assert_eq!(offset, Offset::constant(hours), "{day}");
        }
        for name in [
            "localtime",
            "Local",
            "posix/Europe/Paris",
            "Europe/Nowhere",
            "",
            "+05:00",
            "../etc/passwd",
        ] {
            assert!(time_zone(name).is_err(), "{name}");
        }
        Ok(())
    }
}
