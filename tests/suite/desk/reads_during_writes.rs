//! Pages of the desk that only read do not wait for a database write.

use xabar::domain::{IssueId, Language, Role};
use xabar::store;
use xabar::store::accounts::session;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(a_page_is_shown_while_somebody_writes,);

async fn a_page_is_shown_while_somebody_writes(db: TestDb) {
    let world = World::start(&db).await;
    let anna = world.person("Anna", Role::Editor, Language::En).await;
    world.readers(&["ok@example.org"]).await;
    let id = world.draft("Sommet").await;
    // The use of the session is to be noted.
    world.pass(2);
    let now = world.service.clock.now();
    let seen = async || {
        let mut db = world.service.store.read().await.unwrap();
        let all = session::of(&mut db, anna.editor.id).await.unwrap();
        all[0].last_seen_at
    };
    let mut db = world.service.store.read().await.unwrap();
    let own = session::of(&mut db, anna.editor.id)
        .await
        .unwrap()
        .remove(0);
    drop(db);
    // On SQLite nobody else writes now, on PostgreSQL nobody else these rows.
    let mut tx = world.service.store.write().await.unwrap();
    let issue = IssueId(id.parse().unwrap());
    store::issue::lock(&mut tx, issue).await.unwrap();
    session::seen(&mut tx, own.id, own.last_seen_at)
        .await
        .unwrap();
    let mut page = String::new();
    // On a busy machine a connection may not be had at once.
    for _ in 0..5 {
        let sent = anna.get(&format!("/desk/issues/{id}/send")).send();
        page = sent.await.unwrap().text().await.unwrap();
        if page.contains("class=\"send-form\"") {
            break;
        }
    }
    assert!(page.contains("class=\"send-form\""), "{page}");
    tx.commit().await.unwrap();
    // It is noted all the same.
    for _ in 0..100 {
        if seen().await == now {
            return;
        }
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
    }
    panic!("last seen {}, not {now}", seen().await);
}
