//! A correction that changes nothing makes no revision, however often it is asked for.

use serde_json::Value;
use xabar::domain::{Actor, AuditAction, IssueId};
use xabar::publish;

use crate::issues::corrections::correct;
use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(a_correction_that_says_the_same_is_no_revision);

/// Version and revision.
fn standing(issue: &Value) -> (i64, i64) {
    let number = |name: &str| issue[name].as_i64().unwrap();
    (number("version"), number("revision"))
}

async fn a_correction_that_says_the_same_is_no_revision(db: TestDb) {
    let world = World::start(&db).await;
    world
        .readers(&["ok@example.org", "defer@example.org"])
        .await;
    let id = world.triggered().await;
    world.work().await;
    assert_eq!(world.act(&id, "pause").await.0, 200);
    let before = standing(&world.issue(&id).await);
    for _ in 0..2 {
        let (status, same) = correct(&world, &id, "Sommet").await;
        assert_eq!((status, standing(&same)), (200, before));
    }
    // The desk comes this way.
    let by_id = IssueId(id.parse().unwrap());
    let mut db_read = world.service.store.read().await.unwrap();
    let issue = xabar::store::issue::by_id(&mut db_read, by_id).await;
    let content = issue.unwrap().unwrap().content;
    drop(db_read);
    let applied = publish::apply(&world.service, by_id, content, None, &Actor::CommandLine);
    let applied = applied.await.unwrap();
    assert_eq!((applied.version, applied.revision), before);
    let (status, right) = correct(&world, &id, "Corrigé").await;
    assert_eq!((status, standing(&right).1), (200, 2));
    let (_, again) = correct(&world, &id, "Corrigé").await;
    assert_eq!(standing(&again), standing(&right), "a call is repeated");
    let logged = format!(
        "SELECT COUNT(*) FROM audit_event WHERE action = '{}'",
        AuditAction::Corrected
    );
    assert_eq!(db.number(&logged).await, 1);
    assert_eq!(db.number("SELECT COUNT(*) FROM issue_revision").await, 1);
}
