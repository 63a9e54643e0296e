//! What the DNS says of a domain that sends: SPF and DMARC.

use crate::dns::Dns;

/// What was found of one kind of record.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SenderRecord {
    /// There is one, and it says something.
    Good,
    /// There is none.
    Missing,
    /// There are several, which is as good as none, or it lets everybody send.
    Broken,
    /// The DNS could not be asked.
    Unknown,
}

/// Who may send for the domain (SPF, RFC 7208).
pub async fn spf_record(dns: &Dns, domain: &str) -> SenderRecord {
    let Ok(texts) = dns.texts(domain).await else {
        return SenderRecord::Unknown;
    };
    let is_spf = |text: &&String| {
        let text = text.to_ascii_lowercase();
        text == "v=spf1" || text.starts_with("v=spf1 ")
    };
    let records: Vec<&String> = texts.iter().filter(is_spf).collect();
    match records.as_slice() {
        [] => SenderRecord::Missing,
        [one] if !lets_anybody(one) => SenderRecord::Good,
        // Several are as good as none (§4.5).
        _ => SenderRecord::Broken,
    }
}

fn lets_anybody(record: &str) -> bool {
    let mut terms = record.split_ascii_whitespace();
    terms.any(|term| term.eq_ignore_ascii_case("all") || term.eq_ignore_ascii_case("+all"))
}

/// What is to happen with mails that are not the domain's own (DMARC, RFC 7489). A record of a parent
/// holds too.
pub async fn dmarc_record(dns: &Dns, domain: &str) -> SenderRecord {
    let mut at = domain;
    while at.contains('.') {
        let Ok(texts) = dns.texts(&format!("_dmarc.{at}")).await else {
            return SenderRecord::Unknown;
        };
        let is_dmarc = |text: &String| text.to_ascii_lowercase().starts_with("v=dmarc1");
        if texts.iter().any(is_dmarc) {
            return SenderRecord::Good;
        }
        at = at.split_once('.').map_or("", |(_, parent)| parent);
    }
    SenderRecord::Missing
}
