//! Whether the public address leads to the service.

use super::{Diagnosis, proxy};
use crate::config::Settings;
use crate::service::Service;

pub(super) async fn examine(settings: &Settings, service: Option<&Service>) -> Vec<Diagnosis> {
    let about = settings.http.public_url.to_string();
    let address = format!("{}/healthz", about.trim_end_matches('/'));
    let red = |says: String| {
        let mend = "start `xabar serve`, let the proxy pass requests on to `http.listen`, or correct `http.public_url`";
        vec![Diagnosis::red("public-url", &about, says, mend)]
    };
    // A redirect would lead readers' forms astray.
    let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none());
    let client = client.http1_only();
    let client = match client.build() {
        Ok(client) => client,
        Err(why) => return red(in_words(&why)),
    };
    let answer = match client.get(&address).send().await {
        Ok(answer) => answer,
        Err(why) => return red(format!("it cannot be reached: {}", in_words(&why))),
    };
    let status = answer.status();
    if !status.is_success() {
        return red(format!("{address} answers {status}"));
    }
    match answer.text().await {
        Ok(text) if text.starts_with("ok") => {
            let says = "it leads to the service";
            let mut found = vec![Diagnosis::green("public-url", &about, says)];
            if let Some(service) = service {
                found.extend(proxy::examine(&client, &about, service).await);
            }
            found
        }
        _ => red("something else answers there, not this service".to_owned()),
    }
}

/// With its causes: the first line of an error of reqwest says nothing.
pub(super) fn in_words(error: &(dyn std::error::Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(next) = cause {
        words = format!("{words}: {next}");
        cause = next.source();
    }
    words
}
