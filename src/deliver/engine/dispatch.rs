//! Assigns deliveries to relays by weight, and takes them back from a relay that is stuck.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::deliver::lane::Job;
use crate::mail::{Relay, Relays};

/// A relay whose lanes take no job for this long, while jobs wait, is stuck: its jobs go to other relays.
const STUCK_AFTER: Duration = Duration::from_secs(10);

/// One relay, and the jobs that wait for its lanes.
pub(crate) struct RelayQueue {
    pub(crate) relay: Arc<Relay>,
    jobs: flume::Sender<Job>,
    /// The receiving end, to take back jobs that no lane takes.
    waiting: flume::Receiver<Job>,
    /// How many jobs were enqueued and not taken back.
    assigned: usize,
    /// How many jobs the lanes had taken when that number last changed or the queue was last empty,
    /// and when that was.
    taken: (usize, Instant),
    /// Whether the lanes have taken no job for longer than [`STUCK_AFTER`].
    is_stuck: bool,
    /// The current weight in the smooth weighted round-robin: the higher, the sooner its turn.
    current_weight: i64,
}

/// A relay, and the queue that its lanes take jobs from.
pub(crate) type LaneInput = (Arc<Relay>, flume::Receiver<Job>);

/// The queues of all relays. A relay that is paused is assigned nothing, one that is down nothing while
/// another is up, a slow one no more than its share of a batch, and a stuck one a single delivery at a time.
pub(crate) struct Dispatch {
    queues: Vec<RelayQueue>,
    /// The most jobs in one queue.
    batch: usize,
}

impl Dispatch {
    /// Empty queues, and the receiving end of each for the lanes of its relay.
    pub(crate) fn new(relays: &Relays, batch: usize) -> (Self, Vec<LaneInput>) {
        let mut receivers = Vec::new();
        let queues = relays.all().map(|relay| {
            // A queue holds a whole batch, so that enqueuing does not wait for a lane.
            let (jobs, receiver) = flume::bounded(batch);
            receivers.push((Arc::clone(relay), receiver.clone()));
            RelayQueue {
                relay: Arc::clone(relay),
                jobs,
                waiting: receiver,
                assigned: 0,
                taken: (0, Instant::now()),
                is_stuck: false,
                current_weight: 0,
            }
        });
        let queues = queues.collect();
        (Self { queues, batch }, receivers)
    }

    /// The names of the relays, in the order in which [`Self::assign`] counts their queues.
    pub(crate) fn relay_names(&self) -> Vec<String> {
        let names = self.queues.iter().map(|queue| queue.relay.name());
        names.map(str::to_owned).collect()
    }

    /// Adds a job to the queue with this number, for the relay's lanes.
    pub(crate) async fn enqueue(&mut self, queue: usize, job: Job) {
        let queue = &mut self.queues[queue];
        queue.assigned += 1;
        // The channel holds a whole batch, so this does not wait for long. It cannot be closed, as
        // this struct owns both ends.
        let _ = queue.jobs.send_async(job).await;
    }

    /// Takes back the jobs of stuck relays, if another relay is up and not stuck. A relay is stuck, for
    /// example, when it greets and then does not answer.
    pub(crate) fn take_from_stuck(&mut self) -> Vec<(Arc<Relay>, Job)> {
        for queue in &mut self.queues {
            let waits = queue.waiting.len();
            let taken = queue.assigned - waits;
            if taken != queue.taken.0 {
                queue.is_stuck = false;
            }
            if taken != queue.taken.0 || waits == 0 {
                queue.taken = (taken, Instant::now());
            }
            queue.is_stuck |= queue.taken.1.elapsed() > STUCK_AFTER;
        }
        let another = |queue: &RelayQueue| {
            queue.relay.may_be_tried() && !queue.relay.is_paused() && !queue.is_stuck
        };
        if !self.queues.iter().any(another) {
            return Vec::new();
        }
        let stuck = self.queues.iter_mut().filter(|queue| queue.is_stuck);
        let taken_back: Vec<_> = stuck.flat_map(RelayQueue::take_back).collect();
        if let Some((relay, _)) = taken_back.first() {
            tracing::warn!(
                relay = relay.name(),
                deliveries = taken_back.len(),
                "the relay takes no mail; its deliveries go to another relay"
            );
        }
        taken_back
    }

    /// Takes back the jobs of relays that are paused.
    pub(crate) fn take_from_paused(&mut self) -> Vec<(Arc<Relay>, Job)> {
        let paused = self.queues.iter_mut();
        let paused = paused.filter(|queue| queue.relay.is_paused());
        paused.flat_map(RelayQueue::take_back).collect()
    }

    /// Whether every relay is paused.
    pub(crate) fn all_paused(&self) -> bool {
        self.queues.iter().all(|queue| queue.relay.is_paused())
    }

    /// Takes back every job that no lane has taken.
    pub(crate) fn take_all(&mut self) -> Vec<(Arc<Relay>, Job)> {
        self.queues
            .iter_mut()
            .flat_map(RelayQueue::take_back)
            .collect()
    }

    /// The number of the queue for each of `deliveries`. `permits` says how many more each queue may
    /// get, and is counted down; the result is shorter than `deliveries` when all are used up.
    pub(crate) fn assign(&mut self, deliveries: usize, permits: &mut [i64]) -> Vec<usize> {
        let may_get = |queue: &RelayQueue| !queue.relay.is_paused();
        let mut usable = self.queues.iter().filter(|queue| may_get(queue));
        let one_may_be_tried = usable.any(|queue| queue.relay.may_be_tried());
        let weight =
            |queue: &RelayQueue| usize::try_from(queue.relay.weight()).unwrap_or(usize::MAX);
        let total: usize = self.queues.iter().map(weight).sum();
        let mut waiting: Vec<usize> = self.queues.iter().map(|queue| queue.jobs.len()).collect();
        let mut assigned = Vec::with_capacity(deliveries);
        while assigned.len() < deliveries {
            let open = |index: usize| {
                let queue = &self.queues[index];
                permits[index] > 0
                    && may_get(queue)
                    && (!one_may_be_tried || queue.relay.may_be_tried())
            };
            let open: Vec<usize> = (0..self.queues.len()).filter(|i| open(*i)).collect();
            let keeps_up = |i: &usize| match self.queues[*i].is_stuck {
                true => waiting[*i] == 0,
                false => waiting[*i] * total <= self.batch * weight(&self.queues[*i]),
            };
            let quick: Vec<usize> = open.iter().copied().filter(keeps_up).collect();
            let among = if quick.is_empty() { open } else { quick };
            let Some(chosen) = self.next_in_round(&among) else {
                break;
            };
            permits[chosen] -= 1;
            waiting[chosen] += 1;
            assigned.push(chosen);
        }
        assigned
    }

    /// Smooth weighted round-robin, the algorithm of nginx.
    fn next_in_round(&mut self, among: &[usize]) -> Option<usize> {
        let weight = |queue: &RelayQueue| i64::from(queue.relay.weight());
        let total: i64 = among.iter().map(|i| weight(&self.queues[*i])).sum();
        for index in among {
            let queue = &mut self.queues[*index];
            queue.current_weight += i64::from(queue.relay.weight());
        }
        let chosen = *among
            .iter()
            .rev()
            .max_by_key(|i| self.queues[**i].current_weight)?;
        self.queues[chosen].current_weight -= total;
        Some(chosen)
    }
}

impl RelayQueue {
    /// Removes all waiting jobs.
    fn take_back(&mut self) -> Vec<(Arc<Relay>, Job)> {
        let jobs: Vec<Job> = self.waiting.try_iter().collect();
        self.assigned -= jobs.len();
        let with_relay = |job| (Arc::clone(&self.relay), job);
        jobs.into_iter().map(with_relay).collect()
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::Dispatch;
    use crate::config::{FurtherRelay, Settings};
    use crate::mail::Relays;

    /// Two relays with weights 3 and 1.
    fn relays() -> Result<Relays, Box<dyn std::error::Error>> {
        let mut settings = Settings::defaults()?;
        settings.smtp.weight = 3;
        let second = FurtherRelay {
            url: "smtp://127.0.0.1:9".parse()?,
            connections: None,
            messages_per_connection: None,
            pipelining: None,
            hello_name: None,
            trusted_certificates: None,
            oauth_token_file: None,
            oauth_token_command: None,
            return_path: None,
            weight: None,
            per_second: None,
            quota: None,
            quota_hours: None,
        };
        settings.relays.insert("second".into(), second);
        Ok(Relays::from_settings(&settings)?)
    }

    #[tokio::test]
    async fn weights_and_permits_are_kept() -> Result<(), Box<dyn std::error::Error>> {
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 1000);
        let assigned = dispatch.assign(8, &mut [i64::MAX, i64::MAX]);
        assert_eq!(assigned, [0, 0, 1, 0, 0, 0, 1, 0]);
        let assigned = dispatch.assign(8, &mut [2, 3]);
        assert_eq!(assigned.iter().filter(|i| **i == 0).count(), 2);
        assert_eq!(assigned.len(), 5, "the permits are used up");
        Ok(())
    }

    #[tokio::test]
    async fn a_paused_relay_is_assigned_nothing() -> Result<(), Box<dyn std::error::Error>> {
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 40);
        let relay = |index: usize| Arc::clone(&dispatch.queues[index].relay);
        let (first, second) = (relay(0), relay(1));
        assert!(!first.set_paused(true) && first.set_paused(true));
        assert_eq!(dispatch.assign(3, &mut [i64::MAX; 2]), [1; 3]);
        // Nobody listens there; one that is up and paused is no reason to wait.
        assert!(second.connect().await.is_err());
        assert_eq!(dispatch.assign(3, &mut [i64::MAX; 2]), [1; 3]);
        second.set_paused(true);
        assert!(dispatch.all_paused());
        assert!(dispatch.assign(3, &mut [i64::MAX; 2]).is_empty());
        first.set_paused(false);
        assert_eq!(dispatch.assign(3, &mut [i64::MAX; 2]), [0; 3]);
        Ok(())
    }

    #[tokio::test]
    async fn a_relay_that_is_down_or_slow_is_assigned_less()
    -> Result<(), Box<dyn std::error::Error>> {
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 40);
        let assigned = dispatch.assign(40, &mut [11, i64::MAX]);
        let slow = assigned.iter().filter(|i| **i == 1).count();
        assert_eq!(slow, 29, "the rest, as it is the only one left");
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 40);
        // Nobody listens there.
        let second = &dispatch.queues[1].relay;
        assert!(second.may_be_tried());
        assert!(second.connect().await.is_err());
        assert!(!second.may_be_tried());
        assert_eq!(dispatch.assign(5, &mut [i64::MAX; 2]), [0; 5]);
        Ok(())
    }
}
