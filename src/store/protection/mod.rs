//! Counters and used-up challenges that protect the sign-up form.

pub mod rate_counter;
pub mod spent_proof;
