//! Bars over time, drawn by the server as SVG; the template shows the same numbers as a table.

use serde::Serialize;

/// The size of the drawing, in its own units.
const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 180.0;
/// The room for the labels of both axes.
const LEFT: f64 = 52.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 12.0;
/// How many labels the time axis has at most.
const LABELS: usize = 6;

/// A bar of two stacked parts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Value {
    /// Its label on the axis.
    pub(super) label: String,
    /// The lower part.
    pub(super) good: i64,
    /// The upper part.
    pub(super) bad: i64,
}

/// The drawing, with all its places worked out.
#[derive(Debug, Clone, Serialize)]
pub(super) struct Chart {
    bars: Vec<Bar>,
    labels: Vec<Label>,
    lines: Vec<Line>,
    /// The attribute `viewBox`.
    view: String,
    right: String,
}

#[derive(Debug, Clone, Serialize)]
struct Bar {
    x: String,
    width: String,
    good_y: String,
    good_height: String,
    bad_y: String,
    bad_height: String,
}

#[derive(Debug, Clone, Serialize)]
struct Label {
    x: String,
    y: String,
    text: String,
}

#[derive(Debug, Clone, Serialize)]
struct Line {
    y: String,
    text_y: String,
    text: String,
}

impl Chart {
    /// The drawing of these values; `number` writes the labels of the heights.
    pub(super) fn new(values: &[Value], number: impl Fn(i64) -> String) -> Self {
        let highest = values.iter().map(|value| value.good + value.bad).max();
        let top = round_up(highest.unwrap_or_default());
        let height = HEIGHT - BOTTOM - TOP;
        let scale = |count: i64| exact(count) / exact(top) * height;
        let step = (WIDTH - LEFT) / exact(i64::try_from(values.len().max(1)).unwrap_or(1));
        let base = HEIGHT - BOTTOM;
        let x = |index: usize| LEFT + step * exact(i64::try_from(index).unwrap_or_default());
        let bar = |(index, value): (usize, &Value)| {
            let (good, bad) = (scale(value.good), scale(value.bad));
            Bar {
                x: place(x(index) + step * 0.1),
                width: place(step * 0.8),
                good_y: place(base - good),
                good_height: place(good),
                bad_y: place(base - good - bad),
                bad_height: place(bad),
            }
        };
        let every = values.len().div_ceil(LABELS).max(1);
        let labels = values.iter().enumerate().step_by(every);
        let label = |(index, value): (usize, &Value)| Label {
            x: place(x(index) + step * 0.1),
            y: place(HEIGHT - 7.0),
            text: value.label.clone(),
        };
        let line = |count: i64| Line {
            y: place(base - scale(count)),
            text_y: place(base - scale(count) + 4.0),
            text: number(count),
        };
        let mut lines = vec![line(0), line(top)];
        if top >= 2 {
            lines.insert(1, line(top / 2));
        }
        Self {
            bars: values.iter().enumerate().map(bar).collect(),
            labels: labels.map(label).collect(),
            lines,
            view: format!("0 0 {WIDTH} {HEIGHT}"),
            right: place(WIDTH),
        }
    }
}

/// The next of 1, 2, 5, 10, 20, 50, …
fn round_up(count: i64) -> i64 {
    let mut unit = 1;
    loop {
        for factor in [1, 2, 5] {
            if unit * factor >= count {
                return unit * factor;
            }
        }
        unit *= 10;
    }
}

fn place(at: f64) -> String {
    format!("{at:.1}")
}

#[allow(clippy::cast_precision_loss)] // counts of readers
fn exact(count: i64) -> f64 {
    count as f64
}

#[cfg(test)]
mod tests {
    use super::{Chart, Value, round_up};

    #[test]
    fn the_highest_bar_fits_below_a_round_number() {
        assert_eq!(
            [0, 1, 3, 7, 11, 499, 501].map(round_up),
            [1, 1, 5, 10, 20, 500, 1000]
        );
        let value = |good, bad| Value {
            label: "08:00".to_owned(),
            good,
            bad,
        };
        let chart = Chart::new(&[value(3, 1), value(0, 0)], |count| count.to_string());
        assert_eq!(chart.lines.last().unwrap().text, "5");
        let bar = &chart.bars[0];
        assert_eq!(
            (bar.good_height.as_str(), bar.bad_height.as_str()),
            ("86.4", "28.8")
        );
        assert!(Chart::new(&[], |count| count.to_string()).bars.is_empty());
    }
}
