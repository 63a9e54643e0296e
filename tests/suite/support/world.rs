//! The whole service in the test's process: real database, real HTTP, a real SMTP server,
//! a clock that stands still.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use jiff::{SignedDuration, Timestamp};
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use tokio_util::sync::{CancellationToken, DropGuard};
use xabar::clock::Clock;
use xabar::config::Settings;
use xabar::domain::{
    Chosen, ConsentEvent, ConsentKind, CountrySet, EmailAddress, Frequency, IssueId, Language,
    NewsletterId, NewsletterInput, Purpose, Role, Slug, Subscription, SubscriptionState,
};
use xabar::mail::Relays;
use xabar::membership::{self, Requested};
use xabar::service::Service;
use xabar::web::demo::{Demo, Mailbox};
use xabar::{accounts, app, store, web, worker};

use super::both::TestDb;
use super::contract::Contract;
use super::mail::{ParsedMail, strict_parse};
use super::smtp::{Caught, Options, SmtpServer};

pub struct World {
    pub service: Service,
    pub clock: Clock,
    pub base: String,
    pub smtp: SmtpServer,
    pub http: Client,
    pub token: String,
    pub relays: Arc<Relays>,
    folder: tempfile::TempDir,
    _contract: Contract,
    _stop: DropGuard,
}

/// A key that is the same for every world on a database, as its key is.
fn keep_key(path: &Path, database: &str) {
    let octets = Sha256::digest(database.as_bytes());
    std::fs::write(path, data_encoding::HEXLOWER.encode(&octets)).unwrap();
    let rights = std::os::unix::fs::PermissionsExt::from_mode(0o600);
    std::fs::set_permissions(path, rights).unwrap();
}

/// A Monday morning.
pub fn monday() -> Timestamp {
    "2026-11-23T07:00:00Z".parse().unwrap()
}

impl World {
    pub async fn start(db: &TestDb) -> Self {
        Self::with(db, Options::default(), |_| {}).await
    }

    pub async fn with(db: &TestDb, smtp: Options, adapt: impl FnOnce(&mut Settings)) -> Self {
        Self::assemble(db, smtp, None, adapt).await
    }

    /// As `xabar demo` runs: mails are caught, and shown at `/mailbox`.
    pub async fn demo(db: &TestDb) -> Self {
        let mailbox = Mailbox::default();
        let here = SocketAddr::from(([127, 0, 0, 1], 0));
        let smtp = app::listen(here).await.unwrap();
        let url = format!("smtp://{}", smtp.local_addr().unwrap());
        tokio::spawn(mailbox.clone().catch(smtp));
        let catch = |settings: &mut Settings| settings.smtp.url = url.parse().unwrap();
        let demo = Demo {
            mailbox,
            ..Demo::default()
        };
        Self::assemble(db, Options::default(), Some(demo), catch).await
    }

    async fn assemble(
        db: &TestDb,
        smtp: Options,
        demo: Option<Demo>,
        adapt: impl FnOnce(&mut Settings),
    ) -> Self {
        log_errors();
        let smtp = SmtpServer::start(smtp).await;
        let listener = app::listen(SocketAddr::from(([127, 0, 0, 1], 0)))
            .await
            .unwrap();
        let base = format!("http://{}", listener.local_addr().unwrap());
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::defaults().unwrap();
        settings.database.url = db.url.clone();
        settings.database.connections = 8;
        settings.secret_file = folder.path().join("key");
        keep_key(&settings.secret_file, &db.url);
        settings.http.public_url = base.parse().unwrap();
        settings.smtp.url = smtp.url().parse().unwrap();
        settings.smtp.connections = 4;
        // Every test comes from one address.
        settings.signup.per_ip_per_hour = 0;
        settings.http.max_connections_per_ip = 0;
        // The clock stands still while a form is filled in.
        settings.signup.min_fill_seconds = 0;
        settings.signup.proof_cost = 10;
        settings.signup.proof_cost_in_attack = 20;
        // And many sign up many readers, of one domain.
        settings.signup.mails_per_domain_per_hour = 0;
        settings.signup.attack_signups_per_hour = 0;
        adapt(&mut settings);
        let relays = Arc::new(Relays::from_settings(&settings).unwrap());
        let clock = Clock::held(monday(), 7);
        let service = app::open(settings, clock.clone()).await.unwrap();
        let stop = CancellationToken::new();
        let contract = Contract::default();
        let router = contract.hold(web::router(service.clone(), demo));
        let http_settings = service.settings.http.clone();
        let stopped = stop.clone();
        let listener = listener.into();
        tokio::spawn(async move { web::serve(&listener, router, &http_settings, stopped).await });
        let token = accounts::add_token(&service, "test", Role::Editor)
            .await
            .unwrap();
        let http = Client::builder()
            // Before the server closes it: a POST is not repeated on another connection.
            .pool_idle_timeout(Duration::from_secs(2))
            .redirect(reqwest::redirect::Policy::none())
            .build()
            .unwrap();
        Self {
            service,
            clock,
            base,
            smtp,
            http,
            token,
            relays,
            folder,
            _contract: contract,
            _stop: stop.drop_guard(),
        }
    }

    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Does everything that is due.
    pub async fn work(&self) {
        worker::run_until_idle(&self.service, &self.relays)
            .await
            .unwrap();
    }

    pub fn pass(&self, minutes: i64) {
        self.clock.advance(SignedDuration::from_mins(minutes));
    }

    pub fn url(&self, path: &str) -> String {
        if path.starts_with("http") {
            return path.to_owned();
        }
        format!("{}{path}", self.base)
    }

    pub fn get(&self, path: &str) -> RequestBuilder {
        self.http.get(self.url(path)).bearer_auth(&self.token)
    }

    pub fn post(&self, path: &str) -> RequestBuilder {
        self.http.post(self.url(path)).bearer_auth(&self.token)
    }

    pub fn patch(&self, path: &str) -> RequestBuilder {
        self.http.patch(self.url(path)).bearer_auth(&self.token)
    }

    /// What a visitor gets at an address: the status and the page.
    pub async fn page(&self, url: &str) -> (u16, String) {
        let answer = self.http.get(self.url(url)).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    }

    pub async fn sign_up(&self, email: &str) -> Response {
        let body = json!({ "email": email });
        self.http
            .post(self.url("/api/v1/subscriptions"))
            .json(&body)
            .send()
            .await
            .unwrap()
    }

    /// Signs up, lets the mail come, and presses the button of the page behind its link.
    pub async fn join(&self, email: &str) {
        assert_eq!(self.sign_up(email).await.status(), 202);
        self.work().await;
        let mails = self.mails_to(email);
        let link = link_in(
            &mails.last().expect("a confirmation mail").text,
            "/confirm/",
        );
        let answer = self.http.post(link).send().await.unwrap();
        assert_eq!(answer.status(), 200);
        self.work().await;
    }

    pub fn caught_for(&self, email: &str) -> Vec<Caught> {
        let caught = self.smtp.messages();
        caught
            .into_iter()
            .filter(|m| m.recipients.iter().any(|r| r == email))
            .collect()
    }

    /// The mails to one address, each read by a strict parser.
    pub fn mails_to(&self, email: &str) -> Vec<ParsedMail> {
        self.caught_for(email)
            .iter()
            .map(|mail| strict_parse(&mail.raw))
            .collect()
    }

    pub async fn draft(&self, subject: &str) -> String {
        let body = json!({
            "newsletter": "asie-centrale", "subject": subject, "preheader": "Bref",
            "intro": "Bonjour, *bonne lecture* !",
            "parts": [
                { "kind": "news", "items": [{ "title": "Le sommet", "url": "https://example.org/sommet", "summary": "Deux phrases.", "countries": ["kz"] }] },
                { "kind": "articles", "items": [
                    { "title": "Bichkek", "url": "https://example.org/bichkek", "countries": ["kg"] },
                    { "title": "Tachkent", "url": "https://example.org/tachkent", "countries": ["uz"], "access": "paid" }] }
            ]
        });
        let answer = self
            .post("/api/v1/issues")
            .json(&body)
            .send()
            .await
            .unwrap();
        assert_eq!(answer.status(), 201, "{}", answer.text().await.unwrap());
        let issue: Value = answer.json().await.unwrap();
        issue["id"].as_str().unwrap().to_owned()
    }

    /// Writes an issue down and sends it; returns it as it was written down. It gets a greeting when
    /// it has no content, and a reader when its newsletter has none: otherwise nothing is sent.
    pub async fn publish(&self, issue: &Value) -> Value {
        let mut issue = issue.clone();
        if issue["parts"].as_array().is_none_or(Vec::is_empty) && issue["intro"].is_null() {
            issue["intro"] = json!("Bonjour.");
        }
        let slug = issue["newsletter"].as_str().unwrap().to_owned();
        self.ensure_reader(&slug).await;
        let request = self.post("/api/v1/issues").json(&issue);
        let issue: Value = request.send().await.unwrap().json().await.unwrap();
        let (status, said) = self.act(issue["id"].as_str().unwrap(), "send").await;
        assert_eq!(status, 202, "{said}");
        issue
    }

    /// Gives a newsletter without active readers one, without a mail.
    pub async fn ensure_reader(&self, slug: &str) {
        let service = &self.service;
        let slug = Slug::parse(slug).unwrap();
        let mut tx = service.store.write().await.unwrap();
        let newsletter = store::newsletter::by_slug(&mut tx, &slug).await.unwrap();
        let newsletter = newsletter.unwrap();
        let active = SubscriptionState::Active;
        if store::subscription::count(&mut tx, newsletter.id, active)
            .await
            .unwrap()
            > 0
        {
            return;
        }
        let now = service.clock.now();
        let address = EmailAddress::parse(&format!("somebody@{slug}.example")).unwrap();
        let person = store::subscriber::find_or_insert(&mut tx, &address, None, now);
        let person = person.await.unwrap();
        let wanted = (person.id, newsletter.id);
        let chosen = nothing_chosen(newsletter.language);
        let id = membership::request(&mut tx, None, wanted, chosen, now)
            .await
            .unwrap();
        let Requested::Pending(id) = id else {
            panic!("it is active");
        };
        membership::activate(&mut tx, id, now, now).await.unwrap();
        tx.commit().await.unwrap();
    }

    pub async fn act(&self, issue: &str, what: &str) -> (u16, Value) {
        let answer = self
            .post(&format!("/api/v1/issues/{issue}/{what}"))
            .send()
            .await
            .unwrap();
        (answer.status().as_u16(), answer.json().await.unwrap())
    }

    pub async fn issue(&self, issue: &str) -> Value {
        self.get(&format!("/api/v1/issues/{issue}"))
            .send()
            .await
            .unwrap()
            .json()
            .await
            .unwrap()
    }

    /// The counts as `sent=2 bounced=1`, without zeros, after checking that they add up.
    pub async fn counts(&self, issue: &str) -> String {
        let id = IssueId(issue.parse().unwrap());
        let mut db = self.service.store.read().await.unwrap();
        let counts = store::issue::by_id(&mut db, id)
            .await
            .unwrap()
            .unwrap()
            .counts;
        let sum = counts.waiting() + counts.ended();
        assert_eq!(sum, counts.audience, "{counts:?}");
        let named = serde_json::to_value(counts).unwrap();
        let parts = [
            "queued", "sent", "deferred", "bounced", "failed", "skipped", "unknown",
        ];
        let shown = parts.iter().filter(|name| named[**name] != 0);
        shown
            .map(|name| format!("{name}={}", named[*name]))
            .collect::<Vec<_>>()
            .join(" ")
    }

    /// The demo's other two newsletters, `central-asia` and `zentralasien`.
    pub async fn add_newsletters(&self) {
        let service = &self.service;
        for (slug, title, description, language) in [
            (
                "central-asia",
                "Central Asia",
                "Every Thursday, what matters in Central Asia.",
                Language::En,
            ),
            (
                "zentralasien",
                "Zentralasien",
                "Jeden Dienstag das Wichtigste aus Zentralasien.",
                Language::De,
            ),
        ] {
            let wish = NewsletterInput {
                slug: slug.to_owned(),
                title: title.to_owned(),
                description: description.to_owned(),
                language,
                sender_name: title.to_owned(),
                ..service.settings.newsletter.clone()
            };
            let id = NewsletterId(service.clock.new_uuid());
            let newsletter = wish.to_newsletter(id).unwrap();
            let mut tx = service.store.write().await.unwrap();
            store::newsletter::insert(&mut tx, &newsletter, service.clock.now())
                .await
                .unwrap();
            tx.commit().await.unwrap();
        }
    }

    /// The subscription of an address to the first newsletter, whatever its state.
    pub async fn subscription(&self, email: &str) -> Option<Subscription> {
        self.subscription_to(email, "asie-centrale").await
    }

    /// The subscription of an address to a newsletter, whatever its state.
    pub async fn subscription_to(&self, email: &str, slug: &str) -> Option<Subscription> {
        // Not a transaction: one that is dropped keeps its locks for a moment, and retention skips
        // locked rows.
        let mut db = self.service.store.read().await.unwrap();
        let address = EmailAddress::parse(email).unwrap();
        let slug = Slug::parse(slug).unwrap();
        let newsletter = store::newsletter::by_slug(&mut db, &slug).await.unwrap();
        let newsletter = newsletter.expect("a newsletter").id;
        let person = store::subscriber::by_key(&mut db, &address.key()).await;
        store::subscription::of_subscriber(&mut db, person.unwrap()?, newsletter)
            .await
            .unwrap()
    }

    /// The states of the demo's three newsletters for an address, as `active pending none`.
    pub async fn states(&self, email: &str) -> String {
        let mut words = Vec::new();
        for slug in ["asie-centrale", "central-asia", "zentralasien"] {
            let found = self.subscription_to(email, slug).await;
            words.push(found.map_or("none", |subscription| subscription.state.as_str()));
        }
        words.join(" ")
    }

    /// The state of that subscription as a word; `none` where there is none.
    pub async fn state(&self, email: &str) -> &'static str {
        let found = self.subscription(email).await;
        found.map_or("none", |subscription| subscription.state.as_str())
    }

    /// What the record of consent holds of what the reader did, as `requested by api`.
    pub async fn consents(&self, email: &str) -> Vec<String> {
        let subscription = self.subscription(email).await.expect("a subscription");
        let events = self.proof(&subscription).await;
        assert!(events.iter().all(|event| !event.wording.is_empty()));
        let acts = events
            .iter()
            .filter(|event| event.kind != ConsentKind::Mailed);
        acts.map(|event| format!("{} by {}", event.kind, event.method))
            .collect()
    }

    /// The record of consent of a subscription.
    pub async fn proof(&self, subscription: &Subscription) -> Vec<ConsentEvent> {
        let mut db = self.service.store.read().await.unwrap();
        store::consent::of_subscription(&mut db, subscription.id)
            .await
            .unwrap()
    }

    /// A link for this subscription, made now.
    pub async fn link(&self, email: &str, purpose: Purpose) -> String {
        let subscription = self.subscription(email).await.expect("a subscription");
        let now = self.clock.now();
        self.service.links.personal(purpose, subscription.id, now)
    }

    /// Sends a form without following redirects.
    pub async fn submit(&self, url: &str, fields: &[(&str, &str)]) -> Response {
        let request = self.http.post(self.url(url)).form(fields);
        request.send().await.unwrap()
    }

    /// Fails if a mail waits that the test did not expect.
    pub async fn assert_idle(&self) {
        let mut db = self.service.store.read().await.unwrap();
        assert_eq!(
            store::outbox::waiting(&mut db).await.unwrap(),
            0,
            "mails wait in the outbox"
        );
    }
}

/// What a reader has chosen who chose nothing.
pub fn nothing_chosen(language: Language) -> Chosen {
    Chosen {
        language,
        countries: CountrySet::default(),
        frequency: Frequency::Each,
    }
}

/// The first link with `part` in a text.
pub fn link_in(text: &str, part: &str) -> String {
    text.split(|c: char| c.is_whitespace() || "<>()\"".contains(c))
        .find(|word| word.starts_with("http") && word.contains(part))
        .unwrap_or_else(|| panic!("no link with {part} in {text}"))
        .to_owned()
}

/// What the service logs as an error is printed with the test that fails: the cause of a 500 stands
/// nowhere else.
fn log_errors() {
    let log = tracing_subscriber::fmt().with_max_level(tracing::Level::ERROR);
    // Only the first world of the process starts it.
    log.with_test_writer().with_ansi(false).try_init().ok();
}
