//! Fields of several newsletters, on the sign-up form and on the preferences page.

use fantoccini::Locator;
use xabar::domain::Purpose;

use super::signup_form::{heard, invalid};
use super::{
    Browser, Viewport, World, click, expect, expect_heading, fill_in, inspect_with_status, open,
    personalise, three_newsletters,
};
use crate::fields::multiple_newsletters::ask_all;

const EMAIL: &str = "leserin@reader.example";

/// A reader's browser; with scripts it is also held against what every page has to keep.
struct Walk {
    browser: Browser,
    world: World,
    looks_closer: bool,
}

impl Walk {
    async fn inspect(&self, name: &str, status: Option<u16>) {
        if self.looks_closer {
            inspect_with_status(&self.browser, &self.world.base, name, "en", status).await;
            self.browser.look_through(Viewport::DESKTOP).await;
        }
    }

    async fn write(&self, field: &str, answer: &str) {
        let field = self.browser.find(Locator::Id(field)).await.unwrap();
        field.send_keys(answer).await.unwrap();
    }

    async fn value(&self, field: &str) -> String {
        let field = self.browser.find(Locator::Id(field)).await.unwrap();
        field.prop("value").await.unwrap().unwrap()
    }

    async fn said(&self) -> String {
        let alert = expect(&self.browser, "[role=alert]").await;
        alert.text().await.unwrap()
    }

    async fn press(&self) {
        click(&self.browser, "main .card button[type=submit]").await;
    }

    async fn sign_up(&self) {
        let browser = &self.browser;
        open(browser, &self.world, "/subscribe?lang=en").await;
        for newsletter in ["central-asia", "asie-centrale", "zentralasien"] {
            click(
                browser,
                &format!("input[name=newsletter][value={newsletter}]"),
            )
            .await;
        }
        personalise(browser).await;
        click(browser, "input[name=countries][value=uz]").await;
        fill_in(browser, EMAIL).await;
        // What was ticked asks something, and nothing else is asked again.
        expect(browser, "input[name=asked][value=zentralasien]").await;
        assert!(self.said().await.starts_with("One more step"));
        expect(
            browser,
            "[id='field-asie-centrale/name'][aria-describedby=asked]:focus",
        )
        .await;
        let title = browser.title().await.unwrap();
        assert!(title.starts_with("One more step · "), "{title}");
        let email = browser.find(Locator::Css("[name=email]")).await.unwrap();
        assert!(!email.is_displayed().await.unwrap());
        assert_eq!(email.prop("value").await.unwrap().as_deref(), Some(EMAIL));
        click(browser, "option[value=press]").await;
        assert_eq!(self.world.states(EMAIL).await, "none none none");
        self.inspect("form-asks-more", None).await;
        self.write("field-zentralasien/town", "Osch").await;
        self.press().await;
        let error = expect(browser, "[id='error-field-zentralasien/trade']").await;
        expect(browser, "[id='field-zentralasien/trade']:focus").await;
        assert_eq!(error.text().await.unwrap(), "Please answer this question.");
        if self.looks_closer {
            let trade = heard(browser, "textbox", "Beruf").await;
            assert_eq!(invalid(&trade), "true");
            assert_eq!(
                trade["description"]["value"],
                "Please answer this question."
            );
            let group = heard(browser, "group", "Zentralasien").await;
            assert_eq!(group["name"]["value"], "Zentralasien");
        }
        self.inspect("form-asks-more-refused", Some(422)).await;
        assert_eq!(self.value("field-zentralasien/town").await, "Osch");
        self.write("field-zentralasien/trade", "Lehrerin").await;
        self.press().await;
        expect_heading(browser, "Check your inbox").await;
        assert_eq!(self.world.states(EMAIL).await, "pending none pending");
        let kept = self.world.subscription_to(EMAIL, "zentralasien").await;
        assert_eq!(kept.unwrap().chosen.countries.to_string(), "uz");
    }

    async fn choose(&self) {
        let (browser, world) = (&self.browser, &self.world);
        world.work().await;
        let mail = world.mails_to(EMAIL).pop().expect("a mail");
        let confirm = crate::support::world::link_in(&mail.text, "/confirm/");
        assert_eq!(world.submit(&confirm, &[]).await.status(), 200);
        open(
            browser,
            world,
            &world.link(EMAIL, Purpose::Preferences).await,
        )
        .await;
        expect_heading(browser, "Your preferences").await;
        // Mails get forwarded: what was answered to another newsletter does not show.
        assert_eq!(self.value("field-trade").await, "press");
        let source = browser.source().await.unwrap();
        assert!(!source.contains("Lehrerin") && !source.contains("Osch"));
        self.inspect("preferences-fields-of-two", None).await;
        click(browser, "input[name=letters][value=zentralasien]").await;
        click(browser, "input[name=letters][value=central-asia]").await;
        self.press().await;
        expect(browser, "input[name=asked][value=central-asia]").await;
        assert!(self.said().await.starts_with("One more step"));
        expect(browser, "[id='field-central-asia/since']:focus").await;
        assert_eq!(world.states(EMAIL).await, "active none active");
        self.inspect("preferences-asks-more", None).await;
        // It may stay empty, and the form is taken in all the same.
        self.press().await;
        let said = expect(browser, "[role=status]").await;
        assert_eq!(said.text().await.unwrap(), "Saved.");
        let title = browser.title().await.unwrap();
        assert!(title.starts_with("Saved · Your preferences"), "{title}");
        assert_eq!(world.states(EMAIL).await, "active active ended");
        self.inspect("preferences-fields-saved", None).await;
    }
}

async fn the_whole_way(viewport: Viewport) {
    let (world, _db) = three_newsletters().await;
    ask_all(&world).await;
    let walk = Walk {
        browser: Browser::open(viewport).await,
        world,
        looks_closer: viewport.javascript,
    };
    walk.sign_up().await;
    walk.choose().await;
    walk.browser
        .assert_quiet_but(&walk.world.base, Some(422))
        .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ticked_is_asked_on_a_phone_without_javascript() {
    the_whole_way(Viewport::PHONE.without_javascript()).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn what_is_ticked_is_asked_on_accessible_pages() {
    the_whole_way(Viewport::DESKTOP).await;
}
