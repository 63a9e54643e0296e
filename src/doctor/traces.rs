//! Whether the collector of the traces takes them.

use axum::http::{StatusCode, header};

use super::public_url::in_words;
use super::{CORRECT_SETTING, Diagnosis};
use crate::config::Traces;
use crate::traces::probe::{self, ProbeError};

const CHECK: &str = "traces";
/// Where a collector takes what we send.
const RECEIVER: &str = "`traces.endpoint` must lead to a receiver of OTLP over HTTP, as a rule at port 4318 (4317 is gRPC); /v1/traces is added to its path";

/// Nothing where no collector is named.
pub(super) async fn examine(settings: &Traces) -> Vec<Diagnosis> {
    let Some(address) = settings.address() else {
        return Vec::new();
    };
    let red = |says: String, mend: &str| Diagnosis::red(CHECK, &address, says, mend);
    let answer = match probe::ask(settings, &address).await {
        Ok(answer) => answer,
        Err(ProbeError::Settings(why)) => {
            return vec![red(why.to_string(), CORRECT_SETTING)];
        }
        Err(ProbeError::Away(why)) => {
            let says = format!("it cannot be reached: {}", in_words(&*why));
            let mend = format!("start the collector, or correct the address: {RECEIVER}");
            return vec![red(says, &mend)];
        }
    };
    let status = answer.status();
    let content_type = answer.headers().get(header::CONTENT_TYPE);
    let is_page = content_type.is_some_and(|it| it.as_bytes().starts_with(b"text/html"));
    let says = format!("it answers {status}");
    let found = match status {
        taken if taken.is_success() && is_page => {
            red("it answers with a web page".to_owned(), RECEIVER)
        }
        // Not all answer with 200, and the exporter takes any of these for success.
        taken if taken.is_success() => {
            Diagnosis::green(CHECK, &address, "the collector takes spans")
        }
        StatusCode::UNAUTHORIZED | StatusCode::FORBIDDEN => red(
            says,
            "let `traces.headers` hold what the collector asks for, as in authorization=Bearer TOKEN",
        ),
        StatusCode::NOT_FOUND | StatusCode::METHOD_NOT_ALLOWED => red(says, RECEIVER),
        elsewhere if elsewhere.is_redirection() => red(
            says,
            "redirects are not followed, as the headers may be secret: let `traces.endpoint` name the address that this one leads to",
        ),
        _ => {
            let mend = format!("look at the log of the collector; {RECEIVER}");
            red(says, &mend)
        }
    };
    vec![found]
}
