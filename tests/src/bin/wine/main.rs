//! Tries the phone and its installers for Windows under wine, as administrators and people use them.
#![expect(clippy::print_stdout, reason = "it tells a person what it does")]

#[cfg(target_os = "linux")]
mod registry;
#[cfg(target_os = "linux")]
mod trial;

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> anyhow::Result<()> {
    trial::run().await
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("Wine is for other systems than Windows: try the installers themselves.");
}
