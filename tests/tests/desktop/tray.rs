//! The tray's menu, and a desktop without one.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use offhook_tests::{App, ColorScheme, Portal, Session, Setup, Theme, Tray};

use crate::practise;

#[tokio::test]
async fn a_call_is_handled_from_the_tray() -> Result<()> {
    let session = Session::start(Setup::new("tray")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    let tray = Tray::find(&session).await?;

    window.wait_phase("ringing").await?;
    tray.click("Answer").await?;
    window.wait_phase("talking").await?;
    tray.click("Hold").await?;
    window.wait_phase("onHold").await?;
    tray.click("Resume").await?;
    window.wait_phase("talking").await?;
    tray.click("Hang up").await?;
    window.wait_phase("wrapUp").await?;
    tray.click("Clear and be available").await?;
    window.wait_no_contact().await
}

#[tokio::test]
async fn the_agent_becomes_not_ready_and_ready_from_the_tray() -> Result<()> {
    let session = Session::start(Setup::new("tray-agent")?).await?;
    let (_app, window) = practise(&session, "idle").await?;
    let tray = Tray::find(&session).await?;

    window.wait_agent("ready").await?;
    let ready = tray.icon().await?;
    tray.click("Lunch").await?;
    window.wait_agent("notReady").await?;
    window.wait_text("Lunch").await?;
    session
        .until("another icon", async || {
            Ok((tray.icon().await? != ready).then_some(()))
        })
        .await?;
    tray.click("Ready").await?;
    window.wait_agent("ready").await
}

#[tokio::test]
async fn without_a_tray_the_window_does_it_all() -> Result<()> {
    let setup = Setup {
        panel: false,
        ..Setup::new("no-tray")?
    };
    let session = Session::start(setup).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.press("answer").await?;
    window.wait_phase("talking").await
}

#[tokio::test]
async fn the_drawing_suits_the_theme_unless_another_is_chosen() -> Result<()> {
    for (theme, suits, chosen) in [
        (Theme::Light, "dark", "light"),
        (Theme::Dark, "light", "dark"),
    ] {
        let setup = Setup {
            theme,
            ..Setup::new("tray-drawing")?
        };
        let session = Session::start(setup).await?;
        let (_app, window) = practise(&session, "idle").await?;
        let tray = Tray::find(&session).await?;
        wait_drawing(&session, &tray, suits).await?;

        window.click("Settings").await?;
        window.choose("Tray icon", chosen).await?;
        wait_drawing(&session, &tray, chosen).await?;
        window.picture("chosen").await?;
    }
    Ok(())
}

#[tokio::test]
async fn the_drawing_follows_what_the_desktop_prefers() -> Result<()> {
    let session = Session::start(Setup::new("tray-portal")?).await?;
    let portal = Portal::start(&session, ColorScheme::Dark).await?;
    let _app = App::start(&session, &["--hidden", "--practice", "idle"]).await?;
    let tray = Tray::find(&session).await?;
    wait_drawing(&session, &tray, "light").await?;

    portal.prefer(ColorScheme::Light).await?;
    wait_drawing(&session, &tray, "dark").await
}

/// Waits until the tray shows this drawing of an agent who is ready.
async fn wait_drawing(session: &Session, tray: &Tray, drawing: &str) -> Result<()> {
    let icons = Path::new(env!("CARGO_MANIFEST_DIR")).join("../icons/tray");
    let wanted = icons.join(drawing).join("ready.png");
    let wanted = pixels(session, &wanted).context("the project's own picture can be read")?;
    session
        .until(&format!("the {drawing} drawing"), async || {
            let shown = tray.icon().await?;
            Ok((pixels(session, Path::new(&shown)) == Some(wanted.clone())).then_some(()))
        })
        .await
}

/// The colours of a picture; none while it is being replaced.
fn pixels(session: &Session, picture: &Path) -> Option<Vec<u8>> {
    fs::metadata(picture).ok()?;
    let read = session
        .command("convert")
        .arg(picture)
        .args(["-depth", "8", "rgba:-"])
        .output()
        .ok()?;
    read.status.success().then_some(read.stdout)
}
