//! `cargo xtask ci`: every lint, then every test.

use anyhow::Result;
use xshell::cmd;

use crate::{
    gaps::Gaps,
    purity,
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
    gaps.tell();
    Ok(())
}
