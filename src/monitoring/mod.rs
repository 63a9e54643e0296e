//! What Prometheus reads of this process: its own counters ([`crate::metrics`]), and figures of the
//! database ([`figures`]), which all processes tell alike.

mod figures;
mod numbers;
mod process;
pub mod proxy_probe;
pub mod readiness;

use std::sync::Arc;
use std::time::Duration;

use prometheus::TextEncoder;
use tokio::time::timeout;

use crate::log_limiter::failures;
use crate::service::Service;

/// The media type of [`text`].
pub const CONTENT_TYPE: &str = "text/plain; version=0.0.4; charset=utf-8";

/// How long figures of the database are shown again, so that further scrapers cost it nothing.
pub const KEPT_FOR: Duration = Duration::from_secs(5);
/// How long the database may take. Prometheus gives up after ten seconds by default, and what the
/// process itself knows should be told all the same.
const ANSWER_LIMIT: Duration = Duration::from_secs(5);

/// All metrics, in the text format of Prometheus. Tells what it can while the database cannot be used.
///
/// # Errors
/// When a name or label is none that Prometheus knows, which the tests would find.
pub async fn text(service: &Service) -> Result<String, prometheus::Error> {
    let encoder = TextEncoder::new();
    let mut text = encoder.encode_to_string(&service.metrics.gather())?;
    text += &encoder.encode_to_string(&process::gather(service)?)?;
    text += &of_database(service).await?;
    Ok(text)
}

/// The figures of the database, as they were a few seconds ago. Callers at the same time share one look.
async fn of_database(service: &Service) -> Result<Arc<str>, prometheus::Error> {
    let look = async {
        let read = timeout(ANSWER_LIMIT, figures::read(service)).await;
        let found = match read {
            Ok(Ok(found)) => Some(found),
            Ok(Err(error)) => {
                failures::warn("the figures of the database cannot be read", &error);
                None
            }
            Err(_) => {
                failures::warn(
                    "the figures of the database cannot be read",
                    &"it takes too long",
                );
                None
            }
        };
        let mut can_write = found.is_some();
        if can_write && let Err(error) = readiness::try_to_write(service).await {
            failures::warn("the database cannot be written", &error);
            can_write = false;
        }
        let families = figures::gather(service, found.as_ref(), can_write)?;
        let text = TextEncoder::new().encode_to_string(&families)?;
        Ok::<_, prometheus::Error>(Arc::from(text))
    };
    let kept = service.database_figures.try_get_with((), look).await;
    kept.map_err(|error| prometheus::Error::Msg(error.to_string()))
}
