//! Installs, uses, upgrades and removes a package of the phone in a clean Debian system:
//! `cargo xtask install-test`, which makes that system and starts this as root, in namespaces of its own.
#![expect(clippy::print_stdout, reason = "the report is its output")]

#[cfg(target_os = "linux")]
mod proof;

#[cfg(target_os = "linux")]
#[tokio::main(flavor = "current_thread")]
async fn main() -> std::process::ExitCode {
    match proof::run(std::env::args().skip(1)).await {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            println!("\n{error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

#[cfg(not(target_os = "linux"))]
fn main() {
    println!("Debian's packages are tried on Linux only.");
}
