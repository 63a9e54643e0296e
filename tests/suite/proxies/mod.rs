//! The service behind the samples in `packaging/proxy`, each with the real proxy.

mod samples;

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::Duration;

use reqwest::header::{HeaderMap, HeaderValue};
use reqwest::redirect::Policy;
use reqwest::{Client, RequestBuilder, Response};
use serde_json::{Value, json};
use xabar::accounts::people::{self, NewEditor};
use xabar::domain::{Actor, Language, Role};
use xabar::monitoring::proxy_probe::{self, Seen};

use crate::pictures::picture;
use crate::support::both::TestDb;
use crate::support::smtp::Options;
use crate::support::world::World;
use samples::{HOST, Kind, Proxy};

/// Far longer than anything here takes: a test should fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(60);
const PASSWORD: &str = "kumis stirrup mountain pass";
/// Where the visitor comes from. The proxy itself is at 127.0.0.1, as it is in the samples.
const VISITOR: Ipv4Addr = Ipv4Addr::new(127, 0, 0, 7);

#[tokio::test]
async fn the_service_works_behind_nginx() {
    behind(Kind::Nginx).await;
}

#[tokio::test]
async fn the_service_works_behind_caddy() {
    behind(Kind::Caddy).await;
}

#[tokio::test]
async fn the_service_works_behind_haproxy() {
    behind(Kind::Haproxy).await;
}

async fn behind(kind: Kind) {
    let db = TestDb::sqlite();
    let world = World::with(&db, Options::default(), |settings| {
        settings.http.public_url = format!("https://{HOST}").parse().unwrap();
        settings.http.trusted_proxies = vec!["127.0.0.1/32".parse().unwrap()];
    })
    .await;
    let proxy = Proxy::start(kind, world.base.trim_start_matches("http://")).await;
    let visit = Visit::through(&proxy);
    visit.wait_for_the_certificate().await;
    visit.plain_http_is_redirected(&proxy).await;
    visit.pages_come_as_the_service_made_them().await;
    proxy.speaks_http_2().await;
    visit.the_visitors_own_address_counts(&db).await;
    visit.the_doctor_learns_whom_the_service_sees(&world).await;
    visit.an_editor_signs_in(&world).await;
    visit.each_event_comes_at_once(&world).await;
    visit.large_pictures_arrive(&world).await;
    visit.heads_and_ranges_are_as_without_a_proxy(&world).await;
}

/// A visitor's browser.
struct Visit {
    http: Client,
    base: String,
}

impl Visit {
    fn through(proxy: &Proxy) -> Self {
        let here = SocketAddr::from((Ipv4Addr::LOCALHOST, proxy.https));
        let mut headers = HeaderMap::new();
        // Without the port, which is 443 where the samples are used.
        headers.insert("host", HeaderValue::from_static(HOST));
        let http = Client::builder()
            .resolve(HOST, here)
            .local_address(IpAddr::V4(VISITOR))
            // With HTTP/2 a host without its port is refused.
            .http1_only()
            .default_headers(headers)
            // The certificate is the test's; what is tested is the proxy.
            .tls_danger_accept_invalid_certs(true)
            .redirect(Policy::none())
            .build()
            .unwrap();
        Self {
            http,
            base: format!("https://{HOST}:{}", proxy.https),
        }
    }

    /// Caddy listens before it has made one.
    async fn wait_for_the_certificate(&self) {
        for _ in 0..600 {
            if self.http.get(self.url("/healthz")).send().await.is_ok() {
                return;
            }
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        panic!("no answer over TLS");
    }

    fn url(&self, path: &str) -> String {
        format!("{}{path}", self.base)
    }

    async fn get(&self, path: &str) -> Response {
        self.http.get(self.url(path)).send().await.unwrap()
    }

    async fn plain_http_is_redirected(&self, proxy: &Proxy) {
        let url = format!("http://127.0.0.1:{}/archive?q=1", proxy.http);
        let answer = self.http.get(url).send().await.unwrap();
        assert!(answer.status().is_redirection(), "{answer:?}");
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(
            to.starts_with(&format!("https://{HOST}")) && to.ends_with("/archive?q=1"),
            "{to}"
        );
    }

    async fn pages_come_as_the_service_made_them(&self) {
        let request = self.http.get(self.url("/archive/asie-centrale"));
        let compressed = request.header("accept-encoding", "gzip");
        let page = compressed.send().await.unwrap();
        assert_eq!(page.status(), 200);
        let headers = page.headers();
        assert_eq!(headers["content-encoding"], "gzip");
        assert!(headers.contains_key("content-security-policy"));
        assert!(headers.contains_key("strict-transport-security"));
        let again = self.http.get(self.url("/archive/asie-centrale"));
        let again = again
            .header("accept-encoding", "gzip")
            .header("if-none-match", &headers["etag"]);
        assert_eq!(again.send().await.unwrap().status(), 304);
        for path in ["/metrics", "/metrics/", "/metrics//"] {
            assert_eq!(self.get(path).await.status(), 404, "{path}");
        }
        assert_eq!(self.get("/healthz").await.status(), 200);
    }

    async fn the_visitors_own_address_counts(&self, db: &TestDb) {
        let form = [
            ("email", "aigul@example.org"),
            ("newsletter", "asie-centrale"),
            ("lang", "fr"),
            ("consent", "on"),
        ];
        let sent = self.http.post(self.url("/subscribe")).form(&form);
        // What a visitor claims of itself is not believed.
        let sent = sent
            .header("x-forwarded-for", "203.0.113.9")
            .header("forwarded", "for=203.0.113.9")
            .header("origin", format!("https://{HOST}"));
        let answer = sent.send().await.unwrap();
        let status = answer.status();
        let page = answer.text().await.unwrap();
        assert!(status.is_success() || status.is_redirection(), "{page}");
        let from = |ip: &str| format!("SELECT COUNT(*) FROM consent_event WHERE ip = '{ip}'");
        assert_eq!(db.number(&from("127.0.0.7")).await, 1, "{status} {page}");
        assert_eq!(db.number("SELECT COUNT(*) FROM consent_event").await, 1);
    }

    async fn the_doctor_learns_whom_the_service_sees(&self, world: &World) {
        let (key, now) = (world.service.links.key(), world.clock.now());
        let asked = self.http.get(self.url(&proxy_probe::path(key, now)));
        let asked = asked.header("x-forwarded-for", proxy_probe::CLAIMED);
        let seen: Seen = asked.send().await.unwrap().json().await.unwrap();
        assert_eq!(seen.client, Some(IpAddr::V4(VISITOR)), "{seen:?}");
        assert!(seen.trusts_peer, "{seen:?}");
        assert_eq!(self.get("/proxy-probe/1.00").await.status(), 404);
    }

    async fn an_editor_signs_in(&self, world: &World) {
        let new = NewEditor {
            email: "anna@desk.example".parse().unwrap(),
            name: "Anna".to_owned(),
            language: Language::En,
            newsletter: None,
            role: Role::Owner,
        };
        let (service, by) = (&world.service, &Actor::CommandLine);
        let editor = people::add(service, new, false, by).await.unwrap();
        people::set_password(service, editor.id, PASSWORD, None, by)
            .await
            .unwrap();
        let fields = [("email", "anna@desk.example"), ("password", PASSWORD)];
        let form = |origin: &str| {
            let form = self.http.post(self.url("/desk/sign-in")).form(&fields);
            form.header("origin", origin.to_owned())
        };
        let answer = form(&format!("https://{HOST}")).send().await.unwrap();
        assert_eq!(answer.status(), 303);
        let to = answer.headers()["location"].to_str().unwrap();
        assert!(to.starts_with("/desk"), "{to}");
        let cookie = answer.headers()["set-cookie"].to_str().unwrap();
        assert!(
            cookie.starts_with("__Host-xabar-desk=") && cookie.contains("Secure"),
            "the service knows that readers come by https"
        );
        let cookie = cookie.split(';').next().unwrap();
        let home = self.http.get(self.url("/desk")).header("cookie", cookie);
        assert_eq!(home.send().await.unwrap().status(), 200);
        let forged = form("https://attacker.example").send().await.unwrap();
        assert_eq!(forged.status(), 403);
    }

    /// The page that watches an issue, and the same for programs.
    async fn each_event_comes_at_once(&self, world: &World) {
        let ben = world.person("Ben", Role::Owner, Language::En).await;
        world.ensure_reader("asie-centrale").await;
        let issue = world.draft("Sommet").await;
        assert_eq!(world.act(&issue, "send").await.0, 202);
        let cookie = format!("__Host-xabar-desk={}", ben.cookie);
        let token = format!("Bearer {}", world.token);
        let desk = self
            .http
            .get(self.url(&format!("/desk/issues/{issue}/events")))
            .header("cookie", cookie);
        let api = self
            .http
            .get(self.url(&format!("/api/v1/issues/{issue}/events")))
            .header("authorization", token);
        let mut desk = Events::of(desk).await;
        let mut api = Events::of(api).await;
        // The streams go on while the issue waits for a worker: what came, came without their end.
        desk.until("event: live").await;
        api.until("event: counts").await;
        assert_eq!(world.act(&issue, "pause").await.0, 200);
        desk.until("event: live").await;
        api.until("\"status\":\"paused\"").await;
        assert_eq!(world.act(&issue, "cancel").await.0, 200);
        desk.until("event: over").await;
        api.until("event: end").await;
    }

    async fn large_pictures_arrive(&self, world: &World) {
        let upload = |octets: usize| {
            let sent = self.http.post(self.url("/api/v1/pictures"));
            let sent = sent.bearer_auth(&world.token);
            sent.header("content-type", "image/png")
                .body(vec![b'x'; octets])
                .send()
        };
        // The service has read it to its end, and found that it is no picture.
        let largest = upload(10_000_000).await.unwrap();
        let (status, problem) = (largest.status(), largest.json::<Value>().await.unwrap());
        assert_eq!(status, 422, "{problem}");
        // And it is the service that says what is too large, in words.
        let larger = upload(11_000_000).await.unwrap();
        let (status, problem) = (larger.status(), larger.json::<Value>().await.unwrap());
        assert_eq!(
            (status.as_u16(), &problem["detail"]),
            (413, &json!("a picture may have at most 10 MB"))
        );
    }

    async fn heads_and_ranges_are_as_without_a_proxy(&self, world: &World) {
        let kept = world.post("/api/v1/pictures").body(picture(120, 90));
        let kept = kept.header("content-type", "image/png").send().await;
        let kept: Value = kept.unwrap().json().await.unwrap();
        let url = kept["url"].as_str().unwrap();
        let path = url.strip_prefix(&format!("https://{HOST}")).unwrap();

        let head = self.http.head(self.url(path)).send().await.unwrap();
        assert_eq!(head.status(), 200);
        let length = &head.headers()["content-length"];
        assert_eq!(length.to_str().unwrap(), kept["octets"].to_string());
        assert_eq!(head.bytes().await.unwrap().len(), 0);

        let part = |request: RequestBuilder| request.header("range", "bytes=5-24").send();
        let direct = part(world.http.get(world.url(path))).await.unwrap();
        let proxied = part(self.http.get(self.url(path))).await.unwrap();
        assert_eq!(proxied.status(), direct.status());
        let seen = proxied.headers().get("content-range").cloned();
        assert_eq!(seen.as_ref(), direct.headers().get("content-range"));
        assert_eq!(
            proxied.bytes().await.unwrap(),
            direct.bytes().await.unwrap()
        );
    }
}

/// A stream, as far as it has come.
struct Events {
    answer: Response,
    unread: String,
}

impl Events {
    async fn of(request: RequestBuilder) -> Self {
        // A proxy that holds the first event back holds the headers back too.
        let answer = tokio::time::timeout(PATIENCE, request.send()).await;
        let answer = answer.expect("the stream begins").unwrap();
        assert_eq!(answer.status(), 200);
        let unread = String::new();
        Self { answer, unread }
    }

    /// Reads on behind the first place that has these words.
    async fn until(&mut self, words: &str) {
        loop {
            if let Some(place) = self.unread.find(words) {
                self.unread.drain(..place + words.len());
                return;
            }
            let chunk = tokio::time::timeout(PATIENCE, self.answer.chunk()).await;
            let chunk = chunk.unwrap_or_else(|_| panic!("{words} is held back: {}", self.unread));
            let chunk = chunk.unwrap().expect("the stream goes on");
            self.unread.push_str(&String::from_utf8_lossy(&chunk));
        }
    }
}
