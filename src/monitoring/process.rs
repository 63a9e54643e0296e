//! What is true of this process at the moment of a scrape.

use prometheus::proto::MetricFamily;

use super::figures::Gauges;
use crate::service::Service;
use crate::{telemetry, traces};

pub(super) fn gather(service: &Service) -> Result<Vec<MetricFamily>, prometheus::Error> {
    let gauges = Gauges::default();
    let build = gauges.family(
        "xabar_build_info",
        "1; the label names the version of the program.",
        &["version"],
    )?;
    build
        .with_label_values(&[env!("CARGO_PKG_VERSION")])
        .set(1.0);
    gauges.counted(
        "xabar_log_lost_lines_total",
        "Lines of the log that could not be written: its reader is slow or gone, or its disk full.",
        telemetry::lost_lines(),
    )?;
    let counts = traces::counts();
    gauges.counted(
        "xabar_traces_exported_spans_total",
        "Spans that the collector of the traces took.",
        counts.exported,
    )?;
    gauges.counted(
        "xabar_traces_dropped_spans_total",
        "Spans that are lost: the queue was full, or the collector did not take them.",
        counts.dropped,
    )?;
    gauges.counted(
        "xabar_traces_failed_exports_total",
        "Requests to the collector of the traces that failed.",
        counts.failed,
    )?;
    let turns = gauges.family(
        "xabar_loop_last_turn_age_seconds",
        "How long ago a loop of this process last turned; of several with one name, the longest.",
        &["loop"],
    )?;
    for last in service.heartbeats.last_turns() {
        turns
            .with_label_values(&[last.name])
            .set(last.ago.as_secs_f64());
    }
    let connections = gauges.family(
        "xabar_database_connections",
        "Open connections of this process to the database, by pool and whether they are in use.",
        &["pool", "state"],
    )?;
    let most = gauges.family(
        "xabar_database_connections_max",
        "The most connections that a pool of this process opens.",
        &["pool"],
    )?;
    for pool in service.store.pool_use() {
        for (state, count) in [("in_use", pool.in_use), ("idle", pool.idle)] {
            let count = u32::try_from(count).unwrap_or(u32::MAX);
            connections
                .with_label_values(&[pool.name, state])
                .set(f64::from(count));
        }
        most.with_label_values(&[pool.name])
            .set(f64::from(pool.most));
    }
    gauges.counted(
        "xabar_database_pool_used_up_total",
        "Callers of this process that got no connection to the database because all were in use.",
        service.store.pool_used_up(),
    )?;
    let waiting = gauges.family(
        "xabar_database_waiting",
        "Callers of this process that wait for a connection or, on SQLite, for their turn to write.",
        &[],
    )?;
    let callers = u32::try_from(service.store.waiting()).unwrap_or_default();
    waiting
        .with_label_values::<&str>(&[])
        .set(f64::from(callers));
    Ok(gauges.gather())
}
