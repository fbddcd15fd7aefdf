//! `cargo xtask run`: the phone on this desktop, or on a virtual one.

use std::env;

use anyhow::{Context, Result};
use xshell::cmd;

use crate::{
    setup::{self, Need},
    steps::{Project, announce},
};

/// Starts Offhook in practice mode; without a display plays one call on a virtual one.
pub(crate) fn run(project: &Project, arguments: &[String]) -> Result<()> {
    if has_display() {
        on_this_desktop(project, arguments)
    } else {
        on_a_virtual_desktop(project)
    }
}

fn on_this_desktop(project: &Project, arguments: &[String]) -> Result<()> {
    let shell = &project.shell;
    setup::setup(project, Need::Build)?;
    cmd!(shell, "cargo build -p offhook -p offhookctl").run()?;

    let offhook = project.binary("offhook");
    let practice = match arguments
        .iter()
        .any(|argument| argument.starts_with("--practice"))
    {
        true => None,
        false => Some("--practice"),
    };
    Ok(cmd!(shell, "{offhook} {practice...} {arguments...}").run()?)
}

fn on_a_virtual_desktop(project: &Project) -> Result<()> {
    let shell = &project.shell;
    announce("no display here: one call is played on a virtual one");
    setup::setup(project, Need::VirtualDesktop)?;
    cmd!(
        shell,
        "cargo build -p offhook -p offhookctl -p offhook-tests --bins"
    )
    .run()?;

    let demo = project.binary("demo");
    cmd!(shell, "{demo}")
        .run()
        .context("the call did not go as it should")
}

fn has_display() -> bool {
    let set = |name| env::var_os(name).is_some_and(|value| !value.is_empty());
    !cfg!(target_os = "linux") || set("DISPLAY") || set("WAYLAND_DISPLAY")
}
