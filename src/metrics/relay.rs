//! What is known of one relay, as this process sees it.

use std::time::Duration;

use prometheus::{Histogram, HistogramVec, IntGauge, IntGaugeVec};

use super::{MAIL_BUCKETS, Making};

/// One relay; clones share the numbers.
#[derive(Debug, Clone)]
pub struct RelayMetrics {
    /// Open connections for digests, those that are being opened included.
    connections: IntGauge,
    /// 1 unless the last attempt to connect failed.
    up: IntGauge,
    /// From the first command of a mail to the reply to its final dot.
    mail_seconds: Histogram,
}

pub(super) struct Vecs {
    connections: IntGaugeVec,
    up: IntGaugeVec,
    mail_seconds: HistogramVec,
}

impl Vecs {
    pub(super) fn new(made: &Making) -> Result<Self, prometheus::Error> {
        Ok(Self {
            connections: made.gauges(
                "xabar_relay_connections",
                "Connections of this process to the relay for digests, open or being opened.",
                &["relay"],
            )?,
            up: made.gauges(
                "xabar_relay_up",
                "0 when the last attempt of this process to connect to the relay failed, otherwise 1.",
                &["relay"],
            )?,
            mail_seconds: made.histograms(
                "xabar_relay_mail_seconds",
                "How long a mail of an issue takes, from its first command to the reply to its final dot.",
                &["relay"],
                MAIL_BUCKETS,
            )?,
        })
    }

    pub(super) fn of(&self, relay: &str) -> RelayMetrics {
        let up = self.up.with_label_values(&[relay]);
        up.set(1);
        RelayMetrics {
            connections: self.connections.with_label_values(&[relay]),
            up,
            mail_seconds: self.mail_seconds.with_label_values(&[relay]),
        }
    }
}

/// Counts one connection until it is dropped.
#[derive(Debug)]
pub struct CountedConnection(IntGauge);

impl Drop for CountedConnection {
    fn drop(&mut self) {
        self.0.dec();
    }
}

impl RelayMetrics {
    /// A connection is opened; it counts until the guard is dropped.
    #[must_use]
    pub fn opening(&self) -> CountedConnection {
        self.connections.inc();
        CountedConnection(self.connections.clone())
    }

    /// A mail took so long.
    pub fn mail_took(&self, time: Duration) {
        self.mail_seconds.observe(time.as_secs_f64());
    }

    /// An attempt to connect has ended.
    pub fn tried_to_connect(&self, could: bool) {
        self.up.set(i64::from(could));
    }
}
