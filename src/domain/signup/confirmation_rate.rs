//! How many of those who were signed up confirm.

/// Sign-ups and confirmations of one span of time.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct ConfirmationRate {
    /// Sign-ups that were taken in.
    pub asked: i64,
    /// Confirmations.
    pub confirmed: i64,
}

impl ConfirmationRate {
    /// Whether this looks like somebody who signs other people up: at least `from` sign-ups,
    /// of which fewer than `percent` in a hundred are confirmed. A `from` of 0 never says so.
    #[must_use]
    pub const fn is_attack(self, from: i64, percent: i64) -> bool {
        from > 0
            && self.asked >= from
            && self.confirmed.saturating_mul(100) < self.asked.saturating_mul(percent)
    }
}

#[cfg(test)]
mod tests {
    use super::ConfirmationRate;

    #[test]
    fn many_unconfirmed_sign_ups_are_an_attack() {
        let of = |asked, confirmed| ConfirmationRate { asked, confirmed }.is_attack(100, 20);
        assert!(!of(0, 0));
        assert!(!of(99, 0), "a few forget to confirm");
        assert!(of(100, 0));
        assert!(of(100, 19));
        assert!(!of(100, 20), "a good day");
        assert!(!of(10, 50), "those of the hour before");
        assert!(of(i64::MAX, 1));
        let everybody = ConfirmationRate {
            asked: 5000,
            confirmed: 0,
        };
        assert!(!everybody.is_attack(0, 20), "switched off");
    }
}
