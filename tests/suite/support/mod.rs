//! What the tests stand on: real databases, a real SMTP server, a small one of the DNS, a strict reader of mails, a real
//! browser; and [`world`], which starts the service on them.

pub mod api_clients;
pub mod binary;
pub mod both;
pub mod browser;
pub mod bucket_servers;
pub mod companion;
pub mod contract;
pub mod desk;
pub mod dns;
pub mod mail;
pub mod mail_servers;
pub mod npm;
pub mod otlp;
pub mod postgres;
pub mod scripted_smtp;
pub mod sites;
pub mod smtp;
pub mod world;

use std::path::{Path, PathBuf};

/// What `tests/run` has put there, below the target directory.
pub fn installed(path: &str) -> PathBuf {
    let target = Path::new(env!("CARGO_TARGET_TMPDIR")).parent();
    let place = target.unwrap().join(path);
    assert!(
        place.exists(),
        "{} is missing; tests/run installs it",
        place.display()
    );
    place
}
