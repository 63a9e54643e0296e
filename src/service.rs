//! What every flow works with.

use crate::clock::Clock;
use crate::config::Settings;
use crate::links::Links;
use crate::store::Store;
use std::sync::Arc;

/// The database, the clock, the links and the settings of one process. Clones share all.
#[derive(Clone)]
pub struct Service {
    /// The database.
    pub store: Store,
    /// Time and chance.
    pub clock: Clock,
    /// Links and their key.
    pub links: Arc<Links>,
    /// The settings.
    pub settings: Arc<Settings>,
}
