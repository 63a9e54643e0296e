//! Erasure: what stays (a keyed hash, the locked proof), and that no import brings a person back.

use xabar::domain::Purpose;
use xabar::subscribe::privacy::Extent;
use xabar::subscribe::{Importer, audit_consents};
use xabar::{store, worker};

use super::{dossier, my_data, traces};
use crate::fields::ask;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const DAY: i64 = 24 * 60;

async fn import(world: &World, email: &str) -> (u64, Vec<String>) {
    let newsletter = store::newsletter::list(&mut world.service.store.read().await.unwrap())
        .await
        .unwrap()
        .remove(0);
    let file = format!(
        "email,consent_at,consent_source,consent_wording\n{email},2024-07-31,salon,Je signe\n"
    );
    let mut why = Vec::new();
    let report = Importer::new(&world.service, &newsletter, std::io::Cursor::new(file), &[])
        .unwrap()
        .run(|refused| {
            why.push(refused.why.clone());
            Ok(())
        })
        .await
        .unwrap();
    (report.imported, why)
}

on_both_databases!(
    erasure_leaves_a_hash_and_the_locked_proof,
    who_was_erased_comes_back_by_own_will_only,
    no_import_brings_back_an_earlier_address,
);

async fn erasure_leaves_a_hash_and_the_locked_proof(db: TestDb) {
    let world = World::start(&db).await;
    world.join("stays@example.org").await;
    ask(&world).await;
    let answers = serde_json::json!({ "name": "Saltanat", "trade": "press" });
    let body = serde_json::json!({ "email": "reader@example.org", "answers": answers });
    assert_eq!(
        world
            .post("/api/v1/subscriptions")
            .json(&body)
            .send()
            .await
            .unwrap()
            .status(),
        202
    );
    world.work().await;
    let confirm = link_in(&world.mails_to("reader@example.org")[0].text, "/confirm/");
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    assert!(
        traces(&db, "Saltanat").await > 0,
        "the answer is kept, and found by the search"
    );
    let issue = world.draft("Avant").await;
    world.act(&issue, "send").await;
    world.work().await;
    let waiting = world.draft("Après").await;
    world.act(&waiting, "send").await;
    world.act(&waiting, "pause").await;
    let leave = world.link("reader@example.org", Purpose::Unsubscribe).await;
    let choices = world.link("reader@example.org", Purpose::Preferences).await;
    let link = my_data(&world, "reader@example.org").await;
    let shown = world.page(&link).await.1;
    assert!(
        shown.contains("Métier") && shown.contains("Presse") && !shown.contains("trade"),
        "what was asked, in words: {shown}"
    );
    world
        .submit(&format!("{link}/name"), &[("name", "Aigerim")])
        .await;
    world
        .submit(
            &format!("{link}/address"),
            &[("email", "elsewhere@example.org")],
        )
        .await;
    assert_eq!(
        world.page(&format!("{link}/erase")).await.0,
        405,
        "no link erases"
    );

    let unticked = world.submit(&format!("{link}/erase"), &[]).await;
    assert_eq!(unticked.status(), 422);
    let unticked = unticked.text().await.unwrap();
    assert!(unticked.contains("id=\"erase-error\""), "{unticked}");
    let answer = world
        .submit(&format!("{link}/erase"), &[("sure", "yes")])
        .await;
    assert_eq!(answer.status(), 200);
    let shown = answer.text().await.unwrap();
    assert!(
        shown.contains("22 novembre 2029"),
        "until when the proof remains: {shown}"
    );
    assert_eq!(
        world
            .submit(&format!("{link}/erase"), &[("sure", "yes")])
            .await
            .status(),
        410
    );
    world.work().await;
    let mails = world.mails_to("reader@example.org");
    let certificate = &mails.last().unwrap().text;
    assert!(
        certificate.contains("1 abonnement") && certificate.contains("22 novembre 2029"),
        "{certificate}"
    );
    assert!(world.mails_to("elsewhere@example.org").is_empty());
    for trace in ["reader@", "Aigerim", "elsewhere@", "Saltanat"] {
        assert_eq!(traces(&db, trace).await, 0, "{trace}");
    }
    let ips = "SELECT COUNT(*) FROM consent_event WHERE ip IS NOT NULL";
    assert_eq!(db.number(ips).await, 2, "two of the reader who stays");
    // What goes out later skips the reader, and the counts add up.
    world.act(&waiting, "resume").await;
    world.work().await;
    assert_eq!(world.mails_to("reader@example.org").len(), mails.len());
    assert_eq!(
        (world.counts(&issue).await, world.counts(&waiting).await),
        ("sent=2".into(), "sent=1 skipped=1".into())
    );
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(db.number("SELECT COUNT(*) FROM delivery").await, 2);
    // Old links answer kindly.
    let (status, shown) = world.page(&leave).await;
    assert!(
        status == 200 && shown.contains("Au revoir") && !shown.contains("/data\""),
        "{shown}"
    );
    assert_eq!(
        world
            .submit(&leave, &[("List-Unsubscribe", "One-Click")])
            .await
            .status(),
        200
    );
    assert_eq!(world.page(&choices).await.0, 410);
    assert_eq!(
        world.submit(&format!("{choices}/data"), &[]).await.status(),
        410
    );

    assert!(
        dossier(&world, "nobody@example.org", Extent::Consent)
            .await
            .is_none()
    );
    let proof = dossier(&world, "Reader@example.org", Extent::Consent)
        .await
        .unwrap();
    let acts: Vec<&str> = proof.subscriptions[0]
        .consent
        .iter()
        .map(|e| e.kind.as_str())
        .collect();
    assert_eq!(
        acts,
        ["requested", "mailed", "confirmed", "corrected", "erased"]
    );
    assert!(
        proof.known_since.is_none()
            && proof.subscriptions[0]
                .consent
                .iter()
                .all(|e| e.genuine && e.ip.is_none())
    );
    assert!(audit_consents(&world.service, None).await.unwrap().intact);
    // And no list brings the reader back.
    let (imported, why) = import(&world, "READER@example.org").await;
    assert!(
        imported == 0 && why[0].contains("asked to be erased"),
        "{why:?}"
    );
}

async fn who_was_erased_comes_back_by_own_will_only(db: TestDb) {
    let world = World::start(&db).await;
    world.join("reader@example.org").await;
    let link = my_data(&world, "reader@example.org").await;
    world
        .submit(&format!("{link}/erase"), &[("sure", "yes")])
        .await;
    world.work().await;
    // Somebody else signs the address up, and its owner says so.
    world.pass(1);
    world.sign_up("reader@example.org").await;
    world.work().await;
    let confirm = link_in(
        &world.mails_to("reader@example.org").last().unwrap().text,
        "/confirm/",
    );
    assert_eq!(
        world
            .submit(&format!("{confirm}/decline"), &[])
            .await
            .status(),
        200
    );
    let before = world.mails_to("reader@example.org").len();
    world.pass(30 * DAY);
    assert_eq!(world.sign_up("reader@example.org").await.status(), 202);
    world.work().await;
    assert_eq!(world.mails_to("reader@example.org").len(), before);
    world.pass(151 * DAY);
    worker::retention::run(&world.service).await.unwrap();
    assert_eq!(
        import(&world, "reader@example.org").await.0,
        0,
        "the erasure is for ever"
    );
    world.join("reader@example.org").await;
    assert_eq!(world.state("reader@example.org").await, "active");
    assert_eq!(db.number("SELECT COUNT(*) FROM suppression").await, 0);
    assert_eq!(
        world.consents("reader@example.org").await,
        ["requested by api", "confirmed by page"]
    );
    assert!(audit_consents(&world.service, None).await.unwrap().intact);
}

async fn no_import_brings_back_an_earlier_address(db: TestDb) {
    let world = World::start(&db).await;
    world.join("old@example.org").await;
    let link = my_data(&world, "old@example.org").await;
    let new = [("email", "new@example.org")];
    assert_eq!(
        world
            .submit(&format!("{link}/address"), &new)
            .await
            .status(),
        200
    );
    world.work().await;
    let confirm = link_in(&world.mails_to("new@example.org")[0].text, "/new-address/");
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    world.pass(1);
    let link = my_data(&world, "new@example.org").await;
    assert_eq!(
        world
            .submit(&format!("{link}/erase"), &[("sure", "yes")])
            .await
            .status(),
        200
    );
    for address in ["old@example.org", "new@example.org"] {
        let (imported, why) = import(&world, address).await;
        assert_eq!(imported, 0, "{address}: {why:?}");
    }
}
