//! The checks of an issue before it is sent, over the API and on the command line.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use xabar::config::Settings;

use crate::mail::dkim::Key;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::dns::DnsServer;
use crate::support::mail_servers::free_port;
use crate::support::sites::Site;
use crate::support::smtp::Options;
use crate::support::world::World;

on_both_databases!(
    the_list_names_what_is_wrong_and_where,
    an_article_that_was_sent_before_is_told,
    links_that_do_not_work_are_told_from_those_that_could_not_be_tried,
    no_link_reaches_what_is_not_public,
    the_senders_domain_is_asked_in_the_dns,
    a_relay_that_cannot_be_used_is_told,
    the_command_fails_with_an_error,
);

async fn world(db: &TestDb, dns: &DnsServer, adapt: impl FnOnce(&mut Settings)) -> World {
    World::with(db, Options::default(), |settings| {
        settings.signup.dns_servers = vec![dns.address];
        settings.fetch.seconds = 1;
        // The sites of these tests; the rest of this machine stays private.
        settings.fetch.allow = vec!["127.0.0.2/32".parse().unwrap()];
        adapt(settings);
    })
    .await
}

/// An issue whose articles have these links; returns its id.
async fn with_links(world: &World, links: &[String]) -> String {
    let items: Vec<Value> = links
        .iter()
        .map(|url| json!({ "title": url, "url": url }))
        .collect();
    let body = json!({ "newsletter": "asie-centrale", "subject": "S", "preheader": "P",
        "parts": [{ "kind": "articles", "items": items }] });
    let answer = world.post("/api/v1/issues").json(&body).send().await;
    let issue: Value = answer.unwrap().json().await.unwrap();
    issue["id"].as_str().unwrap().to_owned()
}

async fn list(world: &World, issue: &str) -> Value {
    let answer = world.get(&format!("/api/v1/issues/{issue}/checks"));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

/// The same after everything was asked.
async fn thorough(world: &World, issue: &str) -> Value {
    let answer = world.post(&format!("/api/v1/issues/{issue}/checks"));
    let answer = answer.send().await.unwrap();
    assert_eq!(answer.status(), 200);
    answer.json().await.unwrap()
}

fn codes(list: &Value) -> Vec<String> {
    let findings = list["findings"].as_array().unwrap().iter();
    let words = |finding: &Value| {
        let place = finding["field"].as_str().unwrap_or("-");
        format!("{} {place}", finding["code"].as_str().unwrap())
    };
    findings.map(words).collect()
}

/// What was found about links, by their path: the code and why.
fn about_links(list: &Value) -> BTreeMap<String, String> {
    let findings = list["findings"].as_array().unwrap().iter();
    let tried = findings.filter(|finding| {
        let code = finding["code"].as_str().unwrap();
        ["link-dead", "link-unchecked", "link-moved"].contains(&code)
    });
    tried
        .map(|finding| {
            let link = finding["values"]["link"].as_str().unwrap();
            let path = url::Url::parse(link).unwrap();
            let path = format!("{}{}", path.host_str().unwrap(), path.path());
            let why = finding["values"]["why"].as_str().unwrap_or_default();
            let status = finding["values"]["status"].as_str().unwrap_or_default();
            let said = format!("{} {why}{status}", finding["code"].as_str().unwrap());
            (path, said)
        })
        .collect()
}

async fn the_list_names_what_is_wrong_and_where(db: TestDb) {
    let world = World::start(&db).await;
    let issue = world.draft("Sommet").await;
    let good = list(&world, &issue).await;
    assert_eq!(
        (&good["errors"], codes(&good).as_slice()),
        (&json!(0), &[][..]),
        "{good}"
    );
    let patch = json!({ "preheader": "", "parts": [
        { "kind": "articles", "items": [
            { "title": "Titre de l’article", "url": "https://staging.magazine.net/a" },
            { "title": "Kazakhst\u{430}n", "image": world.url("/picture/none.jpg") } ] },
        { "kind": "agenda", "items": [{ "title": "Concert, 20 novembre 2026" }] }] });
    let changed = world.patch(&format!("/api/v1/issues/{issue}")).json(&patch);
    assert_eq!(changed.send().await.unwrap().status(), 200);
    let found = list(&world, &issue).await;
    assert_eq!(
        codes(&found),
        [
            "placeholder parts[0].items[0]",
            "link-staging parts[0].items[0]",
            "link-missing parts[0].items[1]",
            "picture-gone parts[0].items[1]",
            "preheader-missing preheader",
            "alt-missing parts[0].items[1]",
            "mixed-script parts[0].items[1]",
            "date-passed parts[1].items[0]",
        ],
        "{found}"
    );
    assert_eq!(
        (&found["errors"], &found["warnings"]),
        (&json!(4), &json!(4))
    );
    let first = &found["findings"][1];
    assert_eq!(first["anchor"], "part-0-item-0");
    let said = first["message"].as_str().unwrap();
    assert!(
        said.contains("https://staging.magazine.net/a leads to a test site"),
        "{said}"
    );
    // Sending by the API does not depend on it; what was found is the issue's present state.
    assert_eq!(found["version"], 2);
    assert_eq!(found["thorough_at"], Value::Null);
}

async fn an_article_that_was_sent_before_is_told(db: TestDb) {
    let world = World::start(&db).await;
    let article = |url: &str| {
        json!({ "newsletter": "asie-centrale", "subject": "Avant", "preheader": "P", "parts": [
            { "kind": "articles", "items": [{ "title": "A", "url": url }] }] })
    };
    world
        .publish(&article("https://magazine.net/a?utm_source=x"))
        .await;
    world.pass(60 * 24 * 7);
    let links = ["https://www.magazine.net/a/", "https://magazine.net/b"];
    let issue = with_links(&world, &links.map(str::to_owned)).await;
    let found = list(&world, &issue).await;
    assert_eq!(codes(&found), ["sent-before parts[0].items[0]"]);
    let values = &found["findings"][0]["values"];
    assert_eq!(
        (&values["subject"], &values["date"]),
        (&json!("Avant"), &json!("2026-11-23"))
    );
    // A copy keeps its subject.
    let patch = json!({ "subject": " AVANT" });
    let changed = world.patch(&format!("/api/v1/issues/{issue}")).json(&patch);
    assert_eq!(changed.send().await.unwrap().status(), 200);
    assert_eq!(
        codes(&list(&world, &issue).await),
        ["subject-sent subject", "sent-before parts[0].items[0]"]
    );
    let patch = json!({ "subject": "Suite" });
    let changed = world.patch(&format!("/api/v1/issues/{issue}")).json(&patch);
    assert_eq!(changed.send().await.unwrap().status(), 200);
    // The next one that is sent counts at once.
    world.publish(&article("https://magazine.net/b")).await;
    assert_eq!(codes(&list(&world, &issue).await).len(), 2);
}

async fn links_that_do_not_work_are_told_from_those_that_could_not_be_tried(db: TestDb) {
    let dns = DnsServer::start().await;
    let site = Site::listen("127.0.0.2:0", Vec::new()).await;
    dns.host("site.example", &["127.0.0.2"]);
    dns.host("other.example", &["127.0.0.2"]);
    let world = world(&db, &dns, |_| {}).await;
    let port = site.address.port();
    let mut links: Vec<String> = [
        "ok",
        "ok#part",
        "gone",
        "removed",
        "forbidden",
        "down",
        "no-head",
        "no-head-404",
        "closes",
        "loop",
        "moved",
        "hangs",
        "drips",
        "endless",
        "bomb",
    ]
    .iter()
    .map(|path| format!("http://site.example:{port}/{path}"))
    .collect();
    links.push("http://nowhere.example/x".to_owned());
    links.push("http://broken.example/x".to_owned());
    let issue = with_links(&world, &links).await;
    let found = thorough(&world, &issue).await;
    let expected = [
        ("broken.example/x", "link-unchecked dns"),
        ("nowhere.example/x", "link-dead no-host"),
        ("site.example/closes", "link-unchecked broken"),
        ("site.example/down", "link-unchecked status503"),
        ("site.example/drips", "link-unchecked slow"),
        ("site.example/forbidden", "link-unchecked status403"),
        ("site.example/gone", "link-dead status404"),
        ("site.example/hangs", "link-unchecked slow"),
        ("site.example/loop", "link-unchecked loop"),
        ("site.example/moved", "link-moved "),
        ("site.example/removed", "link-dead status410"),
    ];
    let expected = expected.map(|(path, said)| (path.to_owned(), said.to_owned()));
    assert_eq!(about_links(&found), BTreeMap::from(expected));
    let moved = found["findings"].as_array().unwrap().iter();
    let mut moved = moved.filter(|finding| finding["code"] == "link-moved");
    assert_eq!(moved.next().unwrap()["values"]["host"], "other.example");
    // One page is asked once, and the list remembers what was found.
    let requests = site.requests();
    let asked = |what: &str| requests.iter().filter(|one| *one == what).count();
    assert_eq!(
        (asked("HEAD /ok"), asked("GET /ok")),
        (2, 0),
        "one is that of /moved"
    );
    assert_eq!(list(&world, &issue).await["findings"], found["findings"]);
    thorough(&world, &issue).await;
    assert_eq!(site.requests().len(), requests.len(), "asked again at once");
    // What the links led to is known under the next keystroke too; a new one was not tried.
    let items = ["http://nowhere.example/x", "http://later.example/x"];
    let items = items.map(|url| json!({ "title": url, "url": url }));
    let patch = json!({ "subject": "T", "parts": [{ "kind": "articles", "items": items }] });
    let changed = world.patch(&format!("/api/v1/issues/{issue}"));
    let changed = changed.json(&patch).send().await;
    assert_eq!(changed.unwrap().status(), 200);
    let kept = list(&world, &issue).await;
    let dead = (
        "nowhere.example/x".to_owned(),
        "link-dead no-host".to_owned(),
    );
    assert_eq!(about_links(&kept), BTreeMap::from([dead]));
    assert_eq!(
        (&kept["thorough_at"], &kept["untried_links"]),
        (&found["thorough_at"], &json!(1))
    );
    let again = thorough(&world, &issue).await;
    assert_eq!(
        again["untried_links"], 0,
        "another text is asked about at once"
    );
    assert_eq!(about_links(&again).len(), 2);
}

async fn no_link_reaches_what_is_not_public(db: TestDb) {
    let dns = DnsServer::start().await;
    let site = Site::listen("127.0.0.2:0", Vec::new()).await;
    let port = site.address.port();
    // What must never be reached.
    let inside = Site::listen(&format!("127.0.0.1:{port}"), Vec::new()).await;
    dns.host("site.example", &["127.0.0.2"]);
    dns.host("inside.example", &["127.0.0.1"]);
    dns.host("both.example", &["127.0.0.2", "127.0.0.1"]);
    dns.host("six.example.net", &["::1"]);
    dns.host("mapped.example", &["::ffff:127.0.0.1"]);
    // The first answer is public, and the next is not.
    dns.host("rebinds.example", &["127.0.0.2"]);
    dns.host("rebinds.example", &["127.0.0.1"]);
    let world = world(&db, &dns, |_| {}).await;
    let links: Vec<String> = [
        format!("http://127.0.0.1:{port}/a"),
        format!("http://2130706433:{port}/b"),
        format!("http://0x7f.0.0.1:{port}/c"),
        format!("http://0177.0.0.1:{port}/d"),
        format!("http://127.1:{port}/e"),
        format!("http://[::1]:{port}/f"),
        format!("http://[::ffff:127.0.0.1]:{port}/g"),
        format!("http://0.0.0.0:{port}/h"),
        "http://169.254.169.254/latest/meta-data".to_owned(),
        format!("http://localhost:{port}/i"),
        format!("http://inside.example:{port}/j"),
        format!("http://both.example:{port}/k"),
        format!("http://six.example.net:{port}/l"),
        format!("http://mapped.example:{port}/m"),
        format!("http://site.example:{port}/to/http://127.0.0.1:{port}/n"),
        format!("http://site.example:{port}/to/http://inside.example:{port}/o"),
        format!("http://site.example:{port}/to///inside.example:{port}/p"),
        format!("http://rebinds.example:{port}/no-head"),
    ]
    .into();
    let issue = with_links(&world, &links).await;
    let found = thorough(&world, &issue).await;
    let told = about_links(&found);
    assert_eq!(told.len(), links.len(), "{told:#?}");
    for (link, said) in &told {
        assert_eq!(said, "link-dead private", "{link}");
    }
    assert_eq!(inside.requests(), [""; 0]);
    let mut seen = site.requests();
    seen.retain(|request| !request.contains("/to/"));
    assert_eq!(seen, ["HEAD /no-head"]);
}

async fn the_senders_domain_is_asked_in_the_dns(db: TestDb) {
    let dns = DnsServer::start().await;
    let folder = tempfile::tempdir().unwrap();
    let key = Key::rsa(folder.path(), 2048);
    let another = Key::ed25519(folder.path());
    let sign = |settings: &mut Settings| {
        settings.dkim.domain = "example.org".to_owned();
        settings.dkim.selector = "s1".to_owned();
        settings.dkim.key_file = key.file.clone();
    };
    let world = world(&db, &dns, sign).await;
    let about_domain = async || {
        // What was found is remembered for a moment.
        world.pass(1);
        let issue = world.draft("Sommet").await;
        let found = thorough(&world, &issue).await;
        let mut codes = codes(&found);
        codes.retain(|code| code.ends_with(" -"));
        codes.sort();
        codes.join(",").replace(" -", "")
    };
    assert_eq!(
        about_domain().await,
        "dkim-broken,dmarc-missing,spf-missing"
    );
    dns.text(
        "example.org",
        &["google-site-verification=x", "v=spf1 +all"],
    );
    dns.text("_dmarc.example.org", &["v=DMARC1; p=none"]);
    dns.text("s1._domainkey.example.org", &[&another.record]);
    assert_eq!(about_domain().await, "dkim-broken,spf-broken");
    dns.text("example.org", &["v=spf1 mx -all", "v=spf1 -all"]);
    dns.text("s1._domainkey.example.org", &[&key.record]);
    assert_eq!(about_domain().await, "spf-broken");
    dns.text("example.org", &["v=spf1 include:_spf.relay.example -all"]);
    assert_eq!(about_domain().await, "");
}

async fn a_relay_that_cannot_be_used_is_told(db: TestDb) {
    let dns = DnsServer::start().await;
    let port = free_port();
    let world = world(&db, &dns, |settings| {
        settings.smtp.url = format!("smtp://127.0.0.1:{port}").parse().unwrap();
    })
    .await;
    let issue = world.draft("Sommet").await;
    let found = thorough(&world, &issue).await;
    let down = found["findings"].as_array().unwrap().iter();
    let down: Vec<&Value> = down.filter(|one| one["code"] == "relay-down").collect();
    assert_eq!(down.len(), 1, "{found}");
    assert_eq!(down[0]["severity"], "warning");
}

async fn the_command_fails_with_an_error(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.ok(&["migrate"]).await;
    let issue = json!({ "newsletter": "asie-centrale", "subject": "S", "preheader": "P", "intro": "Bonjour." });
    installation.write("issue.json", issue.to_string());
    let made = installation
        .json(&["issue", "new", "--file", "issue.json"])
        .await;
    let id = made["id"].as_str().unwrap();
    let said = installation.ok(&["issue", "check", id]).await;
    assert_eq!(said, "nothing to mend\n");
    let bad =
        json!({ "newsletter": "asie-centrale", "subject": "S", "preheader": "P", "intro": "TODO" });
    installation.write("issue.json", bad.to_string());
    let made = installation
        .json(&["issue", "new", "--file", "issue.json"])
        .await;
    let ran = installation
        .run(&["issue", "check", made["id"].as_str().unwrap()])
        .await;
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stdout.starts_with("error\tplaceholder\tintro\t"),
        "{}",
        ran.stdout
    );
    assert!(
        ran.stderr.contains("1 of the checks found an error"),
        "{}",
        ran.stderr
    );
}
