//! The share of sign-ups that are confirmed.

/// The sign-ups and the confirmations of one span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConfirmationRate {
    /// Accepted sign-ups.
    pub signups: i64,
    /// Confirmations.
    pub confirmations: i64,
}

impl ConfirmationRate {
    /// Whether somebody seems to sign up other people: there are at least `min_signups`, of which
    /// fewer than `percent` in a hundred are confirmed. Always false when `min_signups` is 0.
    #[must_use]
    pub const fn is_attack(self, min_signups: i64, percent: i64) -> bool {
        min_signups > 0
            && self.signups >= min_signups
            && self.confirmations.saturating_mul(100) < self.signups.saturating_mul(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::ConfirmationRate;

    #[test]
    fn many_unconfirmed_sign_ups_are_an_attack() {
        let of = |signups, confirmations| {
            ConfirmationRate {
                signups,
                confirmations,
            }
            .is_attack(100, 20)
        };
        assert!(!of(0, 0));
        assert!(!of(99, 0), "a few forget to confirm");
        assert!(of(100, 0));
        assert!(of(100, 19));
        assert!(!of(100, 20), "a good day");
        assert!(!of(10, 50), "those of the hour before");
        assert!(of(i64::MAX, 1));
        let unconfirmed = ConfirmationRate {
            signups: 5000,
            confirmations: 0,
        };
        assert!(!unconfirmed.is_attack(0, 20), "switched off");
    }
}
