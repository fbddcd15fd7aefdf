//! Starting at login.

use std::{fs, path::PathBuf};

use anyhow::Result;
use offhook_tests::{App, Session, Setup, Theme, Tray, program};

use crate::practise;

const SWITCH: &str = "Start at login, in the tray";

#[tokio::test]
async fn a_login_starts_nothing_unless_the_setting_says_so() -> Result<()> {
    let session = Session::start(Setup::new("login-off")?).await?;
    // Without a display, which a phone that starts complains of.
    let login = || -> Result<bool> {
        let mut phone = session.command(program("offhook")?);
        let ended = phone.env_remove("DISPLAY").arg("--at-login").output()?;
        Ok(ended.status.success() && ended.stderr.is_empty())
    };

    assert!(login()?, "nothing is set");
    session.configure("[desktop]\nstart_at_login = false\n")?;
    assert!(login()?, "it is off");
    session.configure("[desktop]\nstart_at_login = true\n")?;
    assert!(!login()?, "it is on");
    Ok(())
}

#[tokio::test]
async fn a_login_starts_the_phone_hidden_and_another_one_does_not_show_it() -> Result<()> {
    let session = Session::start(Setup::new("login-on")?).await?;
    session.configure("[desktop]\nstart_at_login = true\n")?;
    let _app = App::start(&session, &["--at-login", "--practice", "idle"]).await?;
    let tray = Tray::find(&session).await?;

    let second = session
        .command(program("offhook")?)
        .arg("--at-login")
        .status()?;
    assert!(second.success());
    let before = tray.icon().await?;
    tray.click("Lunch").await?;
    session
        .until("the phone to have gone on", async || {
            Ok((tray.icon().await? != before).then_some(()))
        })
        .await?;
    assert_eq!(session.screen.window("Offhook")?, None);

    tray.click("Show window").await?;
    session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    Ok(())
}

#[tokio::test]
async fn the_tray_icon_comes_with_a_panel_that_starts_after_the_phone() -> Result<()> {
    let setup = Setup {
        panel: false,
        ..Setup::new("login-before-panel")?
    };
    let session = Session::start(setup).await?;
    session.configure("[desktop]\nstart_at_login = true\n")?;
    let _app = App::start(&session, &["--at-login", "--practice", "idle"]).await?;

    let _panel = session.open_panel().await?;
    let tray = Tray::find(&session).await?;
    tray.click("Show window").await?;
    session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    session.picture("tray")?;
    Ok(())
}

#[tokio::test]
async fn the_switch_writes_the_persons_entry_and_removes_it() -> Result<()> {
    let session = Session::start(Setup::new("login-entry")?).await?;
    let (_app, window) = practise(&session, "idle").await?;
    window.click("Settings").await?;

    window.switch(SWITCH).await?;
    let command = format!("Exec=\"{}\" --at-login", program("offhook")?.display());
    session
        .until("the entry", async || {
            let entry = fs::read_to_string(entry(&session)).unwrap_or_default();
            Ok(entry.contains(&command).then_some(()))
        })
        .await?;
    window.picture("on").await?;

    window.switch(SWITCH).await?;
    session
        .until("the entry to go", async || {
            Ok((!entry(&session).exists()).then_some(()))
        })
        .await
}

#[tokio::test]
async fn an_entry_that_cannot_be_written_is_told_and_the_setting_kept() -> Result<()> {
    let setup = Setup {
        theme: Theme::Dark,
        ..Setup::new("login-refused")?
    };
    let session = Session::start(setup).await?;
    // In the way of the folder.
    fs::write(session.config_folder().join("autostart"), "")?;
    let (_app, window) = practise(&session, "idle").await?;
    window.click("Settings").await?;

    window.switch(SWITCH).await?;
    window
        .wait_text("The system does not start Offhook at login")
        .await?;
    window.picture("told").await?;
    let saved = fs::read_to_string(session.config_folder().join("offhook/settings.toml"))?;
    assert_eq!(saved, "[desktop]\nstart_at_login = true\n");
    Ok(())
}

fn entry(session: &Session) -> PathBuf {
    session
        .config_folder()
        .join("autostart/io.github.offhook.Offhook.desktop")
}
