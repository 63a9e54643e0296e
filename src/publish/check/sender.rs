//! Whether receivers can tell that the mails are the newsletter's own: SPF, DKIM, DMARC.

use super::test_copy::test_copy;
use crate::dns::Dns;
use crate::domain::{Finding, FindingCode, FindingPlace, Issue, Newsletter};
use crate::mail::{
    SenderRecord, SignatureVerdict, covered_headers, dmarc_record, spf_record, verify_signatures,
};
use crate::service::Service;

/// What RFC 8058 §4 wants a signature to cover.
const COVERED: [&str; 2] = ["list-unsubscribe", "list-unsubscribe-post"];

fn warning(code: FindingCode, domain: &str) -> Finding {
    Finding::warning(code, FindingPlace::Delivery).with("domain", domain)
}

pub(super) async fn check(
    service: &Service,
    newsletter: &Newsletter,
    issue: &Issue,
) -> Vec<Finding> {
    let domain = newsletter.sender_address.domain();
    let dns = &service.checks.dns;
    let (mut found, dmarc, signature) = tokio::join!(
        spf(dns, domain),
        dmarc(dns, domain),
        signature(service, newsletter, issue)
    );
    found.extend(dmarc);
    found.extend(signature);
    // One word about the DNS is enough.
    let mut unknown = 0;
    found.retain(|finding| {
        unknown += usize::from(finding.code == FindingCode::DnsUnknown);
        finding.code != FindingCode::DnsUnknown || unknown == 1
    });
    found
}

fn not_asked(domain: &str) -> Finding {
    Finding::note(FindingCode::DnsUnknown, FindingPlace::Delivery).with("domain", domain)
}

async fn spf(dns: &Dns, domain: &str) -> Vec<Finding> {
    match spf_record(dns, domain).await {
        SenderRecord::Good => Vec::new(),
        SenderRecord::Missing => vec![warning(FindingCode::SpfMissing, domain)],
        SenderRecord::Broken => vec![warning(FindingCode::SpfBroken, domain)],
        SenderRecord::Unknown => vec![not_asked(domain)],
    }
}

async fn dmarc(dns: &Dns, domain: &str) -> Vec<Finding> {
    match dmarc_record(dns, domain).await {
        SenderRecord::Good => Vec::new(),
        SenderRecord::Missing | SenderRecord::Broken => {
            vec![warning(FindingCode::DmarcMissing, domain)]
        }
        SenderRecord::Unknown => vec![not_asked(domain)],
    }
}

/// Verifies the signatures of a test copy as a receiver would, octet for octet.
async fn signature(service: &Service, newsletter: &Newsletter, issue: &Issue) -> Vec<Finding> {
    let domain = newsletter.sender_address.domain();
    if service.signer.is_none() {
        return vec![warning(FindingCode::DkimUnsigned, domain)];
    }
    let mail = match test_copy(service, newsletter, issue).await {
        Ok(mail) => mail,
        Err(error) => {
            tracing::error!(%error, issue = %issue.id, "the test copy of a check could not be made");
            return vec![warning(FindingCode::DkimBroken, domain).with("said", error)];
        }
    };
    let mut found = Vec::new();
    let signing = service.settings.dkim.domain.to_ascii_lowercase();
    if signing != domain && !domain.ends_with(&format!(".{signing}")) {
        let finding = warning(FindingCode::DkimForeign, domain);
        found.push(finding.with("signing", &signing));
    }
    let covers = |names: &Vec<String>| COVERED.iter().all(|name| names.iter().any(|n| n == name));
    if !covered_headers(mail.message.header()).iter().all(covers) {
        let place = FindingPlace::Delivery;
        found.push(Finding::error(FindingCode::UnsubscribeUnsigned, place));
    }
    for verdict in verify_signatures(service.checks.dns.resolver(), &mail.message).await {
        match verdict {
            SignatureVerdict::Good => {}
            SignatureVerdict::Unknown => found.push(not_asked(&signing)),
            SignatureVerdict::Bad(why) => {
                let finding = Finding::error(FindingCode::DkimBroken, FindingPlace::Delivery);
                found.push(finding.with("domain", &signing).with("said", why));
            }
        }
    }
    found
}
