//! The HTTP client of the exporter.

use std::time::Duration;

use async_trait::async_trait;
use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use reqwest::redirect::Policy;
use tokio::runtime::Handle;

use crate::config::SettingsError;

/// What an answer may hold at most; nobody reads it.
const MAX_ANSWER: usize = 64 * 1024;

/// Sends from any thread: the exporter has one without a runtime.
#[derive(Debug)]
pub(super) struct Client {
    http: reqwest::Client,
    headers: HeaderMap,
    runtime: Handle,
}

impl Client {
    pub(super) fn new(headers: &str, limit: Duration) -> Result<Self, SettingsError> {
        // A redirect would take the headers elsewhere.
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .http1_only()
            .timeout(limit)
            .build()
            .map_err(|error| SettingsError::Invalid {
                path: "traces".to_owned(),
                why: error.to_string(),
            })?;
        Ok(Self {
            http,
            headers: read_headers(headers)?,
            runtime: Handle::current(),
        })
    }
}

/// Headers as in `name=value,name=value`. An error repeats none of it: it holds secrets.
fn read_headers(written: &str) -> Result<HeaderMap, SettingsError> {
    let mut headers = HeaderMap::new();
    for pair in written.split(',').filter(|pair| !pair.trim().is_empty()) {
        let header = pair.split_once('=').and_then(|(name, value)| {
            let name: HeaderName = name.trim().parse().ok()?;
            let mut value: HeaderValue = value.trim().parse().ok()?;
            value.set_sensitive(true);
            Some((name, value))
        });
        let Some((name, value)) = header else {
            return Err(SettingsError::Invalid {
                path: "traces.headers".to_owned(),
                why: "must be headers as in name=value,name=value".to_owned(),
            });
        };
        headers.insert(name, value);
    }
    Ok(headers)
}

#[async_trait]
impl HttpClient for Client {
    async fn send_bytes(&self, request: Request<Bytes>) -> Result<Response<Bytes>, HttpError> {
        let mut request = reqwest::Request::try_from(request)?;
        for (name, value) in &self.headers {
            request.headers_mut().insert(name, value.clone());
        }
        let http = self.http.clone();
        // Also the request is made there: its time limit needs the timer of the runtime.
        let sending = self.runtime.spawn(async move {
            let mut answer = http
                .execute(request)
                .await
                .map_err(reqwest::Error::without_url)?;
            let (status, headers) = (answer.status(), answer.headers().clone());
            let mut body = Vec::new();
            while let Some(chunk) = answer.chunk().await? {
                if body.len() + chunk.len() > MAX_ANSWER {
                    break;
                }
                body.extend_from_slice(&chunk);
            }
            Ok::<_, reqwest::Error>((status, headers, body))
        });
        let (status, headers, body) = sending.await??;
        let mut answer = Response::builder().status(status).body(body.into())?;
        *answer.headers_mut() = headers;
        Ok(answer)
    }
}

#[cfg(test)]
mod tests {
    use super::read_headers;

    #[test]
    fn headers_are_read_and_an_error_does_not_repeat_them() {
        let headers = read_headers("authorization=Bearer a=b, x-scope = one").unwrap();
        assert_eq!(headers["authorization"], "Bearer a=b");
        assert_eq!(headers["x-scope"], "one");
        assert!(read_headers("").unwrap().is_empty());
        let error = read_headers("authorization secret").unwrap_err();
        assert!(!error.to_string().contains("secret"), "{error}");
    }
}
