//! The preferences page: what has to be within reach.

use fantoccini::Locator;
use serde_json::json;
use xabar::domain::Purpose;

use super::{Browser, NARROW, TestDb, Viewport, World, click, expect, open};

const EMAIL: &str = "aigerim@reader.example";

async fn preferences(viewport: Viewport) -> (World, Browser, TestDb) {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    world.join(EMAIL).await;
    let browser = Browser::open(viewport).await;
    let link = world.link(EMAIL, Purpose::Preferences).await;
    open(&browser, &world, &link).await;
    expect(&browser, ".save button").await;
    (world, browser, db)
}

#[tokio::test(flavor = "multi_thread")]
async fn the_button_is_in_view_and_hides_nothing() {
    let (_world, browser, _db) = preferences(Viewport::PHONE).await;
    let script = "
        const bar = document.querySelector('.save').getBoundingClientRect();
        return [window.scrollY, bar.top >= 0 && bar.bottom <= window.innerHeight]";
    let seen = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(seen, json!([0, true]), "in view without scrolling");
    // By keyboard alone, from the first control to the last: each is above the bar when it has the focus.
    let script = "
        const seen = [];
        const bar = document.querySelector('.save');
        for (const control of document.querySelectorAll('main input:not([type=hidden])')) {
            if (!control.getClientRects().length) continue;
            control.focus();
            const [box, edge] = [control.getBoundingClientRect(), bar.getBoundingClientRect()];
            if (box.bottom > edge.top || box.top < 0) seen.push(control.outerHTML);
        }
        return seen";
    let hidden = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(hidden, json!([]), "behind the bar");
    let script = "
        window.scrollTo(0, document.body.scrollHeight);
        const controls = [...document.querySelectorAll('main .card input')];
        const last = controls.at(-1).closest('fieldset').getBoundingClientRect();
        return last.bottom <= document.querySelector('.save').getBoundingClientRect().top";
    let free = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(free, true, "the end of the form is free");
    // With a large zoom there is no room for a bar.
    let zoomed = Viewport {
        height: 256,
        ..NARROW
    };
    browser.look_through(zoomed).await;
    let script = "return getComputedStyle(document.querySelector('.save')).position";
    let position = browser.execute(script, vec![]).await.unwrap();
    assert_eq!(position, "static");
}

#[tokio::test(flavor = "multi_thread")]
async fn without_a_script_a_day_is_asked_of_who_pauses_until_one() {
    let (world, browser, _db) = preferences(Viewport::PHONE.without_javascript()).await;
    let day = browser.find(Locator::Id("pause-date")).await.unwrap();
    assert!(!day.is_displayed().await.unwrap());
    click(&browser, "input[name=pause][value=date]").await;
    assert!(day.is_displayed().await.unwrap());
    click(&browser, "input[name=pause][value='2']").await;
    assert!(!day.is_displayed().await.unwrap());
    click(&browser, ".save button").await;
    expect(&browser, "[role=status]").await;
    let kept = world.subscription(EMAIL).await.expect("known");
    assert!(kept.paused_until.is_some());
}
