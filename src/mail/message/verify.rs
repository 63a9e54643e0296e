//! Verifies our own signatures as a receiver does.

use hickory_resolver::TokioResolver;
use mail_auth::{AuthenticatedMessage, DkimResult, DnsError, Error, MessageAuthenticator};
use mail_parser::MessageParser;

use super::MessageOctets;

/// What a receiver says of one signature.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum SignatureVerdict {
    /// It verifies.
    Good,
    /// It does not, and why.
    Bad(String),
    /// The DNS could not be asked.
    Unknown,
}

/// Verifies each DKIM signature of a message, with the keys that the DNS has.
pub async fn verify_signatures(
    dns: &TokioResolver,
    message: &MessageOctets,
) -> Vec<SignatureVerdict> {
    let message = message.to_string();
    let Some(parsed) = AuthenticatedMessage::parse(message.as_bytes()) else {
        return vec![SignatureVerdict::Bad("the mail has no headers".to_owned())];
    };
    let receiver = MessageAuthenticator(dns.clone());
    let outputs = receiver.verify_dkim(&parsed).await;
    let verdict = |result: &DkimResult| match result {
        DkimResult::Pass => SignatureVerdict::Good,
        DkimResult::TempError(_) => SignatureVerdict::Unknown,
        DkimResult::PermError(Error::Dns(DnsError::RecordNotFound(_))) => {
            SignatureVerdict::Bad("the DNS has no record for its selector".to_owned())
        }
        DkimResult::PermError(why) | DkimResult::Fail(why) | DkimResult::Neutral(why) => {
            SignatureVerdict::Bad(why.to_string())
        }
        DkimResult::None => SignatureVerdict::Bad("the mail is not signed".to_owned()),
    };
    if outputs.is_empty() {
        return vec![verdict(&DkimResult::None)];
    }
    outputs
        .iter()
        .map(|output| verdict(output.result()))
        .collect()
}

/// The headers that each signature of a message covers, in lower case.
#[must_use]
pub fn covered_headers(message: &str) -> Vec<Vec<String>> {
    let Some(parsed) = MessageParser::new().parse_headers(message.as_bytes()) else {
        return Vec::new();
    };
    let signatures = parsed.headers_raw();
    let signatures = signatures.filter(|(name, _)| name.eq_ignore_ascii_case("DKIM-Signature"));
    signatures.map(|(_, value)| covered(value)).collect()
}

/// The names in `h=`.
fn covered(signature: &str) -> Vec<String> {
    let mut tags = signature.split(';').filter_map(|tag| tag.split_once('='));
    let names = tags.find(|(name, _)| name.trim() == "h");
    let names = names.map(|(_, names)| names).unwrap_or_default();
    let names = names
        .split(':')
        .map(|name| name.trim().to_ascii_lowercase());
    names.collect()
}

#[cfg(test)]
mod tests {
    use super::covered_headers;

    #[test]
    fn each_signature_says_what_it_covers() {
        let mail = "DKIM-Signature: v=1; a=rsa-sha256; h=From:\r\n\tList-Unsubscribe\r\n\t:To; bh=x=; b=y\r\n\
                    DKIM-Signature: v=1; h=from; b=z\r\nFrom: a@b.example\r\n\r\nh=x";
        let covered = covered_headers(mail);
        assert_eq!(
            covered,
            [vec!["from", "list-unsubscribe", "to"], vec!["from"]]
        );
    }
}
