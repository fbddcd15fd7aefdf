//! `cargo xtask ci`: every lint, what comes from others, every test, and the packages installed.

use anyhow::{Result, bail};
use xshell::cmd;

use crate::{
    bundle,
    gaps::Gaps,
    install_test, packaging, purity,
    setup::{self, Need},
    steps::{Project, announce},
    supply, test,
};

/// What must pass before a change goes in. `--no-packages` leaves out the packages, on a system that is too
/// new to make them for older ones.
pub(crate) fn ci(project: &Project, arguments: &[String]) -> Result<()> {
    let with_packages = match arguments {
        [] => true,
        [option] if option == "--no-packages" => false,
        _ => bail!("ci knows only --no-packages, not `{}`", arguments.join(" ")),
    };
    let mut gaps = Gaps::new();
    check(project, &mut gaps)?;
    if with_packages {
        bundle::bundle(project, &[])?;
        // Elsewhere a person has to try what was made.
        if cfg!(target_os = "linux") {
            install_test::install_test(project, &[])?;
        }
    }
    gaps.tell();
    Ok(())
}

/// The lints, what comes from others, and the tests.
fn check(project: &Project, gaps: &mut Gaps) -> Result<()> {
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
    supply::check(project, gaps)?;

    test::run_tests(project)
}
