//! DKIM signatures (RFC 6376, and RFC 8463 for Ed25519) of every mail that goes out.
//!
//! mail-auth reads keys, canonicalises, hashes and signs. Its own `sign` stamps `t=` with the
//! present, but a mail that is sent a second time must have the same octets: so its steps are
//! taken here one by one, with the time of the mail.

use std::sync::Arc;

use jiff::Timestamp;
use mail_auth::AuthenticatedMessage;
use mail_auth::common::crypto::{DkimKey, Ed25519Key, RsaKey, SigningKey};
use mail_auth::common::headers::{HeaderStream, HeaderWriter, Writable, Writer};
use mail_auth::dkim::canonicalize::CanonicalHeaders;
use mail_auth::dkim::{DkimSigner, Done, Signature};
use rustls_pki_types::PrivateKeyDer;
use rustls_pki_types::pem::PemObject;

use super::MessageError;
use crate::mail::Outgoing;
use crate::mail::smtp::wire::ROOM;

/// Listed once more than they are there, so that nobody can add a second one.
const OVERSIGNED: [&str; 3] = ["From", "To", "Subject"];
/// What is signed where it is there. RFC 8058 §4 demands it of the two for unsubscribing.
const SIGNED: [&str; 13] = [
    "From",
    "To",
    "Subject",
    "Date",
    "Message-ID",
    "Reply-To",
    "MIME-Version",
    "Content-Type",
    "List-Id",
    "List-Unsubscribe",
    "List-Unsubscribe-Post",
    "Feedback-ID",
    "Auto-Submitted",
];
/// The shortest RSA modulus, in octets.
const LEAST_RSA: usize = 256;

/// A key that cannot sign.
#[derive(Debug, thiserror::Error)]
pub enum DkimError {
    /// The file holds something else.
    #[error(
        "the file of the DKIM key for selector {0} holds no RSA or Ed25519 key in PEM; make one with `openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:2048`"
    )]
    NotAKey(String),
    /// Receivers would not trust it.
    #[error("the RSA key for the DKIM selector {0} is shorter than 2048 bits; make a new one")]
    TooShort(String),
}

/// Signs for one domain, with one key or two.
#[derive(Clone)]
pub struct Signer(Arc<Vec<DkimSigner<DkimKey, Done>>>);

/// What a signature is made over: the headers, and the signature without itself.
struct Signable<'a>(CanonicalHeaders<'a>, &'a Signature);

impl Writable for Signable<'_> {
    fn write(self, writer: &mut impl Writer) {
        self.0.write(writer);
        self.1.write(writer, false);
    }
}

/// A mail as the library walks through it.
struct Walk<'a> {
    headers: std::vec::IntoIter<(&'a [u8], &'a [u8])>,
    body: &'a [u8],
}

impl<'a> Walk<'a> {
    fn over(message: &'a [u8]) -> Option<Self> {
        let parsed = AuthenticatedMessage::parse(message)?;
        let body = message.get(parsed.body_offset()..)?;
        let headers = parsed.headers.into_iter();
        Some(Self { headers, body })
    }
}

impl<'a> HeaderStream<'a> for Walk<'a> {
    fn next_header(&mut self) -> Option<(&'a [u8], &'a [u8])> {
        self.headers.next()
    }

    fn body(&mut self) -> &'a [u8] {
        self.body
    }
}

impl Signer {
    /// Takes the private keys, in PEM, each with its selector.
    ///
    /// # Errors
    /// When one is no key, or too short.
    pub fn new<'a>(
        domain: &str,
        keys: impl IntoIterator<Item = (&'a str, String)>,
    ) -> Result<Self, DkimError> {
        let signer = |(selector, pem): (&str, String)| {
            let key = read_key(selector, &pem)?;
            Ok(DkimSigner::from_key(key)
                .domain(domain)
                .selector(selector)
                .headers(SIGNED))
        };
        let signers: Result<Vec<_>, DkimError> = keys.into_iter().map(signer).collect();
        Ok(Self(Arc::new(signers?)))
    }

    /// Puts the signatures before the headers. With RSA this is the dearest step of a mail,
    /// so it is taken on a thread where nothing else waits.
    ///
    /// # Errors
    /// When the library cannot sign, which valid keys rule out.
    pub async fn sign(&self, mut mail: Outgoing) -> Result<Outgoing, MessageError> {
        let signers = Arc::clone(&self.0);
        let signed = tokio::task::spawn_blocking(move || {
            let mut signed =
                String::with_capacity(mail.message.len() + 1024 * signers.len() + ROOM);
            for signer in signers.iter() {
                let signature = signature(signer, mail.message.as_bytes(), mail.date)?;
                signed.push_str(&folded(&signature));
            }
            signed.push_str(&mail.message);
            mail.message = signed;
            Ok(mail)
        });
        signed.await.unwrap_or_else(|error| Err(failed(&error)))
    }
}

/// The header with lines of 78 octets, as RFC 5322 §2.1.1 asks; the library's are up to 80. A
/// white space that becomes the end of a line is the same to the verifier (RFC 6376 §3.4.2).
fn folded(signature: &Signature) -> String {
    let header = signature.to_header();
    [" c=", " bh=", " b="]
        .into_iter()
        .fold(header, |header, tag| {
            header.replace(tag, &format!("\r\n\t{}", tag.trim_start()))
        })
}

fn failed(why: &dyn std::fmt::Display) -> MessageError {
    MessageError::Header {
        header: "DKIM-Signature",
        why: why.to_string(),
    }
}

fn signature(
    signer: &DkimSigner<DkimKey, Done>,
    message: &[u8],
    date: Timestamp,
) -> Result<Signature, MessageError> {
    let template = &signer.template;
    let walk = Walk::over(message).ok_or_else(|| failed(&"the mail has no headers"))?;
    let (_, headers, mut names, body) = template.canonicalize(walk);
    // Whatever is not there was listed by the library already; no mail lacks these three.
    names.extend(OVERSIGNED.map(str::to_owned));
    let mut signature = template.clone();
    signature.bh = signer.key.hash(body).as_ref().to_vec();
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
        // The modulus and a few octets around it.
        return match key.public_key().len() {
            length if length < LEAST_RSA => Err(DkimError::TooShort(selector.to_owned())),
            _ => Ok(DkimKey::Rsa(key)),
        };
    }
    let key = Ed25519Key::from_pkcs8_maybe_unchecked_der(der.secret_der());
    key.map(DkimKey::Ed25519).map_err(|_| no_key())
}
