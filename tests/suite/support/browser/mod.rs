//! A real browser: Debian's Chromium, driven through its own driver.

use std::collections::BTreeSet;
use std::io::{Read, Write};
use std::net::TcpStream;
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;
use std::time::Duration;

use axum::http::Method;
use fantoccini::wd::WebDriverCompatibleCommand;
use fantoccini::{Client, ClientBuilder};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use url::{ParseError, Url};

use super::companion::Companion;

mod axe;
mod press;

pub use axe::assert_accessible;

/// The size and the habits of a reader's screen.
#[derive(Clone, Copy)]
pub struct Viewport {
    pub width: u32,
    pub height: u32,
    /// The reader prefers dark pages.
    pub dark: bool,
    pub javascript: bool,
}

impl Viewport {
    pub const PHONE: Self = Self {
        width: 390,
        height: 844,
        dark: false,
        javascript: true,
    };
    pub const DESKTOP: Self = Self {
        width: 1280,
        height: 900,
        dark: false,
        javascript: true,
    };

    pub const fn dark(self) -> Self {
        Self { dark: true, ..self }
    }

    pub const fn without_javascript(self) -> Self {
        Self {
            javascript: false,
            ..self
        }
    }
}

/// Far longer than any command takes.
const DEVTOOLS_LIMIT: Duration = Duration::from_secs(90);

/// One window with its own empty profile. Everything of `fantoccini::Client` works on it.
pub struct Browser {
    client: Client,
    session: String,
}

struct Driver {
    port: u16,
    _companion: Companion,
}

/// One driver a test process.
fn driver() -> &'static Driver {
    static DRIVER: OnceLock<Driver> = OnceLock::new();
    DRIVER.get_or_init(|| {
        // It takes a free port of IPv6 and then wants the same one of IPv4, which another may have.
        let started = std::iter::repeat_with(start_driver).take(5);
        started
            .flatten()
            .next()
            .expect("no port is free for chromedriver")
    })
}

/// None when it found no port.
fn start_driver() -> Option<Driver> {
    let dir = tempfile::Builder::new()
        .prefix("xabar-test-chrome-")
        .tempdir()
        .expect("a folder for the browser")
        .keep();
    // Profiles land in the folder too, and so go with it.
    let home = format!("TMPDIR={}", dir.display());
    let companion = Companion::start(
        &dir,
        "TERM",
        &["env", &home, "/usr/bin/chromedriver", "--port=0"],
    );
    let port: Option<u16> = companion.wait_for(
        "chromedriver did not start (Debian: chromium-driver; tests/run installs it)",
        |log| {
            if log.contains("port not available") {
                return Some(None);
            }
            let (_, rest) = log.split_once("started successfully on port ")?;
            rest.split_once('.')?.0.parse().ok().map(Some)
        },
    );
    Some(Driver {
        port: port?,
        _companion: companion,
    })
}

impl Browser {
    /// Opens a window.
    pub async fn open(viewport: Viewport) -> Self {
        let driver = tokio::task::spawn_blocking(driver).await.expect("a driver");
        let scripts = if viewport.javascript { 1 } else { 2 };
        let capabilities = json!({
            "goog:chromeOptions": {
                "binary": "/usr/bin/chromium",
                "args": [
                    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic",
                    "--no-first-run", "--disable-background-networking",
                    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
                ],
                "prefs": {
                    "profile.managed_default_content_settings.javascript": scripts,
                },
            },
            "goog:loggingPrefs": { "browser": "ALL", "performance": "ALL" },
        });
        let Value::Object(capabilities) = capabilities else {
            unreachable!("an object literal");
        };
        let client = ClientBuilder::new(HttpConnector::new())
            .capabilities(capabilities)
            .connect(&format!("http://127.0.0.1:{}", driver.port))
            .await
            .expect("cannot open a browser (Debian: chromium)");
        let session = client.session_id().await.unwrap().expect("a session");
        let browser = Self { client, session };
        browser.look_through(viewport).await;
        browser
    }

    /// Changes size and colours; whether JavaScript runs stays as it was opened.
    pub async fn look_through(&self, viewport: Viewport) {
        let size = json!({
            "width": viewport.width,
            "height": viewport.height,
            "deviceScaleFactor": 1,
            "mobile": viewport.width < 600,
        });
        let hidden = json!({ "hidden": true });
        self.devtools("Emulation.setScrollbarsHidden", hidden).await;
        // The window's own size would include a frame and has a minimum.
        self.devtools("Emulation.setDeviceMetricsOverride", size)
            .await;
        let scheme = if viewport.dark { "dark" } else { "light" };
        let media = json!({
            "features": [{ "name": "prefers-color-scheme", "value": scheme }],
        });
        self.devtools("Emulation.setEmulatedMedia", media).await;
    }

    /// Sends a command of Chrome's DevTools protocol, which has no time limit of its own.
    pub async fn devtools(&self, command: &str, parameters: Value) -> Value {
        let body = json!({ "cmd": command, "params": parameters });
        let path = "goog/cdp/execute";
        let answer = self.client.issue_cmd(Extension { path, body });
        let answer = tokio::time::timeout(DEVTOOLS_LIMIT, answer).await;
        answer
            .unwrap_or_else(|_| panic!("Chromium does not answer {command}"))
            .unwrap()
    }

    /// Saves what the window shows to `target/screenshots/NAME.png`.
    pub async fn screenshot(&self, name: &str) -> PathBuf {
        save(name, &self.client.screenshot().await.unwrap())
    }

    /// Saves the whole page, beyond the window’s edge, to `target/screenshots/NAME.png`, for people to look
    /// at. Nobody does in CI, and once in some thousand times Chromium never answers.
    pub async fn picture(&self, name: &str) {
        if std::env::var_os("CI").is_some() {
            return;
        }
        let sizes = self.devtools("Page.getLayoutMetrics", json!({})).await;
        let page = &sizes["cssContentSize"];
        let clip = json!({
            "x": 0, "y": 0, "width": page["width"], "height": page["height"], "scale": 1,
        });
        let wish = json!({ "captureBeyondViewport": true, "clip": clip });
        let taken = self.devtools("Page.captureScreenshot", wish).await;
        let png = taken["data"].as_str().expect("a picture");
        save(name, &data_encoding::BASE64.decode(png.as_bytes()).unwrap());
    }

    /// Fails if a page since the last call logged a warning or an error (a breach of its
    /// Content-Security-Policy is one), or asked any host but `origin` for anything.
    pub async fn assert_quiet(&self, origin: &str) {
        self.assert_quiet_but(origin, None).await;
    }

    /// The same for a page whose own status is an error, which the browser remarks on.
    pub async fn assert_quiet_but(&self, origin: &str, status: Option<u16>) {
        let remark = status.map(|status| format!("responded with a status of {status} "));
        let expected = |entry: &Value| {
            let message = entry["message"].as_str().unwrap_or_default();
            remark
                .as_ref()
                .is_some_and(|remark| message.contains(remark))
        };
        let complaints: Vec<Value> = self
            .log("browser")
            .await
            .into_iter()
            .filter(|entry| entry["level"] == "SEVERE" || entry["level"] == "WARNING")
            .filter(|entry| !expected(entry))
            .collect();
        assert!(complaints.is_empty(), "the console says {complaints:#?}");
        let home = Url::parse(origin).unwrap().origin();
        let abroad: BTreeSet<String> = self
            .log("performance")
            .await
            .iter()
            .filter_map(|entry| serde_json::from_str(entry["message"].as_str()?).ok())
            .filter(|entry: &Value| entry["message"]["method"] == "Network.requestWillBeSent")
            .filter_map(|entry| {
                let url = entry["message"]["params"]["request"]["url"].as_str()?;
                let url = Url::parse(url).ok()?;
                let travels = url.scheme().starts_with("http") || url.scheme().starts_with("ws");
                (travels && url.origin() != home).then(|| url.to_string())
            })
            .collect();
        assert!(abroad.is_empty(), "the page asked elsewhere: {abroad:#?}");
    }

    /// Forgets what pages have logged: something was meant to fail.
    pub async fn forget_complaints(&self) {
        self.log("browser").await;
    }

    async fn log(&self, kind: &str) -> Vec<Value> {
        let entries = self
            .client
            .issue_cmd(Extension {
                path: "se/log",
                body: json!({ "type": kind }),
            })
            .await
            .unwrap();
        entries.as_array().cloned().unwrap_or_default()
    }
}

impl Deref for Browser {
    type Target = Client;

    fn deref(&self) -> &Client {
        &self.client
    }
}

/// A failing test cannot await, so the window is closed over a plain socket.
impl Drop for Browser {
    fn drop(&mut self) {
        let port = driver().port;
        if let Ok(mut stream) = TcpStream::connect(("127.0.0.1", port)) {
            let request = format!(
                "DELETE /session/{} HTTP/1.1\r\nHost: localhost:{port}\r\nConnection: close\r\n\r\n",
                self.session
            );
            stream.write_all(request.as_bytes()).ok();
            // The answer's first word comes when the browser has gone.
            stream.set_read_timeout(Some(Duration::from_secs(10))).ok();
            stream.read_exact(&mut [0; 12]).ok();
        }
    }
}

fn save(name: &str, picture: &[u8]) -> PathBuf {
    let folder = target().join("screenshots");
    std::fs::create_dir_all(&folder).unwrap();
    let path = folder.join(format!("{name}.png"));
    std::fs::write(&path, picture).unwrap();
    path
}

/// Cargo's target folder, wherever it was put.
fn target() -> &'static Path {
    Path::new(env!("CARGO_TARGET_TMPDIR")).parent().unwrap()
}

/// A command of chromedriver's own, beyond the WebDriver standard.
#[derive(Debug)]
struct Extension {
    path: &'static str,
    body: Value,
}

impl WebDriverCompatibleCommand for Extension {
    fn endpoint(&self, base: &Url, session: Option<&str>) -> Result<Url, ParseError> {
        let session = session.unwrap_or_default();
        base.join(&format!("session/{session}/{}", self.path))
    }

    fn method_and_body(&self, _: &Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
