//! What a relay says: how its replies are read, and what a refusal is about.

mod class;
mod parser;

pub use class::Step;
pub(crate) use class::{asks_for_less, refuses_sequence};
pub(crate) use parser::{Progress, ReplyParser};
