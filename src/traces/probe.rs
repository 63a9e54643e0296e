//! Asks whether a collector is there, and takes what we send.

use opentelemetry_http::{Bytes, HttpClient, HttpError, Request, Response};

use super::EXPORT_LIMIT;
use super::client::Client;
use crate::config::{SettingsError, Traces as Settings};

/// Why there is no answer.
#[derive(Debug, thiserror::Error)]
pub(crate) enum ProbeError {
    /// The client cannot be made; repeats no secret.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// The collector is away, silent, or does not speak HTTP.
    #[error(transparent)]
    Away(HttpError),
}

/// What the collector at `address` answers to a request without spans, over the client of the exporter. It should
/// answer with success (OTLP, "Full Success"), and has nothing to store. Takes as long as an export at most. Must
/// be called within a runtime.
///
/// # Errors
/// When the settings make no sense, or nobody answers.
pub(crate) async fn ask(settings: &Settings, address: &str) -> Result<Response<Bytes>, ProbeError> {
    let client = Client::new(&settings.headers, EXPORT_LIMIT)?;
    // An ExportTraceServiceRequest without fields has no octets.
    let request = Request::post(address)
        .header("content-type", "application/x-protobuf")
        // The client leaves it out where there is no body, and some servers ask for it.
        .header("content-length", "0")
        .body(Bytes::new())
        .map_err(|error| ProbeError::Away(error.into()))?;
    client.send_bytes(request).await.map_err(ProbeError::Away)
}
