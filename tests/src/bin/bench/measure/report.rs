//! The table: what was measured, its budget, and whether it holds.

use std::time::Duration;

use super::budget::Budget;

/// What was printed so far.
pub(crate) struct Report {
    over_budget: usize,
}

/// The unit of a figure.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Nanoseconds.
    Ns,
    /// Milliseconds.
    Ms,
    /// Seconds.
    S,
    /// Kibibytes.
    KiB,
    /// Mebibytes.
    MiB,
    /// Per cent of one core.
    PerCent,
    /// Per second.
    PerSecond,
    /// A plain number.
    Count,
}

impl Report {
    /// Prints the head of the table, which is Markdown.
    pub(crate) fn begin() -> Self {
        println!(
            "| {:<55} | {:>14} | {:>9} | {:>7} | {:>16} | {:<4} |",
            "figure", "median", "p99", "n", "budget [bare]", ""
        );
        println!(
            "| {:-<55} | {:->13}: | {:->8}: | {:->6}: | {:->15}: | {:-<4} |",
            "", "", "", "", "", ""
        );
        Self { over_budget: 0 }
    }

    /// How many figures are over budget.
    pub(crate) fn over_budget(&self) -> usize {
        self.over_budget
    }

    /// A single figure.
    pub(crate) fn figure(&mut self, name: &str, value: f64, unit: Unit, budget: Option<Budget>) {
        self.row(name, (value, unit), None, None, budget);
    }

    /// The median of repeated times; the budget is for it.
    pub(crate) fn median(&mut self, name: &str, times: &[Duration], budget: Option<Budget>) {
        let median = (percentile(times, 50), Unit::Ms);
        self.row(name, median, None, Some(times.len()), budget);
    }

    /// How long it usually takes, and how long at worst; the budget is for the 99th percentile.
    pub(crate) fn percentiles(&mut self, name: &str, times: &[Duration], budget: Option<Budget>) {
        let median = (percentile(times, 50), Unit::Ms);
        let p99 = Some(percentile(times, 99));
        self.row(name, median, p99, Some(times.len()), budget);
    }

    fn row(
        &mut self,
        name: &str,
        (median, unit): (f64, Unit),
        p99: Option<f64>,
        n: Option<usize>,
        budget: Option<Budget>,
    ) {
        let held = budget.map(|budget| p99.unwrap_or(median) <= budget.most);
        if held == Some(false) {
            self.over_budget += 1;
        }
        println!(
            "| {name:<55} | {:>14} | {:>9} | {:>7} | {:>16} | {:<4} |",
            text(median, unit),
            p99.map_or(String::new(), |p99| text(p99, unit)),
            n.map_or(String::new(), |n| n.to_string()),
            budget.map_or(String::new(), |budget| limit(budget, unit)),
            held.map_or("", |held| if held { "ok" } else { "OVER" }),
        );
    }
}

fn text(value: f64, unit: Unit) -> String {
    match unit {
        Unit::Ns => format!("{value:.0} ns"),
        Unit::Ms => format!("{value:.2} ms"),
        Unit::S => format!("{value:.0} s"),
        Unit::KiB => format!("{value:.0} KiB"),
        Unit::MiB => format!("{value:.1} MiB"),
        Unit::PerCent => format!("{value:.2} %"),
        Unit::PerSecond => format!("{value:.0} /s"),
        Unit::Count => format!("{value:.0}"),
    }
}

fn limit(budget: Budget, unit: Unit) -> String {
    let unit = match unit {
        Unit::Ns => " ns",
        Unit::Ms => " ms",
        Unit::S => " s",
        Unit::KiB => " KiB",
        Unit::MiB => " MiB",
        Unit::PerCent => " %",
        Unit::PerSecond => " /s",
        Unit::Count => "",
    };
    let bare = budget
        .bare
        .map_or(String::new(), |bare| format!(" [{bare}]"));
    format!("{}{unit}{bare}", budget.most)
}

/// In milliseconds; the times are not empty.
fn percentile(times: &[Duration], per_cent: usize) -> f64 {
    let mut times = times.to_vec();
    times.sort_unstable();
    let place = (times.len() * per_cent).div_ceil(100).saturating_sub(1);
    times[place].as_secs_f64() * 1e3
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use super::*;

    #[test]
    fn percentiles_are_measured_values() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert!((percentile(&times, 50) - 100.0).abs() < 1e-9);
        assert!((percentile(&times, 99) - 198.0).abs() < 1e-9);
        assert!((percentile(&times[..1], 99) - 200.0).abs() < 1e-9);
    }

    #[test]
    fn a_budget_is_for_the_worst_that_was_measured() {
        let mut report = Report::begin();
        let times = [Duration::from_millis(1), Duration::from_millis(9)];
        let budget = |most| Some(Budget { most, bare: None });
        report.percentiles("within", &times, budget(9.0));
        report.median("within", &times, budget(1.0));
        report.figure("without", 9.0, Unit::MiB, None);
        assert_eq!(report.over_budget(), 0);
        report.percentiles("over", &times, budget(8.0));
        report.figure("over", 9.0, Unit::MiB, budget(8.0));
        assert_eq!(report.over_budget(), 2);
    }
}
