//! What slows sending down: [`quotas`], the [`backoff`] after a relay or provider throttled us and the
//! [`recovery`] after it, and the
//! limit on lanes that wait for one provider ([`provider_stall`]).

pub(super) mod backoff;
pub(super) mod provider_stall;
pub(super) mod quotas;
pub(super) mod recovery;
pub(super) mod signals;
