//! The database: whether it can be used, in what condition it is, and whether the key is its own.

use std::path::Path;

use jiff::Timestamp;
use tokio::time::timeout;

use super::{Diagnosis, PATIENCE, workers};
use crate::clock::Clock;
use crate::config::Settings;
use crate::domain::LinkKey;
use crate::instance;
use crate::own_files;
use crate::service::Service;
use crate::store::condition::{self, Condition};
use crate::store::{self, FileTrouble, Read, Store, StoreError};

/// The versions of PostgreSQL that were tried.
const TRIED: std::ops::RangeInclusive<u32> = 13..=18;
/// Free octets on the disk of an SQLite file.
const LITTLE_SPACE: u64 = 1_000_000_000;
const NO_SPACE: u64 = 100_000_000;
/// How far the clock of the server may be away, in seconds: a lease must not end before it begins.
const CLOCK_MATTERS: i64 = 5;
const CLOCK_WRONG: i64 = 60;
/// What a process with a worker has besides `database.connections`.
const BESIDE_THE_POOL: i64 = 2;
const MORE_CONNECTIONS: &str =
    "raise max_connections of PostgreSQL, or lower `database.connections`";
const MIGRATE: &str = "run `xabar migrate` with these settings, or name others with --config";

pub(super) async fn examine(
    settings: &Settings,
    key: Option<&LinkKey>,
    clock: &Clock,
) -> (Option<Store>, Vec<Diagnosis>) {
    let open = Store::open_existing(&settings.database.url, 1);
    let store = match timeout(PATIENCE, open).await {
        Ok(Ok(Some(store))) => store,
        Ok(Ok(None)) => {
            let says = "there is no database of Xabar";
            return (None, vec![Diagnosis::red("database", "", says, MIGRATE)]);
        }
        Ok(Err(why)) => return (None, unusable_and_disk(&why, settings)),
        Err(_) => return (None, vec![silent()]),
    };
    let read = async {
        let mut db = store.read().await?;
        let before = clock.now();
        let condition = condition::read(&mut db).await?;
        let mut found = of(&condition, settings, before, clock.now());
        if let Some(key) = key {
            found.push(key_of(&mut db, key, settings).await?);
        }
        found.extend(held(&mut db).await?);
        found.extend(paused_relays(&mut db).await?);
        found.extend(workers::examine(&mut db, clock.now()).await?);
        Ok::<_, StoreError>(found)
    };
    let found = match timeout(PATIENCE, read).await {
        Ok(Ok(found)) => found,
        Ok(Err(why)) => unusable_and_disk(&why, settings),
        Err(_) => vec![silent()],
    };
    (Some(store), found)
}

/// What the database says of itself, such as too few connections for all pools.
///
/// # Errors
/// When the database cannot be used.
pub(super) async fn condition(service: &Service) -> Result<Vec<Diagnosis>, StoreError> {
    let before = service.clock.now();
    let condition = condition::read(&mut service.store.read().await?).await?;
    Ok(of(
        &condition,
        &service.settings,
        before,
        service.clock.now(),
    ))
}

fn silent() -> Diagnosis {
    let says = format!("no answer within {} seconds", PATIENCE.as_secs());
    let mend = "start the database, or correct `database.url`";
    Diagnosis::red("database", "", says, mend)
}

/// The disk may be the reason.
fn unusable_and_disk(why: &StoreError, settings: &Settings) -> Vec<Diagnosis> {
    let url = &settings.database.url;
    let mut found = vec![unusable(why, url)];
    found.extend(disk(url));
    found
}

fn unusable(why: &StoreError, url: &str) -> Diagnosis {
    match why {
        StoreError::OlderSchema { .. } => {
            let mend = "back the database up and run `xabar migrate`";
            Diagnosis::red("schema", "", why, mend)
        }
        StoreError::NewerSchema { .. } => {
            let mend = "run the newer xabar here too";
            Diagnosis::red("schema", "", why, mend)
        }
        StoreError::TooManyConnections(_) => Diagnosis::red("database", "", why, MORE_CONNECTIONS),
        _ => {
            let of_file = store::sqlite_path(url).and_then(|file| mend_of_file(why, file));
            let mend = of_file
                .unwrap_or_else(|| "start the database, or correct `database.url`".to_owned());
            Diagnosis::red("database", "", why, mend)
        }
    }
}

/// What mends the file of an SQLite database, if it is known what is wrong with it.
fn mend_of_file(why: &StoreError, file: &Path) -> Option<String> {
    let file = file.display();
    Some(match why.file_trouble()? {
        FileTrouble::DiskFull => format!("free space on the disk of {file}"),
        FileTrouble::NotWritable => format!(
            "let {file}, the files beside it with -wal and -shm behind its name, and their folder belong to the user of \
             the service and be writable (`chown`, `chmod u+rw`), on a disk that is not mounted read-only; run this as \
             that user, or correct `database.url`"
        ),
    })
}

fn of(
    condition: &Condition,
    settings: &Settings,
    before: Timestamp,
    after: Timestamp,
) -> Vec<Diagnosis> {
    let mut found = vec![
        Diagnosis::green("schema", "", "it is that of this program"),
        version(condition, settings),
        encoding(condition),
    ];
    if let Some(mode) = &condition.journal_mode {
        found.push(journal(mode));
        found.extend(disk(&settings.database.url));
    }
    if let Some(most) = condition.max_connections {
        found.push(replication(condition));
        found.push(connections(condition, settings, most));
    }
    if let Some(there) = condition.clock {
        found.push(clocks(there, before, after));
    }
    found
}

fn version(condition: &Condition, settings: &Settings) -> Diagnosis {
    let version = &condition.version;
    if settings.database.url.starts_with("sqlite:") {
        return Diagnosis::green("database", "", format!("SQLite {version} answers"));
    }
    let says = format!("PostgreSQL {version} answers");
    let digits: String = version.chars().take_while(char::is_ascii_digit).collect();
    match digits.parse::<u32>() {
        Ok(major) if TRIED.contains(&major) => Diagnosis::green("database", "", says),
        _ => {
            let (first, last) = (TRIED.start(), TRIED.end());
            let mend = format!("use PostgreSQL {first} to {last}: those were tried");
            Diagnosis::yellow("database", "", says, mend)
        }
    }
}

fn encoding(condition: &Condition) -> Diagnosis {
    let encoding = &condition.encoding;
    if encoding == "UTF8" || encoding.starts_with("UTF-8") {
        return Diagnosis::green("encoding", "", encoding);
    }
    let says =
        format!("the database keeps text as {encoding}, in which many names cannot be written");
    let mend = "make the database anew with ENCODING 'UTF8' (`createdb -E UTF8`) and restore its dump there";
    Diagnosis::red("encoding", "", says, mend)
}

fn journal(mode: &str) -> Diagnosis {
    if mode.eq_ignore_ascii_case("wal") {
        return Diagnosis::green("journal", "", "write-ahead log");
    }
    let says = format!("the journal mode is {mode}: readers and writers wait for each other");
    let mend = "put the file of `database.url` on a local disk, as a network file system allows no write-ahead log";
    Diagnosis::yellow("journal", "", says, mend)
}

fn disk(url: &str) -> Option<Diagnosis> {
    let path = url.strip_prefix("sqlite:")?;
    let path = Path::new(path.strip_prefix("//").unwrap_or(path));
    let free = own_files::free_octets(path)?;
    let about = path.display().to_string();
    let says = format!("{} MB are free on its disk", free / 1_000_000);
    let mend = "free space on the disk, or move the file and set `database.url`";
    Some(match free {
        ..NO_SPACE => Diagnosis::red("disk", &about, says, mend),
        NO_SPACE..LITTLE_SPACE => Diagnosis::yellow("disk", &about, says, mend),
        _ => Diagnosis::green("disk", &about, says),
    })
}

fn replication(condition: &Condition) -> Diagnosis {
    if condition.is_standby {
        let says = "the server is a standby: it takes no writes";
        let mend = "name the primary in `database.url`, or promote this one";
        return Diagnosis::red("replication", "", says, mend);
    }
    if condition.is_read_only {
        let says = "PostgreSQL takes no writes: default_transaction_read_only is on";
        let mend = "free space on its disk if your provider set that because it is full; then set default_transaction_read_only to off";
        return Diagnosis::red("replication", "", says, mend);
    }
    let says = match condition.standbys {
        0 => "the server is a primary, and no standby follows it".to_owned(),
        standbys => format!("the server is a primary, and {standbys} standbys follow it"),
    };
    Diagnosis::green("replication", "", says)
}

fn connections(condition: &Condition, settings: &Settings, most: i64) -> Diagnosis {
    let one = i64::from(settings.database.connections) + BESIDE_THE_POOL;
    let used = condition.used_connections;
    let says = format!(
        "the server allows {most} and has {used}; a process of these settings needs up to {one}"
    );
    if one > most {
        return Diagnosis::red("connections", "", says, MORE_CONNECTIONS);
    }
    if used.saturating_mul(5) > most.saturating_mul(4) {
        return Diagnosis::yellow("connections", "", says, MORE_CONNECTIONS);
    }
    Diagnosis::green("connections", "", says)
}

fn clocks(there: Timestamp, before: Timestamp, after: Timestamp) -> Diagnosis {
    // The answer was made somewhere between the two.
    let apart = if there < before {
        before.duration_since(there)
    } else if there > after {
        there.duration_since(after)
    } else {
        jiff::SignedDuration::ZERO
    };
    let seconds = apart.as_secs();
    let says = format!("the clocks of this machine and of the server are {seconds} seconds apart");
    let mend = "let both machines set their clocks by NTP";
    match seconds {
        ..CLOCK_MATTERS => Diagnosis::green("clock", "", says),
        CLOCK_MATTERS..CLOCK_WRONG => Diagnosis::yellow("clock", "", says, mend),
        _ => Diagnosis::red("clock", "", says, mend),
    }
}

/// Nothing is sent while sending is held, and nothing else looks wrong.
async fn held(db: &mut Read) -> Result<Option<Diagnosis>, StoreError> {
    let held = store::instance::read(db)
        .await?
        .and_then(|known| known.held);
    Ok(held.map(|held| {
        let says = format!("all sending is held since {}: {}", held.since, held.why);
        let mend = "look at `xabar issue list`, then run `xabar resume --all`";
        Diagnosis::red("held", "", says, mend)
    }))
}

/// A relay that gets no mails, which is easily forgotten.
async fn paused_relays(db: &mut Read) -> Result<Vec<Diagnosis>, StoreError> {
    let paused = store::delivery::relay_pause::all(db).await?;
    let told = paused.into_iter().map(|pause| {
        let says = format!("it is paused since {}: {}", pause.since, pause.because);
        let mend = format!(
            "run `xabar relay resume {}` when it may get mails again",
            pause.relay
        );
        Diagnosis::yellow("relay-paused", &pause.relay, says, mend)
    });
    Ok(told.collect())
}

/// What the key of another installation would break.
async fn key_of(
    db: &mut Read,
    key: &LinkKey,
    settings: &Settings,
) -> Result<Diagnosis, StoreError> {
    let file = settings.secret_file.display().to_string();
    Ok(match instance::key_fits(db, key).await? {
        Some(false) => {
            let says = "the key is not that of this database: links in mails would be dead, and suppressed addresses unknown";
            let mend = format!(
                "put the key that belongs to this database at {file} (`secret_file`), from the backup of that time; or correct `database.url`"
            );
            Diagnosis::red("key-fits", &file, says, mend)
        }
        Some(true) => Diagnosis::green("key-fits", &file, "it is the key of this database"),
        None => {
            let says = "the database has nothing yet that the key has sealed";
            Diagnosis::green("key-fits", &file, says)
        }
    })
}

#[cfg(test)]
mod tests {
    use super::{clocks, connections, encoding, journal, replication, unusable, version};
    use crate::config::Settings;
    use crate::doctor::Level;
    use crate::store::StoreError;
    use crate::store::condition::Condition;
    use jiff::Timestamp;

    fn postgres() -> Condition {
        Condition {
            version: "17.2 (Debian 17.2-1)".to_owned(),
            encoding: "UTF8".to_owned(),
            journal_mode: None,
            is_standby: false,
            is_read_only: false,
            standbys: 0,
            max_connections: Some(97),
            used_connections: 12,
            clock: None,
        }
    }

    #[test]
    fn what_a_server_cannot_do_is_red() -> Result<(), Box<dyn std::error::Error>> {
        let mut settings = Settings::defaults()?;
        settings.database.url = "postgres://h/x".to_owned();
        settings.database.connections = 10;
        let good = postgres();
        let all = [
            version(&good, &settings),
            encoding(&good),
            replication(&good),
            connections(&good, &settings, 97),
        ];
        assert!(all.iter().all(|one| one.level == Level::Green), "{all:?}");

        let mut server = postgres();
        server.encoding = "LATIN1".to_owned();
        assert_eq!(encoding(&server).level, Level::Red);
        server.is_standby = true;
        let mend = replication(&server).mend.unwrap_or_default();
        assert!(mend.contains("database.url"), "{mend}");
        server.is_standby = false;
        server.is_read_only = true;
        let mend = replication(&server).mend.unwrap_or_default();
        assert!(mend.contains("read_only"), "{mend}");
        let old = Condition {
            version: "12.4".to_owned(),
            ..postgres()
        };
        assert_eq!(version(&old, &settings).level, Level::Yellow);
        assert_eq!(connections(&good, &settings, 11).level, Level::Red);
        assert_eq!(connections(&good, &settings, 14).level, Level::Yellow);
        assert_eq!(journal("delete").level, Level::Yellow);
        Ok(())
    }

    #[test]
    fn what_is_wrong_with_a_file_is_told_with_its_name() {
        let why = StoreError::file(std::io::ErrorKind::PermissionDenied.into());
        let mend = unusable(&why, "sqlite:///srv/x.db")
            .mend
            .unwrap_or_default();
        assert!(
            mend.contains("/srv/x.db") && mend.contains("-shm"),
            "{mend}"
        );
        let why = StoreError::file(std::io::ErrorKind::StorageFull.into());
        let mend = unusable(&why, "sqlite:///srv/x.db")
            .mend
            .unwrap_or_default();
        assert!(mend.contains("free space"), "{mend}");
        let why = StoreError::TooManyConnections("too many clients".to_owned());
        let mend = unusable(&why, "postgres://h/x").mend.unwrap_or_default();
        assert!(mend.contains("max_connections"), "{mend}");
    }

    #[test]
    fn clocks_may_differ_by_the_time_of_the_answer() -> Result<(), Box<dyn std::error::Error>> {
        let at = |text: &str| text.parse::<Timestamp>();
        let (before, after) = (at("2026-01-01T12:00:00Z")?, at("2026-01-01T12:00:20Z")?);
        for (there, level) in [
            ("2026-01-01T12:00:10Z", Level::Green),
            ("2026-01-01T12:00:22Z", Level::Green),
            ("2026-01-01T12:00:40Z", Level::Yellow),
            ("2026-01-01T11:58:00Z", Level::Red),
        ] {
            assert_eq!(clocks(at(there)?, before, after).level, level, "{there}");
        }
        Ok(())
    }
}
