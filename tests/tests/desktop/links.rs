//! `tel:` and `callto:` links that the system hands over.

use anyhow::{Result, ensure};
use offhook_tests::{App, Session, Setup, Theme, Window, program};

use crate::{practise, window::hidden};

#[tokio::test]
async fn a_link_starts_the_phone_and_return_calls_its_number() -> Result<()> {
    call_from_a_link(Theme::Light).await
}

#[tokio::test]
async fn the_same_in_the_dark() -> Result<()> {
    call_from_a_link(Theme::Dark).await
}

async fn call_from_a_link(theme: Theme) -> Result<()> {
    let setup = Setup {
        theme,
        ..Setup::new("links")?
    };
    let session = Session::start(setup).await?;
    let link = "tel:+44-1632-960099;ext=12";
    let mut app = App::start(&session, &["--practice", "idle", link]).await?;
    let window = app.window().await?;

    window.wait_agent("ready").await?;
    window.wait_field("Number or name", "+441632960099").await?;
    window.wait_focus("Call").await?;
    window.wait_text("The link holds an extension").await?;
    window.picture("1-filled-in").await?;
    assert_eq!(window.phase().await?, None, "nothing is dialled by itself");

    press_return(&session, &window, "dialing").await?;
    window.wait_text("+441632960099").await?;
    window.picture("2-dialing").await?;
    Ok(())
}

#[tokio::test]
async fn a_phone_without_a_window_gets_a_link() -> Result<()> {
    let session = Session::start(Setup::new("links-hidden")?).await?;
    let mut app = App::start(&session, &["--practice", "idle", "--hidden"]).await?;

    open(&session, &["--", "callto:+44 1632 960098"])?;
    let window = app.window().await?;
    window.wait_agent("ready").await?;
    window.wait_field("Number or name", "+441632960098").await?;
    window.wait_focus("Call").await?;

    press_return(&session, &window, "dialing").await?;
    window.wait_text("+441632960098").await
}

#[tokio::test]
async fn a_link_during_a_call_leads_to_a_consultation() -> Result<()> {
    let session = Session::start(Setup::new("links-call")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;

    open(&session, &["tel:+441632960097"])?;
    window.wait_field("Number or name", "+441632960097").await?;
    window.wait_focus("Consult").await?;
    window.picture("consult").await?;

    press_return(&session, &window, "consulting").await?;
    window.wait_text("+441632960097").await
}

#[tokio::test]
async fn a_link_without_a_number_shows_the_window_and_says_so() -> Result<()> {
    let session = Session::start(Setup::new("links-bad")?).await?;
    let (_app, window) = practise(&session, "idle").await?;
    window.wait_agent("ready").await?;
    let phone = session
        .until("the window", async || session.screen.window("Offhook"))
        .await?;
    session.screen.close(phone)?;
    hidden(&session, phone).await?;

    open(&session, &["tel:0800-FLOWERS"])?;
    session
        .until("the window to be shown", async || {
            Ok(session.screen.is_visible(phone)?.then_some(()))
        })
        .await?;
    window.wait_text("This link holds no phone number").await?;
    window.wait_focus("Number or name").await?;
    window.picture("told").await?;
    Ok(())
}

#[tokio::test]
async fn the_page_to_dial_is_opened() -> Result<()> {
    let session = Session::start(Setup::new("links-dial")?).await?;
    let mut app = App::start(&session, &["--practice", "idle", "--dial"]).await?;
    let window = app.window().await?;
    window.wait_focus("Number or name").await?;

    window.click("Recent").await?;
    open(&session, &["--dial"])?;
    window.wait_focus("Number or name").await
}

/// Starts the phone once more, as the system does when a link is clicked.
fn open(session: &Session, arguments: &[&str]) -> Result<()> {
    let second = session
        .command(program("offhook")?)
        .args(arguments)
        .status()?;
    ensure!(second.success(), "{second:?}");
    Ok(())
}

/// Presses Return on the keyboard, once the phone has it, until that has called. For a moment it does not, lest
/// a Return that was meant for another program calls.
async fn press_return(session: &Session, window: &Window<'_>, phase: &str) -> Result<()> {
    session
        .until("the phone to have the keyboard", async || {
            let phone = session.screen.window("Offhook")?;
            Ok((phone.is_some() && session.screen.active()? == phone).then_some(()))
        })
        .await?;
    session
        .until("Return to call", async || {
            if window.phase().await?.as_deref() == Some(phase) {
                return Ok(Some(()));
            }
            session.screen.press_return()?;
            Ok(None)
        })
        .await
}
