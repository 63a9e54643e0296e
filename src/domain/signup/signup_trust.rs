//! What speaks for a sign-up.

/// Why a sign-up may be believed to be somebody's own wish, beyond its being asked for.
/// Sign-ups that nothing vouches for are the first to wait when too many come.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum SignupTrust {
    /// Nothing.
    #[default]
    None,
    /// The visitor waited where others have their browser work.
    Patience,
    /// A solved challenge, by its digest; good for one sign-up.
    Work([u8; 32]),
    /// A caller whom the operator trusts.
    Trusted,
}
