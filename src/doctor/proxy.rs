//! Whether the proxy in front of the service names its visitors so that they can be told apart.

use reqwest::Client;

use super::Diagnosis;
use super::public_url::in_words;
use crate::monitoring::proxy_probe::{self, CLAIMED, Seen};
use crate::service::Service;

const SAMPLES: &str = "`packaging/proxy` has samples that were tried";

/// Asks the service, by way of the public address `base`, whom it takes for the visitor.
pub(super) async fn examine(client: &Client, base: &str, service: &Service) -> Vec<Diagnosis> {
    let path = proxy_probe::path(service.links.key(), service.clock.now());
    let unclear = |says: String| {
        let mend = "run the doctor with the key and the program of the service that answers there";
        vec![Diagnosis::yellow("proxy", base, says, mend)]
    };
    let asked = client
        .get(format!("{}{path}", base.trim_end_matches('/')))
        .header("x-forwarded-for", CLAIMED);
    let answer = match asked.send().await {
        Ok(answer) if answer.status().is_success() => answer,
        Ok(answer) => return unclear(format!("it does not answer the probe: {}", answer.status())),
        Err(why) => {
            return unclear(format!(
                "the probe failed: {}",
                in_words(&why.without_url())
            ));
        }
    };
    match answer.json().await {
        Ok(seen) => vec![judge(base, &seen)],
        Err(why) => unclear(format!(
            "the probe's answer cannot be read: {}",
            in_words(&why.without_url())
        )),
    }
}

fn judge(base: &str, seen: &Seen) -> Diagnosis {
    let claimed = seen.client.is_some_and(|ip| ip.to_string() == CLAIMED);
    // Only what the doctor itself has claimed arrived: nobody between has written anything.
    let untouched = seen.hops == [CLAIMED];
    match (seen.trusts_peer, seen.client) {
        (true, _) if claimed => {
            let says = "a visitor may claim any address, and so escape the limits on sign-ups";
            let mend = format!(
                "let the proxy add the address of its client to X-Forwarded-For, and name nobody but the proxy in `http.trusted_proxies`; {SAMPLES}"
            );
            Diagnosis::red("proxy", base, says, mend)
        }
        // Of two headers the proxy writes one, and the other one is the doctor's.
        (true, None) if seen.hops.iter().any(|hop| hop == CLAIMED) => {
            let says = "the proxy passes on an X-Forwarded-For that it has not written beside its Forwarded; whoever sends one shares one limit with all who do";
            let mend = format!("let the proxy remove X-Forwarded-For from requests; {SAMPLES}");
            Diagnosis::red("proxy", base, says, mend)
        }
        (true, None) => {
            let says = "the proxy names no visitor, so all share one limit";
            let mend = format!("let the proxy send X-Forwarded-For; {SAMPLES}");
            Diagnosis::red("proxy", base, says, mend)
        }
        (true, Some(_)) => Diagnosis::green("proxy", base, "the proxy names its visitors"),
        (false, _) if untouched => {
            Diagnosis::green("proxy", base, "no proxy is between visitors and service")
        }
        (false, peer) => {
            let peer = peer.map_or_else(|| "its peer".to_owned(), |ip| ip.to_string());
            let says = format!("all visitors count as {peer}, and share one limit");
            let mend = format!("add {peer} to `http.trusted_proxies`, if it is your proxy");
            Diagnosis::red("proxy", base, says, mend)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{Seen, judge};
    use crate::doctor::Level;

    fn judged(client: Option<&str>, trusts_peer: bool, hops: &[&str]) -> (Level, String) {
        let seen = Seen {
            client: client.map(|ip| ip.parse().unwrap()),
            trusts_peer,
            hops: hops.iter().map(ToString::to_string).collect(),
        };
        let found = judge("https://news.example.org", &seen);
        (found.level, found.mend.unwrap_or_default())
    }

    #[test]
    fn a_proxy_must_name_its_visitors_and_be_trusted() {
        let both = ["192.0.2.1", "203.0.113.7"];
        assert_eq!(judged(Some("203.0.113.7"), true, &both).0, Level::Green);
        assert_eq!(
            judged(Some("203.0.113.7"), true, &["203.0.113.7"]).0,
            Level::Green
        );
        let direct = judged(Some("203.0.113.7"), false, &["192.0.2.1"]);
        assert_eq!(direct.0, Level::Green);
        let (level, mend) = judged(Some("10.0.0.2"), false, &both);
        assert!(
            level == Level::Red && mend.contains("add 10.0.0.2 to"),
            "{mend}"
        );
        let (level, mend) = judged(Some("192.0.2.1"), true, &["192.0.2.1"]);
        assert!(
            level == Level::Red && mend.contains("nobody but the proxy"),
            "{mend}"
        );
        assert_eq!(judged(None, true, &[]).0, Level::Red);
        let (level, mend) = judged(None, true, &both);
        assert!(
            level == Level::Red && mend.contains("remove X-Forwarded-For"),
            "{mend}"
        );
    }
}
