//! Activating and ending a subscription, with its consent event.
//!
//! Readers' pages, imports, the API and editors change the state of a subscription through this
//! module alone. An activation or an end is a value ([`Activated`], [`Withdrawn`]) that turns into
//! its consent event, and no other value does: nobody can record a confirmation that did not
//! happen. The caller opens the transaction, appends the events with
//! [`crate::store::consent::append`] as its last statement, and commits.

mod activation;
mod consent_event;
mod erasure;
mod left;
mod withdrawal;

pub use activation::{Activated, Requested, activate, import, request};
pub use consent_event::{Evidence, NoteKind, Subject, note};
pub use erasure::{Erasure, ErasureRequest, erase, erase_unconfirmed};
pub use left::{LeftOutcome, import_left};
pub use withdrawal::{Withdrawal, Withdrawn, withdraw};
