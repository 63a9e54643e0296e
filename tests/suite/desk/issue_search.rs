//! Searching for an earlier issue, and beginning with it.

use super::writing::{stored, writer};
use super::{click, expect, open, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;

on_both_databases!(an_old_issue_is_found_and_begun_with,);

async fn an_old_issue_is_found_and_begun_with(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    world.readers(&["ok@example.org"]).await;
    let old = world.draft("Numéro spécial").await;
    assert_eq!(world.act(&old, "send").await.0, 202);
    world.work().await;
    for number in 0..26 {
        world.draft(&format!("Semaine {number}")).await;
    }
    open(&browser, &world, "/desk/issues").await;
    type_into(&browser, "input[name=q]", "special").await;
    click(&browser, ".filter button").await;
    until_said(&browser, ".issue-list .subject", "Numéro spécial").await;
    click(&browser, ".issue-list .subject").await;
    click(&browser, ".actions a[href*='earlier=']").await;
    let chosen = "#earlier option:checked";
    until_said(&browser, chosen, "Numéro spécial").await;
    world.pass(1);
    click(&browser, "main form button[type=submit]").await;
    expect(&browser, "#write").await;
    assert_eq!(stored(&world).await.1.subject, "Numéro spécial");
    open(&browser, &world, "/desk/issues?q=nichts").await;
    until_said(&browser, ".empty", "No issue has these words").await;
}
