//! Where a token of OAuth comes from. Tokens last an hour or so; another program renews them.

use std::path::PathBuf;
use std::process::Stdio;
use std::time::Duration;

use tokio::process::Command;
use tokio::time::timeout;

/// How long a command may take to print a token.
const COMMAND_LIMIT: Duration = Duration::from_secs(20);

/// Read anew for each connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum TokenSource {
    /// A file that holds nothing else.
    File(PathBuf),
    /// A command line for the shell that prints nothing else.
    Command(String),
}

impl TokenSource {
    /// The setting's name within the relay's.
    pub(super) fn setting(&self) -> &'static str {
        match self {
            Self::File(_) => "oauth_token_file",
            Self::Command(_) => "oauth_token_command",
        }
    }

    /// The token.
    ///
    /// # Errors
    /// Says why there is none, with the name of the setting at `section`.
    pub(super) async fn read(&self, section: &str) -> Result<String, String> {
        let found = match self {
            Self::File(path) => tokio::fs::read_to_string(path)
                .await
                .map_err(|error| format!("{} cannot be read: {error}", path.display())),
            Self::Command(line) => run(line).await,
        };
        let bad = |why: &str| format!("{section}.{} gives no token: {why}", self.setting());
        let token = found.map_err(|why| bad(&why))?.trim().to_owned();
        // RFC 6750 §2.1 has fewer characters still.
        match !token.is_empty() && token.chars().all(|c| c.is_ascii_graphic()) {
            true => Ok(token),
            false => Err(bad(
                "what it gives is empty, or has characters that no token has",
            )),
        }
    }
}

async fn run(line: &str) -> Result<String, String> {
    let mut command = Command::new("/bin/sh");
    command
        .arg("-c")
        .arg(line)
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let output = match timeout(COMMAND_LIMIT, command.output()).await {
        Ok(output) => output.map_err(|error| format!("it cannot be run: {error}"))?,
        Err(_) => {
            return Err(format!(
                "it takes longer than {} s",
                COMMAND_LIMIT.as_secs()
            ));
        }
    };
    if !output.status.success() {
        // Only its complaint: what it printed may be half a token.
        let complaint = String::from_utf8_lossy(&output.stderr).into_owned();
        let last = complaint.trim().lines().last().unwrap_or_default();
        return Err(format!("it ended with {}: {last}", output.status));
    }
    String::from_utf8(output.stdout).map_err(|_| "it is not text".to_owned())
}

#[cfg(test)]
mod tests {
    use super::TokenSource;

    #[tokio::test]
    async fn a_token_is_what_a_file_or_a_command_gives_now()
    -> Result<(), Box<dyn std::error::Error>> {
        let file = tempfile::NamedTempFile::new()?;
        let from_file = TokenSource::File(file.path().to_owned());
        for token in ["ya29.first", "ya29.second"] {
            std::fs::write(file.path(), format!("{token}\n"))?;
            assert_eq!(from_file.read("smtp").await.as_deref(), Ok(token));
        }
        let command = |line: &str| TokenSource::Command(line.to_owned());
        assert_eq!(
            command("echo ya29.$((1+1))").read("smtp").await.as_deref(),
            Ok("ya29.2")
        );
        std::fs::write(file.path(), "")?;
        for (source, words) in [
            (
                from_file,
                "smtp.oauth_token_file gives no token: what it gives is empty",
            ),
            (
                TokenSource::File("/nonexistent".into()),
                "smtp.oauth_token_file gives no token: /nonexistent cannot be read",
            ),
            (
                command("echo expired >&2; exit 3"),
                "exit status: 3: expired",
            ),
            (
                command("printf 'two words'"),
                "characters that no token has",
            ),
        ] {
            let error = source.read("smtp").await.err().unwrap_or_default();
            assert!(error.contains(words), "{error}");
        }
        Ok(())
    }
}
