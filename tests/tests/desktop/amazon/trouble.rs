//! A panel that is not as it should be.

use std::time::Duration;

use anyhow::Result;
use offhook_tests::{
    Session, XWindow,
    stand_in::{Options, Panel, Server},
};
use tokio::time::sleep;

use super::{Audio, By, both_ways, no_panel_window, panel_window, talk};

both_ways!(
    the_agent_logs_in_and_the_panel_goes_away,
    the_session_ends_and_the_panel_comes_up,
    a_dead_panel_is_told_and_comes_back,
    a_panel_that_is_loaded_anew_loses_the_audio_and_not_the_call,
    closing_the_panel_hides_it_and_the_call_goes_on,
    the_microphone_opens_unasked,
    the_softphone_fails_in_words,
);

async fn the_agent_logs_in_and_the_panel_goes_away(by: By) -> Result<()> {
    let session = by.session("login").await?;
    let server = by
        .serve(Options {
            logged_out: true,
            ..Options::default()
        })
        .await?;
    let (_app, window) = by.start(&session, &server, Audio::Elsewhere).await?;

    window.wait_text("You are not logged in").await?;
    let login = login_window(&session, by).await?;
    // Also where the login is a window of its own: the panel does not cover it.
    let panel = panel_window(&session).await?;
    session
        .until("the login in front of the panel", async || {
            Ok((login == panel || session.screen.is_above(login, panel)?).then_some(()))
        })
        .await?;
    window.picture("1-login").await?;
    log_in(&session, by, &server).await?;
    window.wait_link("online").await?;
    window.wait_agent("ready").await?;
    no_panel_window(&session).await?;
    session
        .until("the login's window to go", async || {
            let login = session.screen.window("Amazon Connect login")?;
            Ok(login.is_none().then_some(()))
        })
        .await?;
    talk(&server, &window).await?;
    Ok(())
}

async fn the_session_ends_and_the_panel_comes_up(by: By) -> Result<()> {
    let session = by.session("session").await?;
    let (server, _app, window) = by.work(&session).await?;

    server.end_session();
    window.wait_link("lost").await?;
    window
        .wait_text("Your session with Amazon Connect has ended")
        .await?;
    panel_window(&session).await?;
    window.picture("ended").await?;
    Ok(())
}

async fn a_dead_panel_is_told_and_comes_back(by: By) -> Result<()> {
    let session = by.session("dead").await?;
    let (server, _app, window) = by.work(&session).await?;
    talk(&server, &window).await?;

    server.silence(true);
    window.wait_link("lost").await?;
    window.wait_text("The panel does not answer").await?;
    window.picture("dead").await?;
    server.silence(false);
    window.wait_link("online").await?;
    window.press("hold").await?;
    window.wait_phase("onHold").await
}

async fn a_panel_that_is_loaded_anew_loses_the_audio_and_not_the_call(by: By) -> Result<()> {
    let session = by.session("reloaded").await?;
    let server = by.serve(Options::default()).await?;
    let (_app, window) = by.start(&session, &server, Audio::Here).await?;
    window.wait_agent("ready").await?;
    talk(&server, &window).await?;

    server.reload();
    window.click("Settings").await?;
    window.wait_text("the call's audio is lost").await?;
    window.picture("reloaded").await?;
    window.click("Phone").await?;
    window.wait_link("online").await?;
    window.press("consult").await?;
    window.click("John Smith").await?;
    window.wait_legs("onHold connecting").await
}

async fn closing_the_panel_hides_it_and_the_call_goes_on(by: By) -> Result<()> {
    let session = by.session("closed").await?;
    let (server, _app, window) = by.work(&session).await?;
    talk(&server, &window).await?;

    window.click("Settings").await?;
    window.click("Open the panel").await?;
    let panel = panel_window(&session).await?;
    window.picture("open").await?;
    session.screen.close(panel)?;
    no_panel_window(&session).await?;
    window.click("Phone").await?;
    window.press("hold").await?;
    window.wait_phase("onHold").await
}

async fn the_microphone_opens_unasked(by: By) -> Result<()> {
    let session = by.session("microphone").await?;
    let (server, _app, window) = by.work(&session).await?;
    talk(&server, &window).await?;
    window.press("mute").await?;
    window.wait_button("unmute").await?;

    server.mute_toggle(false);
    window.wait_button("mute").await?;
    window.wait_text("Your microphone is on").await?;
    window.picture("opened").await?;
    Ok(())
}

async fn the_softphone_fails_in_words(by: By) -> Result<()> {
    let session = by.session("softphone").await?;
    let server = by.serve(Options::default()).await?;
    let (_app, window) = by.start(&session, &server, Audio::Here).await?;
    window.wait_agent("ready").await?;

    // What this system's web view lacks is told from the start.
    window.wait_text("cannot carry calls").await?;
    server.softphone_error("ice_collection_timeout", "no candidates");
    window.click("Settings").await?;
    window.wait_text("UDP port 3478").await?;
    window.picture("check").await?;
    Ok(())
}

#[tokio::test]
async fn a_page_without_the_library_is_told() -> Result<()> {
    let by = By::Panel;
    let session = by.session("bare").await?;
    let server = by
        .serve(Options {
            panel: Panel::Bare,
            ..Options::default()
        })
        .await?;
    let (_app, window) = by.start(&session, &server, Audio::Elsewhere).await?;
    window
        .wait_text("This page offers no way to speak to Amazon Connect")
        .await
}

#[tokio::test]
async fn an_instance_that_is_not_there_is_told() -> Result<()> {
    let session = By::Panel.session("unreachable").await?;
    session.configure(
        "connector = \"amazon\"\n[amazon]\ninstance = \"http://127.0.0.1:9\"\nway = \"control\"\n",
    )?;
    let mut app = offhook_tests::App::start(&session, &[]).await?;
    let window = app.window().await?;
    window.wait_text("The page cannot be loaded").await?;
    window.picture("unreachable").await?;
    Ok(())
}

#[tokio::test]
async fn a_page_that_may_not_embed_the_panel_is_told() -> Result<()> {
    for (header, value, text) in [
        (
            "content-security-policy",
            "frame-ancestors 'self' https://other.example.com",
            "does not approve the connector page",
        ),
        (
            "x-frame-options",
            "DENY",
            "Amazon Connect refuses to be embedded",
        ),
    ] {
        let by = By::Page;
        let session = by.session(header).await?;
        let server = by
            .serve(Options {
                framing: Some((header, value)),
                ..Options::default()
            })
            .await?;
        let (_app, window) = by.start(&session, &server, Audio::Elsewhere).await?;
        window.wait_text(text).await?;
        window.picture("told").await?;
    }
    Ok(())
}

#[tokio::test]
async fn only_the_panels_own_page_may_speak_and_only_with_one_command() -> Result<()> {
    let by = By::Panel;
    let session = by.session("spoken").await?;
    let server = by
        .serve(Options {
            logged_out: true,
            ..Options::default()
        })
        .await?;
    let (_app, window) = by.start(&session, &server, Audio::Elsewhere).await?;
    let tried = async |count: usize| {
        session
            .until("the page's attempts", async || {
                let tried = server.tried();
                Ok((tried.len() == count).then_some(tried))
            })
            .await
    };

    // The login comes from elsewhere.
    let refused = |tried: &String| tried.contains("not allowed");
    assert!(tried(4).await?.iter().all(refused), "{:?}", server.tried());
    log_in(&session, by, &server).await?;
    window.wait_link("online").await?;
    let tried = tried(8).await?;
    let (said, rest): (Vec<_>, Vec<_>) = tried[4..]
        .iter()
        .partition(|tried| tried.starts_with("panel_says"));
    assert_eq!(said, ["panel_says: done"]);
    assert!(rest.into_iter().all(refused), "{tried:?}");
    Ok(())
}

/// Where the agent logs in: in the panel's own window, or in one that the embedding page opens.
async fn login_window(session: &Session, by: By) -> Result<XWindow> {
    match by {
        By::Panel => panel_window(session).await,
        By::Page => {
            session
                .until("the login's window", async || {
                    session.screen.window("Amazon Connect login")
                })
                .await
        }
    }
}

/// Clicks into the middle of the login until it is done: its page may still be loading.
async fn log_in(session: &Session, by: By, server: &Server) -> Result<()> {
    const AGAIN: Duration = Duration::from_millis(300);
    session
        .until("the login", async || {
            let place = session.screen.place(login_window(session, by).await?)?;
            session
                .screen
                .click(place.x + place.width / 2, place.y + place.height / 2)?;
            sleep(AGAIN).await;
            Ok(server.is_logged_in().then_some(()))
        })
        .await
}
