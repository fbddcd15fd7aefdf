//! `cargo xtask bench`: measures a release build.

use anyhow::Result;
use xshell::cmd;

use crate::{
    setup::{self, Need},
    steps::Project,
};

/// Prints what was measured beside its budget. The arguments are the benchmark's own.
pub(crate) fn bench(project: &Project, arguments: &[String]) -> Result<()> {
    setup::setup(project, Need::VirtualDesktop)?;
    let shell = &project.shell;
    cmd!(
        shell,
        "cargo build --release -p offhook -p offhookctl -p offhook-tests --bins"
    )
    .run()?;
    Ok(cmd!(
        shell,
        "cargo run --release -p offhook-tests --bin bench -- {arguments...}"
    )
    .run()?)
}
