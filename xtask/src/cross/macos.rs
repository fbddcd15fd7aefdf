//! macOS from afar: every line is type-checked and linted. Nothing is linked: that takes Apple's linker and
//! libraries.

use std::{fs, path::PathBuf};

use anyhow::Result;
use xshell::cmd;

use crate::steps::{Project, announce};

pub(super) const TARGET: &str = "aarch64-apple-darwin";

/// Takes Apple's compiler's place: what it is to make is there, and empty. Type checks look at no code.
const COMPILER: &str = r#"#!/bin/sh
while [ $# -gt 0 ]; do
    if [ "$1" = -o ]; then : > "$2"; fi
    shift
done
"#;

/// Takes Apple's archiver's place.
const ARCHIVER: &str = r#"#!/bin/sh
for argument in "$@"; do
    case $argument in *.a) : > "$argument" ;; esac
done
"#;

pub(super) fn check(project: &Project) -> Result<()> {
    announce("checking every line for macOS");
    let tools = tools(project)?;
    let lint = cmd!(
        project.shell,
        "cargo clippy --workspace --target {TARGET} -- -D warnings"
    )
    .env("SDKROOT", &tools)
    .env("CC_aarch64_apple_darwin", tools.join("cc"))
    .env("AR_aarch64_apple_darwin", tools.join("ar"));
    Ok(lint.run()?)
}

/// A folder with what build scripts ask for.
fn tools(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("cross/apple");
    fs::create_dir_all(&folder)?;
    for (name, script) in [("cc", COMPILER), ("ar", ARCHIVER)] {
        let path = folder.join(name);
        fs::write(&path, script)?;
        cmd!(project.shell, "chmod +x {path}").quiet().run()?;
    }
    Ok(folder)
}
