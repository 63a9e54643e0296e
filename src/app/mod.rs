//! Puts the parts together, for `main` and for the tests alike.

mod assemble;
mod listeners;
mod open;
mod serve;
mod upgrade;

pub(crate) use assemble::assemble;
pub use listeners::{Listeners, listen};
pub use open::{open, open_existing, open_telling};
pub use serve::serve;
pub use upgrade::Upgrade;

use crate::config::SettingsError;
use crate::deliver::EngineFailed;
use crate::instance::{InstanceError, serving};
use crate::mail::{DkimError, RelayError};
use crate::publish::PublishError;
use crate::secret::SecretError;
use crate::store::StoreError;

/// Why the service did not start, or ended.
#[derive(Debug, thiserror::Error)]
pub enum AppError {
    /// Settings.
    #[error(transparent)]
    Settings(#[from] SettingsError),
    /// A command was given where no service is.
    #[error(
        "there is no service here: {0} does not exist; set one up with `xabar migrate` or `xabar serve`, or name its settings with --config"
    )]
    NotSetUp(String),
    /// The key file.
    #[error(transparent)]
    Secret(#[from] SecretError),
    /// The database.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// An issue from before cannot be made findable.
    #[error(transparent)]
    Publish(#[from] PublishError),
    /// The relay's settings.
    #[error(transparent)]
    Relay(#[from] RelayError),
    /// The keys of DKIM.
    #[error(transparent)]
    Dkim(#[from] DkimError),
    /// The database is another one than before, or its key.
    #[error(transparent)]
    Instance(#[from] InstanceError),
    /// The engine.
    #[error(transparent)]
    Engine(#[from] EngineFailed),
    /// The metrics. No setting can cause this.
    #[error("the metrics cannot be made; please report this: {0}")]
    Metrics(#[from] prometheus::Error),
    /// The network.
    #[error("cannot listen on {address}: {source}{}", no_folder(.address, .source))]
    Listen {
        /// Where.
        address: String,
        /// Why not.
        source: std::io::Error,
    },
}

fn no_folder(address: &str, why: &std::io::Error) -> &'static str {
    match address.starts_with("unix:") && why.kind() == std::io::ErrorKind::NotFound {
        true => "; make the folder of the socket, or name one that is there",
        false => "",
    }
}

impl AppError {
    /// Whether a start fails alike until a person has mended settings, secrets, or which database is named.
    #[must_use]
    pub fn needs_a_person(&self) -> bool {
        match self {
            Self::Settings(error) => error.needs_a_person(),
            Self::Secret(error) | Self::Instance(InstanceError::Secret(error)) => {
                error.needs_a_person()
            }
            Self::Store(error) | Self::Instance(InstanceError::Store(error)) => {
                error.needs_a_person()
            }
            Self::Instance(InstanceError::OtherKey(_) | InstanceError::KeyLost(_))
            | Self::Relay(RelayError::Setting(..))
            | Self::Dkim(_) => true,
            Self::NotSetUp(_)
            | Self::Publish(_)
            | Self::Relay(_)
            | Self::Instance(InstanceError::AlreadyServed { .. })
            | Self::Engine(_)
            | Self::Metrics(_)
            | Self::Listen { .. } => false,
        }
    }
}

/// Which parts of the service a process runs.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub enum ServeRole {
    /// Pages, API and worker.
    All,
    /// Pages and API.
    Web,
    /// The worker.
    Worker,
}

impl ServeRole {
    /// The parts of the service that it runs.
    #[must_use]
    pub const fn parts(self) -> &'static [&'static str] {
        match self {
            Self::All => serving::PARTS,
            Self::Web => &["web"],
            Self::Worker => &["worker"],
        }
    }
}
