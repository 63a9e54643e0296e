//! What a sign-in has seen of its account, and the proof of its first step.
//!
//! A new password and signing out everywhere end all sessions. A sign-in that was on its way must not begin one
//! after that: it looks again under the lock of the account, before its session begins.

use jiff::SignedDuration;
use subtle::ConstantTimeEq;

use crate::domain::{AuditAction, Editor, EditorId};
use crate::service::Service;
use crate::store::accounts::editor::{self, Account};
use crate::store::{Read, StoreError, Write, audit};

/// After the password, the code must come within this time.
const CODE_WITHIN: SignedDuration = SignedDuration::from_mins(10);
/// What the log says of signing out everywhere.
pub(super) const EVERYWHERE: &str = "everywhere";

/// An account as a sign-in found it.
#[derive(Debug, Clone)]
pub(super) struct AccountSnapshot {
    pub(super) account: Account,
    /// The last event of the audit log then.
    event: i64,
}

/// The last event of the audit log: to be read before the account is.
pub(super) async fn last_event(db: &mut Read) -> Result<i64, StoreError> {
    let head = audit::head(db).await?;
    Ok(head.map_or(0, |(head, _)| head.event))
}

impl AccountSnapshot {
    pub(super) fn new(account: Account, event: i64) -> Self {
        Self { account, event }
    }

    fn editor(&self) -> &Editor {
        &self.account.editor
    }

    /// The account, locked until the transaction ends; none if since then the password has changed, the person
    /// has signed out everywhere, or the account was removed.
    pub(super) async fn lock_unchanged(
        &self,
        tx: &mut Write,
    ) -> Result<Option<Account>, StoreError> {
        let now = editor::lock(tx, self.editor().id).await?;
        let same = now.filter(|now| now.password_hash == self.account.password_hash);
        let Some(account) = same else {
            return Ok(None);
        };
        let who = self.editor().actor().identity();
        let left = (AuditAction::SignedOut, EVERYWHERE);
        let has_left = audit::has_since(tx, self.event, &who, left).await?;
        Ok((!has_left).then_some(account))
    }

    /// The proof that the password with this hash was given just now: editor, time, the last event of the log,
    /// and a keyed hash of them and of the password's.
    pub(super) fn step(&self, service: &Service, hash: &str) -> String {
        let at = service.clock.now().as_second();
        signed(service, self.editor().id, (at, self.event), hash)
    }

    /// What the sign-in of a step has seen; none when the step is not genuine, or too old.
    pub(super) async fn of_step(service: &Service, step: &str) -> Result<Option<Self>, StoreError> {
        let mut parts = step.split('.');
        let editor = parts.next().and_then(|id| id.parse().ok()).map(EditorId);
        let mut number = || parts.next().and_then(|number| number.parse::<i64>().ok());
        let (at, event) = (number(), number());
        let Some((editor, (at, event))) = editor.zip(at.zip(event)) else {
            return Ok(None);
        };
        let age = service.clock.now().as_second().saturating_sub(at);
        if !(0..=CODE_WITHIN.as_secs()).contains(&age) {
            return Ok(None);
        }
        let account = editor::by_id(&mut service.store.read().await?, editor).await?;
        let genuine = account.filter(|account| {
            let hash = account.password_hash.as_deref().unwrap_or_default();
            let expected = signed(service, editor, (at, event), hash);
            bool::from(expected.as_bytes().ct_eq(step.as_bytes()))
        });
        Ok(genuine.map(|account| Self { account, event }))
    }
}

fn signed(service: &Service, editor: EditorId, (at, event): (i64, i64), hash: &str) -> String {
    let parts: [&[u8]; 4] = [
        editor.0.as_bytes(),
        &at.to_be_bytes(),
        &event.to_be_bytes(),
        hash.as_bytes(),
    ];
    let mac = service.links.key().short_name("sign-in step", &parts);
    format!("{editor}.{at}.{event}.{mac}")
}
