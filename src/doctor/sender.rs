//! The domains of the senders: SPF, DKIM, DMARC, and where bounces go.

use std::collections::BTreeSet;

use futures_util::future::join_all;

use super::greeting::not_asked;
use super::{Diagnosis, within};
use crate::domain::{Newsletter, OutboxId};
use crate::links::ReturnPath;
use crate::mail::{
    Outgoing, Relays, SenderRecord, SignatureVerdict, dmarc_record, spf_record, verify_signatures,
};
use crate::service::Service;

pub(super) async fn examine(
    service: Option<&Service>,
    newsletters: &[Newsletter],
    relays: &Relays,
    paths: &[(String, ReturnPath)],
) -> Vec<Diagnosis> {
    let Some(service) = service else {
        let says = "not examined, as key and database have to be mended first";
        return vec![Diagnosis::yellow(
            "sender",
            "",
            says,
            "mend what is red, and run it again",
        )];
    };
    let bounces: BTreeSet<String> = relays
        .all()
        .flat_map(|relay| paths.iter().map(|(_, path)| relay.bounce_domain(path)))
        .collect();
    let mut senders: Vec<&Newsletter> = newsletters.iter().collect();
    senders.sort_by_key(|one| one.sender_address.domain());
    senders.dedup_by_key(|one| one.sender_address.domain());
    let spf_and_mx = join_all(bounces.iter().map(|domain| async {
        let (spf, mx) = tokio::join!(
            within("spf", spf(service, domain)),
            within("bounce-mx", mail_servers(service, domain)),
        );
        [spf, mx].concat()
    }));
    let dkim_and_dmarc = join_all(senders.iter().map(|newsletter| async {
        let domain = newsletter.sender_address.domain();
        let (dkim, dmarc) = tokio::join!(
            within("dkim", dkim(service, newsletter)),
            within("dmarc", dmarc(service, domain)),
        );
        [dkim, dmarc].concat()
    }));
    let (first, second) = tokio::join!(spf_and_mx, dkim_and_dmarc);
    [first.concat(), second.concat()].concat()
}

async fn spf(service: &Service, domain: &str) -> Vec<Diagnosis> {
    let record = "\"v=spf1 … -all\" that names the machines that send for it, such as your relay";
    vec![match spf_record(&service.checks.dns, domain).await {
        SenderRecord::Good => Diagnosis::green("spf", domain, "there is a record"),
        SenderRecord::Missing => {
            let mend = format!("add a TXT record for {domain}: {record}");
            Diagnosis::red("spf", domain, "there is no SPF record", mend)
        }
        SenderRecord::Broken => {
            let says = "there are several SPF records, or one lets everybody send";
            let mend = format!("leave one TXT record for {domain}: {record}");
            Diagnosis::red("spf", domain, says, mend)
        }
        SenderRecord::Unknown => not_asked("spf", domain, &service.settings),
    }]
}

async fn dmarc(service: &Service, domain: &str) -> Vec<Diagnosis> {
    vec![match dmarc_record(&service.checks.dns, domain).await {
        SenderRecord::Good => Diagnosis::green("dmarc", domain, "there is a record"),
        SenderRecord::Missing | SenderRecord::Broken => {
            let mend =
                format!("add a TXT record for _dmarc.{domain}: \"v=DMARC1; p=none\" to begin with");
            Diagnosis::red("dmarc", domain, "there is no DMARC record", mend)
        }
        SenderRecord::Unknown => not_asked("dmarc", domain, &service.settings),
    }]
}

/// RFC 5321 §5.1: without an MX record the host of that name itself is asked.
async fn mail_servers(service: &Service, domain: &str) -> Vec<Diagnosis> {
    let dns = &service.checks.dns;
    let mend = format!(
        "add an MX record for {domain} that names the server that takes bounces, or set `return_path` of the relay to an address that takes mail"
    );
    let red = |says: &str| vec![Diagnosis::red("bounce-mx", domain, says, &mend)];
    let Ok(servers) = dns.mail_servers(domain).await else {
        return vec![not_asked("bounce-mx", domain, &service.settings)];
    };
    if servers.iter().any(|server| !server.is_empty()) {
        let says = format!("bounces go to {}", servers.join(", "));
        return vec![Diagnosis::green("bounce-mx", domain, says)];
    }
    if !servers.is_empty() {
        return red("the domain says that it takes no mail, so bounces are lost");
    }
    match dns.addresses(domain).await {
        Err(_) => vec![not_asked("bounce-mx", domain, &service.settings)],
        Ok(none) if none.is_empty() => {
            red("no server takes mail for the domain, so bounces are lost")
        }
        Ok(_) => {
            let says = "there is no MX record; bounces go to the host of that name";
            vec![Diagnosis::yellow("bounce-mx", domain, says, &mend)]
        }
    }
}

/// Signs a few lines and verifies them as a receiver does, with the record that the DNS has.
async fn dkim(service: &Service, newsletter: &Newsletter) -> Vec<Diagnosis> {
    let domain = newsletter.sender_address.domain();
    let settings = &service.settings.dkim;
    if service.signer.is_none() {
        let says = "mails are not signed";
        let mend = "set `dkim.domain`, `dkim.selector` and `dkim.key_file`, unless the relay signs";
        return vec![Diagnosis::yellow("dkim", domain, says, mend)];
    }
    let mut found = Vec::new();
    let signing = settings.domain.to_ascii_lowercase();
    if signing != domain && !domain.ends_with(&format!(".{signing}")) {
        let says =
            format!("mails are signed by {signing}, which does not count for DMARC of {domain}");
        let mend = format!("set `dkim.domain` to {domain} or a parent of it, with a record there");
        found.push(Diagnosis::red("dkim", domain, says, mend));
    }
    let verdicts = match service.signed(specimen(service, newsletter)).await {
        Ok(mail) => verify_signatures(service.checks.dns.resolver(), &mail.message).await,
        Err(why) => {
            let mend = "look at the files that `dkim.key_file` and `dkim.second_key_file` name";
            found.push(Diagnosis::red("dkim", domain, why, mend));
            return found;
        }
    };
    for ((selector, file), verdict) in settings.keys().zip(verdicts) {
        let record = format!("{selector}._domainkey.{signing}");
        found.push(match verdict {
            SignatureVerdict::Good => {
                Diagnosis::green("dkim", &record, "the record is that of our key")
            }
            SignatureVerdict::Unknown => not_asked("dkim", &record, &service.settings),
            SignatureVerdict::Bad(why) => {
                let file = file.display();
                let mend = format!(
                    "set the TXT record of {record} to \"v=DKIM1; k=rsa; p=…\" with what `openssl pkey -in {file} -pubout -outform DER | openssl base64 -A` prints (for an Ed25519 key k=ed25519, and `| tail -c 32` before base64)"
                );
                let says = format!("receivers cannot verify our signatures: {why}");
                Diagnosis::red("dkim", &record, says, mend)
            }
        });
    }
    found
}

fn specimen(service: &Service, newsletter: &Newsletter) -> Outgoing {
    let from = &newsletter.sender_address;
    let id = OutboxId(service.clock.new_uuid());
    Outgoing {
        return_path: service.links.outbox_return_path(newsletter, id),
        to: from.clone(),
        date: service.clock.now(),
        message: format!("From: <{from}>\r\nTo: <{from}>\r\nSubject: x\r\n\r\nx\r\n").into(),
    }
}
