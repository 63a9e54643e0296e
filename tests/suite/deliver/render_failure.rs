//! An issue whose mails cannot be rendered pauses itself, says why, and holds up no other.

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(an_issue_that_cannot_be_rendered_pauses_itself);

async fn an_issue_that_cannot_be_rendered_pauses_itself(db: TestDb) {
    let replace = |old: &str, new: &str| {
        format!(
            "UPDATE issue SET content = REPLACE(content, '{old}', '{new}') WHERE subject = 'Brisé'"
        )
    };
    let world = World::start(&db).await;
    world.readers(&["a@example.org", "b@example.org"]).await;
    let (broken, sound) = (world.draft("Brisé").await, world.draft("Entier").await);
    for issue in [&broken, &sound] {
        assert_eq!(world.act(issue, "send").await.0, 202);
    }
    db.execute(&replace("\"parts\"", "\"ports\""))
        .await
        .unwrap();
    world.work().await;
    assert_eq!(
        world.counts(&sound).await,
        "sent=2",
        "the other one goes on"
    );
    let told = "SELECT COUNT(*) FROM issue WHERE state = 'paused' \
        AND paused_code = 'cannot-be-built' AND paused_because LIKE '%issue.content%'";
    assert_eq!(db.number(told).await, 1);
    db.execute(&replace("\"ports\"", "\"parts\""))
        .await
        .unwrap();
    let shown = world.issue(&broken).await;
    assert_eq!(shown["status"], "paused", "{shown}");
    assert_eq!(world.counts(&broken).await, "queued=2", "nobody failed");
    assert_eq!(world.act(&broken, "resume").await.0, 200);
    world.work().await;
    assert_eq!(world.counts(&broken).await, "sent=2");
}
