//! Rate counters and spent proofs of work, which protect the sign-up form.

pub mod rate_counter;
pub mod spent_proof;
