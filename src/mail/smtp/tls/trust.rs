//! Which certificates of relays are believed.

use std::fmt;
use std::path::Path;
use std::sync::Arc;

use rustls::client::danger::{HandshakeSignatureValid, ServerCertVerified, ServerCertVerifier};
use rustls::client::{WebPkiServerVerifier, verify_server_name};
use rustls::crypto::{CryptoProvider, aws_lc_rs, verify_tls12_signature, verify_tls13_signature};
use rustls::pki_types::pem::PemObject;
use rustls::pki_types::{CertificateDer, ServerName, UnixTime};
use rustls::server::ParsedCertificate;
use rustls::{
    CertificateError, ClientConfig, DigitallySignedStruct, Error as TlsError, OtherError,
    RootCertStore, SignatureScheme,
};
use x509_parser::prelude::{ASN1Time, FromDer, X509Certificate};

use super::Wrong;

/// Believes the authorities of the system, those in the file, and whatever certificate the file
/// names itself.
pub(crate) fn client_config(file: &Path) -> Result<Arc<ClientConfig>, Wrong> {
    let bad = |why: String| Wrong {
        setting: "trusted_certificates",
        why,
    };
    let named = if file.as_os_str().is_empty() {
        Vec::new()
    } else {
        read_certificates(file).map_err(bad)?
    };
    let provider = Arc::new(aws_lc_rs::default_provider());
    let trust = Trust::new(named, &provider).map_err(|error| bad(error.to_string()))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(|error| bad(error.to_string()))?
        .dangerous()
        .with_custom_certificate_verifier(Arc::new(trust))
        .with_no_client_auth();
    Ok(Arc::new(config))
}

fn read_certificates(file: &Path) -> Result<Vec<CertificateDer<'static>>, String> {
    let shown = file.display();
    let pem = std::fs::read(file).map_err(|error| format!("{shown}: {error}"))?;
    let all: Result<Vec<_>, _> = CertificateDer::pem_slice_iter(&pem).collect();
    let all = all.map_err(|error| format!("{shown}: {error}"))?;
    if all.is_empty() {
        return Err(format!("{shown} holds no certificate in PEM"));
    }
    Ok(all)
}

/// Checks a relay's certificate.
#[derive(Debug)]
struct Trust {
    /// By the authorities; none where there are no authorities at all.
    by_authority: Option<Arc<WebPkiServerVerifier>>,
    /// Certificates that are believed themselves, octet for octet.
    named: Vec<CertificateDer<'static>>,
    provider: Arc<CryptoProvider>,
}

impl Trust {
    fn new(
        named: Vec<CertificateDer<'static>>,
        provider: &Arc<CryptoProvider>,
    ) -> Result<Self, rustls::client::VerifierBuilderError> {
        let mut roots = RootCertStore::empty();
        // Those that cannot be read are no authorities; there are such on most systems.
        roots.add_parsable_certificates(rustls_native_certs::load_native_certs().certs);
        roots.add_parsable_certificates(named.iter().cloned());
        let by_authority = if roots.is_empty() {
            None
        } else {
            let builder =
                WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(provider));
            Some(builder.build()?)
        };
        Ok(Self {
            by_authority,
            named,
            provider: Arc::clone(provider),
        })
    }
}

impl ServerCertVerifier for Trust {
    fn verify_server_cert(
        &self,
        end_entity: &CertificateDer<'_>,
        intermediates: &[CertificateDer<'_>],
        server_name: &ServerName<'_>,
        ocsp_response: &[u8],
        now: UnixTime,
    ) -> Result<ServerCertVerified, TlsError> {
        let refused = match &self.by_authority {
            Some(authorities) => {
                let checked = authorities.verify_server_cert(
                    end_entity,
                    intermediates,
                    server_name,
                    ocsp_response,
                    now,
                );
                match checked {
                    Ok(verified) => return Ok(verified),
                    Err(error) => error,
                }
            }
            None => CertificateError::UnknownIssuer.into(),
        };
        let (_, parsed) = X509Certificate::from_der(end_entity)
            .map_err(|_| TlsError::from(CertificateError::BadEncoding))?;
        if self.named.iter().any(|named| named == end_entity) {
            check_validity(&parsed, now)?;
            check_name(end_entity, &parsed, server_name)?;
            return Ok(ServerCertVerified::assertion());
        }
        match refused {
            TlsError::InvalidCertificate(why) if parsed.issuer() == parsed.subject() => {
                Err(self_signed_if_that_is_why(why))
            }
            refused => Err(refused),
        }
    }

    fn verify_tls12_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls12_signature(message, cert, dss, algorithms)
    }

    fn verify_tls13_signature(
        &self,
        message: &[u8],
        cert: &CertificateDer<'_>,
        dss: &DigitallySignedStruct,
    ) -> Result<HandshakeSignatureValid, TlsError> {
        let algorithms = &self.provider.signature_verification_algorithms;
        verify_tls13_signature(message, cert, dss, algorithms)
    }

    fn supported_verify_schemes(&self) -> Vec<SignatureScheme> {
        let algorithms = &self.provider.signature_verification_algorithms;
        algorithms.supported_schemes()
    }
}

fn check_validity(certificate: &X509Certificate<'_>, now: UnixTime) -> Result<(), TlsError> {
    let seconds = i64::try_from(now.as_secs()).unwrap_or(i64::MAX);
    let now =
        ASN1Time::from_timestamp(seconds).map_err(|_| TlsError::from(CertificateError::Expired))?;
    let validity = certificate.validity();
    if now < validity.not_before {
        return Err(CertificateError::NotValidYet.into());
    }
    if now > validity.not_after {
        return Err(CertificateError::Expired.into());
    }
    Ok(())
}

/// Its names are the alternative ones; where it has none, as a plain `openssl req -x509` makes it,
/// its common name.
fn check_name(
    end_entity: &CertificateDer<'_>,
    parsed: &X509Certificate<'_>,
    server_name: &ServerName<'_>,
) -> Result<(), TlsError> {
    let wrong = match verify_server_name(&ParsedCertificate::try_from(end_entity)?, server_name) {
        Ok(()) => return Ok(()),
        Err(wrong) => wrong,
    };
    let has_alternatives = !matches!(parsed.subject_alternative_name(), Ok(None));
    let expected = server_name.to_str();
    let mut names = parsed.subject().iter_common_name();
    let is_common_name = names.any(|name| {
        name.as_str()
            .is_ok_and(|name| name.eq_ignore_ascii_case(&expected))
    });
    if is_common_name && !has_alternatives {
        return Ok(());
    }
    Err(wrong)
}

/// It signs itself, and nobody has named it.
#[derive(Debug)]
pub(super) struct SelfSigned;

impl fmt::Display for SelfSigned {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("the certificate is self-signed")
    }
}

impl std::error::Error for SelfSigned {}

fn self_signed_if_that_is_why(why: CertificateError) -> TlsError {
    let is_why = match &why {
        CertificateError::UnknownIssuer => true,
        // webpki's word for an authority that is used as a server (CaUsedAsEndEntity).
        CertificateError::Other(_) => true,
        _ => false,
    };
    match is_why {
        true => CertificateError::Other(OtherError(Arc::new(SelfSigned))).into(),
        false => why.into(),
    }
}
