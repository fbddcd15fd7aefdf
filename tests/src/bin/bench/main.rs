//! Measures the phone and compares it with its budgets: `cargo xtask bench [--strict] [SECTION...]`.
//!
//! Budgets hold for a release build on a quiet machine with two cores. What is over budget is said
//! so and fails nothing, because a busy machine is no fault of the phone; with `--strict` the exit
//! code is then 1.
#![expect(clippy::print_stdout, reason = "the measurements are its output")]

#[cfg(target_os = "linux")]
mod measure;

#[cfg(target_os = "linux")]
fn main() -> anyhow::Result<std::process::ExitCode> {
    measure::run(std::env::args().skip(1))
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The benchmark needs a virtual desktop, and there is one on Linux only.");
}
