//! The delivery engine: claim, send, record; and the transactional mails.
//!
//! - [`engine`] claims due deliveries under a lease, assigns them to the queue of a relay
//!   ([`engine::dispatch`]), and extends the leases that this process holds;
//! - [`variant`] renders an issue once for all subscribers who get the same text, and fills in each
//!   subscriber's own values;
//! - [`lane`] owns one SMTP connection and sends one mail after the other; [`lane::preflight`] decides
//!   whether a delivery may begin and whether its final dot may be sent;
//! - [`recorder`] writes the outcomes of many deliveries in one transaction;
//! - [`retry`] says what a verdict means for a delivery or mail and when it is tried again, [`lease`] how long a
//!   claim is valid;
//! - [`throttle`] keeps to quotas, slows down after a 421 or 4.7.x, and limits how many lanes wait for
//!   one provider;
//! - [`transactional`] sends confirmations, welcomes and test copies from the outbox;
//! - [`by_hand`] is what an operator changes of what waits;
//! - [`far_ahead`] lets go on what a clock that was ahead has put off;
//! - [`issue_pause`] pauses an issue that cannot be sent, and says why;
//! - [`outcome_log`] writes the outcomes of attempts to the log, [`relay_news`] what changes with a relay.

mod by_hand;
mod engine;
mod far_ahead;
mod issue_pause;
mod lane;
mod lease;
mod outcome_log;
mod recorder;
mod relay_news;
mod retry;
mod throttle;
mod transactional;
mod until_done;
mod variant;

pub use by_hand::{ByHandError, reset_throttle, retry_mails};
pub use engine::{Engine, EngineFailed, Progress, finish_all_done};
pub use far_ahead::pull_back;
pub use transactional::send_due_mails;
