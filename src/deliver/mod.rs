//! The delivery engine: claim → render → lane → record.
//!
//! - [`claim`](engine) leases small batches of due deliveries;
//! - [`variant`] renders an issue once per variant and fits it to each reader;
//! - a [`lane`] owns one connection to the relay, and [`preflight`] says what it may send;
//! - [`dispatch`] deals deliveries out to the relays, within what [`limits`] allow;
//! - a [`backoff`] stops what was claimed before somebody asked for less;
//! - a [`provider_stalls`] of lanes that wait for one provider is broken up;
//! - [`recorder`] writes what happened, many deliveries a transaction;
//! - [`finish`] notes that all of an issue has ended;
//! - [`breaker`] notices when everybody's mail is refused alike, which pauses the issue;
//! - [`outcome`] says what a verdict means for a delivery and when to try again;
//! - [`outbox`] sends the transactional mails, which [`single`] makes.

mod engine;
mod lane;
mod recorder;
mod throttle;
mod transactional;
mod variant;

pub use engine::{Engine, Progress, finish_all_done};
pub use recorder::RetryPolicy;
pub use transactional::send_due_mails;
