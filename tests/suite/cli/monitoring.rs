//! Health, metrics and systemd notifications of a running process.

use std::fs::File;
use std::time::Duration;

use reqwest::Client;
use tokio::net::UnixDatagram;
use tokio::time::{sleep, timeout};

use crate::support::binary::{Installation, terminate};
use crate::support::both::{TestDb, on_both_databases};

const PATIENCE: Duration = Duration::from_secs(60);
/// What every worker runs, whichever its database.
const LOOPS: [&str; 8] = [
    "claim",
    "recorder",
    "leases",
    "outbox",
    "schedule",
    "retention",
    "lanes",
    "server",
];

on_both_databases!(
    a_worker_tells_its_health_and_metrics_on_a_listener_of_its_own,
    systemd_is_told_that_a_process_is_ready_alive_and_stopping,
);

/// Asks until somebody listens who is not upgrading.
async fn ask(client: &Client, path: &str) -> (u16, String) {
    let url = format!("http://localhost{path}");
    let asking = async {
        loop {
            if let Ok(answer) = client.get(&url).send().await {
                let (status, text) = (answer.status().as_u16(), answer.text().await.unwrap());
                if !text.contains("upgrading") {
                    return (status, text);
                }
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, asking).await.expect("somebody listens")
}

async fn a_worker_tells_its_health_and_metrics_on_a_listener_of_its_own(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("metrics.sock");
    let address = format!("unix:{}", socket.display());
    let installation = Installation::new(&db.url).with("METRICS__LISTEN", &address);
    let client = Client::builder().unix_socket(socket).build().unwrap();

    let worker = installation.serve("worker").await;
    assert_eq!(ask(&client, "/healthz").await, (200, "ok\n".to_owned()));
    assert_eq!(ask(&client, "/readyz").await.0, 200);
    assert_eq!(ask(&client, "/").await.0, 404, "nothing else is there");
    // The listener is there before the loops: they wait for the database first.
    let begun = async {
        loop {
            let (status, text) = ask(&client, "/metrics").await;
            assert_eq!(status, 200);
            let absent = |name: &&str| !text.contains(&format!("loop=\"{name}\""));
            let missing: Vec<&str> = LOOPS.into_iter().filter(absent).collect();
            if missing.is_empty() {
                return text;
            }
            sleep(Duration::from_millis(50)).await;
        }
    };
    let text = timeout(PATIENCE, begun).await.expect("every loop begins");
    for name in ["listen", "notify"] {
        let turns = format!("loop=\"{name}\"");
        let expected = !db.url.starts_with("sqlite:");
        assert_eq!(text.contains(&turns), expected, "{name}: {text}");
    }
    assert!(text.contains("\nxabar_database_up 1\n"), "{text}");
    let retention = "\nxabar_retention_last_success_timestamp_seconds ";
    assert!(text.contains(retention), "{text}");
    assert_eq!(worker.terminate().await, Some(0));

    let all = installation.serve("all").await;
    assert_eq!(
        all.get("/metrics").await.0,
        404,
        "not on the public listener"
    );
    assert_eq!(ask(&client, "/metrics").await.0, 200);
    assert_eq!(all.terminate().await, Some(0));
}

async fn systemd_is_told_that_a_process_is_ready_alive_and_stopping(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("notify.sock");
    let systemd = UnixDatagram::bind(&socket).unwrap();
    let installation = Installation::new(&db.url)
        .with_variable("NOTIFY_SOCKET", &socket.display().to_string())
        .with_variable("WATCHDOG_USEC", "400000");
    let worker = installation.serve("worker").await;
    let next = async || {
        let mut octets = [0; 200];
        let received = timeout(PATIENCE, systemd.recv(&mut octets)).await;
        let length = received.expect("systemd is told").unwrap();
        String::from_utf8_lossy(&octets[..length]).trim().to_owned()
    };
    assert_eq!(next().await, "READY=1");
    assert_eq!(next().await, "WATCHDOG=1");
    assert_eq!(next().await, "WATCHDOG=1");
    assert_eq!(worker.terminate().await, Some(0));
    let rest = async { while next().await != "STOPPING=1" {} };
    timeout(PATIENCE, rest).await.expect("STOPPING=1");
}

#[tokio::test(flavor = "multi_thread")]
async fn lines_that_the_log_has_lost_are_counted() {
    let db = TestDb::sqlite();
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("metrics.sock");
    let address = format!("unix:{}", socket.display());
    let installation = Installation::new(&db.url).with("METRICS__LISTEN", &address);
    let client = Client::builder().unix_socket(socket).build().unwrap();
    let lost = async || {
        let (_, text) = ask(&client, "/metrics").await;
        let name = "xabar_log_lost_lines_total ";
        let mut found = text.lines().filter_map(|line| line.strip_prefix(name));
        found.next().unwrap().parse::<u64>().unwrap()
    };
    let worker = installation.serve("worker").await;
    assert_eq!(lost().await, 0);
    assert_eq!(worker.terminate().await, Some(0));
    let no_room = File::options().write(true).open("/dev/full").unwrap();
    let mut full = installation.command_to(&["serve", "--role", "worker"], no_room.into());
    let mut worker = full.spawn().unwrap();
    let counted = async {
        while lost().await == 0 {
            sleep(Duration::from_millis(50)).await;
        }
    };
    timeout(PATIENCE, counted).await.expect("lost lines");
    assert_eq!(terminate(&mut worker).await, Some(0));
}
