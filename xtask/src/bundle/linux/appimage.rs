//! The AppImage: one file that runs without being installed, and the only one on Linux that updates itself.
//!
//! The tools that make it come from GitHub when they are first needed, and are in no package; so it is made
//! only when it is asked for.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use serde_json::json;

use super::super::{Bundle, tauri};

/// Makes the AppImage, with `offhookctl` and the notices in it.
pub(super) fn make(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let command_line = bundle.program("offhookctl")?;
    let options = json!({
        "linux": { "appimage": { "files": {
            "/usr/bin/offhookctl": command_line,
            "/usr/share/doc/offhook/THIRD-PARTY-NOTICES.txt": bundle.notices(),
        } } },
    });
    let made = tauri::make(bundle, "appimage", &options);
    // Tauri writes into the program which kind of package it is in; the others are of no such kind.
    fs::copy(
        bundle.stage().join("usr/bin/offhook"),
        bundle.program("offhook")?,
    )?;

    let made = tauri::find(&made?.join("appimage"), "AppImage")?;
    let image = bundle
        .folder
        .join(made.file_name().context("an AppImage has a name")?);
    fs::copy(made, &image)?;
    Ok(image)
}
