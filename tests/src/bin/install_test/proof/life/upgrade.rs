//! A later version takes the place of the one that runs.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, ensure};

use super::install::INSTALL;
use crate::proof::{
    desk::Desk,
    package::{AUTOSTART, Package, append},
    root::{PERSON, Root},
};

/// What the person has set: a call is not to bring up the window.
const SETTINGS: &str = "connector = \"practice\"\n\n[ringing]\nraise = false\n";

/// What the administrator has added to the file for the login.
const EDITED: &str = "# Edited by the administrator.\n";

/// Installs it while the old one is in a call, which goes on.
pub(super) async fn upgrade(root: &Root, desk: &Desk<'_>, package: &Package) -> Result<String> {
    let write = "mkdir -p ~/.config/offhook && printf %s \"$1\" > ~/.config/offhook/settings.toml";
    desk.run("sh", &["-c", write, "sh", SETTINGS])?;
    append(&root.at(AUTOSTART), EDITED)?;

    let _phone = desk.start_phone(&[]).await?;
    desk.until_phase("ringing").await?;
    desk.run("offhookctl", &["answer"])?;
    let later = package.later(root)?;
    root.run("apt-get", &[&INSTALL[..], &[&later.file]].concat())?;
    desk.until_phase("connected").await?;
    desk.run("offhookctl", &["hangup"])?;
    desk.run("offhookctl", &["clear"])?;
    desk.quit().await?;

    let version = root.run(
        "dpkg-query",
        &["--show", "--showformat=${Version}", "offhook"],
    )?;
    ensure!(version == later.version, "it is still {version}");
    let autostart = fs::read_to_string(root.at(AUTOSTART))?;
    ensure!(autostart.ends_with(EDITED), "{AUTOSTART} was overwritten");
    Ok(format!("{} to {version}", package.version))
}

/// The later version heeds what was set before, and has left it alone.
pub(super) async fn start(desk: &Desk<'_>, root: &Root) -> Result<String> {
    let _phone = desk.start_phone(&[]).await?;
    desk.until_phase("ringing").await?;
    desk.until("a notification of the call", async || {
        Ok(desk.session.notifications().shown().pop())
    })
    .await?;
    let window = desk.session.screen.window("Offhook")?;
    ensure!(window.is_none(), "a call brings up the window again");
    desk.run("offhookctl", &["reject"])?;
    desk.quit().await?;

    let settings = root.at(PathBuf::from("/home")
        .join(PERSON)
        .join(".config/offhook/settings.toml"));
    let settings = fs::read_to_string(settings).context("the settings are gone")?;
    ensure!(
        settings == SETTINGS,
        "the settings have become:\n{settings}"
    );
    Ok(String::new())
}
