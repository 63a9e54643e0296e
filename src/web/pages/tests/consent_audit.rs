//! The page that reads the record of consent.

use super::*;
use crate::domain::BreakKind;
use crate::subscribe::{ChainBreak, ConsentAuditReport};

/// The page about the record of consent: its form, refused, and what it finds.
pub(crate) fn all(language: Language, words: &str) -> Vec<(&'static str, String)> {
    let report = |breaks: &[BreakKind]| ConsentAuditReport {
        intact: breaks.is_empty(),
        began_at: Some("2026-11-23T07:00:00Z".parse().unwrap()),
        events: 12,
        removed: 3,
        last_event: 15,
        last_hash: "0f".repeat(32),
        breaks: breaks
            .iter()
            .zip(0..)
            .map(|(kind, event)| ChainBreak {
                event,
                kind: *kind,
                what: kind.what(),
            })
            .collect(),
    };
    let found = |breaks| ConsentAudit {
        report: Some(report(breaks)),
        noted: words,
        ..ConsentAudit::default()
    };
    let refused = ConsentAudit {
        token_wrong: true,
        noted_wrong: true,
        noted: words,
        ..ConsentAudit::default()
    };
    [refused, found(&[]), found(BreakKind::ALL)]
        .iter()
        .map(|page| shown(language, page))
        .collect()
}
