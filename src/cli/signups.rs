//! `xabar signups protection`

use clap::Subcommand;

use super::CliError;
use super::output::Output;
use crate::domain::ProtectionCount;
use crate::service::Service;
use crate::store::protection::daily_count;

#[derive(Debug, Subcommand)]
pub(super) enum Signups {
    /// Lists how often the protection of the form acted in the last 90 days, by day (in UTC) and cause.
    Protection,
}

impl Signups {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let Self::Protection = self;
        let counts = daily_count::list(&mut service.store.read().await?).await?;
        out.value(&counts, || {
            let line =
                |one: &ProtectionCount| format!("{}\t{}\t{}", one.day, one.cause, one.amount);
            counts.iter().map(line).collect::<Vec<_>>().join("\n")
        })
    }
}
