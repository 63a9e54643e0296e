//! A new, empty PostgreSQL database for each test that asks for one.

use std::ffi::OsString;
use std::os::unix::fs::{MetadataExt, chown};
use std::path::{Path, PathBuf};
use std::process::Command;

use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tokio::sync::OnceCell;

use super::companion::Companion;

/// The server of this test process.
struct Server {
    /// The address of a database, with `{}` in the place of its name.
    pattern: String,
    /// None where the server was given and is not ours to stop.
    _companion: Option<Companion>,
}

static SERVER: OnceCell<Server> = OnceCell::const_new();

/// The URL of a new empty database.
///
/// It lies on the server that `XABAR_TEST_POSTGRES_URL` names (as somebody who may
/// create databases; they are left there for inspection), or else on a throw-away
/// cluster that this process starts and takes with it.
pub async fn fresh_database() -> String {
    let server = SERVER
        .get_or_init(|| async {
            tokio::task::spawn_blocking(start)
                .await
                .expect("PostgreSQL for the tests")
        })
        .await;
    let mut admin = PgConnection::connect(&server.url("postgres"))
        .await
        .expect("cannot reach the PostgreSQL server of the tests");
    #[allow(clippy::disallowed_methods)] // a name for a test, not the application's time
    let name = format!("xabar_test_{}", uuid::Uuid::now_v7().simple());
    // Most servers sort texts as a language does, which is not the order of their octets.
    let version = "SELECT CAST(current_setting('server_version_num') AS INT4)";
    let version: i32 = sqlx::query_scalar(version)
        .fetch_one(&mut admin)
        .await
        .expect("its version");
    let order = match version >= 150_000 {
        true => "LOCALE_PROVIDER icu ICU_LOCALE 'en'",
        false => "",
    };
    sqlx::raw_sql(AssertSqlSafe(format!(
        "CREATE DATABASE {name} TEMPLATE template0 {order}"
    )))
    .execute(&mut admin)
    .await
    .expect("cannot create a test database");
    admin.close().await.ok();
    server.url(&name)
}

impl Server {
    fn url(&self, database: &str) -> String {
        self.pattern.replace("{}", database)
    }
}

fn start() -> Server {
    if let Ok(given) = std::env::var("XABAR_TEST_POSTGRES_URL") {
        let mut url = url::Url::parse(&given).expect("XABAR_TEST_POSTGRES_URL is not a URL");
        url.set_path("/@@");
        return Server {
            pattern: url.as_str().replace("/@@", "/{}"),
            _companion: None,
        };
    }
    let (dir, companion) = start_cluster(CREATE, THROW_AWAY, Path::new(""));
    // A socket in a folder of our own cannot be taken by another process as a port can.
    let host = dir.to_str().expect("a plain path").replace('/', "%2F");
    Server {
        pattern: format!("postgres://postgres@localhost/{{}}?host={host}"),
        _companion: Some(companion),
    }
}

/// Becomes the server. The durability settings are off because the cluster never outlives
/// the process.
const THROW_AWAY: &str = r#"
    exec "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses= -c max_connections=300 \
        -c fsync=off -c synchronous_commit=off -c full_page_writes=off
"#;

/// Runs the server with the settings that everybody has, again each time it ends.
const RESTARTED: &str = r#"
    until [ -e "$2/over" ]; do
        "$1/postgres" -D "$2/data" -k "$2" -c listen_addresses=
        while [ -e "$2/down" ] && ! [ -e "$2/over" ]; do sleep 0.1; done
    done
"#;

/// A server of a test's own, which it may crash.
pub struct Cluster {
    dir: PathBuf,
    companion: Companion,
}

impl Cluster {
    pub fn start() -> Self {
        let (dir, companion) = start_cluster(CREATE, RESTARTED, Path::new(""));
        Self { dir, companion }
    }

    /// A copy that follows this server, and takes no writes until [`Self::promote`].
    pub fn standby(&self) -> Self {
        let (dir, companion) = start_cluster(COPY, RESTARTED, &self.dir);
        Self { dir, companion }
    }

    /// Makes a standby the server that takes writes.
    pub async fn promote(&self) {
        let mut admin = PgConnection::connect(&self.url("postgres")).await.unwrap();
        let promoted = sqlx::query_scalar("SELECT pg_promote()");
        let promoted: bool = promoted.fetch_one(&mut admin).await.unwrap();
        assert!(promoted);
    }

    /// The socket on which it listens.
    pub fn socket(&self) -> PathBuf {
        self.dir.join(".s.PGSQL.5432")
    }

    pub fn url(&self, database: &str) -> String {
        let host = self.dir.to_str().expect("a plain path").replace('/', "%2F");
        format!("postgres://postgres@localhost/{database}?host={host}")
    }

    /// What the server has logged.
    pub fn log(&self) -> String {
        self.companion.log()
    }

    /// Ends the server at once, without its tidying up, and returns when it is gone.
    pub fn crash(&self) {
        std::fs::write(self.dir.join("down"), "").expect("a file in the cluster's folder");
        let pid = std::fs::read_to_string(self.dir.join("data/postmaster.pid"));
        let pid = pid.expect("the server runs");
        let pid = pid.lines().next().expect("its number");
        let sent = Command::new("sh").args(["-c", QUIT_AND_WAIT, pid]).status();
        assert!(sent.expect("sh").success());
    }

    pub fn start_again(&self) {
        let starts = |log: &str| log.matches(READY).count();
        let before = starts(&self.companion.log());
        std::fs::remove_file(self.dir.join("down")).expect("it was down");
        self.companion
            .wait_for("PostgreSQL did not start again", |log| {
                (starts(log) > before).then_some(())
            });
    }
}

/// Until it is gone, the server may still commit.
const QUIT_AND_WAIT: &str = r#"
    kill -s QUIT "$0" || exit
    while kill -0 "$0" 2>/dev/null; do sleep 0.01; done
"#;

/// What the server says when it is up; a standby goes on otherwise.
const READY: &str = "database system is ready to accept";

/// Creates an empty cluster.
const CREATE: &str = r#"
    "$1/initdb" -D "$2/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust --no-sync || exit
"#;
/// Copies the running cluster of the folder `$3`.
const COPY: &str = r#"
    "$1/pg_basebackup" -h "$3" -U postgres -D "$2/data" -R --checkpoint=fast --no-sync || exit
"#;

/// Runs a cluster in a folder of its own; `from` is what its script copies.
fn start_cluster(create: &str, server: &str, from: &Path) -> (PathBuf, Companion) {
    let bin = server_binaries().expect(
        "PostgreSQL's server is not installed (Debian: postgresql); tests/run installs it, \
         or name a server in XABAR_TEST_POSTGRES_URL",
    );
    let dir = tempfile::Builder::new()
        .prefix("xabar-test-pg-")
        .tempdir()
        .expect("a folder for PostgreSQL")
        .keep();
    let companion = Companion::start(&dir, "QUIT", &command(&bin, [&dir, from], create, server));
    companion.wait_for("PostgreSQL did not start", |log| {
        log.contains(READY).then_some(())
    });
    (dir, companion)
}

/// Creates the cluster and runs the server as the scripts say; `$1` is the folder of the
/// programs, `$2` that of the cluster, `$3` that of another one.
fn command(bin: &Path, [dir, from]: [&Path; 2], create: &str, server: &str) -> Vec<OsString> {
    let script = format!("{create}{server}");
    let mut command: Vec<OsString> = Vec::new();
    if std::fs::metadata("/proc/self").is_ok_and(|process| process.uid() == 0) {
        // PostgreSQL refuses to run as root, so hand it to the user its package made.
        let (user, group) = (id("-u"), id("-g"));
        chown(dir, Some(user), Some(group)).expect("chown of PostgreSQL's folder");
        command.extend(["setpriv", "--clear-groups"].map(OsString::from));
        command.push(format!("--reuid={user}").into());
        command.push(format!("--regid={group}").into());
    }
    command.extend(["sh", "-c", &script, "cluster"].map(OsString::from));
    command.extend([bin.into(), dir.into(), from.into()]);
    command
}

fn id(which: &str) -> u32 {
    let output = Command::new("id")
        .args([which, "postgres"])
        .output()
        .expect("cannot run id");
    String::from_utf8_lossy(&output.stdout)
        .trim()
        .parse()
        .expect("no user `postgres` to run the server as")
}

/// The newest folder that holds both programs; Debian keeps them out of PATH.
fn server_binaries() -> Option<PathBuf> {
    let mut versions: Vec<(u32, PathBuf)> = std::fs::read_dir("/usr/lib/postgresql")
        .into_iter()
        .flatten()
        .flatten()
        .filter_map(|entry| {
            let version = entry.file_name().to_str()?.parse().ok()?;
            Some((version, entry.path().join("bin")))
        })
        .collect();
    versions.sort();
    let path = std::env::var_os("PATH").unwrap_or_default();
    versions
        .into_iter()
        .rev()
        .map(|(_, bin)| bin)
        .chain(std::env::split_paths(&path))
        .find(|bin| bin.join("initdb").is_file() && bin.join("postgres").is_file())
}
