//! What is said of an import of those who have left elsewhere.

use crate::domain::Newsletter;
use crate::subscribe::ImportReport;

/// What a person at a terminal is asked once the file was read.
pub(super) fn question(newsletter: &Newsletter, read: &ImportReport, rows: u64) -> String {
    format!(
        "Note {rows} people as having left {}, “{}”, and end their subscriptions that are active by an import? {} of \
         {} rows are refused.{}\nContinue?",
        newsletter.slug,
        newsletter.title,
        read.refused,
        read.rows,
        told_by(read)
    )
}

/// What a trial found.
pub(super) fn would_be(read: &ImportReport) -> String {
    let rows = read.rows.saturating_sub(read.refused + read.not_left);
    format!(
        "{} rows: {rows} people have left, {} rows would be refused; nothing was done. Who of them is active here was \
         not looked up{}",
        read.rows,
        read.refused,
        told_by(read)
    )
}

pub(super) fn summary(report: &ImportReport) -> String {
    format!(
        "{} rows: {} people noted who have left, {} subscriptions ended, {} known as getting no mails, {} refused{}",
        report.rows,
        report.imported,
        report.ended,
        report.known,
        report.refused,
        told_by(report)
    )
}

/// How it is known who has left; a line.
fn told_by(report: &ImportReport) -> String {
    let columns = report.told_by.iter().map(|name| format!("`{name}`"));
    let columns = columns.collect::<Vec<_>>().join(", ");
    match (columns.is_empty(), report.not_left) {
        (true, 0) => "\nNo column tells who has left: all addresses count as such".to_owned(),
        (true, others) => {
            format!("\n{others} rows do not say that they have left, and change nothing")
        }
        (false, others) => {
            format!(
                "\n{others} rows do not say in {columns} that they have left, and change nothing"
            )
        }
    }
}
