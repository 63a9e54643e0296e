//! Removes data whose retention time is over, and keeps a log of what was removed.

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use crate::accounts::{browser, session};
use crate::domain::{Newsletter, OutboxId, SubscriptionId};
use crate::log_limiter::failures;
use crate::publish;
use crate::service::Service;
use crate::store::{self, StoreError};

/// What one run removed.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Removed {
    /// Sign-ups that were not confirmed.
    pub unconfirmed: u64,
    /// IP addresses in the consent record.
    pub ips: u64,
    /// Transactional mails that were sent or given up.
    pub mails: u64,
    /// Texts of mail servers' replies.
    pub replies: u64,
    /// Deliveries of old issues; the totals are kept.
    pub deliveries: u64,
    /// Subscriptions that had ended, with their proof of consent.
    pub proofs: u64,
    /// Changes of address that were not confirmed.
    pub address_changes: u64,
    /// Suppressions that have expired.
    pub suppressions: u64,
    /// Counters of sign-ups per IP address, and of mails per unconfirmed address.
    pub counters: u64,
    /// Solved proof-of-work challenges that have expired.
    pub challenges: u64,
    /// Answers that were kept for an `Idempotency-Key`.
    pub kept_answers: u64,
    /// Throttles of relays and providers that were not used for two days.
    pub throttles: u64,
    /// Pictures that were uploaded and that no issue has.
    pub pictures: u64,
    /// Sessions of editors that had ended.
    pub sessions: u64,
    /// Browsers of editors that have not signed in for long.
    pub browsers: u64,
    /// States of issues while they were written, of issues that have ended.
    pub states: u64,
}

impl Removed {
    /// All of it together.
    #[must_use]
    pub fn total(&self) -> u64 {
        self.lines().iter().map(|(_, amount)| amount).sum()
    }

    /// The lines of the retention log: what was removed, and how many.
    fn lines(&self) -> Vec<(&'static str, u64)> {
        let all = [
            ("unconfirmed sign-ups", self.unconfirmed),
            ("IP addresses", self.ips),
            ("transactional mails", self.mails),
            ("replies of mail servers", self.replies),
            ("deliveries", self.deliveries),
            ("proofs of consent", self.proofs),
            ("unconfirmed new addresses", self.address_changes),
            ("suppressions", self.suppressions),
            ("counters of sign-ups", self.counters),
            ("solved challenges", self.challenges),
            ("answers kept for repeated requests", self.kept_answers),
            ("rates of relays", self.throttles),
            ("pictures in no issue", self.pictures),
            ("ended sessions of editors", self.sessions),
            ("browsers of editors", self.browsers),
            ("states of issues", self.states),
        ];
        all.into_iter().filter(|(_, amount)| *amount > 0).collect()
    }
}

/// How far back the limits on mails to unconfirmed addresses count.
const CAP_DAYS: u32 = 30;
/// How long it is kept how often the sign-up form's protection acted on a day.
const PROTECTION_DAYS: u32 = 90;
/// How long a picture is kept that no issue has.
const PICTURE_DAYS: u32 = 30;
/// How long the retention log itself is kept.
const LOG_DAYS: u32 = 3 * 365;

/// Removes everything that is older than the settings in `[retention]` allow.
///
/// # Errors
/// The last one of a part that failed; the other parts are done all the same.
pub async fn run(service: &Service) -> Result<Removed, StoreError> {
    let keep = &service.settings.retention;
    let now = service.clock.now();
    let before = |days: u32| days_before(now, days);
    let (mut removed, mut failed) = (Removed::default(), None);
    // One that fails keeps no other from what it removes.
    let mut done = |outcome: Result<u64, StoreError>| {
        outcome.unwrap_or_else(|error| {
            failures::error("retention: a part of it failed; the others go on", &error);
            failed = Some(error);
            0
        })
    };
    if let Some(before) = before(keep.unconfirmed_days) {
        removed.unconfirmed = done(unconfirmed(service, before).await);
    }
    let safe = before(Newsletter::SAFETY_MODE_DAYS);
    removed.ips = done(ips(service, before(keep.ip_days), safe).await);
    if let Some(before) = before(keep.mail_days) {
        removed.mails = done(mails(service, before).await);
    }
    removed.deliveries = done(deliveries(service, before(keep.delivery_days), safe).await);
    if let Some(before) = before(keep.reply_days) {
        removed.replies = done(replies(service, before).await);
    }
    if let Some(before) = before(keep.proof_days) {
        removed.proofs = done(proofs(service, before).await);
    }
    if let Some(before) = before(keep.history_days) {
        removed.states = done(states(service, before).await);
    }
    let mut all = removed;
    let written = small_tables_and_log(service, &mut all, now).await;
    // What is rolled back was not removed.
    if written.is_ok() {
        removed = all;
    }
    done(written.map(|()| 0));
    done(publish::remove_leftovers(service).await.map(|_| 0));
    done(log_consent_head(service).await.map(|()| 0));
    done(log_audit_head(service).await.map(|()| 0));
    if removed != Removed::default() {
        tracing::info!(?removed, "data past its retention time removed");
    }
    failed.map_or(Ok(removed), Err)
}

/// Removes the small tables' expired rows, and writes the log.
async fn small_tables_and_log(
    service: &Service,
    removed: &mut Removed,
    now: Timestamp,
) -> Result<(), StoreError> {
    let before = |days: u32| days_before(now, days);
    let mut tx = service.store.write().await?;
    removed.suppressions = store::consent::suppression::remove_expired(&mut tx, now).await?;
    removed.challenges = store::protection::spent_proof::forget(&mut tx, now).await?;
    if let Some(before) = before(2) {
        removed.counters = store::protection::rate_counter::forget(&mut tx, before).await?;
        removed.kept_answers = store::accounts::idempotency_key::forget(&mut tx, before).await?;
        removed.throttles = store::delivery::throttle::remove_unused(&mut tx, before).await?;
        store::delivery::relay_limit::remove_old(&mut tx, before).await?;
        removed.address_changes =
            store::subscriber::address_change::forget_old(&mut tx, before).await?;
        removed.deliveries += store::retention::expiry::forget_erased(&mut tx, before).await?;
    }
    removed.sessions = session::forget_ended(service, &mut tx).await?;
    removed.browsers = browser::forget_old(service, &mut tx).await?;
    if let Some(before) = before(PICTURE_DAYS) {
        let due = publish::removal_due(now);
        removed.pictures = store::picture::forget_unused(&mut tx, before, due).await?;
    }
    if let Some(before) = before(CAP_DAYS) {
        removed.counters += store::protection::unconfirmed_mail::forget(&mut tx, before).await?;
    }
    if let Some(before) = before(PROTECTION_DAYS) {
        store::protection::daily_count::forget(&mut tx, before).await?;
    }
    if let Some(before) = before(LOG_DAYS) {
        store::retention::log::forget(&mut tx, before).await?;
    }
    if *removed != Removed::default() {
        store::retention::log::add(&mut tx, &removed.lines(), now).await?;
    }
    tx.commit().await
}

/// The time `days` before now; `None` for 0, which keeps data for ever.
fn days_before(now: Timestamp, days: u32) -> Option<Timestamp> {
    let time = SignedDuration::from_hours(24 * i64::from(days));
    now.checked_sub(time).ok().filter(|_| days > 0)
}

/// Logs the last hash of the consent chain. A copy outside the database shows later whether the whole chain
/// was replaced.
async fn log_consent_head(service: &Service) -> Result<(), StoreError> {
    let head = store::consent::audit::head(&mut service.store.read().await?).await?;
    if let Some((head, _)) = head {
        let hash = data_encoding::HEXLOWER.encode(&head.hash);
        tracing::info!("the record of consent ends at {}:{hash}", head.event);
    }
    Ok(())
}

/// The same for the audit log.
async fn log_audit_head(service: &Service) -> Result<(), StoreError> {
    let head = store::audit::head(&mut service.store.read().await?).await?;
    if let Some((head, _)) = head {
        let hash = data_encoding::HEXLOWER.encode(&head.hash);
        tracing::info!("the audit log ends at {}:{hash}", head.event);
    }
    Ok(())
}

async fn unconfirmed(service: &Service, before: Timestamp) -> Result<u64, StoreError> {
    let (mut erased, mut after) = (0, SubscriptionId(0));
    loop {
        let mut db = service.store.read().await?;
        let found = store::retention::unconfirmed(&mut db, before, after).await?;
        drop(db);
        let Some(last) = found.last() else {
            return Ok(erased);
        };
        after = *last;
        let mut tx = service.store.write().await?;
        let (key, now) = (service.links.key(), service.clock.now());
        let some = store::retention::erase_unconfirmed(&mut tx, key, &found, before, now).await?;
        erased += some as u64;
        tx.commit().await?;
    }
}

/// Those that are older than `before`, and in newsletters in safety mode than `safe`; none of `None`.
async fn ips(
    service: &Service,
    before: Option<Timestamp>,
    safe: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let mut forgotten = 0;
    for (before, in_safety_mode) in [(before, false), (safe, true)] {
        let mut after = i64::MIN;
        while let Some(before) = before {
            let mut db = service.store.read().await?;
            let found = store::retention::with_ips(&mut db, in_safety_mode, before, after).await?;
            drop(db);
            let Some(last) = found.last() else { break };
            after = *last;
            let mut tx = service.store.write().await?;
            store::retention::forget_ips(&mut tx, &found).await?;
            tx.commit().await?;
            forgotten += found.len() as u64;
        }
    }
    Ok(forgotten)
}

async fn mails(service: &Service, before: Timestamp) -> Result<u64, StoreError> {
    let (mut forgotten, mut after) = (0, OutboxId(Uuid::nil()));
    loop {
        let mut db = service.store.read().await?;
        let found = store::retention::ended_mails(&mut db, before, after).await?;
        drop(db);
        let Some(last) = found.last() else {
            return Ok(forgotten);
        };
        after = *last;
        let mut tx = service.store.write().await?;
        forgotten += store::retention::forget_mails(&mut tx, &found, before).await?;
        tx.commit().await?;
    }
}

/// Those that are older than `before`, and in newsletters in safety mode than `safe`; none of `None`.
async fn deliveries(
    service: &Service,
    before: Option<Timestamp>,
    safe: Option<Timestamp>,
) -> Result<u64, StoreError> {
    let mut db = service.store.read().await?;
    let mut issues = Vec::new();
    if let Some(before) = before {
        issues = store::retention::old_issues(&mut db, before).await?;
    }
    if let Some(safe) = safe {
        issues.extend(store::retention::old_issues_in_safety_mode(&mut db, safe).await?);
    }
    drop(db);
    let mut forgotten = 0;
    for issue in issues {
        let mut after = SubscriptionId(0);
        loop {
            let mut tx = service.store.write().await?;
            let some = store::retention::forget_deliveries(&mut tx, issue, after).await?;
            tx.commit().await?;
            let Some(last) = some.iter().max() else { break };
            after = *last;
            forgotten += some.len() as u64;
        }
    }
    if forgotten > 0 {
        store::retention::space::give_back(&service.store).await?;
    }
    Ok(forgotten)
}

async fn replies(service: &Service, before: Timestamp) -> Result<u64, StoreError> {
    let mut db = service.store.read().await?;
    let issues = store::retention::expiry::issues_with_replies(&mut db, before).await?;
    drop(db);
    let mut forgotten = 0;
    for issue in issues {
        let mut next = Some(SubscriptionId(0));
        while let Some(after) = next {
            let mut tx = service.store.write().await?;
            let (some, on) =
                store::retention::expiry::forget_replies(&mut tx, issue, after).await?;
            tx.commit().await?;
            forgotten += some;
            next = on;
        }
    }
    Ok(forgotten)
}

async fn states(service: &Service, before: Timestamp) -> Result<u64, StoreError> {
    let mut db = service.store.read().await?;
    let issues = store::issue::history::ended(&mut db, before).await?;
    drop(db);
    let mut forgotten = 0;
    for issue in issues {
        let mut tx = service.store.write().await?;
        forgotten += store::issue::history::forget(&mut tx, issue, before).await?;
        tx.commit().await?;
    }
    Ok(forgotten)
}

async fn proofs(service: &Service, before: Timestamp) -> Result<u64, StoreError> {
    let (mut erased, mut after) = (0, SubscriptionId(0));
    loop {
        let mut db = service.store.read().await?;
        let found = store::retention::expiry::ended(&mut db, before, after).await?;
        drop(db);
        let Some(last) = found.last() else {
            return Ok(erased);
        };
        after = *last;
        let mut tx = service.store.write().await?;
        let (key, now) = (service.links.key(), service.clock.now());
        erased += store::retention::expiry::erase_ended(&mut tx, key, &found, before, now).await?;
        tx.commit().await?;
    }
}
