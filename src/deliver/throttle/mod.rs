//! What slows sending down: quotas, back-off after a relay or provider asked for less, and a
//! limit on the lanes that wait for one provider.

pub(super) mod backoff;
pub(super) mod provider_stall;
pub(super) mod quotas;
