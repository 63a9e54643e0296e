//! The report as a table for a spreadsheet.

use super::{IssueReport, ProviderResult};
use crate::texts::CsvReader;

/// The causes and results by provider as a file of CSV (RFC 4180): a row for each provider and state, and for
/// each cause. No cell can act as a formula.
#[must_use]
pub fn report_csv(report: &IssueReport, reader: CsvReader) -> String {
    let mut rows =
        vec![["provider", "state", "cause", "code", "status", "deliveries"].map(str::to_owned)];
    let states = |one: &ProviderResult| {
        [
            ("sent", one.sent),
            ("waiting", one.waiting),
            ("bounced", one.bounced),
            ("failed", one.failed),
            ("skipped", one.skipped),
            ("unknown", one.unknown),
        ]
    };
    for one in report.providers.iter().flatten() {
        let name = provider(&one.provider);
        for (state, deliveries) in states(one).into_iter().filter(|(_, count)| *count > 0) {
            let empty = String::new;
            let count = deliveries.to_string();
            rows.push([
                name.clone(),
                state.to_owned(),
                empty(),
                empty(),
                empty(),
                count,
            ]);
        }
    }
    for cause in &report.causes {
        rows.push([
            cause.provider.as_deref().map(provider).unwrap_or_default(),
            cause.state.to_string(),
            cause.meaning.to_string(),
            cause.code.to_string(),
            cause.status.clone(),
            cause.deliveries.to_string(),
        ]);
    }
    format!("{}{}", reader.file_start(), reader.rows(rows))
}

/// The name of a provider; all that are not named are `other`.
fn provider(name: &str) -> String {
    match name {
        "" => "other".to_owned(),
        name => name.to_owned(),
    }
}
