//! PgBouncer, and addresses of databases as PostgreSQL's own clients understand them.

use std::process::Stdio;
use std::time::Duration;

use tempfile::TempDir;
use tokio::net::TcpStream;
use tokio::process::{Child, Command};
use tokio::time::{sleep, timeout};

use super::works;
use crate::support::binary::Installation;
use crate::support::both::TestDb;
use crate::support::mail_servers::free_port;
use crate::support::smtp::{Options, SmtpServer};

/// A PgBouncer of Debian's, before the tests' PostgreSQL.
struct Pooler {
    url: String,
    _process: Child,
    _folder: TempDir,
}

impl Pooler {
    async fn start(db: &TestDb, mode: &str) -> Self {
        let url = url::Url::parse(&db.url).unwrap();
        let socket = url.query_pairs().find(|(name, _)| name == "host");
        let server = match socket {
            Some((_, folder)) => folder.into_owned(),
            None => url.host_str().expect("a server").to_owned(),
        };
        let server_port = url.port().map(|port| format!(" port={port}"));
        let server_port = server_port.unwrap_or_default();
        let name = url.path().trim_start_matches('/');
        let port = free_port();
        let folder = tempfile::tempdir().unwrap();
        let settings = folder.path().join("pgbouncer.ini");
        let text = format!(
            "[databases]\n{name} = host={server}{server_port} user=postgres\n[pgbouncer]\n\
             listen_addr = 127.0.0.1\nlisten_port = {port}\nunix_socket_dir =\n\
             auth_type = any\npool_mode = {mode}\ndefault_pool_size = 20\n"
        );
        std::fs::write(&settings, text).unwrap();
        // It does not run as root, and reads its settings as its own user.
        let open = std::os::unix::fs::PermissionsExt::from_mode(0o755);
        std::fs::set_permissions(folder.path(), open).unwrap();
        let process = Command::new("/usr/sbin/pgbouncer")
            .args(["-u", "postgres", "-q"])
            .arg(&settings)
            .stderr(Stdio::null())
            .kill_on_drop(true)
            .spawn()
            .expect("pgbouncer, which tests/run installs");
        let up = async {
            while TcpStream::connect(("127.0.0.1", port)).await.is_err() {
                sleep(Duration::from_millis(50)).await;
            }
        };
        timeout(Duration::from_secs(30), up)
            .await
            .expect("pgbouncer listens");
        Self {
            url: format!("postgres://postgres@127.0.0.1:{port}/{name}"),
            _process: process,
            _folder: folder,
        }
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_in_session_mode_is_no_obstacle() {
    let db = TestDb::postgres().await;
    let pooler = Pooler::start(&db, "session").await;
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&pooler.url)
        .with("DATABASE__CONNECTIONS", "4")
        .with("SMTP__URL", smtp.url().as_str())
        .with("SIGNUP__CHECK_MX", "false");
    let serving = installation.serve("all").await;
    works(&serving.base, &smtp, "a@example.org").await;
    assert_eq!(serving.terminate().await, Some(0));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_pooler_in_transaction_mode_is_refused_by_name() {
    let db = TestDb::postgres().await;
    let pooler = Pooler::start(&db, "transaction").await;
    let said = Installation::new(&pooler.url).refused(&["serve"]).await;
    assert!(
        said.contains("transaction mode") && said.contains("pool_mode = session"),
        "{said}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn what_keeps_the_service_from_its_database_is_said() {
    let db = TestDb::postgres().await;
    let (server, _) = db.url.split_once("/xabar_test_").unwrap();
    let options = db.url.split_once('?').unwrap().1;
    for (url, named) in [
        (
            format!("{server}/no_such_database?{options}"),
            "does not let xabar in",
        ),
        (
            "postgres://me:secret@a.example,b.example/x".to_owned(),
            "several hosts",
        ),
        (
            "host=a.example password=secret".to_owned(),
            "is not a database address",
        ),
    ] {
        let said = Installation::new(&url).refused(&["serve"]).await;
        assert!(said.contains(named) && !said.contains("secret"), "{said}");
    }
}
