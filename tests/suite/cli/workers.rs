//! `xabar workers`, and what doctor, desk and metrics say of workers.

use std::time::Duration;

use serde_json::Value;

use xabar::domain::{Actor, Language, Role};
use xabar::instance::{hold, presence, relay_pause};

use super::{csv_of, draft};
use crate::support::binary::{Installation, Serving};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::scripted_smtp::{Reply, Script, ScriptedSmtp, Stage};
use crate::support::world::World;

on_both_databases!(
    a_worker_is_listed_with_what_it_holds_until_it_ends,
    a_worker_that_was_killed_is_listed_as_silent,
    who_watches_an_issue_is_told_why_nothing_goes_out,
);

/// Far longer than anything here takes: a test should fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);

async fn until_listed(installation: &Installation, is_so: impl Fn(&Value) -> bool) -> Value {
    let looking = async {
        loop {
            let listed = installation.json(&["workers"]).await;
            if is_so(&listed) {
                return listed;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    };
    let found = tokio::time::timeout(PATIENCE, looking).await;
    found.expect("it is never listed so")
}

/// A worker says that it runs a moment after it has started.
pub(super) async fn until_a_worker_is_listed(installation: &Installation) {
    until_listed(installation, |listed| workers(listed).len() == 1).await;
}

fn workers(listed: &Value) -> &Vec<Value> {
    listed["workers"].as_array().unwrap()
}

/// What the doctor says of workers, as level and mending line.
async fn diagnosed(installation: &Installation) -> Vec<(String, Option<String>)> {
    let ran = installation.run(&["--json", "doctor"]).await;
    let found: Value = serde_json::from_str(&ran.stdout).unwrap();
    let all = found["checks"].as_array().unwrap().iter();
    let of_workers = all.filter(|one| one["check"] == "worker");
    let text = |value: &Value| value.as_str().map(str::to_owned);
    of_workers
        .map(|one| (text(&one["level"]).unwrap(), text(&one["mend"])))
        .collect()
}

async fn with_readers(db: &TestDb, relay: &ScriptedSmtp) -> Installation {
    let installation = Installation::new(&db.url).with("SMTP__URL", &relay.url());
    let readers = csv_of(&["a@example.org", "b@example.org"]);
    installation.write("readers.csv", readers);
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    installation
}

async fn a_worker_is_listed_with_what_it_holds_until_it_ends(db: TestDb) {
    let slowly = Reply::line("250 2.0.0 taken").after(Duration::from_secs(5));
    let relay = ScriptedSmtp::start(Script::default().always(Stage::Dot, slowly)).await;
    let installation = with_readers(&db, &relay).await;
    let [(level, mend)] = &diagnosed(&installation).await[..] else {
        panic!("one line says that there is none");
    };
    assert_eq!(level, "yellow");
    assert!(mend.as_ref().unwrap().contains("xabar serve"), "{mend:?}");

    let serving: Serving = installation.serve("worker").await;
    let issue = draft(&installation, "Sommet").await;
    installation.ok(&["issue", "send", &issue]).await;
    let holds = |listed: &Value| {
        let all = workers(listed);
        all.len() == 1
            && all[0]["leases"]
                .as_array()
                .is_some_and(|all| all.len() == 1)
    };
    let listed = until_listed(&installation, holds).await;
    let worker = &workers(&listed)[0];
    assert_eq!(worker["version"], env!("CARGO_PKG_VERSION"), "{listed:#}");
    assert_eq!(
        (&worker["silent"], &worker["leases"][0]["issue"]),
        (&false.into(), &issue.as_str().into())
    );
    assert!(
        listed["other_leases"].as_array().unwrap().is_empty(),
        "{listed:#}"
    );
    let said = installation.ok(&["workers"]).await;
    let name = format!(
        "{} (process {})",
        worker["host"].as_str().unwrap(),
        worker["pid"]
    );
    assert!(said.starts_with(&format!("{name}\txabar ")), "{said}");
    assert!(
        said.contains(&format!("2 deliveries of issue {issue}\theld")),
        "{said}"
    );
    assert_eq!(diagnosed(&installation).await, [("green".to_owned(), None)]);

    assert_eq!(serving.terminate().await, Some(0));
    let listed = installation.json(&["workers"]).await;
    assert!(workers(&listed).is_empty(), "it has ended: {listed:#}");
}

async fn a_worker_that_was_killed_is_listed_as_silent(db: TestDb) {
    let relay = ScriptedSmtp::start(Script::default()).await;
    let installation = with_readers(&db, &relay).await;
    let serving = installation.serve("worker").await;
    until_a_worker_is_listed(&installation).await;
    serving.kill().await;
    db.execute("UPDATE worker SET seen_at = seen_at - 61000000")
        .await
        .unwrap();
    let listed = installation.json(&["workers"]).await;
    assert_eq!(workers(&listed)[0]["silent"], true, "{listed:#}");
    let said = installation.ok(&["workers"]).await;
    assert!(said.contains("\tsilent since "), "{said}");
    let levels: Vec<String> = diagnosed(&installation)
        .await
        .into_iter()
        .map(|one| one.0)
        .collect();
    assert_eq!(levels, ["yellow", "yellow"], "none runs, and one is silent");

    // The next one begins, and the row of the dead one goes a day later.
    let serving = installation.serve("worker").await;
    until_listed(&installation, |listed| workers(listed).len() == 2).await;
    assert_eq!(serving.terminate().await, Some(0));
    db.execute("UPDATE worker SET seen_at = seen_at - 86400000000")
        .await
        .unwrap();
    let serving = installation.serve("worker").await;
    until_listed(&installation, |listed| {
        workers(listed).len() == 1 && workers(listed)[0]["silent"] == false
    })
    .await;
    assert_eq!(serving.terminate().await, Some(0));
}

async fn who_watches_an_issue_is_told_why_nothing_goes_out(db: TestDb) {
    let world = World::start(&db).await;
    let eva = world.person("Eva", Role::Editor, Language::En).await;
    world.join("anna@example.org").await;
    let issue = world.draft("Sommet").await;
    assert_eq!(world.act(&issue, "send").await.0, 202);
    let page = async |path: &str| {
        let answer = eva.get(path).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        answer.text().await.unwrap()
    };
    let watch = format!("/desk/issues/{issue}/watch");
    let (no_worker, paused) = (
        "No program that sends mails is running",
        "All mail services are paused",
    );
    for path in ["/desk", &watch] {
        assert!(page(path).await.contains(no_worker), "{path}");
    }
    let begins = "It has just begun";
    assert!(!page(&watch).await.contains(begins), "nothing begins");
    let (service, by) = (&world.service, &Actor::CommandLine);
    presence::tell(service, service.clock.now(), true)
        .await
        .unwrap();
    for path in ["/desk", &watch] {
        assert!(!page(path).await.contains(no_worker), "{path}");
    }
    relay_pause::pause(service, "main", "A test.", by)
        .await
        .unwrap();
    assert!(page(&watch).await.contains(paused));
    relay_pause::resume(service, "main", by).await.unwrap();
    let goes_on = page(&watch).await;
    assert!(!goes_on.contains(paused) && goes_on.contains(begins));
    // Without a word for a minute.
    world.pass(2);
    assert!(page(&watch).await.contains(no_worker));
    hold::hold_all(service, "A test.", by).await.unwrap();
    let issue = world.draft("Während des Halts").await;
    assert_eq!(world.act(&issue, "send").await.0, 202);
    let watch = format!("/desk/issues/{issue}/watch");
    assert!(page(&watch).await.contains("All sending is held"));
}
