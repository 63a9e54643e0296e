//! The relays: whether each lets us in, and takes our mails.

use futures_util::future::join_all;
use jiff::Timestamp;
use tokio::time::timeout;

use super::{Diagnosis, PATIENCE};
use crate::config::Settings;
use crate::domain::{EmailAddress, Reply, without_addresses};
use crate::links::ReturnPath;
use crate::mail::{ConnectPhase, ExaminedRelay, Relay, RelayError, Relays};

/// When somebody should see to a new certificate, in days before its end.
const ENDS_SOON: i64 = 14;

pub(super) async fn examine(
    relays: &Relays,
    settings: &Settings,
    paths: &[(String, ReturnPath)],
    recipient: Option<&EmailAddress>,
    now: Timestamp,
) -> Vec<Diagnosis> {
    let one = |relay| examine_one(relay, settings, paths, recipient, now);
    let mut found = join_all(relays.all().map(|relay| one(relay)))
        .await
        .concat();
    found.extend(broken_signatures(settings));
    found
}

/// Relays that change what we have signed. Amazon SES documents that it replaces Date and Message-ID.
fn broken_signatures(settings: &Settings) -> Vec<Diagnosis> {
    let signs = settings.dkim.keys().next().is_some();
    let replaces = |host: &str| host.trim_end_matches('.').ends_with(".amazonaws.com");
    let relays = settings.all_relays().into_iter().filter(|_| signs);
    let relays = relays.filter(|(_, smtp)| smtp.url.host_str().is_some_and(replaces));
    let one = |(name, _): (String, _)| {
        let says =
            "this relay replaces Date and Message-ID, so receivers cannot verify our signatures";
        let mend =
            "let the relay sign (Easy DKIM of Amazon SES), and remove `dkim.*` from the settings";
        Diagnosis::red("dkim", &name, says, mend)
    };
    relays.map(one).collect()
}

async fn examine_one(
    relay: &Relay,
    settings: &Settings,
    paths: &[(String, ReturnPath)],
    recipient: Option<&EmailAddress>,
    now: Timestamp,
) -> Vec<Diagnosis> {
    let name = relay.name();
    let place = place(name);
    let examined = match timeout(PATIENCE, relay.examine(paths, recipient)).await {
        Ok(Ok(examined)) => examined,
        Ok(Err(why)) => return vec![unusable(name, &place, &why)],
        Err(_) => {
            let says = format!("no answer within {} seconds", PATIENCE.as_secs());
            let mend = format!("look at the log of the relay, or correct `{place}.url`");
            return vec![Diagnosis::red("relay", name, says, mend)];
        }
    };
    let mut found = vec![Diagnosis::green("relay", name, "it lets us in")];
    found.push(encryption(&examined, name, &place, settings, now));
    found.extend(senders(&examined, name, &place, paths));
    if let Some(to) = recipient {
        found.push(to_recipient(&examined, name, to, paths.is_empty()));
    }
    found
}

/// Where the settings of a relay stand.
pub(super) fn place(name: &str) -> String {
    match name {
        "main" => "smtp".to_owned(),
        _ => format!("relays.{name}"),
    }
}

fn unusable(name: &str, place: &str, why: &RelayError) -> Diagnosis {
    let correct_login = || format!("correct user and password in `{place}.url`");
    let mend = match why {
        RelayError::Setting(setting, _) => format!("correct `{setting}`"),
        RelayError::Paused => "run `xabar relay resume` with its name".to_owned(),
        RelayError::Resting(_) => correct_login(),
        RelayError::Unusable { phase, .. } => match phase {
            ConnectPhase::Network => {
                format!("start the relay, let the firewall pass us, or correct `{place}.url`")
            }
            ConnectPhase::Greeting => format!(
                "look at the log of the relay for this machine; see also `{place}.hello_name`"
            ),
            ConnectPhase::Tls => format!(
                "mend the certificate of the relay, or correct `{place}.url` or \
                 `{place}.trusted_certificates`"
            ),
            ConnectPhase::Login => correct_login(),
        },
    };
    Diagnosis::red("relay", name, without_addresses(&why.to_string()), mend)
}

fn encryption(
    examined: &ExaminedRelay,
    name: &str,
    place: &str,
    settings: &Settings,
    now: Timestamp,
) -> Diagnosis {
    if let Some(ends) = examined.certificate_ends {
        let days = ends.duration_since(now).as_hours() / 24;
        let says = format!("TLS, and the certificate is good for {days} days");
        if days >= ENDS_SOON {
            return Diagnosis::green("tls", name, says);
        }
        let mend = "renew the certificate of the relay before its end";
        return Diagnosis::yellow("tls", name, says, mend);
    }
    if examined.is_encrypted {
        return Diagnosis::green("tls", name, "the connection is under TLS");
    }
    let relays = settings.all_relays();
    let url = relays.iter().find(|(other, _)| other == name);
    let host = url.and_then(|(_, smtp)| smtp.url.host_str());
    if host.is_some_and(crate::mail::is_loopback) {
        return Diagnosis::green(
            "tls",
            name,
            "no TLS, which this machine itself does not need",
        );
    }
    let says = "mails travel in the clear";
    let mend = format!("set `{place}.url` to smtps://… or smtp://…?tls=required");
    Diagnosis::yellow("tls", name, says, mend)
}

fn senders(
    examined: &ExaminedRelay,
    name: &str,
    place: &str,
    paths: &[(String, ReturnPath)],
) -> Vec<Diagnosis> {
    if examined.refused.is_empty() {
        if paths.is_empty() {
            return Vec::new();
        }
        let says = "it takes the envelope senders of all newsletters";
        return vec![Diagnosis::green("envelope-sender", name, says)];
    }
    let refused = examined.refused.iter().map(|(newsletter, reply)| {
        let says = format!("it refuses that of {newsletter}: {}", said(reply));
        let mend = format!(
            "allow it at the relay, or set `{place}.return_path` to a form that the relay takes"
        );
        Diagnosis::red("envelope-sender", name, says, mend)
    });
    refused.collect()
}

fn to_recipient(
    examined: &ExaminedRelay,
    name: &str,
    to: &EmailAddress,
    untried: bool,
) -> Diagnosis {
    if untried {
        let mend = "mend the database first";
        return Diagnosis::yellow("recipient", name, "not tried, as no sender is known", mend);
    }
    let Some(reply) = &examined.refused_recipient else {
        let says = format!("it takes mails to {to}; none was sent");
        return Diagnosis::green("recipient", name, says);
    };
    let says = format!("it refuses mails to {to}: {}", said(reply));
    let mend = "let the relay pass mails of ours on to other domains (relaying), or name a recipient that exists";
    match reply.code {
        400..=499 => Diagnosis::yellow("recipient", name, says, mend),
        _ => Diagnosis::red("recipient", name, says, mend),
    }
}

fn said(reply: &Reply) -> String {
    let text = without_addresses(&reply.text);
    format!("{} {text}", reply.code)
}

#[cfg(test)]
mod tests {
    use super::{broken_signatures, encryption};
    use crate::config::Settings;
    use crate::doctor::Level;
    use crate::mail::ExaminedRelay;
    use jiff::{SignedDuration, Timestamp};

    #[test]
    fn a_certificate_that_ends_soon_is_told() -> Result<(), Box<dyn std::error::Error>> {
        let mut settings = Settings::defaults()?;
        settings.smtp.url = "smtp://relay.example.org?tls=opportunistic".parse()?;
        let now: Timestamp = "2026-01-01T00:00:00Z".parse()?;
        let mut examined = ExaminedRelay {
            is_encrypted: true,
            certificate_ends: None,
            refused: Vec::new(),
            refused_recipient: None,
        };
        for (days, level) in [(13, Level::Yellow), (60, Level::Green)] {
            examined.certificate_ends = Some(now + SignedDuration::from_hours(24 * days));
            let found = encryption(&examined, "main", "smtp", &settings, now);
            assert_eq!(found.level, level, "{found:?}");
        }
        examined.certificate_ends = None;
        examined.is_encrypted = false;
        let clear = encryption(&examined, "main", "smtp", &settings, now);
        assert_eq!(clear.level, Level::Yellow);
        assert!(clear.mend.unwrap_or_default().contains("`smtp.url`"));
        settings.smtp.url = "smtp://127.0.0.1:25".parse()?;
        let here = encryption(&examined, "main", "smtp", &settings, now);
        assert_eq!(here.level, Level::Green);
        Ok(())
    }

    #[test]
    fn who_signs_for_a_relay_that_replaces_the_date_is_told()
    -> Result<(), Box<dyn std::error::Error>> {
        let mut settings = Settings::defaults()?;
        settings.smtp.url = "smtps://u:p@email-smtp.eu-west-1.amazonaws.com".parse()?;
        assert!(broken_signatures(&settings).is_empty(), "the relay signs");
        settings.dkim.key_file = "dkim.pem".into();
        let found = broken_signatures(&settings);
        assert_eq!((found.len(), found[0].level), (1, Level::Red), "{found:?}");
        for other in [
            "smtp://relay.example.org",
            "smtp://amazonaws.com.example.org",
        ] {
            settings.smtp.url = other.parse()?;
            assert!(broken_signatures(&settings).is_empty(), "{other}");
        }
        Ok(())
    }
}
