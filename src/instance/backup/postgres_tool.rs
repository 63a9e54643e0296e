//! `pg_dump` and `pg_restore`.

use std::process::Stdio;

use tokio::process::Command;
use url::Url;

use super::BackupError;
use crate::store::StoreError;

/// Runs a tool of PostgreSQL; the password is in its environment, where no list of processes shows it.
pub(super) async fn run(tool: &'static str, url: &str, args: &[&str]) -> Result<(), BackupError> {
    let failed = |why: String| BackupError::Tool { tool, why };
    let mut address = Url::parse(url).map_err(|_| StoreError::BadUrl("postgres:…".to_owned()))?;
    let password = address.password().map(|password| {
        percent_encoding::percent_decode_str(password)
            .decode_utf8_lossy()
            .into_owned()
    });
    let mut command = Command::new(tool);
    if let Some(password) = password {
        let _ = address.set_password(None);
        command.env("PGPASSWORD", password);
    }
    command
        .args(["--dbname", address.as_str()])
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped());
    let ran = command.output().await.map_err(|e| failed(e.to_string()))?;
    match ran.status.success() {
        true => Ok(()),
        false => Err(failed(
            String::from_utf8_lossy(&ran.stderr).trim().to_owned(),
        )),
    }
}
