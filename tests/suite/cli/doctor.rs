//! `xabar doctor`: what it finds, and that it names what mends it.

use hickory_proto::rr::rdata::{A, MX, PTR};
use hickory_proto::rr::{Name, RData, RecordType};
use serde_json::Value;

use super::csv_of;
use super::workers::until_a_worker_is_listed;
use crate::mail::dkim::Key;
use crate::support::binary::{Installation, Ran};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::dns::DnsServer;
use crate::support::mail_servers::free_port;
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};

on_both_databases!(
    everything_is_green,
    a_relay_that_is_away_and_one_that_refuses_are_red,
    records_that_are_wrong_or_missing_are_red,
    a_key_of_another_database_is_red,
    an_older_schema_is_red_and_stays,
    where_no_service_is_nothing_is_made,
);

/// Whatever the load of the tests' machine makes yellow.
const OF_THE_MACHINE: [&str; 4] = ["connections", "disk", "time-zone", "database"];

/// A sender's domain with everything that it needs in the DNS, and a relay.
pub struct Around {
    dns: DnsServer,
    relay: ScriptedSmtp,
    key: Key,
    _folder: tempfile::TempDir,
}

impl Around {
    pub async fn start(script: Script) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let key = Key::rsa(folder.path(), 2048);
        let dns = DnsServer::start().await;
        dns.text("mag.example", &["v=spf1 ip4:192.0.2.10 -all"]);
        dns.text("_dmarc.mag.example", &["v=DMARC1; p=none"]);
        dns.text("s1._domainkey.mag.example", &[&key.record]);
        let name = |text: &str| Name::from_ascii(text).unwrap();
        let mx = RData::MX(MX::new(10, name("mx.mag.example.")));
        dns.record("mag.example", RecordType::MX, mx);
        let address = RData::A(A([192, 0, 2, 10].into()));
        dns.record("mail.mag.example", RecordType::A, address);
        let back = RData::PTR(PTR(name("mail.mag.example.")));
        dns.record("10.2.0.192.in-addr.arpa", RecordType::PTR, back);
        Self {
            dns,
            relay: ScriptedSmtp::start(script).await,
            key,
            _folder: folder,
        }
    }

    pub fn installation(&self, db: &TestDb) -> Installation {
        let address = format!("127.0.0.1:{}", free_port());
        Installation::new(&db.url)
            .with("HTTP__LISTEN", &address)
            .with("HTTP__PUBLIC_URL", &format!("http://{address}"))
            .with("NEWSLETTER__SENDER_ADDRESS", "news@mag.example")
            .with("SIGNUP__DNS_SERVERS", &self.dns.address.to_string())
            .with("SMTP__URL", &self.relay.url())
            .with("SMTP__HELLO_NAME", "mail.mag.example")
            .with("DKIM__DOMAIN", "mag.example")
            .with("DKIM__SELECTOR", "s1")
            .with("DKIM__KEY_FILE", self.key.file.to_str().unwrap())
    }
}

/// The results by their check and level, as `spf red`.
pub fn told<'a>(document: &'a Value, check: &str, level: &str) -> Vec<&'a Value> {
    let all = document["checks"].as_array().unwrap().iter();
    all.filter(|one| one["check"] == check && one["level"] == level)
        .collect()
}

pub async fn document(installation: &Installation) -> (Ran, Value) {
    let ran = installation.run(&["doctor", "--json"]).await;
    let document = serde_json::from_str(&ran.stdout).unwrap_or_else(|e| panic!("{e}: {ran:?}"));
    (ran, document)
}

/// The one red result of a check, and that the exit status tells of it; returns what mends it.
async fn mend(installation: &Installation, check: &str) -> String {
    let (ran, document) = document(installation).await;
    assert_eq!(
        (ran.status, &document["healthy"]),
        (Some(1), &false.into()),
        "{document:#}"
    );
    let red = told(&document, check, "red");
    assert_eq!(red.len(), 1, "{check}: {document:#}");
    red[0]["mend"].as_str().unwrap().to_owned()
}

async fn everything_is_green(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    let serving = installation.serve("all").await;
    until_a_worker_is_listed(&installation).await;
    let ran = installation
        .run(&["doctor", "--json", "--to", "reader@example.org"])
        .await;
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (ran.status, ran.stderr.as_str(), &document["healthy"]),
        (Some(0), "", &true.into()),
        "{document:#}"
    );
    let checks = document["checks"].as_array().unwrap();
    for one in checks {
        let check = one["check"].as_str().unwrap();
        let is_green = one["level"] == "green" && one["mend"].is_null();
        assert!(is_green || OF_THE_MACHINE.contains(&check), "{one:#}");
    }
    for check in [
        "settings",
        "key",
        "key-fits",
        "schema",
        "encoding",
        "relay",
        "tls",
        "envelope-sender",
        "recipient",
        "ehlo",
        "spf",
        "dkim",
        "dmarc",
        "bounce-mx",
        "public-url",
        "proxy",
        "worker",
    ] {
        assert!(checks.iter().any(|one| one["check"] == check), "{check}");
    }
    assert!(around.relay.accepted().is_empty(), "no mail is sent");
    let text = installation.ok(&["doctor"]).await;
    assert!(text.contains("green \tspf mag.example\t"), "{text}");
    assert_eq!(serving.terminate().await, Some(0));
    let away = mend(&installation, "public-url").await;
    assert!(away.contains("`http.public_url`"), "{away}");

    // Whoever connects is believed, whatever address it claims.
    let everybody = installation.with("HTTP__TRUSTED_PROXIES", "[\"127.0.0.0/8\"]");
    let _serving = everybody.serve("web").await;
    let proxy = mend(&everybody, "proxy").await;
    assert!(proxy.contains("nobody but the proxy"), "{proxy}");
}

async fn a_relay_that_is_away_and_one_that_refuses_are_red(db: TestDb) {
    let script = Script::default().asks_for_login("user", "right");
    let around = Around::start(script).await;
    let url = around.relay.url().replace("right", "wrong");
    let installation = around.installation(&db).with("SMTP__URL", &url);
    let (ran, found) = document(&installation).await;
    let login = mend(&installation, "relay").await;
    assert!(login.contains("user and password in `smtp.url`"), "{login}");
    assert!(!format!("{ran:?}{found}").contains("wrong"), "{ran:?}");

    // It lets us connect and says nothing; the others are examined all the same.
    let nobody = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = format!("smtp://{}", nobody.local_addr().unwrap());
    let installation = installation.with("SMTP__URL", &address);
    let (_, found) = document(&installation).await;
    let silent = told(&found, "relay", "red")[0]["mend"].as_str().unwrap();
    assert!(silent.contains("look at the log of the relay"), "{found:#}");
    for check in ["spf", "dkim", "dmarc", "ehlo"] {
        assert_eq!(told(&found, check, "green").len(), 1, "{found:#}");
    }
    drop(nobody);
    let away = mend(&installation, "relay").await;
    assert!(
        away.contains("start the relay") && away.contains("`smtp.url`"),
        "{away}"
    );

    let refuses = Script::default().always(Stage::Rcpt, Reply::line("550 5.7.1 no relaying"));
    let refuses = ScriptedSmtp::start(refuses).await;
    let installation = installation.with("SMTP__URL", &refuses.url());
    let args = ["doctor", "--json", "--to", "reader@example.org"];
    let ran = installation.run(&args).await;
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let red = told(&found, "recipient", "red");
    let says = red[0]["says"].as_str().unwrap();
    assert!(says.contains("550 5.7.1 no relaying"), "{says}");
}

async fn records_that_are_wrong_or_missing_are_red(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    let folder = tempfile::tempdir().unwrap();
    let other = Key::rsa(folder.path(), 2048);
    around
        .dns
        .text("s1._domainkey.mag.example", &[&other.record]);
    around.dns.text("mag.example", &["something else"]);
    around.dns.text("_dmarc.mag.example", &[]);
    let null_mx = RData::MX(MX::new(0, Name::root()));
    around.dns.record("mag.example", RecordType::MX, null_mx);
    let other = RData::PTR(PTR(Name::from_ascii("h10.provider.example.").unwrap()));
    around
        .dns
        .record("10.2.0.192.in-addr.arpa", RecordType::PTR, other);
    for (check, names) in [
        ("dkim", "TXT record of s1._domainkey.mag.example"),
        ("spf", "TXT record for mag.example"),
        ("dmarc", "TXT record for _dmarc.mag.example"),
        ("bounce-mx", "MX record for mag.example"),
    ] {
        let mend = mend(&installation, check).await;
        assert!(mend.contains(names), "{check}: {mend}");
    }
    let (_, found) = document(&installation).await;
    let ehlo = told(&found, "ehlo", "yellow");
    assert!(
        ehlo[0]["mend"].as_str().unwrap().contains("PTR record"),
        "{found:#}"
    );
    let ran = installation.run(&["doctor"]).await;
    assert_eq!(ran.status, Some(1));
    assert!(ran.stdout.contains("red   \tspf mag.example\t"), "{ran:?}");
    assert!(ran.stderr.contains("things must be mended"), "{ran:?}");
}

async fn a_key_of_another_database_is_red(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    installation.write("readers.csv", csv_of(&["a@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let (_, found) = document(&installation).await;
    let says = "it is the key of this database";
    assert_eq!(told(&found, "key-fits", "green")[0]["says"], says);
    let key = installation.read("data/xabar.key");
    installation.write("data/xabar.key", "ab".repeat(32));
    let mended = mend(&installation, "key-fits").await;
    assert!(mended.contains("`secret_file`"), "{mended}");
    installation.write("data/xabar.key", "not a key");
    let malformed = mend(&installation, "key").await;
    assert!(malformed.contains("`secret_file`"), "{malformed}");
    installation.write("data/xabar.key", key);
    let (_, found) = document(&installation).await;
    assert_eq!(told(&found, "key-fits", "green").len(), 1, "{found:#}");
}

async fn an_older_schema_is_red_and_stays(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    installation.ok(&["migrate"]).await;
    let newest = "version = (SELECT MAX(version) FROM _sqlx_migrations)";
    db.execute(&format!("DELETE FROM _sqlx_migrations WHERE {newest}"))
        .await
        .unwrap();
    let count = "SELECT COUNT(*) FROM _sqlx_migrations";
    let before = db.number(count).await;
    // A helper of the tests would migrate first.
    let ran = installation.run_alone(&["doctor", "--json"], "").await;
    let document: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.status, Some(1), "{ran:?}");
    let red = told(&document, "schema", "red");
    let mend = red[0]["mend"].as_str().unwrap();
    assert!(mend.contains("`xabar migrate`"), "{document:#}");
    assert_eq!(db.number(count).await, before, "doctor changes nothing");
    assert_eq!(told(&document, "relay", "green").len(), 1, "{document:#}");
}

async fn where_no_service_is_nothing_is_made(db: TestDb) {
    let around = Around::start(Script::default()).await;
    let installation = around.installation(&db);
    let ran = installation.run_alone(&["doctor", "--json"], "").await;
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert_eq!(told(&found, "key", "red").len(), 1, "{found:#}");
    let database = told(&found, "database", "red");
    let mend = database[0]["mend"].as_str().unwrap();
    assert!(mend.contains("`xabar migrate`"), "{found:#}");
    assert!(!installation.path("data").exists());
    let wrong = around.installation(&db).with("HTTP__LISTEN", "nowhere");
    let ran = wrong.run_alone(&["doctor", "--json"], "").await;
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let says = told(&found, "settings", "red")[0]["says"].to_string();
    assert_eq!(ran.status, Some(1), "{ran:?}");
    assert!(says.contains("http.listen"), "{says}");
}
