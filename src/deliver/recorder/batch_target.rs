//! How many outcomes the recorder waits for before it commits them together.

/// After so many commits the recorder waits for all lanes again.
const COMMITS_UNTIL_RESET: u32 = 64;

/// A commit costs the same for one outcome as for many, but while the recorder waits for more outcomes,
/// lanes that have finished wait too.
#[derive(Debug)]
pub(crate) struct BatchTarget {
    lanes: usize,
    target: usize,
    commits_left: u32,
}

impl BatchTarget {
    /// For this number of lanes, each of which has one outcome at a time.
    pub(crate) fn new(lanes: usize) -> Self {
        Self {
            lanes,
            target: Self::best(lanes),
            commits_left: 0,
        }
    }

    /// All lanes if they are few, 15 of 16 if they are many: the rest send meanwhile.
    fn best(lanes: usize) -> usize {
        lanes - lanes / 16
    }

    /// How many outcomes to wait for before the next commit; 0 to commit whatever is there.
    pub(crate) fn next(&mut self) -> usize {
        self.commits_left = self.commits_left.saturating_sub(1);
        if self.commits_left == 0 {
            self.target = Self::best(self.lanes);
        }
        self.target
    }

    /// Only `came` outcomes came in time. If a few lanes are missing, they hang: do not wait for them. If
    /// many are, the relay is slow, and its lanes should not wait for the recorder as well.
    pub(crate) fn missed(&mut self, came: usize) {
        self.target = if came * 4 >= self.lanes * 3 { came } else { 0 };
        self.commits_left = COMMITS_UNTIL_RESET;
    }
}

#[cfg(test)]
mod tests {
    use super::{BatchTarget, COMMITS_UNTIL_RESET};

    #[test]
    fn does_not_wait_for_a_hanging_lane_nor_for_a_slow_relay() {
        let mut batch_target = BatchTarget::new(16);
        assert_eq!([batch_target.next(), batch_target.next()], [15, 15]);
        batch_target.missed(13);
        for _ in 1..COMMITS_UNTIL_RESET {
            assert_eq!(batch_target.next(), 13);
        }
        assert_eq!(batch_target.next(), 15, "the lane may work again");
        batch_target.missed(11);
        for _ in 1..COMMITS_UNTIL_RESET {
            assert_eq!(batch_target.next(), 0);
        }
        assert_eq!(batch_target.next(), 15, "the relay may be fast again");
        let targets = [1, 2, 15, 64].map(|lanes| BatchTarget::new(lanes).next());
        assert_eq!(targets, [1, 2, 15, 60]);
    }
}
