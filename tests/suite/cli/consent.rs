//! The record of consent at the command line.

use super::csv_of;
use crate::support::binary::Installation;
use crate::support::both::on_both_databases;

on_both_databases! {
    async fn verify_ends_with_status_1_and_the_place_when_an_event_was_changed(db: TestDb) {
        let installation = Installation::new(&db.url);
        installation.write("readers.csv", csv_of(&["a@example.org", "b@example.org"]));
        installation.ok(&["import", "readers.csv", "--newsletter", "asie-centrale"]).await;
        let printed = installation.ok(&["consent", "verify"]).await;
        assert!(printed.starts_with("2 events, chained since ") && printed.contains("\nthe last is 2:"), "{printed}");
        let noted = printed.trim_end().rsplit_once("the last is ").unwrap().1;
        assert_eq!(installation.ok(&["consent", "verify", "--noted", noted]).await, printed);

        let of = if db.url.starts_with("postgres") { " ON consent_event" } else { "" };
        db.execute(&format!("DROP TRIGGER consent_event_is_final{of}")).await.unwrap();
        db.execute("UPDATE consent_event SET page = 'elsewhere' WHERE id = 2").await.unwrap();
        let ran = installation.run(&["consent", "verify"]).await;
        assert_eq!(ran.status, Some(1));
        assert!(ran.stdout.ends_with("\nevent 2: the event was changed\n"), "{ran:?}");
        assert_eq!(ran.stderr, "xabar: the record of consent is not what was recorded: event 2: the event was changed\n");
        let ran = installation.run(&["consent", "verify", "--json"]).await;
        assert_eq!(ran.status, Some(1));
        let report: serde_json::Value = serde_json::from_str(&ran.stdout).unwrap();
        assert_eq!((&report["intact"], &report["breaks"][0]["event"]), (&false.into(), &2.into()));
    }

    async fn a_proof_is_printed_as_a_file_or_as_json(db: TestDb) {
        let installation = Installation::new(&db.url);
        installation.write("readers.csv", csv_of(&["a@example.org"]));
        installation.ok(&["import", "readers.csv", "--newsletter", "asie-centrale"]).await;
        let proof = installation.ok(&["consent", "proof", "A@example.org", "--language", "en"]).await;
        assert!(proof.starts_with("Proof of consent of A@example.org\n") && proof.contains("Brought in from elsewhere"), "{proof}");
        let proof = installation.json(&["consent", "proof", "a@example.org"]).await;
        assert_eq!(proof["subscriptions"][0]["consent"][0]["kind"], "imported");
        assert_eq!(installation.refused(&["consent", "proof", "b@example.org"]).await, "nothing is held of this address");
    }
}
