//! How many outcomes are waited for before they are written together.

/// At so many groups it is tried again whether more come in time.
const GROUPS: u32 = 64;

/// A commit costs the same for one outcome as for many, but while it is waited for, lanes wait.
#[derive(Debug)]
pub(crate) struct Aim {
    lanes: usize,
    now: usize,
    groups_left: u32,
}

impl Aim {
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
    pub(crate) fn missed(&mut self, came: usize) {
        self.now = if came * 4 >= self.lanes * 3 { came } else { 0 };
        self.groups_left = GROUPS;
    }
}

#[cfg(test)]
mod tests {
    use super::{Aim, GROUPS};

    #[test]
    fn a_lane_that_hangs_is_not_waited_for_and_a_slow_relay_not_at_all() {
        let mut aim = Aim::new(16);
        assert_eq!([aim.next(), aim.next()], [15, 15]);
        aim.missed(13);
        for _ in 1..GROUPS {
            assert_eq!(aim.next(), 13);
        }
        assert_eq!(aim.next(), 15, "it may hang no more");
        aim.missed(11);
        for _ in 1..GROUPS {
            assert_eq!(aim.next(), 0);
        }
        assert_eq!(aim.next(), 15, "the relay may be fast again");
        let aims = [1, 2, 15, 64].map(|lanes| Aim::new(lanes).next());
        assert_eq!(aims, [1, 2, 15, 60]);
    }
}
