//! How many outcomes are waited for before they are written together.

/// At so many groups it is tried again whether more come in time.
const GROUPS_UNTIL_RESET: u32 = 64;

/// A commit costs the same for one outcome as for many, but while it is waited for, lanes wait.
#[derive(Debug)]
pub(crate) struct BatchTarget {
    lanes: usize,
    now: usize,
    groups_left: u32,
}

impl BatchTarget {
    /// For so many lanes, each of which brings one outcome at a time.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            lanes,
            now: Self::best(lanes),
            groups_left: 0,
        }
    }

    /// All of a few lanes, nearly all of many: the rest send meanwhile.
    fn best(lanes: usize) -> usize {
        lanes - lanes / 16
    }

    /// How many make the next group worth its commit; 0 if whatever has come does.
    pub(crate) fn next(&mut self) -> usize {
        self.groups_left = self.groups_left.saturating_sub(1);
        if self.groups_left == 0 {
            self.now = Self::best(self.lanes);
        }
        self.now
    }

    /// So few came in time. A lane or two may hang, and are not waited for; where many are slow, the
    /// relay is, and the lanes should not wait for us too.
    pub(crate) fn fell_short(&mut self, came: usize) {
        self.now = if came * 4 >= self.lanes * 3 { came } else { 0 };
        self.groups_left = GROUPS_UNTIL_RESET;
    }
}

#[cfg(test)]
mod tests {
    use super::{BatchTarget, GROUPS_UNTIL_RESET};

    #[test]
    fn a_lane_that_hangs_is_not_waited_for_and_a_slow_relay_not_at_all() {
        let mut batch_target = BatchTarget::new(16);
        assert_eq!([batch_target.next(), batch_target.next()], [15, 15]);
        batch_target.fell_short(13);
        for _ in 1..GROUPS_UNTIL_RESET {
            assert_eq!(batch_target.next(), 13);
        }
        assert_eq!(batch_target.next(), 15, "it may hang no more");
        batch_target.fell_short(11);
        for _ in 1..GROUPS_UNTIL_RESET {
            assert_eq!(batch_target.next(), 0);
        }
        assert_eq!(batch_target.next(), 15, "the relay may be fast again");
        let aims = [1, 2, 15, 64].map(|lanes| BatchTarget::new(lanes).next());
        assert_eq!(aims, [1, 2, 15, 60]);
    }
}
