//! Puts a verified package in the place of this program, which goes on running.

use tauri_plugin_updater::Update;

use super::Failure;

/// # Errors
/// Nothing has changed.
#[cfg(not(windows))]
pub(super) fn install(update: &Update, package: &[u8]) -> Result<(), Failure> {
    update.install(package).map_err(Failure::from)
}

/// Runs the package, which is a setup, and waits for it. The updater's own way ends this program at once,
/// whatever it is doing.
///
/// # Errors
/// The setup has not installed everything.
#[cfg(windows)]
pub(super) fn install(update: &Update, package: &[u8]) -> Result<(), Failure> {
    use std::{fs, io, process::Command};

    update.verify(package)?;
    // A new folder: the setup loads no library that somebody has put beside it.
    let folder = tempfile::tempdir()?;
    let setup = folder.path().join("setup.exe");
    fs::write(&setup, package)?;
    let ended = Command::new(&setup)
        .args(["/S", "/CurrentUser"])
        // An administrator would be asked for the rights of one, which one person's phone does not need.
        .env("__COMPAT_LAYER", "RunAsInvoker")
        .status()?;
    if ended.success() {
        Ok(())
    } else {
        Err(io::Error::other(ended.to_string()).into())
    }
}
