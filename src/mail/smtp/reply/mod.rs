//! What a relay says: how its replies are read, and what a refusal is about.

mod class;
mod our_fault;
mod parser;

pub use class::Step;
pub(crate) use class::refuses_sequence;
pub(crate) use our_fault::OurFault;
pub(crate) use parser::{Progress, ReplyParser, is_line_end};
