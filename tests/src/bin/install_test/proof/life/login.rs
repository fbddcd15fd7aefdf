//! What becomes of the phone when a session begins.

use std::fs;

use anyhow::{Result, ensure};

use crate::proof::{desk::Desk, package::AUTOSTART, root::Root};

const POLICY: &str = "/etc/offhook/policy.toml";

/// The administrator's own, which stays when the package goes.
pub(super) const KEPT: [&str; 2] = ["/etc/offhook", POLICY];

/// Begins a session as desktops do: with the file for the login.
pub(super) async fn login(root: &Root, desk: &Desk<'_>) -> Result<String> {
    desk.run("offhook", &["--at-login"])?;
    ensure!(
        desk.status()?.is_none(),
        "it starts although nobody said so"
    );

    fs::create_dir_all(root.at("/etc/offhook"))?;
    fs::write(root.at(POLICY), "[desktop]\nstart_at_login = true\n")?;
    let _launcher = desk.launch(AUTOSTART)?;
    desk.online().await?;
    let window = desk.session.screen.window("Offhook")?;
    ensure!(window.is_none(), "it shows its window at login");
    desk.quit().await?;
    Ok(String::new())
}
