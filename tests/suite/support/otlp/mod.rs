//! A collector of traces that reads them with the OpenTelemetry packages for Python, and Google's protocol buffers.

use std::ffi::OsString;

use reqwest::Client;
use serde_json::Value;

use super::companion::Companion;
use super::installed;

/// It ends when this is dropped or the test process dies.
pub struct OtlpCollector {
    /// What `XABAR_TRACES__ENDPOINT` would be.
    pub endpoint: String,
    _companion: Companion,
}

impl OtlpCollector {
    /// Starts one that takes spans with `authorization: Bearer TOKEN` alone.
    pub fn start(token: &str) -> Self {
        let folder = tempfile::Builder::new()
            .prefix("xabar-test-otlp-")
            .tempdir()
            .expect("a folder for the collector")
            .keep();
        let program = folder.join("collector.py");
        std::fs::write(&program, include_str!("collector.py")).unwrap();
        let python = installed("otlp/bin/python");
        let command: [OsString; 3] = [python.into(), program.into(), token.into()];
        let companion = Companion::start(&folder, "TERM", &command);
        let port: u16 = companion.wait_for("the collector did not start", |log| {
            let line = log.lines().find_map(|line| line.strip_prefix("port "))?;
            line.parse().ok()
        });
        Self {
            endpoint: format!("http://127.0.0.1:{port}"),
            _companion: companion,
        }
    }

    /// The requests that it took so far, each with its spans as it read them.
    pub async fn requests(&self) -> Vec<Vec<Value>> {
        let answer = Client::new().get(&self.endpoint).send().await.unwrap();
        answer.json().await.unwrap()
    }
}
