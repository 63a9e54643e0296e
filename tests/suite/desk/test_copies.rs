//! What the writing page tells of test copies.

use super::writing::{begin, writer};
use super::{click, type_into, until_said};
use crate::support::both::{TestDb, on_both_databases};
use crate::support::browser::Viewport;

on_both_databases!(what_became_of_a_test_copy_is_told,);

async fn what_became_of_a_test_copy_is_told(db: TestDb) {
    let (world, _anna, browser) = writer(&db, Viewport::DESKTOP).await;
    begin(&browser, &world).await;
    type_into(&browser, "#subject-text", "Sommet").await;
    type_into(&browser, "#intro-text", "Bonjour").await;
    for (to, says) in [
        ("ok@desk.example", "The server of ok@desk.example has taken"),
        ("gone@desk.example", "to gone@desk.example was refused: 5"),
    ] {
        type_into(&browser, "#test-to", to).await;
        click(&browser, ".test-copy button").await;
        until_said(&browser, "#test-answer", "The test copy is on its way").await;
        world.work().await;
        until_said(&browser, "#test-answer", says).await;
    }
}
