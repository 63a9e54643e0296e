//! `xabar newsletter add|set|list|show`.

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(newsletters_are_added_listed_and_shown,);

async fn newsletters_are_added_listed_and_shown(db: TestDb) {
    let installation = Installation::new(&db.url);
    let first = installation.json(&["newsletter", "list"]).await;
    assert_eq!(
        (first[0]["slug"].as_str(), first.as_array().unwrap().len()),
        (Some("asie-centrale"), 1)
    );
    assert_eq!(
        (&first[0]["language"], &first[0]["time_zone"]),
        (&"fr".into(), &"Europe/Paris".into())
    );
    let added = installation
        .json(&[
            "newsletter",
            "add",
            "--slug",
            "central-asia",
            "--title",
            "Central Asia",
            "--language",
            "en",
            "--sender-name",
            "Novastan",
            "--sender-address",
            "hello@example.org",
            "--time-zone",
            "Europe/London",
        ])
        .await;
    assert_eq!(
        (&added["sender"], &added["language"]),
        (&"Novastan <hello@example.org>".into(), &"en".into())
    );
    assert_eq!(
        (&added["reply_to"], &added["active"]),
        (&"redaction@example.org".into(), &0.into())
    );
    assert_eq!(
        installation
            .json(&["newsletter", "show", "central-asia"])
            .await,
        added
    );
    let shown = installation
        .ok(&["newsletter", "show", "central-asia"])
        .await;
    assert!(
        shown.starts_with("Central Asia (central-asia)\nlanguage   en\n"),
        "{shown}"
    );
    let listed = installation.ok(&["newsletter", "list"]).await;
    let slugs: Vec<&str> = listed
        .lines()
        .filter_map(|line| line.split('\t').next())
        .collect();
    assert_eq!(slugs, ["asie-centrale", "central-asia"]);
    let set = installation
        .json(&[
            "newsletter",
            "set",
            "central-asia",
            "--title",
            "Central Asia Weekly",
            "--visibility",
            "private",
        ])
        .await;
    assert_eq!(
        (&set["title"], &set["visibility"], &set["sender"]),
        (
            &"Central Asia Weekly".into(),
            &"private".into(),
            &added["sender"]
        )
    );
    assert_eq!(
        installation
            .json(&["newsletter", "show", "central-asia"])
            .await,
        set
    );
    let strict = [
        "newsletter",
        "set",
        "central-asia",
        "--safety-mode",
        "true",
        "--needs-approval",
        "true",
        "--accent",
        "#0b5c68",
        "--legal",
        r#"{"en":{"imprint_url":"https://example.org/imprint"}}"#,
    ];
    let set = installation.json(&strict).await;
    assert_eq!(
        (&set["safety_mode"], &set["needs_approval"], &set["accent"]),
        (&true.into(), &true.into(), &"#0b5c68".into())
    );
    assert_eq!(set["sender_address"], "hello@example.org");
    let shown = installation
        .ok(&["newsletter", "show", "central-asia"])
        .await;
    for line in [
        "safety     on",
        "approval   by a second person",
        "accent     #0b5c68",
        "imprint    en: https://example.org/imprint",
    ] {
        assert!(shown.lines().any(|shown| shown == line), "{shown}");
    }
    let logged = installation.ok(&["audit", "list"]).await;
    for words in [
        "newsletter-added\tcentral-asia\t",
        "newsletter-edited\tcentral-asia\t",
    ] {
        assert!(logged.contains(words), "{logged}");
    }
    let refused = installation
        .refused(&[
            "newsletter",
            "add",
            "--slug",
            "central-asia",
            "--title",
            "Again",
        ])
        .await;
    assert!(refused.contains("already a newsletter"), "{refused}");
}
