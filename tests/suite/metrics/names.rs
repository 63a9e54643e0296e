//! Names of metrics: the service, its documentation, the Grafana board and the alert rules agree.

use std::collections::BTreeSet;
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::time::Duration;

use serde_json::Value;

use super::{scrape, world};
use crate::support::both::TestDb;

/// A file of this repository.
fn read(path: &str) -> String {
    let place = Path::new(env!("CARGO_MANIFEST_DIR")).join(path);
    std::fs::read_to_string(&place).unwrap_or_else(|why| panic!("{}: {why}", place.display()))
}

/// The metrics that a text names; those of a histogram without their endings.
fn named(text: &str) -> BTreeSet<String> {
    let words = text.split(|c: char| !c.is_ascii_alphanumeric() && c != '_');
    let own = words.filter(|word| word.starts_with("xabar_") && !word.ends_with('_'));
    let base = |word: &str| {
        let endings = ["_bucket", "_sum", "_count"].iter();
        let mut without = endings.filter_map(|ending| word.strip_suffix(ending));
        without.next().unwrap_or(word).to_owned()
    };
    own.map(base).collect()
}

/// A scrape of a process with a loop: what a worker tells.
async fn told() -> String {
    let db = TestDb::sqlite();
    let world = world(&db).await;
    let heartbeats = &world.service.heartbeats;
    let _loop = heartbeats.start("outbox", Duration::from_secs(60));
    world.service.metrics.tell_retention(0);
    scrape(&world).await
}

/// The metrics of a scrape, by their types.
fn families(text: &str) -> BTreeSet<String> {
    let types = text.lines().filter_map(|line| line.strip_prefix("# TYPE "));
    let names = types.map(|rest| rest.split(' ').next().unwrap().to_owned());
    names.collect()
}

#[tokio::test(flavor = "multi_thread")]
async fn every_metric_is_documented_and_every_documented_one_is_told() {
    let told = families(&told().await);
    assert!(told.len() > 30, "{told:?}");
    let table = read("docs/METRICS.md");
    let rows = table.lines().filter(|line| line.starts_with("| `xabar_"));
    let documented: BTreeSet<String> = rows
        .map(|row| row.split('`').nth(1).unwrap().to_owned())
        .collect();
    assert_eq!(told, documented);
}

/// Where pages alone are scraped, it would say for ever that retention stands.
#[tokio::test(flavor = "multi_thread")]
async fn a_process_without_a_worker_tells_nothing_of_retention() {
    let db = TestDb::sqlite();
    let told = scrape(&world(&db).await).await;
    assert!(!told.contains("xabar_retention_last_success"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn board_rules_and_pages_name_only_what_is_told() {
    let told = families(&told().await);
    let files = [
        "ops/grafana/xabar.json",
        "ops/prometheus/alerts.yml",
        "docs/METRICS.md",
        "docs/OPERATIONS.md",
    ];
    for file in files {
        let unknown: Vec<String> = named(&read(file)).difference(&told).cloned().collect();
        assert!(unknown.is_empty(), "{file} names {unknown:?}");
    }
    let board: Value = serde_json::from_str(&read(files[0])).unwrap();
    let panels = board["panels"].as_array().unwrap();
    let asks = |panel: &Value| {
        let targets = panel["targets"].as_array().unwrap().iter();
        let mut texts = targets.map(|target| named(target["expr"].as_str().unwrap()));
        texts.all(|names| !names.is_empty())
    };
    let graphs = panels.iter().filter(|panel| panel["type"] != "row");
    assert!(graphs.clone().count() >= 10);
    for panel in graphs {
        assert!(asks(panel), "{} shows nothing of ours", panel["title"]);
    }
}

/// Prometheus's own checker, from the system or where `tests/run` puts it.
fn promtool() -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap();
    let unpacked = target.join("promtool/usr/bin/promtool");
    match unpacked.exists() {
        true => unpacked,
        false => "promtool".into(),
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn promtool_finds_no_fault_in_the_metrics() {
    let text = told().await;
    let mut checking = Command::new(promtool())
        .args(["check", "metrics"])
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("promtool; tests/run installs it");
    let mut input = checking.stdin.take().unwrap();
    input.write_all(text.as_bytes()).unwrap();
    drop(input);
    let done = checking.wait_with_output().unwrap();
    let said =
        String::from_utf8_lossy(&done.stdout).into_owned() + &String::from_utf8_lossy(&done.stderr);
    assert!(done.status.success() && said.trim().is_empty(), "{said}");
}

#[test]
fn promtool_reads_the_rules() {
    let rules = Path::new(env!("CARGO_MANIFEST_DIR")).join("ops/prometheus/alerts.yml");
    let checked = Command::new(promtool())
        .args(["check", "rules"])
        .arg(rules)
        .output()
        .expect("promtool; tests/run installs it");
    let said = String::from_utf8_lossy(&checked.stderr);
    assert!(checked.status.success(), "{said}");
}

#[test]
fn what_an_operator_must_know_sets_off_an_alert() {
    let tests = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/suite/metrics/alerts.yml");
    let run = Command::new(promtool())
        .args(["test", "rules"])
        .arg(tests)
        .output()
        .expect("promtool; tests/run installs it");
    let said = String::from_utf8_lossy(&run.stdout).into_owned();
    assert!(run.status.success(), "{said}");
}
