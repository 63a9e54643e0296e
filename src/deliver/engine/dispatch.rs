//! Which relay carries which delivery.

use std::sync::Arc;
use std::time::Duration;

use tokio::time::Instant;

use crate::deliver::lane::Job;
use crate::mail::{Relay, Relays};

/// So long the lanes of a relay may take nothing before its jobs go to others.
const STUCK: Duration = Duration::from_secs(10);

/// One relay and the jobs that wait for its lanes.
pub(crate) struct Desk {
    pub(crate) relay: Arc<Relay>,
    jobs: flume::Sender<Job>,
    /// The other end, to take back what no lane takes.
    waiting: flume::Receiver<Job>,
    /// How many jobs its lanes have got or will get.
    dealt: usize,
    /// How many they had taken when that last changed, or when nothing waited.
    taken: (usize, Instant),
    /// Whether its lanes have not taken anything for long.
    is_stuck: bool,
    /// How far it is behind its share, in a smooth weighted round.
    behind: i64,
}

/// A relay, and where its lanes find their jobs.
pub(crate) type Receiving = (Arc<Relay>, flume::Receiver<Job>);

/// Deals deliveries out to the relays by their weights. Who is down gets none while another
/// is not, who does not keep up no more than its share of a batch, and who is stuck one at a time.
pub(crate) struct Dispatch {
    desks: Vec<Desk>,
    batch: usize,
}

impl Dispatch {
    /// With the receiving end of each relay's jobs.
    pub(crate) fn new(relays: &Relays, batch: usize) -> (Self, Vec<Receiving>) {
        let mut receivers = Vec::new();
        let desks = relays.all().map(|relay| {
            // As large as the batch, so that dealing does not wait for a lane.
            let (jobs, receiver) = flume::bounded(batch);
            receivers.push((Arc::clone(relay), receiver.clone()));
            Desk {
                relay: Arc::clone(relay),
                jobs,
                waiting: receiver,
                dealt: 0,
                taken: (0, Instant::now()),
                is_stuck: false,
                behind: 0,
            }
        });
        let desks = desks.collect();
        (Self { desks, batch }, receivers)
    }

    pub(crate) fn desks(&self) -> &[Desk] {
        &self.desks
    }

    /// Gives a job to the lanes of a desk.
    pub(crate) async fn hand(&mut self, desk: usize, job: Job) {
        let desk = &mut self.desks[desk];
        desk.dealt += 1;
        // The channel is as large as the batch, so that this does not wait for long; and it is
        // open, as we have both ends.
        let _ = desk.jobs.send_async(job).await;
    }

    /// Takes back what waits for a relay whose lanes have taken nothing for a while, where another
    /// relay is up: it greets, and then hangs.
    pub(crate) fn take_from_stuck(&mut self) -> Vec<(Arc<Relay>, Job)> {
        for desk in &mut self.desks {
            let waits = desk.waiting.len();
            let taken = desk.dealt - waits;
            if taken != desk.taken.0 {
                desk.is_stuck = false;
            }
            if taken != desk.taken.0 || waits == 0 {
                desk.taken = (taken, Instant::now());
            }
            desk.is_stuck |= desk.taken.1.elapsed() > STUCK;
        }
        let another = |desk: &Desk| desk.relay.is_up() && !desk.is_stuck;
        if !self.desks.iter().any(another) {
            return Vec::new();
        }
        let stuck = self.desks.iter_mut().filter(|desk| desk.is_stuck);
        stuck.flat_map(Desk::take_back).collect()
    }

    /// Takes back everything that no lane has taken.
    pub(crate) fn take_all(&mut self) -> Vec<(Arc<Relay>, Job)> {
        self.desks.iter_mut().flat_map(Desk::take_back).collect()
    }

    /// The desk for each of so many deliveries, with what each desk may still get;
    /// fewer when the permits run out.
    pub(crate) fn deal(&mut self, deliveries: usize, permits: &mut [i64]) -> Vec<usize> {
        let any_up = self.desks.iter().any(|desk| desk.relay.is_up());
        let weight = |desk: &Desk| usize::try_from(desk.relay.weight()).unwrap_or(usize::MAX);
        let total: usize = self.desks.iter().map(weight).sum();
        let mut waiting: Vec<usize> = self.desks.iter().map(|desk| desk.jobs.len()).collect();
        let mut dealt = Vec::with_capacity(deliveries);
        while dealt.len() < deliveries {
            let open =
                |index: usize| permits[index] > 0 && (!any_up || self.desks[index].relay.is_up());
            let open: Vec<usize> = (0..self.desks.len()).filter(|i| open(*i)).collect();
            let keeps_up = |i: &usize| match self.desks[*i].is_stuck {
                true => waiting[*i] == 0,
                false => waiting[*i] * total <= self.batch * weight(&self.desks[*i]),
            };
            let quick: Vec<usize> = open.iter().copied().filter(keeps_up).collect();
            let among = if quick.is_empty() { open } else { quick };
            let Some(chosen) = self.next_in_round(&among) else {
                break;
            };
            permits[chosen] -= 1;
            waiting[chosen] += 1;
            dealt.push(chosen);
        }
        dealt
    }

    /// Smooth weighted round-robin, as nginx does it.
    fn next_in_round(&mut self, among: &[usize]) -> Option<usize> {
        let weight = |desk: &Desk| i64::from(desk.relay.weight());
        let total: i64 = among.iter().map(|i| weight(&self.desks[*i])).sum();
        for index in among {
            let desk = &mut self.desks[*index];
            desk.behind += i64::from(desk.relay.weight());
        }
        let chosen = *among.iter().rev().max_by_key(|i| self.desks[**i].behind)?;
        self.desks[chosen].behind -= total;
        Some(chosen)
    }
}

impl Desk {
    fn take_back(&mut self) -> Vec<(Arc<Relay>, Job)> {
        let jobs: Vec<Job> = self.waiting.try_iter().collect();
        self.dealt -= jobs.len();
        let with_relay = |job| (Arc::clone(&self.relay), job);
        jobs.into_iter().map(with_relay).collect()
    }
}

#[cfg(test)]
mod tests {
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
        let dealt = dispatch.deal(8, &mut [i64::MAX, i64::MAX]);
        assert_eq!(dealt, [0, 0, 1, 0, 0, 0, 1, 0]);
        let dealt = dispatch.deal(8, &mut [2, 3]);
        assert_eq!(dealt.iter().filter(|i| **i == 0).count(), 2);
        assert_eq!(dealt.len(), 5, "nobody may carry more");
        Ok(())
    }

    #[tokio::test]
    async fn who_is_down_or_does_not_keep_up_gets_less() -> Result<(), Box<dyn std::error::Error>> {
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 40);
        let dealt = dispatch.deal(40, &mut [11, i64::MAX]);
        let slow = dealt.iter().filter(|i| **i == 1).count();
        assert_eq!(slow, 29, "somebody has to");
        let (mut dispatch, _lanes) = Dispatch::new(&relays()?, 40);
        // Nobody listens there.
        let second = &dispatch.desks[1].relay;
        assert!(second.is_up());
        assert!(second.connect().await.is_err());
        assert!(!second.is_up());
        assert_eq!(dispatch.deal(5, &mut [i64::MAX; 2]), [0; 5]);
        Ok(())
    }
}
