//! Listening: a Unix socket, socket activation by systemd, and too few open files.

use std::os::unix::fs::{MetadataExt, PermissionsExt};
use std::time::Duration;

use reqwest::Client;
use tokio::net::TcpStream;

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    a_proxy_reaches_the_service_by_a_unix_socket,
    whom_nobody_names_shares_one_limit,
    systemd_opens_the_socket,
    too_few_open_files_cost_connections_and_not_the_service,
);

fn over(socket: &std::path::Path) -> Client {
    Client::builder().unix_socket(socket).build().unwrap()
}

/// Signs up as a visitor whose proxy names this address; returns the address that the proof has.
async fn recorded_ip(installation: &Installation, client: &Client, forwarded: &str) -> String {
    let body = serde_json::json!({ "email": "aigul@example.org", "newsletter": "asie-centrale" });
    let request = client
        .post("http://news.example.org/api/v1/subscriptions")
        .header("x-forwarded-for", forwarded);
    let answer = request.json(&body).send().await.unwrap();
    assert_eq!(answer.status(), 202);
    let args = ["consent", "proof", "aigul@example.org"];
    let proof = installation.json(&args).await;
    let ip = &proof["subscriptions"][0]["consent"][0]["ip"];
    ip.as_str().unwrap_or_default().to_owned()
}

async fn a_proxy_reaches_the_service_by_a_unix_socket(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("http.sock");
    // What a process that was killed has left behind.
    drop(std::os::unix::net::UnixListener::bind(&socket).unwrap());
    let address = format!("unix:{}", socket.display());
    let installation = Installation::new(&db.url).with("HTTP__LISTEN", &address);
    let serving = installation.serve("web").await;
    assert_eq!(serving.base, format!("http://{address}"));
    let mode = socket.metadata().unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o660, "its group may connect, others may not");
    let client = over(&socket);
    let health = client.get("http://localhost/healthz").send().await.unwrap();
    assert_eq!(health.status(), 200);
    // Only the proxy can open the socket, so what it says of its clients is believed.
    let ip = recorded_ip(&installation, &client, "198.51.100.1, 203.0.113.7").await;
    assert_eq!(ip, "203.0.113.7");

    // A second one does not take the socket away.
    let elsewhere = TestDb::sqlite();
    let other = Installation::new(&elsewhere.url).with("HTTP__LISTEN", &address);
    let refused = other.run_alone(&["serve", "--role", "web"], "").await;
    assert_eq!(refused.status, Some(1));
    assert!(
        refused
            .stderr
            .contains(&format!("cannot listen on {address}")),
        "{}",
        refused.stderr
    );
    let health = client.get("http://localhost/healthz").send().await.unwrap();
    assert_eq!(health.status(), 200);
    assert_eq!(serving.terminate().await, Some(0));
    assert!(!socket.exists(), "it cleans up behind itself");

    let relative = Installation::new(&db.url).with("HTTP__LISTEN", "unix:http.sock");
    let refused = relative.run_alone(&["serve"], "").await;
    assert!(
        refused.stderr.contains("needs its whole path"),
        "{}",
        refused.stderr
    );
}

async fn whom_nobody_names_shares_one_limit(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("http.sock");
    let address = format!("unix:{}", socket.display());
    let installation = Installation::new(&db.url)
        .with("HTTP__LISTEN", &address)
        .with("SIGNUP__PER_IP_PER_HOUR", "100")
        .with("SIGNUP__PER_IP_PER_10_MINUTES", "2");
    let serving = installation.serve("web").await;
    let client = over(&socket);
    let named = [("x-forwarded-for", "203.0.113.7")];
    let nobody = [("x-forwarded-for", "unknown")];
    // Ten minutes are counted from each full ten minutes of the clock, and these requests belong together.
    let now = xabar::clock::Clock::system().now().as_second();
    let left = 600 - now.rem_euclid(600);
    if left < 30 {
        tokio::time::sleep(Duration::from_secs(left.unsigned_abs() + 1)).await;
    }
    for (n, headers, status) in [
        (0, &[][..], 202),
        (1, &nobody, 202),
        (2, &[], 429),
        (3, &nobody, 429),
        (4, &named, 202),
    ] {
        let body = serde_json::json!({ "email": format!("a{n}@example.org") });
        let mut request = client.post("http://news.example.org/api/v1/subscriptions");
        for (name, value) in headers {
            request = request.header(*name, *value);
        }
        let answer = request.json(&body).send().await.unwrap();
        assert_eq!(answer.status(), status, "{n}");
    }
    assert_eq!(serving.terminate().await, Some(0));
}

async fn systemd_opens_the_socket(db: TestDb) {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("activated.sock");
    let listen = format!("--listen={}", socket.display());
    // The setting does not count where systemd has opened a socket.
    let installation = Installation::new(&db.url).with("HTTP__LISTEN", "192.0.2.1:1");
    let names = installation.variables();
    let passed: Vec<String> = names
        .iter()
        .map(|name| format!("--setenv={name}"))
        .collect();
    let mut starter = vec!["systemd-socket-activate", listen.as_str()];
    starter.extend(passed.iter().map(String::as_str));
    let starting = installation.serve_under(&starter, &[], "web");
    // It starts the service when the first client comes.
    let asking = async {
        for _ in 0..600 {
            let asked = over(&socket).get("http://localhost/readyz").send().await;
            // A slow start tells them to come back.
            if let Ok(answer) = asked
                && answer.status() != 503
            {
                return answer.status();
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("nobody answers at {}", socket.display());
    };
    let (serving, status) = tokio::join!(starting, asking);
    assert_eq!(status, 200, "{}", serving.log());
    let inode = socket.metadata().unwrap().ino();
    assert_eq!(serving.terminate().await, Some(0));
    // It is systemd's, who keeps it for the next start.
    assert_eq!(socket.metadata().unwrap().ino(), inode);
}

async fn too_few_open_files_cost_connections_and_not_the_service(db: TestDb) {
    let installation = Installation::new(&db.url);
    let serving = installation
        .serve_under(&["prlimit", "--nofile=300:300"], &[], "web")
        .await;
    let told = |log: &str| {
        log.contains("only 150 of http.max_connections = 800") && log.contains("LimitNOFILE")
    };
    serving.wait_for("it tells how many it takes", told).await;
    let address = serving.base.trim_start_matches("http://").to_owned();
    let mut idle = Vec::new();
    for _ in 0..400 {
        idle.push(TcpStream::connect(&address).await.unwrap());
    }
    serving
        .wait_for("it says so", |log| {
            log.contains("http.max_connections are open")
        })
        .await;
    drop(idle);
    let (status, body) = serving.get("/readyz").await;
    assert_eq!(status, 200, "{body}");
    let log = serving.finish().await;
    assert!(!log.contains("could not be accepted"), "{log}");
}
