//! Pagination of the API: every list takes `limit` and `cursor`.

use serde_json::Value;
use xabar::accounts;
use xabar::domain::Role;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::World;

on_both_databases!(every_list_takes_limit_and_cursor);

async fn read(world: &World, token: &str, path: &str) -> (u16, Value) {
    let asked = world.http.get(world.url(path)).bearer_auth(token);
    let answer = asked.send().await.unwrap();
    (answer.status().as_u16(), answer.json().await.unwrap())
}

async fn every_list_takes_limit_and_cursor(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    for reader in ["a@example.org", "b@example.org", "c@example.org"] {
        world.join(reader).await;
    }
    let issue = world.draft("Le sommet").await;
    assert_eq!(world.act(&issue, "send").await.0, 202);
    world.work().await;
    for amount in 1..=3 {
        let log = format!("INSERT INTO retention_log (at, what, amount) VALUES (0, 'x', {amount})");
        db.execute(&log).await.unwrap();
    }
    let owner = accounts::add_token(&world.service, "owner", Role::Owner);
    let owner = owner.await.unwrap();
    for (path, most) in [
        (format!("/api/v1/issues/{issue}/deliveries"), 100),
        ("/api/v1/newsletters".to_owned(), 100),
        ("/api/v1/retention".to_owned(), 500),
    ] {
        let (status, all) = read(&world, &owner, &format!("{path}?limit={most}")).await;
        assert_eq!(status, 200, "{path}: {all}");
        let lines = |page: &Value| {
            let items = page.get("items").unwrap_or(page);
            items.as_array().unwrap().clone()
        };
        let all = lines(&all);
        assert_eq!(all.len(), 3, "{path}: {all:?}");
        let mut one_by_one = Vec::new();
        let mut cursor = String::new();
        while one_by_one.len() < 3 {
            let url = format!("{path}?limit=1&cursor={cursor}");
            let (_, page) = read(&world, &owner, &url).await;
            let items = lines(&page);
            assert_eq!(items.len(), 1, "{url}: {page}");
            let next = page.get("next").unwrap_or(&items[0]["id"]);
            cursor = next.to_string().trim_matches('"').to_owned();
            one_by_one.extend(items);
        }
        assert_eq!(one_by_one, all, "{path}");
        for wrong in [
            "limit=0",
            &format!("limit={}", most + 1),
            "limit=x",
            "cursor=x",
        ] {
            let (status, said) = read(&world, &owner, &format!("{path}?{wrong}")).await;
            assert_eq!(status, 422, "{path}?{wrong}: {said}");
        }
    }
}
