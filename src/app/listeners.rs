//! Where a process listens, also while it upgrades.

use std::time::Duration;

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use super::{AppError, ServeRole, Upgrade};
use crate::config::Settings;
use crate::web::Listener;
use crate::{service_manager, web};

/// How long requests wait for a start before they are told to come back.
const SHORT_START: Duration = Duration::from_secs(2);
/// Where a process listens.
#[derive(Debug)]
pub struct Listeners {
    /// For pages and API; a worker has none.
    pub pages: Option<Listener>,
    /// For operators, where `metrics.listen` names one.
    pub operators: Option<Listener>,
}

impl Listeners {
    /// Opens what `role` needs.
    ///
    /// # Errors
    /// When an address is in use or not ours.
    pub async fn open(settings: &Settings, role: ServeRole) -> Result<Self, AppError> {
        let address = &settings.http.listen;
        let pages = match role {
            ServeRole::Worker => None,
            ServeRole::All | ServeRole::Web => {
                let opened = Listener::open(address).await;
                Some(opened.map_err(|source| refused(address, source))?)
            }
        };
        let operators = Self::for_operators(settings).await?;
        Ok(Self { pages, operators })
    }

    /// The listener that `metrics.listen` names.
    ///
    /// # Errors
    /// When the address is in use or not ours.
    pub async fn for_operators(settings: &Settings) -> Result<Option<Listener>, AppError> {
        let Some(address) = &settings.metrics.listen else {
            return Ok(None);
        };
        let bound = Listener::bind(address).await;
        Ok(Some(bound.map_err(|source| refused(address, source))?))
    }

    /// Waits for `opening`. When it takes long, as an upgrade does, everybody is told to come back.
    pub async fn answer_during<T>(
        &self,
        opening: impl Future<Output = T>,
        settings: &Settings,
        upgrade: &Upgrade,
    ) -> T {
        let (http, language) = (&settings.http, settings.newsletter.language);
        let opened = CancellationToken::new();
        let pages = async {
            if let Some(listener) = &self.pages {
                let router = web::upgrading::router(language);
                web::serve(listener, router, http, opened.clone()).await;
            }
        };
        let operators = async {
            if let Some(listener) = &self.operators {
                let router = web::upgrading::operators_router(upgrade.clone());
                web::serve(listener, router, http, opened.clone()).await;
            }
        };
        let meanwhile = async {
            tokio::select! {
                () = opened.cancelled() => return,
                () = tokio::time::sleep(SHORT_START) => {}
            }
            let telling = async {
                tokio::select! {
                    never = upgrade.tell() => match never {},
                    () = opened.cancelled() => service_manager::status(""),
                }
            };
            tokio::join!(pages, operators, telling);
        };
        let opening = async {
            let outcome = opening.await;
            opened.cancel();
            outcome
        };
        tokio::join!(opening, meanwhile).0
    }
}

fn refused(address: &impl ToString, source: std::io::Error) -> AppError {
    let address = address.to_string();
    AppError::Listen { address, source }
}

/// Listens on `address`.
///
/// # Errors
/// When the address is in use or not ours.
pub async fn listen(address: std::net::SocketAddr) -> Result<TcpListener, AppError> {
    let bound = TcpListener::bind(address).await;
    bound.map_err(|source| refused(&address, source))
}
