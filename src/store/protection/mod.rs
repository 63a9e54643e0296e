//! Counters and spent proofs of work, which protect the sign-up form.

pub mod daily_count;
pub mod rate_counter;
pub mod spent_proof;
pub mod unconfirmed_mail;
