//! `xabar consent verify|proof` and `xabar subscriber show|erase`.

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(
    verify_ends_with_status_1_and_the_place_when_an_event_was_changed,
    a_person_is_proved_shown_and_erased,
);

async fn verify_ends_with_status_1_and_the_place_when_an_event_was_changed(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
    installation
        .ok(&["import", "readers.csv", "--newsletter", "asie-centrale"])
        .await;
    let printed = installation.ok(&["consent", "verify"]).await;
    assert!(
        printed.starts_with("2 events, chained since ") && printed.contains("\nthe last is 2:"),
        "{printed}"
    );
    let noted = printed.trim_end().rsplit_once("the last is ").unwrap().1;
    assert_eq!(
        installation
            .ok(&["consent", "verify", "--noted", noted])
            .await,
        printed
    );

    let of = if db.url.starts_with("postgres") {
        " ON consent_event"
    } else {
        ""
    };
    db.execute(&format!("DROP TRIGGER consent_event_is_final{of}"))
        .await
        .unwrap();
    db.execute("UPDATE consent_event SET page = 'elsewhere' WHERE id = 2")
        .await
        .unwrap();
    let ran = installation.run(&["consent", "verify"]).await;
    assert_eq!(ran.status, Some(1));
    assert!(
        ran.stdout.ends_with("\nevent 2: the event was changed\n"),
        "{ran:?}"
    );
    assert_eq!(
        ran.stderr,
        "xabar: the record of consent is not what was recorded: event 2: the event was changed\n"
    );
    let ran = installation.run(&["consent", "verify", "--json"]).await;
    assert_eq!(ran.status, Some(1));
    let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(
        (&report["intact"], &report["breaks"][0]["event"]),
        (&false.into(), &2.into())
    );
}

async fn a_person_is_proved_shown_and_erased(db: TestDb) {
    let installation = Installation::new(&db.url);
    installation.write("readers.csv", csv_of(&["a@example.org"]));
    let import = ["import", "readers.csv", "--newsletter", "asie-centrale"];
    installation.ok(&import).await;
    let proof = installation
        .ok(&["consent", "proof", "A@example.org", "--language", "en"])
        .await;
    assert!(
        proof.starts_with("Proof of consent from a@example.org\n")
            && proof.contains("Imported, with earlier consent"),
        "{proof}"
    );
    let proof = installation
        .json(&["consent", "proof", "a@example.org"])
        .await;
    assert_eq!(proof["subscriptions"][0]["consent"][0]["kind"], "imported");
    assert!(
        installation
            .ok(&["subscriber", "show", "a@example.org"])
            .await
            .contains("a@example.org")
    );
    assert_eq!(
        installation
            .refused(&["consent", "proof", "b@example.org"])
            .await,
        "nothing is held of this address"
    );
    let erased = installation
        .ok(&["subscriber", "erase", "a@example.org"])
        .await;
    assert!(
        erased.starts_with("erased: 1 subscriptions, 0 lines of ledgers, 0 mails; what remains"),
        "{erased}"
    );
    assert_eq!(
        installation
            .refused(&["subscriber", "erase", "a@example.org"])
            .await,
        "nothing is held of this address"
    );
    let ran = installation.run(&import).await;
    assert!(ran.stderr.contains("asked to be erased"), "{ran:?}");
    assert!(
        installation.json(&["consent", "verify"]).await["intact"]
            .as_bool()
            .unwrap()
    );
    assert_eq!(installation.ok(&["retention", "log"]).await, "");
    assert_eq!(installation.ok(&["signups", "protection"]).await, "");
    let counts = installation.json(&["signups", "protection"]).await;
    assert_eq!(counts, serde_json::json!([]));
}
