//! `cargo xtask ci`: every lint, what comes from others, every test, and the packages installed.

use anyhow::Result;
use xshell::cmd;

use crate::{
    bundle,
    gaps::Gaps,
    install_test, packaging, purity,
    setup::{self, Need},
    steps::{Project, announce},
    supply, test,
};

/// What must pass before a change goes in.
pub(crate) fn ci(project: &Project) -> Result<()> {
    let shell = &project.shell;
    setup::setup(project, Need::VirtualDesktop)?;

    announce("looking at the formatting");
    cmd!(shell, "cargo fmt --all --check").run()?;
    purity::check(project)?;
    packaging::check(project)?;
    announce("linting");
    cmd!(
        shell,
        "cargo clippy --workspace --all-targets -- -D warnings"
    )
    .run()?;
    announce("checking the documentation");
    cmd!(
        shell,
        "cargo doc --workspace --no-deps --document-private-items"
    )
    .env("RUSTDOCFLAGS", "-D warnings")
    .run()?;
    let mut gaps = Gaps::new();
    supply::check(project, &mut gaps)?;

    test::run_tests(project)?;
    bundle::bundle(project, &[])?;
    // Elsewhere a person has to try what was made.
    if cfg!(target_os = "linux") {
        install_test::install_test(project, &[])?;
    }
    gaps.tell();
    Ok(())
}
