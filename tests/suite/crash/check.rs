//! Reconciles three books: the audience, the relay's ledger, and the service's.

use std::collections::{BTreeMap, BTreeSet};

use serde_json::Value;
use sqlx::{Connection, PgConnection, SqliteConnection};

use super::sink::Taken;

const ROWS: &str = "SELECT p.address, d.state, \
    CAST(CASE WHEN d.ended_at IS NOT NULL AND d.due_at IS NULL AND d.lease_id IS NULL THEN 1 ELSE 0 END AS BIGINT) FROM delivery d \
    JOIN subscription s ON s.id = d.subscription_id JOIN subscriber p ON p.id = s.subscriber_id";

/// A row of the service's ledger: whose, its state, and 1 if it has ended.
type Row = (String, String, i64);

/// What came of a campaign.
#[derive(Debug)]
pub struct Summary {
    pub audience: usize,
    /// What the relay took.
    pub messages: usize,
    /// Messages that somebody had already.
    pub extra: usize,
    /// Deliveries by state.
    pub states: BTreeMap<String, usize>,
}

pub async fn rows(url: &str) -> Vec<Row> {
    if url.starts_with("sqlite:") {
        let mut database = SqliteConnection::connect(url).await.unwrap();
        let rows = sqlx::query_as(ROWS).fetch_all(&mut database).await;
        return rows.unwrap();
    }
    let mut database = PgConnection::connect(url).await.unwrap();
    sqlx::query_as(ROWS).fetch_all(&mut database).await.unwrap()
}

/// Says what is wrong with the books after a campaign, or sums it up.
///
/// `issue` is what the service says about the issue, and `may_repeat` whether a first copy
/// that somebody got twice has an excuse: the fault that was made happen.
pub fn check(
    audience: &[String],
    taken: &[Taken],
    rows: &[Row],
    issue: &Value,
    may_repeat: impl Fn(&Taken) -> bool,
) -> Result<Summary, String> {
    let wanted: BTreeSet<&str> = audience.iter().map(String::as_str).collect();
    let booked: BTreeSet<&str> = rows.iter().map(|row| row.0.as_str()).collect();
    if wanted != booked || rows.len() != audience.len() {
        return Err(format!(
            "{} readers, {} deliveries",
            wanted.len(),
            rows.len()
        ));
    }
    let states = states(rows, issue)?;
    let mut copies = BTreeMap::<&str, Vec<&Taken>>::new();
    for message in taken {
        copies.entry(&message.recipient).or_default().push(message);
    }
    if let Some(stranger) = copies.keys().find(|reader| !wanted.contains(**reader)) {
        return Err(format!("{stranger} is not in the audience"));
    }
    for (reader, state, _) in rows {
        if state == "sent" && !copies.contains_key(reader.as_str()) {
            return Err(format!("{reader} is booked as sent and got nothing: lost"));
        }
        if state != "sent" && state != "unknown" {
            return Err(format!(
                "{reader} ended as {state}, and the relay refused nobody"
            ));
        }
    }
    let mut cut_off = BTreeSet::new();
    for copies in copies.values() {
        for pair in copies.windows(2) {
            check_repeat(pair[0], pair[1], &may_repeat)?;
            if !cut_off.insert(pair[0].connection) {
                return Err(format!(
                    "connection {} was repeated twice",
                    pair[0].connection
                ));
            }
        }
    }
    Ok(Summary {
        audience: audience.len(),
        messages: taken.len(),
        extra: taken.len() - copies.len(),
        states,
    })
}

fn check_repeat(
    first: &Taken,
    second: &Taken,
    may_repeat: impl Fn(&Taken) -> bool,
) -> Result<(), String> {
    if (&first.message_id, first.digest) != (&second.message_id, second.digest) {
        return Err(format!("{} got two different mails", first.recipient));
    }
    if !may_repeat(first) {
        return Err(format!(
            "{} got two copies without a fault",
            first.recipient
        ));
    }
    Ok(())
}

/// Counts the rows, and compares with the issue's own counters.
fn states(rows: &[Row], issue: &Value) -> Result<BTreeMap<String, usize>, String> {
    let mut states = BTreeMap::<String, usize>::new();
    for (reader, state, ended) in rows {
        if *ended == 0 {
            return Err(format!("the delivery of {reader} never ended: {state}"));
        }
        *states.entry(state.clone()).or_default() += 1;
    }
    let counts = issue["counts"]
        .as_object()
        .ok_or("the issue has no counts")?;
    for (name, count) in counts {
        let counted = match name.as_str() {
            "audience" => rows.len(),
            state => states.get(state).copied().unwrap_or_default(),
        };
        if count.as_u64() != u64::try_from(counted).ok() {
            return Err(format!(
                "{name}: the counter says {count}, the rows {counted}"
            ));
        }
    }
    Ok(states)
}

mod tests {
    use super::{Taken, check};
    use serde_json::json;

    fn taken(connection: u64, recipient: &str, digest: u8) -> Taken {
        Taken {
            connection,
            recipient: recipient.to_owned(),
            message_id: format!("<{recipient}>"),
            digest: [digest; 32],
            answer_lost: false,
        }
    }

    #[test]
    fn every_kind_of_wrong_book_is_seen() {
        let audience = ["a", "b"].map(str::to_owned);
        let row = |reader: &str, state: &str, ended| (reader.to_owned(), state.to_owned(), ended);
        let good = [row("a", "sent", 1), row("b", "sent", 1)];
        let counts = json!({ "counts": { "audience": 2, "sent": 2, "queued": 0 } });
        let all = [taken(1, "a", 0), taken(1, "b", 0)];
        let wrong = |taken: &[Taken], rows: &[_], excuse: bool| {
            check(&audience, taken, rows, &counts, |_| excuse)
                .err()
                .unwrap_or_default()
        };
        assert_eq!(wrong(&all, &good, false), "");
        assert!(wrong(&all[..1], &good, true).contains("lost"));
        assert!(wrong(&all, &good[..1], true).contains("1 deliveries"));
        let open = [row("a", "sent", 1), row("b", "sent", 0)];
        assert!(wrong(&all, &open, true).contains("never ended"));
        let other = [row("a", "sent", 1), row("b", "unknown", 1)];
        assert!(wrong(&all, &other, true).contains("the counter says"));
        let with = |more: Taken| [all.to_vec(), vec![more]].concat();
        assert!(wrong(&with(taken(2, "c", 0)), &good, true).contains("not in the audience"));
        let twice = with(taken(2, "a", 0));
        assert_eq!(wrong(&twice, &good, true), "");
        assert!(wrong(&twice, &good, false).contains("without a fault"));
        assert!(wrong(&with(taken(2, "a", 1)), &good, true).contains("different"));
        let both = [twice, vec![taken(2, "b", 0)]].concat();
        assert!(wrong(&both, &good, true).contains("repeated twice"));
    }
}
