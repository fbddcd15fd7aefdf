//! The tray's menu, and a desktop without one.

use anyhow::Result;
use offhook_tests::{Session, Setup, Tray};

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
