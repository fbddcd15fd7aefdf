//! Tauri's own program, for the formats that it makes best.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use xshell::cmd;

use super::{Bundle, build, empty};

const CLI: &str = "@tauri-apps/cli@2.12.5";

/// Makes formats of the programs as they are built, and says in which folder. `options` are those of
/// `bundle` in `tauri.conf.json`.
///
/// Nothing is signed for the updater here: `cargo xtask manifest` does that, where nothing else is built. So
/// others' code does not get to see the key, even where the environment has it.
pub(super) fn make(bundle: &Bundle<'_>, formats: &str, options: &Value) -> Result<PathBuf> {
    let target = build::target(bundle.project)?;
    let made = bundle.project.target.join(&target).join("release/bundle");
    // What an earlier run left is not to be taken for this one's.
    empty(&made)?;
    let config = json!({ "version": bundle.version, "bundle": options }).to_string();
    cmd!(
        bundle.project.shell,
        "npx --yes {CLI} bundle --target {target} --bundles {formats} --config {config}"
    )
    .env("CARGO_TARGET_DIR", &bundle.project.target)
    .env_remove("TAURI_SIGNING_PRIVATE_KEY")
    .env_remove("TAURI_SIGNING_PRIVATE_KEY_PASSWORD")
    .run()?;
    Ok(made)
}

/// The file of this kind in a folder.
pub(super) fn find(folder: &Path, kind: &str) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|found| found == kind))
        .with_context(|| format!("Tauri's program made no .{kind} in {}", folder.display()))
}
