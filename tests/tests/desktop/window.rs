//! Closing, showing again, a second start, quitting.

use anyhow::Result;
use offhook_tests::{Session, Setup, Tray, XWindow, program};

use crate::practise;

#[tokio::test]
async fn closing_hides_and_a_second_start_shows_again() -> Result<()> {
    let session = Session::start(Setup::new("closed")?).await?;
    let (_app, window) = practise(&session, "idle").await?;
    window.wait_agent("ready").await?;

    let phone = session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    session.screen.close(phone)?;
    hidden(&session, phone).await?;

    let second = session.command(program("offhook")?).status()?;
    assert!(second.success(), "{second:?}");
    session
        .until("the window to have the keyboard", async || {
            Ok((session.screen.active()? == Some(phone)).then_some(()))
        })
        .await
}

#[tokio::test]
async fn quitting_during_a_call_asks_first() -> Result<()> {
    let session = Session::start(Setup::new("quit")?).await?;
    let (app, window) = practise(&session, "default").await?;
    let tray = Tray::find(&session).await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;

    tray.click("Quit").await?;
    window.wait_text("Quit anyway?").await?;
    window.picture("asked").await?;
    window.click("Stay").await?;
    window.press("hold").await?;
    window.wait_phase("onHold").await?;

    tray.click("Quit").await?;
    window.click_and_end("Quit").await?;
    session
        .until("the phone to end", async || {
            Ok((!app.is_running()).then_some(()))
        })
        .await
}

/// Waits until the window is hidden.
pub(crate) async fn hidden(session: &Session, window: XWindow) -> Result<()> {
    session
        .until("the window to be hidden", async || {
            Ok((!session.screen.is_visible(window)?).then_some(()))
        })
        .await
}
