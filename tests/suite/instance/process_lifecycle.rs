//! Readiness, draining, SIGTERM, a second process, the key, and a log that nobody reads.

use std::fs::File;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, BufReader, copy};
use tokio::net::{TcpListener, UnixStream};
use tokio::sync::watch;
use tokio::time::timeout;
use xabar::config::Settings;

use super::{PATIENCE, works};
use crate::support::binary::{Installation, terminate};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::mail_servers::free_port;
use crate::support::postgres::Cluster;
use crate::support::smtp::{Options, SmtpServer};
use crate::support::world::World;

on_both_databases!(
    a_service_goes_on_when_nobody_reads_its_log,
    the_key_of_another_database_is_refused,
    a_database_that_takes_no_writes_is_not_ready_and_the_reason_is_for_owners,
);

fn quick(db: &TestDb, smtp: &SmtpServer) -> Installation {
    Installation::new(&db.url)
        .with("SMTP__URL", smtp.url().as_str())
        .with("SIGNUP__MIN_FILL_SECONDS", "0")
        .with("SIGNUP__PER_IP_PER_HOUR", "0")
        .with("SIGNUP__CHECK_MX", "false")
        .with("LOG", "debug,xabar=trace")
}

async fn a_service_goes_on_when_nobody_reads_its_log(db: TestDb) {
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = quick(&db, &smtp);
    let mut process = installation.start(&["serve"]);
    let mut log = BufReader::new(process.stderr.take().unwrap()).lines();
    let mut base = None;
    while base.is_none() {
        let line = timeout(PATIENCE, log.next_line()).await.unwrap().unwrap();
        let line: serde_json::Value = serde_json::from_str(&line.unwrap()).unwrap_or_default();
        if line["fields"]["message"] == "listening" {
            base = line["fields"]["address"].as_str().map(str::to_owned);
        }
    }
    let base = format!("http://{}", base.unwrap());
    // Nobody reads, and the pipe fills up; then its end is closed.
    works(&base, &smtp, "a@example.org").await;
    drop(log);
    for n in 0..3 {
        works(&base, &smtp, &format!("b{n}@example.org")).await;
    }
    assert_eq!(terminate(&mut process).await, Some(0));

    // A disk without room.
    let no_room = File::options().write(true).open("/dev/full").unwrap();
    let mut full = installation.command_to(&["serve"], no_room.into());
    let port = free_port();
    let mut process = full
        .env("XABAR_HTTP__LISTEN", format!("127.0.0.1:{port}"))
        .spawn()
        .unwrap();
    let base = format!("http://127.0.0.1:{port}");
    let up = async {
        let ready = async || {
            let answer = reqwest::get(format!("{base}/readyz")).await;
            answer.is_ok_and(|answer| answer.status() == 200)
        };
        while !ready().await {
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, up).await.unwrap();
    works(&base, &smtp, "c@example.org").await;
    assert_eq!(terminate(&mut process).await, Some(0));
}

/// The last line of a command that ends with the status of wrong settings; the log of the start may be before it.
async fn refused(installation: &Installation, command: &[&str]) -> String {
    let ran = installation.run(command).await;
    assert_eq!(ran.status, Some(78), "{ran:?}");
    ran.stderr.lines().last().unwrap_or_default().to_owned()
}

async fn the_key_of_another_database_is_refused(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.ok(&["migrate"]).await;
    let key = installation.read("data/xabar.key");
    installation.write("data/xabar.key", "ab".repeat(32));
    for command in [&["serve"][..], &["migrate"], &["issue", "list"]] {
        let said = refused(&installation, command).await;
        assert!(
            said.contains("is not the key of this database") && said.contains("data/xabar.key"),
            "{command:?}: {said}"
        );
    }
    std::fs::remove_file(installation.path("data/xabar.key")).unwrap();
    let said = refused(&installation, &["serve"]).await;
    assert!(said.contains("Restore the key from your backup"), "{said}");
    assert!(
        !installation.path("data/xabar.key").exists(),
        "no other key is made up"
    );
    installation.write("data/xabar.key", &key);
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(installation.path("data/xabar.key"), rights).unwrap();
    installation.ok(&["issue", "list"]).await;
}

async fn a_database_that_takes_no_writes_is_not_ready_and_the_reason_is_for_owners(db: TestDb) {
    let installation = Installation::new(&db.url);
    let add = ["token", "add", "--name", "monitor", "--role", "owner"];
    let owner = installation.ok(&add).await;
    let serving = installation.serve("web").await;
    assert_eq!(serving.get("/readyz").await, (200, "ready\n".to_owned()));
    if db.url.starts_with("sqlite:") {
        serving.limit_files("1").await;
    } else {
        let name = "(SELECT current_database())";
        db.execute(
            "DO $$ BEGIN EXECUTE format('ALTER DATABASE %I SET default_transaction_read_only = on', current_database()); END $$",
        )
        .await
        .unwrap();
        let others = format!(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = {name} AND pid <> pg_backend_pid()"
        );
        db.execute(&others).await.unwrap();
    }
    let told = async {
        // The last write that succeeded counts for some seconds, also after a moment without connections.
        let to_all = (503, "not ready\n".to_owned());
        loop {
            let asked = reqwest::Client::new().get(format!("{}/readyz", serving.base));
            let answer = asked.bearer_auth(owner.trim()).send().await.unwrap();
            let (status, told) = (answer.status(), answer.text().await.unwrap());
            let reason = status == 503 && told.lines().count() > 1;
            if reason && serving.get("/readyz").await == to_all {
                return told;
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    };
    let told = timeout(PATIENCE, told).await.expect("an owner is told why");
    assert!(told.starts_with("not ready\n"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_second_process_on_an_sqlite_file_is_refused_with_the_first_ones_number() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url);
    let first = installation.serve("all").await;
    let said = installation.refused(&["serve"]).await;
    let path = db.url.strip_prefix("sqlite://").unwrap();
    let pid = std::fs::read_to_string(format!("{path}.worker.lock")).unwrap();
    assert!(
        said.contains(&format!("the process {} already serves", pid.trim())),
        "{said}"
    );
    let alone = installation.refused(&["serve", "--role", "worker"]).await;
    assert!(alone.contains("its worker part"), "{alone}");
    assert_eq!(first.terminate().await, Some(0));
    let next = installation.serve("all").await;
    assert_eq!(next.get("/healthz").await.0, 200);
}

#[tokio::test(flavor = "multi_thread")]
async fn one_connection_beside_the_listener_is_enough() {
    let db = TestDb::postgres().await;
    let few = |settings: &mut Settings| settings.database.connections = 1;
    let world = World::with(&db, Options::default(), few).await;
    world
        .readers(&["a@example.org", "b@example.org", "c@example.org"])
        .await;
    let issue = world.triggered().await;
    let running = world.start_worker(&world.service.settings);
    world.counts_become(&issue, "sent=3").await;
    assert_eq!(world.sign_up("d@example.org").await.status(), 202);
    running.stop().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_process_that_drains_is_not_ready_and_still_answers() {
    let db = TestDb::sqlite();
    let installation = Installation::new(&db.url).with("HTTP__DRAIN_SECONDS", "3");
    let serving = installation.serve("all").await;
    serving.signal("HUP").await;
    assert_eq!(serving.get("/readyz").await.0, 200, "SIGHUP ends nothing");
    serving.signal("TERM").await;
    let draining = async {
        while serving.get("/readyz").await.0 != 503 {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    };
    timeout(PATIENCE, draining).await.expect("it says so");
    assert_eq!(serving.get("/subscribe").await.0, 200);
    assert_eq!(serving.terminate().await, Some(0));
}

/// Stands between a service and PostgreSQL, and can fall silent with every connection open.
async fn proxy_to(socket: String, silent: watch::Receiver<bool>) -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let port = listener.local_addr().unwrap().port();
    tokio::spawn(async move {
        while let Ok((client, _)) = listener.accept().await {
            let (socket, mut silent) = (socket.clone(), silent.clone());
            tokio::spawn(async move {
                let server = UnixStream::connect(socket).await.unwrap();
                let (mut from_client, mut to_client) = client.into_split();
                let (mut from_server, mut to_server) = server.into_split();
                let falls_silent = async { silent.wait_for(|silent| *silent).await.is_ok() };
                tokio::select! {
                    _ = copy(&mut from_client, &mut to_server) => {}
                    _ = copy(&mut from_server, &mut to_client) => {}
                    // The connections stay open.
                    true = falls_silent => std::future::pending().await,
                }
            });
        }
    });
    port
}

#[tokio::test(flavor = "multi_thread")]
async fn sigterm_ends_a_process_whose_database_is_silent() {
    let cluster = Cluster::start();
    let url = url::Url::parse(&cluster.url("postgres")).unwrap();
    let folder = url.query_pairs().find(|(name, _)| name == "host");
    let socket = format!("{}/.s.PGSQL.5432", folder.unwrap().1);
    let (silent, is_silent) = watch::channel(false);
    let port = proxy_to(socket, is_silent).await;
    let through = format!("postgres://postgres@127.0.0.1:{port}/postgres");
    let smtp = SmtpServer::start(Options::default()).await;
    let installation = Installation::new(&through)
        .with("SMTP__URL", smtp.url().as_str())
        .with("WORKER__GRACE_SECONDS", "3");
    let serving = installation.serve("all").await;
    assert_eq!(serving.get("/readyz").await.0, 200);
    silent.send(true).unwrap();
    tokio::time::sleep(Duration::from_secs(1)).await;
    let ended = timeout(PATIENCE, serving.terminate()).await;
    assert_eq!(ended.expect("it does not end"), Some(0));
}
