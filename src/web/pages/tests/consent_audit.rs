//! The page that reads the record of consent.

use super::*;
use crate::domain::BreakKind;
use crate::subscribe::{LedgerBreak, LedgerReport};

/// The page about the record of consent: its form, refused, and what it finds.
pub(crate) fn all(language: Language, words: &str) -> Vec<(&'static str, String)> {
    let report = |breaks: &[BreakKind]| LedgerReport {
        intact: breaks.is_empty(),
        began_at: Some("2026-11-23T07:00:00Z".parse().unwrap()),
        events: 12,
        removed: 3,
        last_event: 15,
        last_hash: "0f".repeat(32),
        breaks: breaks
            .iter()
            .zip(0..)
            .map(|(kind, event)| LedgerBreak {
                event,
                kind: *kind,
                what: kind.what(),
            })
            .collect(),
    };
    let found = |breaks| Ledger {
        report: Some(report(breaks)),
        noted: words,
        ..Ledger::default()
    };
    let refused = Ledger {
        token_wrong: true,
        noted_wrong: true,
        noted: words,
        ..Ledger::default()
    };
    [refused, found(&[]), found(BreakKind::ALL)]
        .iter()
        .map(|page| shown(language, page))
        .collect()
}
