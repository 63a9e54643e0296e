//! Protection of the sign-up form against abuse: rate limits, mail quotas, proof of work, and
//! response times that do not reveal what is known of an address.

pub(super) mod attack;
pub(super) mod constant_time;
pub(super) mod form_timing;
pub(super) mod honeypot;
pub(super) mod mail_quota;
pub(super) mod mailbox_limits;
pub(super) mod mx_check;
pub(super) mod proof_of_work;
pub(super) mod rate_limits;
