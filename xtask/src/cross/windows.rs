//! Windows from afar: built, linked, tested and installed under wine. Wine has no WebView2, so no window.

use anyhow::Result;
use xshell::{Cmd, cmd};

use super::wine::Wine;
use crate::{
    bundle,
    steps::{Project, announce},
};

pub(super) const TARGET: &str = "x86_64-pc-windows-gnu";

/// The crates whose tests need no desktop.
const HEADLESS: [&str; 6] = [
    "offhook-protocol",
    "offhook-core",
    "offhook-practice",
    "offhook-amazon",
    "offhook-bus",
    "offhook-uplink",
];

/// An upgrade from the version there is. Windows Installer counts no further than 255.
const NEXT_VERSION: &str = "99.0.0";

pub(super) fn check(project: &Project) -> Result<()> {
    let shell = &project.shell;
    announce("building for Windows");
    lean(cmd!(shell, "cargo build --workspace --target {TARGET}")).run()?;

    announce("testing under wine what needs no desktop");
    let folder = project.target.join("cross");
    let wine = Wine::new(project, &folder.join("wine"))?;
    let packages = HEADLESS.map(|name| format!("--package={name}"));
    let tests = cmd!(shell, "cargo test --target {TARGET} {packages...}")
        .env("CARGO_TARGET_X86_64_PC_WINDOWS_GNU_RUNNER", "wine");
    wine.around(lean(tests)).run()?;

    announce("making the installers for Windows");
    let programs = project.target.join(TARGET).join("debug");
    let installers =
        |version: &str| bundle::for_windows(project, &programs, version, folder.join(version));
    let present = installers(&bundle::version(project)?)?;
    let next = installers(NEXT_VERSION)?;

    announce("trying the installers and the phone under wine");
    cmd!(shell, "cargo build -p offhook-tests --bin wine").run()?;
    let trial = project.binary("wine");
    Ok(wine
        .around(cmd!(shell, "{trial} {present...} {next...}"))
        .run()?)
}

/// Without what a debugger needs: it makes the programs a tenth as large.
fn lean(command: Cmd<'_>) -> Cmd<'_> {
    command.env("CARGO_PROFILE_DEV_STRIP", "symbols")
}
