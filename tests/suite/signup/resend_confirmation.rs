//! The page after the form: asking for the confirmation mail again, and confirming with one click in the browser
//! that signed up.

use reqwest::header::{COOKIE, SET_COOKIE};
use reqwest::{Method, Response};
use xabar::domain::Purpose;

use crate::support::both::{TestDb, on_both_databases};
use crate::support::world::{World, link_in};

const EMAIL: &str = "aigerim@reader.example";

on_both_databases!(
    a_repeated_request_is_postponed_and_one_mail_covers_it,
    the_browser_that_signed_up_confirms_with_one_click,
    nobody_else_confirms_with_a_request_alone,
    a_refusal_is_told_to_the_browser_that_signed_up_alone,
    a_form_on_another_site_lets_nobody_confirm_so,
);

fn form<'a>(email: &'a str, newsletter: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("email", email),
        ("newsletter", newsletter),
        ("lang", "en"),
        ("consent", "yes"),
    ]
}

async fn sign_up(world: &World, email: &str, cookie: &str) -> Response {
    let request = world.http.post(world.url("/subscribe"));
    let request = request.form(&form(email, "asie-centrale"));
    request.header(COOKIE, cookie).send().await.unwrap()
}

/// What a browser sends back.
fn cookie_of(answer: &Response) -> String {
    let set = answer.headers()[SET_COOKIE].to_str().unwrap();
    for part in ["HttpOnly", "SameSite=Lax", "Max-Age=7200", "Path=/"] {
        assert!(set.contains(part), "{set}");
    }
    set.split(';').next().unwrap().to_owned()
}

async fn follow(world: &World, method: Method, link: &str, headers: &[(&str, &str)]) {
    let mut request = world.http.request(method, link);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    let answer = request.send().await.unwrap();
    assert_eq!(answer.status(), 200);
}

async fn a_repeated_request_is_postponed_and_one_mail_covers_it(db: TestDb) {
    let world = World::start(&db).await;
    world.add_newsletters().await;
    let request = async |newsletter| {
        let answer = world.submit("/subscribe", &form(EMAIL, newsletter)).await;
        assert_eq!(answer.status(), 200);
        world.work().await;
        world.mails_to(EMAIL).len()
    };
    assert_eq!(request("asie-centrale").await, 1);
    world.pass(5);
    assert_eq!(request("asie-centrale").await, 1, "one in 15 minutes");
    world.pass(5);
    // The mail that waits is about this one too.
    assert_eq!(request("zentralasien").await, 1);
    world.pass(4);
    world.work().await;
    assert_eq!(
        world.mails_to(EMAIL).len(),
        1,
        "the 15 minutes are not over"
    );
    world.pass(2);
    world.work().await;
    assert_eq!(world.mails_to(EMAIL).len(), 2, "one mail for both requests");
    world.pass(1);
    assert_eq!(request("asie-centrale").await, 2);
    let last = world.mails_to(EMAIL).pop().unwrap();
    world.submit(&link_in(&last.text, "/confirm/"), &[]).await;
    let states = world.states(EMAIL).await;
    assert_eq!(states.matches("active").count(), 2, "{states}");
    // A welcome is the last: nobody is asked to confirm what is confirmed.
    world.pass(60);
    world.work().await;
    let mails = world.mails_to(EMAIL);
    let asking = mails.iter().filter(|mail| mail.text.contains("/confirm/"));
    assert_eq!(asking.count(), 2);
}

async fn the_browser_that_signed_up_confirms_with_one_click(db: TestDb) {
    let world = World::start(&db).await;
    let cookie = cookie_of(&sign_up(&world, EMAIL, "").await);
    assert!(!cookie.contains("aigerim"), "{cookie}");
    world.work().await;
    let confirm = world.link(EMAIL, Purpose::Confirm).await;
    follow(&world, Method::GET, &confirm, &[("cookie", &cookie)]).await;
    assert_eq!(world.state(EMAIL).await, "active");
    let consents = world.consents(EMAIL).await;
    assert_eq!(consents, ["requested by page", "confirmed by page"]);
}

async fn nobody_else_confirms_with_a_request_alone(db: TestDb) {
    let world = World::start(&db).await;
    let cookie = cookie_of(&sign_up(&world, EMAIL, "").await);
    let other = cookie_of(&sign_up(&world, "bolat@reader.example", "").await);
    world.work().await;
    let confirm = world.link(EMAIL, Purpose::Confirm).await;
    let later = cookie.replacen("=1", "=9", 1);
    let mine = ("cookie", cookie.as_str());
    for (method, headers) in [
        (Method::GET, vec![]),
        (Method::HEAD, vec![mine]),
        (
            Method::GET,
            vec![mine, ("sec-purpose", "prefetch;prerender")],
        ),
        (Method::GET, vec![mine, ("purpose", "prefetch")]),
        (Method::GET, vec![("cookie", other.as_str())]),
        (Method::GET, vec![("cookie", later.as_str())]),
        (Method::GET, vec![("cookie", "xabar_signup=made.up")]),
    ] {
        follow(&world, method, &confirm, &headers).await;
        assert_eq!(world.state(EMAIL).await, "pending", "{headers:?}");
    }
    world.pass(121);
    follow(&world, Method::GET, &confirm, &[mine]).await;
    assert_eq!(world.state(EMAIL).await, "pending", "after two hours");
}

async fn a_refusal_is_told_to_the_browser_that_signed_up_alone(db: TestDb) {
    let gone = "gone.bolat@reader.example";
    let world = World::start(&db).await;
    let cookie = cookie_of(&sign_up(&world, gone, "").await);
    world.work().await;
    assert_eq!(world.caught_for(gone).len(), 0, "the relay refused it");
    let refused = "refused our last email";
    let told = sign_up(&world, gone, &cookie).await;
    assert_eq!(told.status(), 422);
    assert!(told.text().await.unwrap().contains(refused));
    let elsewhere = sign_up(&world, gone, "").await;
    assert_eq!(elsewhere.status(), 200);
    assert!(!elsewhere.text().await.unwrap().contains(refused));
    // With the address put right, all is well.
    let mended = sign_up(&world, "bolat@reader.example", &cookie).await;
    assert_eq!(mended.status(), 200);
    world.work().await;
    assert_eq!(world.caught_for("bolat@reader.example").len(), 1);
}

async fn a_form_on_another_site_lets_nobody_confirm_so(db: TestDb) {
    let world = World::start(&db).await;
    for (path, origin) in [
        ("/subscribe", "https://elsewhere.example"),
        ("/embed/asie-centrale", &world.base),
    ] {
        let request = world.http.post(world.url(path));
        let request = request.form(&form(EMAIL, "asie-centrale"));
        let answer = request.header("origin", origin).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        assert_eq!(answer.headers().get(SET_COOKIE), None, "{path}");
    }
    // A page may keep its origin secret, as our own do.
    for (from, has_cookie) in [
        ("cross-site", false),
        ("same-site", false),
        ("same-origin", true),
    ] {
        let request = world.http.post(world.url("/subscribe"));
        let request = request.form(&form(EMAIL, "asie-centrale"));
        let request = request
            .header("origin", "null")
            .header("sec-fetch-site", from);
        let answer = request.send().await.unwrap();
        assert_eq!(answer.status(), 200, "{from}");
        assert_eq!(
            answer.headers().contains_key(SET_COOKIE),
            has_cookie,
            "{from}"
        );
    }
}
