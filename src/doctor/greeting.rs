//! The name by which we greet relays (EHLO), and whether the DNS knows it forwards and backwards.

use std::collections::BTreeMap;

use super::{Diagnosis, relays};
use crate::config::Settings;
use crate::dns::Dns;
use crate::mail::Relays;

pub(super) async fn examine(relays: &Relays, settings: &Settings, dns: &Dns) -> Vec<Diagnosis> {
    // One answer for each name, with the first relay that is greeted by it.
    let mut names = BTreeMap::new();
    for relay in relays.all() {
        names.entry(relay.hello()).or_insert_with(|| relay.name());
    }
    let mut found = Vec::new();
    for (name, relay) in names {
        found.push(name_of(name, &relays::place(relay), settings, dns).await);
    }
    found
}

async fn name_of(name: &str, place: &str, settings: &Settings, dns: &Dns) -> Diagnosis {
    let yellow = |says: String, mend: &str| Diagnosis::yellow("ehlo", name, says, mend);
    if !name.contains(['.', ':']) {
        let says = "the name has no dot, and many servers refuse such a name".to_owned();
        let mend = format!("set `{place}.hello_name` to this machine's full host name");
        return yellow(says, &mend);
    }
    if name.starts_with('[') {
        let says = "an address stands in place of a name".to_owned();
        let mend = format!("set `{place}.hello_name` to this machine's full host name");
        return yellow(says, &mend);
    }
    let Ok(addresses) = dns.addresses(name).await else {
        return not_asked("ehlo", name, settings);
    };
    if addresses.is_empty() {
        let says = "the DNS has no address for the name".to_owned();
        let mend = format!(
            "add an A or AAAA record for {name}, or set `{place}.hello_name` to a name that has one"
        );
        return yellow(says, &mend);
    }
    for address in addresses {
        let Ok(names) = dns.names(address).await else {
            return not_asked("ehlo", name, settings);
        };
        if !names.iter().any(|back| back.eq_ignore_ascii_case(name)) {
            let says = match names.as_slice() {
                [] => format!("its address {address} has no reverse DNS"),
                names => format!("its address {address} has the name {}", names.join(", ")),
            };
            let mend = format!(
                "have the owner of the address {address} set its PTR record to {name}, or set `{place}.hello_name`"
            );
            return yellow(says, &mend);
        }
    }
    Diagnosis::green(
        "ehlo",
        name,
        "the DNS knows the name, forwards and backwards",
    )
}

/// The DNS did not answer.
pub(super) fn not_asked(check: &'static str, about: &str, settings: &Settings) -> Diagnosis {
    let mend = match settings.signup.dns_servers.as_slice() {
        [] => "see whether the name servers of this machine answer, or set `signup.dns_servers`",
        _ => "see whether the servers in `signup.dns_servers` answer",
    };
    Diagnosis::yellow(check, about, "the DNS could not be asked", mend)
}
