//! The sign-up form: fresh, refused, accepted.

use fantoccini::Locator;
use serde_json::{Value, json};
use xabar::domain::Purpose;

use super::{
    Browser, TestDb, Viewport, World, click, expect, expect_heading, fill_in, inspect,
    inspect_with_status, open, personalise, three_newsletters,
};

#[tokio::test(flavor = "multi_thread")]
async fn the_form_in_each_language() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/").await;
    // The browser of these tests asks for English.
    inspect(&browser, &world.base, "home", "en").await;
    for (language, heading) in [
        ("fr", "S’abonner à « Asie centrale »"),
        ("de", "„Asie centrale“ abonnieren"),
        ("ru", "Подписаться на рассылку «Asie centrale»"),
        ("en", "Subscribe to “Asie centrale”"),
    ] {
        let path = format!("/subscribe?newsletter=asie-centrale&lang={language}");
        open(&browser, &world, &path).await;
        expect_heading(&browser, heading).await;
        inspect(&browser, &world.base, &format!("form-{language}"), language).await;
        // Words in another language than the page say so.
        let lead = browser.find(Locator::Css(".lead")).await.unwrap();
        assert_eq!(lead.attr("lang").await.unwrap().as_deref(), Some("fr"));
    }
    browser.look_through(Viewport::DESKTOP).await;
    fill_in(&browser, "someone@reader.example").await;
    expect_heading(&browser, "Check your inbox").await;
    inspect(&browser, &world.base, "accepted", "en").await;
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "makes a picture for the README, and tests nothing"]
async fn a_picture_for_the_readme() {
    let (world, _db) = three_newsletters().await;
    let viewport = Viewport {
        width: 1000,
        ..Viewport::DESKTOP
    };
    let browser = Browser::open(viewport).await;
    open(
        &browser,
        &world,
        "/subscribe?newsletter=central-asia&lang=en",
    )
    .await;
    expect_heading(&browser, "Subscribe to “Central Asia”").await;
    browser.picture("readme-signup").await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_bad_address_is_said_beside_its_field() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(
        &browser,
        &world,
        "/subscribe?newsletter=asie-centrale&lang=en",
    )
    .await;
    let field = browser.find(Locator::Id("email")).await.unwrap();
    field.send_keys("Someone.example").await.unwrap();
    personalise(&browser).await;
    click(&browser, "input[value=kg]").await;
    click(&browser, "main form > button[type=submit]").await;
    let alert = Locator::Css("[role=alert]");
    let alert = browser.wait().for_element(alert).await.unwrap();
    assert!(alert.text().await.unwrap().contains("Something’s missing"));
    let focused = "return document.activeElement.id";
    let focused = browser.execute(focused, vec![]).await.unwrap();
    assert_eq!(focused, "email", "the reader starts at what is wrong");
    let field = heard(&browser, "textbox", "Your email address").await;
    assert_eq!(field["value"]["value"], "Someone.example");
    assert_eq!(invalid(&field), "true");
    let described = field["description"]["value"].as_str().unwrap_or_default();
    assert!(
        described.contains("a name, an @ and a domain"),
        "{described}"
    );
    let consent = heard(&browser, "checkbox", "I agree to receive").await;
    assert_eq!(invalid(&consent), "true");
    let described = consent["description"]["value"].as_str().unwrap_or_default();
    assert!(described.contains("Please tick this box"), "{described}");
    let ticked = browser.find_all(Locator::Css(":checked")).await.unwrap();
    let mut values = Vec::new();
    for field in &ticked {
        values.push(field.prop("value").await.unwrap().unwrap());
    }
    assert_eq!(values, ["kg", "each"]);
    inspect_with_status(&browser, &world.base, "form-refused", "en", Some(422)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn whoever_ticks_no_newsletter_is_led_to_them() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/subscribe?lang=en").await;
    let field = browser.find(Locator::Id("email")).await.unwrap();
    field.send_keys("someone@reader.example").await.unwrap();
    click(&browser, "input[name=newsletter]:checked").await;
    click(&browser, "main form > button[type=submit]").await;
    // The consent is missing too, further down.
    expect(&browser, "input[name=newsletter]:focus").await;
    let title = browser.title().await.unwrap();
    assert!(title.starts_with("Error · "), "{title}");
}

#[tokio::test(flavor = "multi_thread")]
async fn too_many_sign_ups_are_told_when_to_come_back() {
    let db = TestDb::sqlite();
    let world = World::with(&db, Default::default(), |settings| {
        settings.signup.per_ip_per_10_minutes = 1;
        settings.signup.per_ip_per_hour = 1;
    })
    .await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    for heading in ["Check your inbox", "Subscribe to “Asie centrale”"] {
        open(&browser, &world, "/subscribe?lang=en").await;
        fill_in(&browser, "someone@reader.example").await;
        expect_heading(&browser, heading).await;
    }
    let alert = expect(&browser, "[role=alert]").await;
    assert!(alert.text().await.unwrap().contains("minutes"));
    inspect_with_status(&browser, &world.base, "form-limited", "en", Some(429)).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn the_newsletters_own_fields_are_asked_refused_and_taken_in() {
    let db = TestDb::sqlite();
    let world = World::start(&db).await;
    crate::fields::ask(&world).await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(
        &browser,
        &world,
        "/subscribe?newsletter=asie-centrale&lang=fr",
    )
    .await;
    assert!(browser.find(Locator::Id("field-name")).await.is_err());
    fill_in(&browser, "lectrice@reader.example").await;
    // Only what the newsletter itself asks is left to answer.
    expect(&browser, "#field-name:focus").await;
    let asked = "form.card :is(input:not([type=hidden], .trap *), select, summary)";
    assert_eq!(
        browser.find_all(Locator::Css(asked)).await.unwrap().len(),
        3
    );
    inspect(&browser, &world.base, "form-fields", "fr").await;
    browser.look_through(Viewport::DESKTOP).await;
    let name = browser.find(Locator::Id("field-name")).await.unwrap();
    name.send_keys("Aïgerim").await.unwrap();
    click(&browser, "main form > button[type=submit]").await;
    expect(&browser, "#error-field-trade").await;
    let trade = heard(&browser, "combobox", "Métier").await;
    assert_eq!(invalid(&trade), "true");
    let described = trade["description"]["value"].as_str().unwrap_or_default();
    assert_eq!(described, "Répondez à cette question.");
    inspect_with_status(
        &browser,
        &world.base,
        "form-fields-refused",
        "fr",
        Some(422),
    )
    .await;
    browser.look_through(Viewport::DESKTOP).await;
    let kept = browser.find(Locator::Id("field-name")).await.unwrap();
    assert_eq!(
        kept.prop("value").await.unwrap().as_deref(),
        Some("Aïgerim")
    );
    let press = browser
        .find(Locator::Css("option[value=press]"))
        .await
        .unwrap();
    press.click().await.unwrap();
    click(&browser, "main form > button[type=submit]").await;
    expect_heading(&browser, "Regardez votre boîte mail").await;
    world.work().await;
    let confirm = world
        .link("lectrice@reader.example", Purpose::Confirm)
        .await;
    assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
    let preferences = world
        .link("lectrice@reader.example", Purpose::Preferences)
        .await;
    open(&browser, &world, &preferences).await;
    inspect(&browser, &world.base, "preferences-fields", "fr").await;
}

/// A phone of the smallest usual size.
const SMALL: Viewport = Viewport {
    width: 360,
    height: 740,
    ..Viewport::PHONE
};

#[tokio::test(flavor = "multi_thread")]
async fn the_form_fits_a_phone_down_to_its_button_without_javascript() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(SMALL.without_javascript()).await;
    for language in ["fr", "de", "en", "ru"] {
        for path in ["/?lang=", "/subscribe?newsletter=zentralasien&lang="] {
            open(&browser, &world, &format!("{path}{language}")).await;
            browser
                .picture(&format!("form-small-{}-{language}", path.len()))
                .await;
            let button = expect(&browser, "main form > button[type=submit]").await;
            let (_, y, _, height) = button.rectangle().await.unwrap();
            assert!(y + height <= 740.0, "{path}{language}: {}", y + height);
        }
    }
    // A newsletter's own page asks for the address and the agreement alone.
    let before = "form.card > :is(.field, fieldset) :is(input, select, summary)";
    let asked = browser.find_all(Locator::Css(before)).await.unwrap();
    assert_eq!(asked.len(), 2);
    let country = browser.find(Locator::Css("input[value=kz]")).await.unwrap();
    assert!(!country.is_displayed().await.unwrap());
    personalise(&browser).await;
    assert!(country.is_displayed().await.unwrap());
}

#[tokio::test(flavor = "multi_thread")]
async fn the_visitors_language_chooses_the_newsletter() {
    let (world, _db) = three_newsletters().await;
    let browser = Browser::open(Viewport::DESKTOP).await;
    open(&browser, &world, "/?email=someone%40reader.example").await;
    let email = expect(&browser, "#email").await;
    let filled = email.prop("value").await.unwrap();
    assert_eq!(filled.as_deref(), Some("someone@reader.example"));
    // The browser of these tests asks for English.
    for (language, chosen) in [
        ("en", "central-asia"),
        ("de", "zentralasien"),
        // Nothing is written in Russian: the oldest.
        ("ru", "asie-centrale"),
        ("fr", "asie-centrale"),
    ] {
        click(&browser, &format!("header .languages [lang={language}]")).await;
        expect(&browser, &format!("html[lang={language}]")).await;
        let ticked = browser
            .find_all(Locator::Css(":checked[name=newsletter]"))
            .await
            .unwrap();
        assert_eq!(ticked.len(), 1);
        assert_eq!(
            ticked[0].prop("value").await.unwrap().as_deref(),
            Some(chosen)
        );
    }
    // A newsletter's own page speaks its language, and leads to the others.
    open(&browser, &world, "/subscribe?newsletter=zentralasien").await;
    expect(&browser, "html[lang=de]").await;
    click(&browser, ".quiet a").await;
    let ticked = expect(&browser, ":checked[name=newsletter]").await;
    assert_eq!(
        ticked.prop("value").await.unwrap().as_deref(),
        Some("zentralasien")
    );
}

/// What a screen reader is given for the element with this role and beginning of a name.
pub(super) async fn heard(browser: &Browser, role: &str, name: &str) -> Value {
    let tree = browser
        .devtools("Accessibility.getFullAXTree", json!({}))
        .await;
    let nodes = tree["nodes"].as_array().expect("nodes");
    let fits = |node: &&Value| {
        let named = node["name"]["value"].as_str().unwrap_or_default();
        node["role"]["value"] == role && named.starts_with(name)
    };
    nodes.iter().find(fits).cloned().expect("is in the tree")
}

pub(super) fn invalid(node: &Value) -> &Value {
    let properties = node["properties"].as_array().expect("properties");
    let found = properties.iter().find(|p| p["name"] == "invalid");
    &found.expect("says whether it is valid")["value"]["value"]
}
