//! How many mails an address gets that is not confirmed: requests to confirm a sign-up or a change of
//! address. They are counted by mailbox, as everybody can make up any number of spellings.

use jiff::{SignedDuration, Timestamp};

use crate::domain::{EmailAddress, OutboxId};
use crate::service::Service;
use crate::store::protection::unconfirmed_mail::{self, UnconfirmedMail};
use crate::store::{StoreError, Write};

/// The period of `signup.mails_per_15_minutes`.
const SHORT_PERIOD: SignedDuration = SignedDuration::from_mins(15);
const DAY: SignedDuration = SignedDuration::from_hours(24);

/// How far back mails are counted.
pub(crate) fn counted_since(now: Timestamp) -> Timestamp {
    now.saturating_sub(DAY * 30).unwrap_or(now)
}

/// When the limits allow one more mail to this mailbox: `now`, or when 15 minutes have passed since the
/// last. None when the limits of a day or a month are reached; a suspect request gets one a day.
pub(crate) async fn next_mail(
    service: &Service,
    tx: &mut Write,
    address: &EmailAddress,
    suspect: bool,
    now: Timestamp,
) -> Result<Option<Timestamp>, StoreError> {
    let mailbox = service.links.key().mailbox_hash(address);
    let ago = |period| now.saturating_sub(period).unwrap_or(now);
    let since = [ago(SHORT_PERIOD), ago(DAY), counted_since(now)];
    let sent = unconfirmed_mail::count_since(tx, &mailbox, since).await?;
    let limits = &service.settings.signup;
    let below = |sent: i64, limit: i64| limit == 0 || sent < limit;
    if !below(sent.middle, limits.mails_per_day)
        || !below(sent.long, limits.mails_per_30_days)
        || suspect && sent.middle > 0
    {
        return Ok(None);
    }
    if below(sent.short, limits.mails_per_15_minutes) {
        return Ok(Some(now));
    }
    let nth = limits.mails_per_15_minutes;
    let counted = unconfirmed_mail::nth_newest(tx, &mailbox, since[2], nth).await?;
    Ok(counted.map(|at| at.saturating_add(SHORT_PERIOD).unwrap_or(at)))
}

/// Counts a mail that is due at a time.
pub(crate) async fn count(
    service: &Service,
    tx: &mut Write,
    address: &EmailAddress,
    mail: OutboxId,
    due: Timestamp,
) -> Result<(), StoreError> {
    let mailbox = service.links.key().mailbox_hash(address);
    unconfirmed_mail::add(tx, &[UnconfirmedMail::new(mail, &mailbox, due)]).await
}
