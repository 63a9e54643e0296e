//! `xabar retention log`

use clap::Subcommand;

use super::CliError;
use super::output::Output;
use crate::service::Service;
use crate::store;

#[derive(Debug, Subcommand)]
pub(super) enum Retention {
    /// Lists what was removed in its time, the latest first.
    Log,
}

impl Retention {
    pub(super) async fn run(self, service: &Service, out: Output) -> Result<(), CliError> {
        let Self::Log = self;
        let removed = store::retention::log::latest(&mut service.store.read().await?).await?;
        out.value(&removed, || {
            let line =
                |r: &store::retention::log::Removal| format!("{}\t{}\t{}", r.at, r.what, r.amount);
            removed.iter().map(line).collect::<Vec<_>>().join("\n")
        })
    }
}
