//! Reports that are kept after the send.

use std::time::Duration;

use xabar::publish;

use crate::deliver::issue_id;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(the_report_of_a_cancelled_issue_is_kept_too);

async fn the_report_of_a_cancelled_issue_is_kept_too(db: TestDb) {
    let world = World::start(&db).await;
    world.readers(&["ok1@example.org", "ok2@example.org"]).await;
    let id = world.triggered().await;
    let kept = "SELECT COUNT(*) FROM issue_report";
    publish::write_reports(&world.service).await.unwrap();
    assert_eq!(db.number(kept).await, 0, "it is not over");
    assert_eq!(world.act(&id, "cancel").await.0, 200);
    world.pass(1);
    while db
        .number("SELECT COUNT(*) FROM issue WHERE finished_at IS NOT NULL")
        .await
        == 0
    {
        world.work().await;
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    publish::write_reports(&world.service).await.unwrap();
    assert_eq!(db.number(kept).await, 1);

    // As an upgrade may find it.
    db.execute("UPDATE issue_report SET content = '{}'")
        .await
        .unwrap();
    publish::report(&world.service, issue_id(&id))
        .await
        .unwrap();
    while db.number(kept).await == 1 {
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(publish::write_reports(&world.service).await.unwrap(), 1);
    assert_eq!(db.number(kept).await, 1, "it is written anew");
}
