//! The table: what was measured, its budget, and whether it holds.

use std::time::Duration;

/// A budget with its unit.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Unit {
    /// Milliseconds.
    Ms,
    /// Mebibytes.
    MiB,
    /// Per cent of one core.
    PerCent,
    /// A plain number.
    Count,
}

pub(crate) fn print_heading() {
    println!("{:<56} {:>10} {:>10}", "measured", "value", "budget");
}

/// Prints a line. Without a budget it is only for comparison.
pub(crate) fn print(what: &str, value: f64, unit: Unit, budget: Option<f64>) {
    let unit = match unit {
        Unit::Ms => "ms",
        Unit::MiB => "MiB",
        Unit::PerCent => "%",
        Unit::Count => "",
    };
    let verdict = match budget {
        None => String::new(),
        Some(budget) if value <= budget => format!("{budget:>7} {unit:<3} ok"),
        Some(budget) => format!("{budget:>7} {unit:<3} OVER"),
    };
    println!("{what:<56} {value:>7.2} {unit:<3} {verdict}");
}

/// Prints the median of repeated times in milliseconds.
pub(crate) fn print_median(what: &str, times: &[Duration], budget: f64) {
    let what = format!("{what}, median of {}", times.len());
    print(&what, percentile(times, 50), Unit::Ms, Some(budget));
}

/// Prints how long it usually takes and how long at worst: the budget is for the 99th percentile.
pub(crate) fn print_percentiles(what: &str, times: &[Duration], budget: f64) {
    print(
        &format!("{what}, p50 of {}", times.len()),
        percentile(times, 50),
        Unit::Ms,
        None,
    );
    print(
        &format!("{what}, p99"),
        percentile(times, 99),
        Unit::Ms,
        Some(budget),
    );
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

    use super::percentile;

    #[test]
    fn percentiles_are_measured_values() {
        let times: Vec<Duration> = (1..=200).rev().map(Duration::from_millis).collect();
        assert!((percentile(&times, 50) - 100.0).abs() < 1e-9);
        assert!((percentile(&times, 99) - 198.0).abs() < 1e-9);
        assert!((percentile(&times[..1], 99) - 200.0).abs() < 1e-9);
    }
}
