//! Asks a relay whether it takes our envelope senders.

use crate::domain::Reply;
use crate::links::ReturnPath;

use super::connect_error::RelayError;
use super::relay::Relay;

impl Relay {
    /// The envelope senders that it refuses for good, each with the name that stands beside it; a 4xx may
    /// be over by the first mail. No mail is sent.
    ///
    /// # Errors
    /// When it cannot be used.
    pub async fn refused_senders(
        &self,
        paths: &[(String, ReturnPath)],
    ) -> Result<Vec<(String, Reply)>, RelayError> {
        let mut connection = self.connect().await?;
        let mut refused = Vec::new();
        for (name, path) in paths {
            match connection.check_sender(path).await {
                Err(reply) if reply.code >= 500 => refused.push((name.clone(), reply)),
                Err(reply) => tracing::debug!(
                    relay = self.name(),
                    code = reply.code,
                    "the relay does not take our envelope sender for now"
                ),
                Ok(()) => {}
            }
            if !connection.is_usable() {
                break;
            }
        }
        connection.quit().await;
        Ok(refused)
    }
}
