//! Asks a relay whether it lets us in, and takes our envelope senders and a recipient.

use jiff::Timestamp;

use crate::domain::{EmailAddress, Reply};
use crate::links::ReturnPath;

use super::connect_error::RelayError;
use super::connection::Connection;
use super::relay::Relay;

/// What a relay that let us in said. No mail was sent.
#[derive(Debug)]
pub struct Examined {
    /// Whether the connection is under TLS.
    pub is_encrypted: bool,
    /// When its certificate ends; none without TLS.
    pub certificate_ends: Option<Timestamp>,
    /// The envelope senders that it refuses for good, each with the name that stands beside it; a 4xx may
    /// be over by the first mail.
    pub refused: Vec<(String, Reply)>,
    /// Its refusal of the recipient, if one was asked for.
    pub refused_recipient: Option<Reply>,
}

impl Relay {
    /// The envelope senders that it refuses for good, each with the name that stands beside it. No mail is
    /// sent.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn refused_senders(
        &self,
        paths: &[(String, ReturnPath)],
    ) -> Result<Vec<(String, Reply)>, RelayError> {
        Ok(self.examine(paths, None).await?.refused)
    }

    /// Connects, secures and signs in as for a mail, names each of the envelope senders and, behind the
    /// first, the recipient. No mail is sent.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn examine(
        &self,
        paths: &[(String, ReturnPath)],
        recipient: Option<&EmailAddress>,
    ) -> Result<Examined, RelayError> {
        let mut connection = self.connect().await?;
        let mut examined = Examined {
            is_encrypted: connection.is_encrypted(),
            certificate_ends: connection.certificate_ends(),
            refused: Vec::new(),
            refused_recipient: None,
        };
        if let (Some(to), Some((_, path))) = (recipient, paths.first()) {
            examined.refused_recipient = connection.check_recipient(path, to).await.err();
        }
        examined.refused = self.check_senders(&mut connection, paths).await;
        connection.quit().await;
        Ok(examined)
    }

    async fn check_senders(
        &self,
        connection: &mut Connection,
        paths: &[(String, ReturnPath)],
    ) -> Vec<(String, Reply)> {
        let mut refused = Vec::new();
        for (name, path) in paths {
            if !connection.is_usable() {
                break;
            }
            match connection.check_sender(path).await {
                Err(reply) if reply.code >= 500 => refused.push((name.clone(), reply)),
                Err(reply) => tracing::debug!(
                    relay = self.name(),
                    code = reply.code,
                    "the relay does not take our envelope sender for now"
                ),
                Ok(()) => {}
            }
        }
        refused
    }
}
