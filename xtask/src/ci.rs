//! `cargo xtask ci`: every lint, then every test.

use anyhow::Result;
use xshell::cmd;

use crate::{
    purity,
    setup::{self, Need},
    steps::{Project, announce},
    test,
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
    check_dependencies(project)?;

    test::run_tests(project)
}

fn check_dependencies(project: &Project) -> Result<()> {
    let shell = &project.shell;
    if cmd!(shell, "cargo deny --version")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_err()
    {
        announce("skipped: licences and origins of the dependencies; cargo-deny is not installed");
        return Ok(());
    }
    announce("checking licences and origins of the dependencies");
    Ok(cmd!(shell, "cargo deny check bans licenses sources").run()?)
}
