//! What this process counts and times, for Prometheus.
//!
//! Counting costs a look-up of labels and an atomic; nothing is sent anywhere. What is in the database is
//! not counted here but read at a scrape, by [`crate::monitoring`]. No label names a person: relays,
//! providers and newsletters are those of the settings, and everything else is a word of ours.

mod relay;

use std::collections::{HashMap, HashSet};

use prometheus::core::Collector;
use prometheus::{
    Histogram, HistogramOpts, HistogramVec, IntCounter, IntCounterVec, IntGauge, IntGaugeVec, Opts,
    Registry,
};

pub use relay::{CountedConnection, RelayMetrics};

use crate::domain::{MailKind, Verdict};

/// In place of a provider that the settings do not name.
pub const OTHER_PROVIDER: &str = "other";

/// From half a millisecond to half a minute.
const COMMIT_BUCKETS: &[f64] = &[
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];
/// From a millisecond to ten minutes, the time that RFC 5321 gives a relay after the final dot.
const MAIL_BUCKETS: &[f64] = &[
    0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 600.0,
];

/// Why a sign-up was refused, or its form shown again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignupRefusal {
    /// The network sent too many.
    RateLimit,
    /// The form came too soon or too late, or the visitor has not waited long enough.
    Timing,
    /// A proof of work that is wrong, used or too old.
    Proof,
    /// The hidden field was filled in, and there was no proof.
    Honeypot,
    /// The domain takes no mail.
    NoMailDomain,
    /// The domain is one of disposable mailboxes.
    DisposableDomain,
}

impl SignupRefusal {
    const ALL: [Self; 6] = [
        Self::RateLimit,
        Self::Timing,
        Self::Proof,
        Self::Honeypot,
        Self::NoMailDomain,
        Self::DisposableDomain,
    ];

    const fn as_str(self) -> &'static str {
        match self {
            Self::RateLimit => "rate_limit",
            Self::Timing => "timing",
            Self::Proof => "proof",
            Self::Honeypot => "honeypot",
            Self::NoMailDomain => "no_mail_domain",
            Self::DisposableDomain => "disposable_domain",
        }
    }
}

/// The metrics of one process.
#[derive(Debug)]
pub struct Metrics {
    registry: Registry,
    providers: HashSet<String>,
    relays: HashMap<String, RelayMetrics>,
    attempts: IntCounterVec,
    replies: IntCounterVec,
    by_provider: IntCounterVec,
    mails: IntCounterVec,
    refusals: IntCounterVec,
    /// Sign-ups that were taken in.
    pub signups: IntCounter,
    /// Subscriptions that a confirmation activated.
    pub confirmations: IntCounter,
    /// Subscriptions that their readers ended by a link.
    pub unsubscribes: IntCounter,
    /// Deliveries that this process has claimed and not recorded yet.
    pub leases_held: IntGauge,
    /// Deliveries that were claimed again as a lease had run out.
    pub leases_expired: IntCounter,
    /// Outcomes that came after their lease had ended.
    pub outcomes_lost: IntCounter,
    /// How long recording a group of outcomes takes.
    pub record_seconds: Histogram,
    /// How long commits take.
    pub commit_seconds: Histogram,
    /// When retention last ran to its end. Without a label, and absent until it is set.
    retention_succeeded_at: IntGaugeVec,
    /// What retention has removed.
    pub retention_removed: IntCounter,
}

impl Metrics {
    /// Tells when retention last ran to its end, in seconds since 1970; 0 if it has not. A process without a worker
    /// does not tell it.
    pub fn tell_retention(&self, at: i64) {
        let gauge = self.retention_succeeded_at.with_label_values::<&str>(&[]);
        gauge.set(at);
    }

    /// All at zero, for these relays and providers.
    ///
    /// # Errors
    /// When a name is none that Prometheus knows, which the tests would find.
    pub fn new<'a>(
        relays: impl Iterator<Item = &'a str>,
        providers: impl Iterator<Item = &'a str>,
    ) -> Result<Self, prometheus::Error> {
        let made = Making(Registry::new());
        let relay_vecs = relay::Vecs::new(&made)?;
        let all = Self {
            relays: relays
                .map(|name| (name.to_owned(), relay_vecs.of(name)))
                .collect(),
            providers: providers.map(str::to_owned).collect(),
            attempts: made.counters(
                "xabar_delivery_attempts_total",
                "Deliveries that a lane ended, by relay and result.",
                &["relay", "result"],
            )?,
            replies: made.counters(
                "xabar_relay_replies_total",
                "Replies of relays to mails, by the class of their code; none where nobody answered.",
                &["relay", "class"],
            )?,
            by_provider: made.counters(
                "xabar_provider_attempts_total",
                "Deliveries to mailboxes of a provider of the settings, or to others, by result.",
                &["provider", "result"],
            )?,
            mails: made.counters(
                "xabar_outbox_attempts_total",
                "Transactional mails that were tried, by kind and result.",
                &["kind", "result"],
            )?,
            refusals: made.counters(
                "xabar_signup_refusals_total",
                "Sign-ups that were refused or asked for more, by cause.",
                &["cause"],
            )?,
            signups: made.counter(
                "xabar_signups_total",
                "Sign-ups that were taken in, whatever was known of the address.",
            )?,
            confirmations: made.counter(
                "xabar_confirmations_total",
                "Subscriptions that became active by a confirmation.",
            )?,
            unsubscribes: made.counter(
                "xabar_unsubscribes_total",
                "Subscriptions that their readers ended by a link.",
            )?,
            leases_held: made.gauge(
                "xabar_delivery_leases_held",
                "Deliveries that this process holds a lease on.",
            )?,
            leases_expired: made.counter(
                "xabar_delivery_leases_expired_total",
                "Deliveries that were claimed again as the lease of a worker had run out.",
            )?,
            outcomes_lost: made.counter(
                "xabar_delivery_outcomes_lost_total",
                "Outcomes of attempts that came after their lease had ended; these deliveries may be sent twice.",
            )?,
            record_seconds: made.histogram(
                "xabar_delivery_record_seconds",
                "How long recording a group of outcomes takes.",
                COMMIT_BUCKETS,
            )?,
            commit_seconds: made.histogram(
                "xabar_database_commit_seconds",
                "How long the commit of a transaction takes.",
                COMMIT_BUCKETS,
            )?,
            retention_succeeded_at: made.gauges(
                "xabar_retention_last_success_timestamp_seconds",
                "When this worker last removed what is kept no longer; 0 if it has not yet.",
                &[],
            )?,
            retention_removed: made.counter(
                "xabar_retention_removed_total",
                "Rows that were removed or emptied as they are kept no longer.",
            )?,
            registry: made.0,
        };
        all.begin_at_zero();
        Ok(all)
    }

    /// A counter that appears with its first event hides that event from rate().
    fn begin_at_zero(&self) {
        let others = std::iter::once(OTHER_PROVIDER);
        for relay in self.relays.keys() {
            for class in ["2xx", "4xx", "5xx", "none"] {
                self.replies.with_label_values(&[relay.as_str(), class]);
            }
        }
        for result in Verdict::RESULTS {
            for relay in self.relays.keys() {
                self.attempts.with_label_values(&[relay.as_str(), result]);
            }
            for provider in self
                .providers
                .iter()
                .map(String::as_str)
                .chain(others.clone())
            {
                self.by_provider.with_label_values(&[provider, result]);
            }
        }
        for kind in MailKind::ALL {
            self.mails.with_label_values(&[kind.as_str(), "accepted"]);
        }
        for cause in SignupRefusal::ALL {
            self.refusals.with_label_values(&[cause.as_str()]);
        }
    }

    /// What is registered, for a scrape.
    #[must_use]
    pub fn gather(&self) -> Vec<prometheus::proto::MetricFamily> {
        self.registry.gather()
    }

    /// The metrics of a relay; none for one that the settings do not name.
    #[must_use]
    pub fn relay(&self, name: &str) -> Option<&RelayMetrics> {
        self.relays.get(name)
    }

    /// The label of a provider: its name in the settings, or [`OTHER_PROVIDER`].
    #[must_use]
    pub fn provider_label<'a>(&self, name: &'a str) -> &'a str {
        match self.providers.contains(name) {
            true => name,
            false => OTHER_PROVIDER,
        }
    }

    /// A delivery over `relay` to a mailbox of `provider` has ended so.
    pub fn delivery_ended(&self, relay: &str, provider: &str, verdict: &Verdict) {
        let result = verdict.result();
        self.attempts.with_label_values(&[relay, result]).inc();
        let provider = self.provider_label(provider);
        self.by_provider
            .with_label_values(&[provider, result])
            .inc();
        self.replied(relay, verdict);
    }

    /// A transactional mail has ended so; `relay` is where it went, if it went anywhere.
    pub fn mail_ended(&self, kind: MailKind, relay: Option<&str>, verdict: &Verdict) {
        self.mails
            .with_label_values(&[kind.as_str(), verdict.result()])
            .inc();
        if let Some(relay) = relay {
            self.replied(relay, verdict);
        }
    }

    fn replied(&self, relay: &str, verdict: &Verdict) {
        if let Some(reply) = verdict.reply() {
            let class = match reply.code / 100 {
                2 => "2xx",
                4 => "4xx",
                5 => "5xx",
                _ => "none",
            };
            self.replies.with_label_values(&[relay, class]).inc();
        }
    }

    /// A sign-up was refused.
    pub fn signup_refused(&self, cause: SignupRefusal) {
        self.refusals.with_label_values(&[cause.as_str()]).inc();
    }
}

/// Makes metrics and registers them.
struct Making(Registry);

impl Making {
    fn register<C: Collector + Clone + 'static>(&self, made: C) -> Result<C, prometheus::Error> {
        self.0.register(Box::new(made.clone()))?;
        Ok(made)
    }

    fn counter(&self, name: &str, help: &str) -> Result<IntCounter, prometheus::Error> {
        self.register(IntCounter::new(name, help)?)
    }

    fn gauge(&self, name: &str, help: &str) -> Result<IntGauge, prometheus::Error> {
        self.register(IntGauge::new(name, help)?)
    }

    fn counters(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntCounterVec, prometheus::Error> {
        self.register(IntCounterVec::new(Opts::new(name, help), labels)?)
    }

    fn gauges(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
    ) -> Result<IntGaugeVec, prometheus::Error> {
        self.register(IntGaugeVec::new(Opts::new(name, help), labels)?)
    }

    fn histogram(
        &self,
        name: &str,
        help: &str,
        buckets: &[f64],
    ) -> Result<Histogram, prometheus::Error> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.register(Histogram::with_opts(opts)?)
    }

    fn histograms(
        &self,
        name: &str,
        help: &str,
        labels: &[&str],
        buckets: &[f64],
    ) -> Result<HistogramVec, prometheus::Error> {
        let opts = HistogramOpts::new(name, help).buckets(buckets.to_vec());
        self.register(HistogramVec::new(opts, labels)?)
    }
}
