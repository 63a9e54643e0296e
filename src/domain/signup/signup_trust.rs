//! The evidence that a sign-up is genuine.

/// Why a sign-up is trusted to come from the person with that address. Mails of untrusted
/// sign-ups are the first to be delayed when there are too many.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignupTrust {
    /// There is no evidence.
    #[default]
    None,
    /// The visitor waited instead of sending a proof of work.
    Waited,
    /// A proof of work, by the digest of its challenge; accepted for one sign-up.
    Proof([u8; 32]),
    /// The caller's address is in a network that the operator trusts.
    Network,
}
