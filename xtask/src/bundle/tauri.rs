//! Tauri's own program, for the formats that it makes best.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use serde_json::{Value, json};
use xshell::cmd;

use super::{Bundle, build, empty};

const CLI: &str = "@tauri-apps/cli@2.12.5";

/// What signs for the updater: <https://v2.tauri.app/plugin/updater/#signing-updates>.
const UPDATE_KEY: &str = "TAURI_SIGNING_PRIVATE_KEY";

/// Makes formats of the programs as they are built, and says in which folder. `options` are those of
/// `bundle` in `tauri.conf.json`.
///
/// Where the environment holds the updater's key, what it downloads is made and signed, too.
pub(super) fn make(bundle: &Bundle<'_>, formats: &str, mut options: Value) -> Result<PathBuf> {
    let target = build::target(bundle.project)?;
    let made = bundle.project.target.join(&target).join("release/bundle");
    // What an earlier run left is not to be taken for this one's.
    empty(&made)?;
    options["createUpdaterArtifacts"] = json!(has_update_key());
    let config = json!({ "version": bundle.version, "bundle": options }).to_string();
    cmd!(
        bundle.project.shell,
        "npx --yes {CLI} bundle --target {target} --bundles {formats} --config {config}"
    )
    .env("CARGO_TARGET_DIR", &bundle.project.target)
    .run()?;
    Ok(made)
}

pub(super) fn has_update_key() -> bool {
    env::var_os(UPDATE_KEY).is_some()
}

/// The file of this kind in a folder.
pub(super) fn find(folder: &Path, kind: &str) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|found| found == kind))
        .with_context(|| format!("Tauri's program made no .{kind} in {}", folder.display()))
}

/// Copies what was made to where everything lies.
pub(super) fn take(bundle: &Bundle<'_>, made: &Path) -> Result<PathBuf> {
    let name = made.file_name().context("what was made has a name")?;
    let taken = bundle.folder.join(name);
    fs::copy(made, &taken)?;
    Ok(taken)
}
