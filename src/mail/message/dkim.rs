//! DKIM signatures (RFC 6376, and RFC 8463 for Ed25519) of every mail.
//!
//! mail-auth reads keys, canonicalises, hashes and signs. Its own `sign` sets `t=` to the present time. A
//! mail that is sent a second time must have the same octets, so its steps are called one by one here, with
//! the date of the mail.

use std::sync::Arc;

use jiff::Timestamp;
use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::{
    DkimKey, Ed25519Key, HashAlgorithm, HashOutput, RsaKey, SigningKey,
};
use mail_auth::common::headers::{HeaderStream, HeaderWriter, Writable, Writer};
use mail_auth::dkim::canonicalize::CanonicalHeaders;
use mail_auth::dkim::{DkimSigner, Done, Signature};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;
use tokio::task::JoinHandle;

use super::octets::BODY_CANONICALIZATION;
use super::{MessageError, MessageOctets};
use crate::mail::Outgoing;

/// Listed in `h=` once more than they occur, so that nobody can add another one without breaking the signature.
/// Whatever else a mail lacks is not listed: relays add some headers, as Amazon SES adds Feedback-ID.
const OVERSIGNED: [&str; 8] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "Content-Type",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
];
/// Signed if the mail has them. RFC 8058 §4 requires it for List-Unsubscribe and List-Unsubscribe-Post. Not
/// Message-ID, which some relays replace; it tells readers nothing, and RFC 6376 §5.4.1 does not list it.
const SIGNED: [&str; 12] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
];
/// The shortest accepted RSA public key, in octets.
const MIN_RSA_OCTETS: usize = 256;

/// A key that cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    /// The file has no RSA or Ed25519 private key in PEM.
    #[error(
        "the DKIM key file for selector {0} has no RSA or Ed25519 key in PEM; make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`"
    )]
    NotAKey(String),
    /// The RSA key is too short for receivers to accept it.
    #[error("the RSA key for the DKIM selector {0} is shorter than 2048 bits; make a new one")]
    TooShort(String),
}

/// Signs for one domain, with one key or two.
#[derive(Clone)]
pub struct Signer(Arc<Vec<DkimSigner<DkimKey, Done>>>);

/// The signatures of one mail in the making, on another thread; none without keys to sign with.
#[derive(Default)]
#[must_use]
pub struct Signing(Option<JoinHandle<Result<String, MessageError>>>);

/// The signed data: the headers, and the DKIM-Signature header with an empty `b=`.
struct Signable<'a>(CanonicalHeaders<'a>, &'a Signature);

impl Writable for Signable<'_> {
    fn write(self, writer: &mut impl Writer) {
        self.0.write(writer);
        self.1.write(writer, false);
    }
}

/// The body in its canonical form, which no longer depends on the signature.
struct CanonicalBody<'a>(&'a MessageOctets);

impl Writable for CanonicalBody<'_> {
    fn write(self, writer: &mut impl Writer) {
        for piece in self.0.canonical_body() {
            writer.write(piece.as_bytes());
        }
    }
}

/// The header section as the library reads it; the body is hashed apart.
struct Headers<'a>(std::vec::IntoIter<(&'a [u8], &'a [u8])>);

impl<'a> Headers<'a> {
    fn parse(header: &'a str) -> Option<Self> {
        let parsed = AuthenticatedMessage::parse(header.as_bytes())?;
        Some(Self(parsed.headers.into_iter()))
    }
}

impl Headers<'_> {
    fn have(&self, name: &str) -> bool {
        let mut headers = self.0.as_slice().iter();
        headers.any(|(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
    }
}

impl<'a> HeaderStream<'a> for Headers<'a> {
    fn next_header(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.0.next()
    }

    fn body(&mut self) -> &'a [u8] {
        &[]
    }
}

impl Signer {
    /// A signer for `domain`, with private keys in PEM, each with its selector.
    ///
    /// # Errors
    /// When a key cannot be read, or is an RSA key shorter than 2048 bits.
    pub fn new<'a>(
        domain: &str,
        keys: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Self, DkimError> {
        let signer = |(selector, pem): (&str, String)| {
            let key = read_key(selector, &pem)?;
            Ok(DkimSigner::from_key(key)
                .domain(domain)
                .selector(selector)
                .headers(SIGNED)
                .body_canonicalization(BODY_CANONICALIZATION))
        };
        let signers: Result<Vec<_>, DkimError> = keys.into_iter().map(signer).collect();
        Ok(Self(Arc::new(signers?)))
    }

    /// Begins to sign a mail. RSA is the most expensive step of a mail, so it runs on a thread for blocking work.
    pub fn begin(&self, mail: &Outgoing) -> Signing {
        let signers = Arc::clone(&self.0);
        let (message, date) = (mail.message.clone(), mail.date);
        Signing(Some(tokio::task::spawn_blocking(move || {
            let body = HashAlgorithm::Sha256.hash(CanonicalBody(&message));
            let mut signatures = String::with_capacity(1024 * signers.len());
            for signer in signers.iter() {
                let signature = signature(signer, message.header(), &body, date)?;
                signatures.push_str(&folded(&signature));
            }
            Ok(signatures)
        })))
    }

    /// Signs a mail.
    ///
    /// # Errors
    /// Those of [`Signing::finish`].
    pub async fn sign(&self, mail: Outgoing) -> Result<Outgoing, MessageError> {
        self.begin(&mail).finish(mail).await
    }
}

impl Signing {
    /// Puts the signatures before the other headers of the mail that they were made for.
    ///
    /// # Errors
    /// When the library cannot sign, which does not happen with a valid key.
    pub async fn finish(self, mut mail: Outgoing) -> Result<Outgoing, MessageError> {
        if let Some(signing) = self.0 {
            let signatures = signing.await.unwrap_or_else(|error| Err(failed(&error)))?;
            mail.message.put_first(&signatures);
        }
        Ok(mail)
    }
}

/// The header in lines of at most 78 octets (RFC 5322 §2.1.1); the library's are up to 80. To a verifier
/// folded white space is the same (RFC 6376 §3.4.2).
fn folded(signature: &Signature) -> String {
    let header = signature.to_header();
    [" c=", " bh=", " b="]
        .into_iter()
        .fold(header, |header, tag| {
            header.replace(tag, &format!("\r\n\t{}", tag.trim_start()))
        })
        // Some verifiers do not take white space between a value and its semicolon (RFC 6376 §3.2
        // allows it), and the library breaks the line there when the value just fills it.
        .replace("\r\n\t;", ";")
}

fn failed(why: &dyn std::fmt::Display) -> MessageError {
    MessageError::Header {
        header: "DKIM-Signature",
        why: why.to_string(),
    }
}

fn signature(
    signer: &DkimSigner<DkimKey, Done>,
    header: &str,
    body: &HashOutput,
    date: Timestamp,
) -> Result<Signature, MessageError> {
    let mut signature = signer.template.clone();
    let headers = Headers::parse(header).ok_or_else(|| failed(&"the mail has no headers"))?;
    // The library would list what is missing too.
    signature.h.retain(|name| headers.have(name));
    let (_, headers, mut names, _) = signature.canonicalize(headers);
    names.extend(OVERSIGNED.map(str::to_owned));
    signature.bh = body.as_ref().to_vec();
    signature.t = u64::try_from(date.as_second()).unwrap_or_default();
    signature.h = names;
    let signed = signer.key.sign(Signable(headers, &signature));
    signature.b = signed.map_err(|error| failed(&error))?;
    Ok(signature)
}

fn read_key(selector: &str, pem: &str) -> Result<DkimKey, DkimError> {
    let no_key = || DkimError::NotAKey(selector.to_owned());
    let der = PrivateKeyDer::from_pem_slice(pem.as_bytes()).map_err(|_| no_key())?;
    if let Ok(key) = RsaKey::from_key_der(der.clone_key()) {
        // The length of the modulus and a few octets of encoding.
        return match key.public_key().len() {
            length if length < MIN_RSA_OCTETS => Err(DkimError::TooShort(selector.to_owned())),
            _ => Ok(DkimKey::Rsa(key)),
        };
    }
    let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(der.secret_der());
    key.map(DkimKey::Ed25519).map_err(|_| no_key())
}
