//! What a delivery costs before it is written to a socket, and to count it: time, and how often it allocates.
//!
//! `cargo bench --bench delivery`

use std::alloc::System;
use std::error::Error;
use std::time::Instant;

use criterion::{BatchSize, Criterion, Throughput};
use jiff::Timestamp;
use prometheus::TextEncoder;
use stats_alloc::{INSTRUMENTED_SYSTEM, Region, StatsAlloc};
use uuid::Uuid;
use xabar::config::{Settings, SettingsError};
use xabar::domain::{
    CountrySet, EmailAddress, IssueContent, IssueId, LinkKey, Newsletter, NewsletterId, Purpose,
    Reply, SubscriptionId, Verdict,
};
use xabar::links::Links;
use xabar::mail::{
    DigestLinks, DigestMeta, Envelope, FeedbackId, ListHeaders, Outgoing, Personal,
    PrecompiledMail, RenderedMail, Signer, build, render_digest,
};
use xabar::metrics::Metrics;

#[global_allocator]
static ALLOCATOR: &StatsAlloc<System> = &INSTRUMENTED_SYSTEM;

const SAMPLE: &str = include_str!("../locales/fr/demo/issue.json");

type Failure = Box<dyn Error + Send + Sync>;

/// An issue on its way to a reader, as `src/deliver/variant.rs` sees it.
struct Scene {
    links: Links,
    newsletter: Newsletter,
    issue: IssueId,
    content: IssueContent,
    date: Timestamp,
}

impl Scene {
    fn set() -> Result<Self, Failure> {
        let settings = Settings::defaults()?;
        let id = NewsletterId(Uuid::from_u128(1));
        let mut content: IssueContent = serde_json::from_str(SAMPLE)?;
        // Of all parts the first makes a mail of the usual size.
        content.parts.truncate(1);
        Ok(Self {
            links: Links::new(&settings.http.public_url, LinkKey::new([7; 32])),
            newsletter: settings
                .newsletter
                .to_newsletter(id)
                .map_err(SettingsError::from)?,
            issue: IssueId(Uuid::from_u128(2)),
            content,
            date: Timestamp::UNIX_EPOCH,
        })
    }

    fn personal(&self, reader: SubscriptionId) -> Personal {
        let token = |purpose| self.links.token(purpose, reader, self.date);
        Personal {
            name: self.links.delivery_message_name(self.issue, reader),
            unsubscribe: token(Purpose::Unsubscribe),
            preferences: token(Purpose::Preferences),
        }
    }

    fn rendered(&self, reader: SubscriptionId) -> Result<RenderedMail, Failure> {
        let link = |purpose| self.links.personal(purpose, reader, self.date);
        let links = DigestLinks {
            unsubscribe: &link(Purpose::Unsubscribe),
            preferences: &link(Purpose::Preferences),
            web_view: &self.links.archive(&self.newsletter),
            logo: None,
        };
        let meta = DigestMeta {
            date: self.newsletter.day(self.date),
        };
        let all = CountrySet::default();
        let mail = render_digest(&self.newsletter, &self.content, all, &links, &meta)?;
        Ok(mail)
    }

    fn with_envelope<T>(
        &self,
        to: &EmailAddress,
        reader: SubscriptionId,
        act: impl FnOnce(&Envelope<'_>) -> T,
    ) -> T {
        let domain = self.newsletter.sender_address.domain();
        let name = self.links.delivery_message_name(self.issue, reader);
        act(&Envelope {
            newsletter: &self.newsletter,
            to,
            date: self.date,
            message_id: &format!("{name}@{domain}"),
            list: Some(ListHeaders {
                unsubscribe_url: self.links.personal(Purpose::Unsubscribe, reader, self.date),
                unsubscribe_mailto: self.links.unsubscribe_mailto(
                    &self.newsletter,
                    reader,
                    self.date,
                ),
                feedback_id: FeedbackId {
                    campaign: "issue".to_owned(),
                    list: "asie-centrale".to_owned(),
                    kind: "digest",
                    sender: "exampleorg".to_owned(),
                },
            }),
            auto_generated: false,
        })
    }

    fn precompiled(&self) -> Result<PrecompiledMail, Failure> {
        let nobody = SubscriptionId(-1);
        let (rendered, marks) = (self.rendered(nobody)?, self.personal(nobody));
        let to = self.newsletter.sender_address.clone();
        Ok(self.with_envelope(&to, nobody, |envelope| {
            PrecompiledMail::compile(envelope, &rendered, &marks)
        })?)
    }

    fn render_for(
        &self,
        precompiled: &PrecompiledMail,
        to: &EmailAddress,
        reader: SubscriptionId,
    ) -> Result<Outgoing, Failure> {
        Ok(Outgoing {
            return_path: self
                .links
                .delivery_return_path(&self.newsletter, self.issue, reader),
            to: to.clone(),
            date: self.date,
            message: precompiled.render_for(to, self.personal(reader))?,
        })
    }
}

/// Runs `act` once more and says how often it allocated, and how much.
fn allocations<T>(name: &str, act: impl FnOnce() -> T) {
    let region = Region::new(ALLOCATOR);
    let result = act();
    let change = region.change();
    drop(result);
    #[allow(clippy::print_stdout)] // a result
    {
        println!(
            "{name}: {} allocations, {} octets",
            change.allocations, change.bytes_allocated
        );
    }
}

/// What a delivery adds to the metrics, and what Prometheus reads of a process without its database.
fn metrics(criterion: &mut Criterion) -> Result<(), Failure> {
    let names = ["gmail", "gmx", "orange", "yahoo", "yandex"];
    let metrics = Metrics::new(std::iter::once("default"), names.into_iter())?;
    let relay = metrics.relay("default").ok_or("the relay is not known")?;
    let verdict = Verdict::Accepted(Reply::new(250, "2.0.0 Ok: queued as 4Xq1Zz2kQvz"));
    let mut group = criterion.benchmark_group("metrics");
    group.bench_function("count a delivery", |b| {
        b.iter(|| {
            let began = Instant::now();
            metrics.delivery_ended("default", "gmx", &verdict);
            metrics.leases_held.dec();
            relay.mail_took(began.elapsed());
        });
    });
    group.bench_function("read", |b| {
        b.iter(|| TextEncoder::new().encode_to_string(&metrics.gather()));
    });
    group.finish();
    Ok(())
}

fn main() -> Result<(), Failure> {
    let mut criterion = Criterion::default().configure_from_args();
    let scene = Scene::set()?;
    let (to, reader) = (
        EmailAddress::parse("reader@example.net")?,
        SubscriptionId(42),
    );
    let precompiled = scene.precompiled()?;
    let mail = scene.render_for(&precompiled, &to, reader)?;
    let rendered = scene.rendered(reader)?;
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .build()?;

    let mut group = criterion.benchmark_group("delivery");
    group.throughput(Throughput::Bytes(mail.message.octets().try_into()?));
    group.bench_function("render_for", |b| {
        b.iter(|| scene.render_for(&precompiled, &to, reader))
    });
    group.bench_function("build", |b| {
        b.iter(|| scene.with_envelope(&to, reader, |envelope| build(envelope, &rendered)));
    });
    group.bench_function("render and build", |b| {
        b.iter(|| {
            let rendered = scene.rendered(reader)?;
            Ok::<_, Failure>(scene.with_envelope(&to, reader, |e| build(e, &rendered))?)
        });
    });
    for (name, algorithm) in [("RSA-2048", "RSA"), ("Ed25519", "ed25519")] {
        let signer = Signer::new("example.org", [("key", private_key(algorithm)?)])?;
        group.bench_function(format!("sign, {name}"), |b| {
            b.iter_batched(
                || mail.clone(),
                |mail| runtime.block_on(signer.sign(mail)),
                BatchSize::SmallInput,
            );
        });
    }
    group.finish();
    metrics(&mut criterion)?;
    criterion.final_summary();
    allocations("render_for", || scene.render_for(&precompiled, &to, reader));
    allocations("build", || {
        scene.with_envelope(&to, reader, |envelope| build(envelope, &rendered))
    });
    Ok(())
}

/// A new key in PEM, from OpenSSL.
fn private_key(algorithm: &str) -> Result<String, Failure> {
    let mut command = std::process::Command::new("openssl");
    command.args(["genpkey", "-algorithm", algorithm]);
    if algorithm == "RSA" {
        command.args(["-pkeyopt", "rsa_keygen_bits:2048"]);
    }
    Ok(String::from_utf8(command.output()?.stdout)?)
}
