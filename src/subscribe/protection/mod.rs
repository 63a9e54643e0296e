//! What keeps a sign-up form from being turned against others: limits, proof of work, answers
//! that take the same time whatever is known of an address.

pub(super) mod attack;
pub(super) mod constant_time;
pub(super) mod form_timing;
pub(super) mod mail_quota;
pub(super) mod mx_check;
pub(super) mod proof_of_work;
pub(super) mod rate_limits;
