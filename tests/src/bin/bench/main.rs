//! Measures the phone on a virtual desktop and compares it with its budgets.
//!
//! Budgets hold for a release build on a quiet machine with two cores. What is over budget is said
//! so and fails nothing: a busy machine is no fault of the phone.
#![expect(clippy::print_stdout, reason = "the measurements are its output")]

#[cfg(target_os = "linux")]
mod footprint;
#[cfg(target_os = "linux")]
mod latency;
#[cfg(target_os = "linux")]
mod report;
#[cfg(target_os = "linux")]
mod startup;

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    report::print_heading();
    startup::measure().await?;
    latency::measure().await?;
    footprint::measure().await
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("The benchmark needs a virtual desktop, and there is one on Linux only.");
}
