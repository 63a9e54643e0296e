//! `xabar editor` and `xabar token`: accounts and their API tokens.

use serde_json::{Value, json};

use crate::support::binary::Installation;
use crate::support::both::{TestDb, on_both_databases};

on_both_databases!(a_token_is_a_persons_and_goes_with_it,);

async fn a_token_is_a_persons_and_goes_with_it(db: TestDb) {
    let installation = Installation::new(&db.url);
    let (bea, token) = ("bea@example.org", ["token", "add", "--role", "editor"]);
    let person = ["--name", "Bea", "--role", "editor", "--invite"];
    let added = [&["editor", "add", bea][..], &person].concat();
    let id = installation.json(&added).await["id"].clone();
    for more in [&["--name", "hers", "--for", bea][..], &["--name", "cron"]] {
        installation.ok(&[&token[..], more].concat()).await;
    }
    let nobody = ["--name", "x", "--for", "nobody@example.org"];
    installation.refused(&[&token[..], &nobody].concat()).await;
    let whose = async || {
        let all = installation.json(&["token", "list"]).await;
        let one = |one: &Value| (one["name"].clone(), one["editor_id"].clone());
        all.as_array().unwrap().iter().map(one).collect::<Vec<_>>()
    };
    let cron = (json!("cron"), Value::Null);
    assert_eq!(whose().await, [cron.clone(), (json!("hers"), id.clone())]);
    let list = installation.ok(&["token", "list"]).await;
    assert!(
        list.contains("\tBea's") && list.contains("\tnobody's"),
        "{list}"
    );
    // There are none to turn off.
    installation.ok(&["editor", "totp-off", bea]).await;
    let removed = ["editor", "remove", bea, "--revoke-tokens"];
    let removed = installation.json(&removed).await;
    assert_eq!(
        (&removed["removed"], &removed["tokens_revoked"]),
        (&id, &json!(true))
    );
    assert_eq!(whose().await, [cron]);
}
