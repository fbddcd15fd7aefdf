//! `cargo xtask cross`: what a Linux machine can show of Windows and macOS.

mod macos;
mod windows;
mod wine;

use anyhow::{Context, Result, ensure};
use xshell::{Shell, cmd};

use crate::{
    setup::{self, Need},
    steps::{Project, announce},
};

/// Checks the whole workspace for both systems, runs the tests that need no desktop under wine, and tries
/// the installers and the phone there.
pub(crate) fn cross(project: &Project) -> Result<()> {
    setup::setup(project, Need::Cross)?;
    [windows::TARGET, macos::TARGET]
        .into_iter()
        .try_for_each(|target| add_target(&project.shell, target))?;
    windows::check(project)?;
    macos::check(project)
}

/// Has the standard library for `target` installed.
fn add_target(shell: &Shell, target: &str) -> Result<()> {
    let library = cmd!(shell, "rustc --target {target} --print target-libdir")
        .quiet()
        .read()?;
    if shell.path_exists(&library) {
        return Ok(());
    }
    announce(&format!("adding Rust's standard library for {target}"));
    cmd!(shell, "rustup target add {target}")
        .run()
        .with_context(|| {
            format!(
                "the standard library for {target} is missing, and only rustup can add it: use the Rust of \
                 https://rustup.rs, on a machine that reaches https://static.rust-lang.org"
            )
        })?;
    ensure!(
        shell.path_exists(&library),
        "rustup added {target} to another Rust than the one that `rustc` is"
    );
    Ok(())
}
