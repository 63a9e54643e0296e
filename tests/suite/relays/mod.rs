//! Relays as they are in the field: whatever a reply is, everybody gets one mail.

mod commands;
mod connection_limits;
mod no_reply_after_data;
mod real_servers;
mod recipients;
mod reply_parsing;
mod sender_rejected;
mod session_limits;
mod smtp_auth;
mod startup_check;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;
use xabar::accounts;
use xabar::config::Settings;
use xabar::domain::Role;

use crate::deliver::throttles::names;
use crate::support::both::TestDb;
use crate::support::scripted_smtp::{Moment, Reply, Script, ScriptedSmtp, Stage};
use crate::support::smtp::Options;
use crate::support::world::World;

/// Far longer than a campaign takes, also over a server that takes 40 mails a second of a busy machine: a test should
/// fail rather than hang.
const PATIENCE: Duration = Duration::from_secs(180);

/// An issue on its way to readers over a scripted relay.
struct Campaign {
    world: World,
    relay: ScriptedSmtp,
    issue: String,
    /// An owner's token.
    owner: String,
    readers: Vec<String>,
}

impl Campaign {
    /// To readers of one domain, over so many connections; nothing is sent yet.
    async fn to(db: &TestDb, readers: usize, connections: usize, script: Script) -> Self {
        let readers = names(0..readers, "reader", "example.org");
        let connections = |settings: &mut Settings| settings.smtp.connections = connections;
        Self::to_readers(db, readers, script, connections).await
    }

    async fn to_readers(
        db: &TestDb,
        readers: Vec<String>,
        script: Script,
        adapt: impl FnOnce(&mut Settings),
    ) -> Self {
        let relay = ScriptedSmtp::start(script).await;
        let world = World::with(db, Options::default(), |settings| {
            settings.smtp.url = relay.url().parse().unwrap();
            adapt(settings);
        })
        .await;
        let issue = world.sending_to(std::slice::from_ref(&readers)).await;
        let owner = accounts::add_token(&world.service, "owner", Role::Owner);
        Self {
            owner: owner.await.unwrap(),
            world,
            relay,
            issue,
            readers,
        }
    }

    /// Does everything that is due.
    async fn work(&self) {
        work(&self.world, &self.issue).await;
    }

    async fn counts(&self) -> String {
        self.world.counts(&self.issue).await
    }

    /// The issue as an owner sees it, who may read the relay's words.
    async fn for_owner(&self) -> Value {
        let path = format!("/api/v1/issues/{}", self.issue);
        let request = self.world.http.get(self.world.url(&path));
        let answer = request.bearer_auth(&self.owner).send().await.unwrap();
        answer.json().await.unwrap()
    }

    /// Every reader has one mail and one attempt, and nobody was slowed down.
    async fn assert_everybody_once(&self, case: &str) {
        assert_eq!(
            self.counts().await,
            format!("sent={}", self.readers.len()),
            "{case}: {}",
            self.replies().await
        );
        self.assert_each_accepted_once(case);
        for line in ledger(&self.world, &self.issue).await {
            assert_eq!(line["attempts"], 1, "{case}: {line}");
        }
        // The worker ends the issue after it has recorded the last delivery.
        let ended = async {
            while self.world.issue(&self.issue).await["status"] != "sent" {
                tokio::time::sleep(Duration::from_millis(50)).await;
            }
        };
        let ended = timeout(PATIENCE, ended).await;
        assert!(ended.is_ok(), "{case}: the issue does not end");
        assert_eq!(self.world.slowed().await, [""; 0], "{case}");
    }

    /// On the relay's side: one mail for each reader, and no other.
    fn assert_each_accepted_once(&self, case: &str) {
        let times = self.relay.times_accepted();
        let expected = self.readers.iter().map(|reader| (reader.clone(), 1));
        assert_eq!(times, expected.collect::<BTreeMap<_, _>>(), "{case}");
    }

    /// The relay's words in the ledger, each with the number of readers.
    async fn replies(&self) -> String {
        let mut replies = BTreeMap::<String, usize>::new();
        for line in ledger(&self.world, &self.issue).await {
            let reply = format!("{} {}", line["state"], line["reply"]);
            *replies.entry(reply).or_default() += 1;
        }
        format!("{replies:#?}")
    }
}

/// Does everything that is due, or fails and says how far the issue is.
async fn work(world: &World, issue: &str) {
    if timeout(PATIENCE, world.work()).await.is_err() {
        let counts = world.counts(issue).await;
        panic!("the engine is not idle after {PATIENCE:?}: {counts}");
    }
}

/// The whole ledger of an issue, as the API shows it.
async fn ledger(world: &World, issue: &str) -> Vec<Value> {
    let mut lines = Vec::new();
    let mut cursor = String::new();
    loop {
        let path = format!("/api/v1/issues/{issue}/deliveries{cursor}");
        let page = world.get(&path).send().await.unwrap();
        let page: Value = page.json().await.unwrap();
        lines.extend(page["items"].as_array().unwrap().iter().cloned());
        if page["next"].is_null() {
            return lines;
        }
        cursor = format!("?cursor={}", page["next"]);
    }
}

/// A reply that a relay gives until it is repaired.
#[derive(Clone)]
struct UntilRepaired {
    repaired: Arc<AtomicBool>,
    reply: Reply,
}

impl UntilRepaired {
    fn says(reply: &str) -> Self {
        Self {
            repaired: Arc::default(),
            reply: Reply::line(reply),
        }
    }

    fn repair(&self) {
        self.repaired.store(true, Ordering::SeqCst);
    }

    /// The answer for [`Script::on`].
    fn at(&self, stage: Stage, script: Script) -> Script {
        let this = self.clone();
        script.on(stage, move |_: &Moment| {
            (!this.repaired.load(Ordering::SeqCst)).then(|| this.reply.clone())
        })
    }
}

/// With and without PIPELINING.
fn both_ways(script: impl Fn() -> Script) -> [(&'static str, Script); 2] {
    [
        ("with PIPELINING", script()),
        ("without PIPELINING", script().announces(&["8BITMIME"])),
    ]
}
