//! Web pages that join: the question to the person, and the page of connected apps.

use anyhow::Result;
use offhook_protocol::Access;
use offhook_tests::{App, Page, Session, Setup, Theme, Window, XWindow};

use crate::practise;

const ORIGIN: &str = "https://crm.example.com";

/// How the hub closes a page that was refused or revoked, and one whose access was changed.
const FORBIDDEN: u16 = 4003;
const CHANGED: u16 = 4010;

#[tokio::test]
async fn a_page_asks_without_taking_the_keyboard_and_may_see() -> Result<()> {
    let session = Session::start(Setup::new("app-asks")?).await?;
    let (app, window) = practise(&session, "idle").await?;
    window.wait_agent("ready").await?;
    let other = session.screen.open("Customer records")?;
    session
        .until("the other program to have the keyboard", async || {
            Ok((session.screen.active()? == Some(other)).then_some(()))
        })
        .await?;

    let mut page = Page::open(&app, ORIGIN, "crm").await?;
    let code = page.ask(Access::Control).await?;
    let question = window.other().await?;
    for fact in [ORIGIN, "crm", "see and control", &code] {
        question.wait_text(fact).await?;
    }
    let asked = asked(&session).await?;
    session
        .until("the question to be in front", async || {
            Ok(session.screen.is_above(asked, other)?.then_some(()))
        })
        .await?;
    question.picture("asked").await?;
    assert_eq!(session.screen.active()?, Some(other));
    // It ends in the other program, and allows nothing here.
    session.screen.press_return()?;

    question.click_and_end("Allow to see").await?;
    assert_eq!(page.join().await?, Access::Observe);
    window.wait_alone().await
}

#[tokio::test]
async fn a_page_that_is_refused_is_closed() -> Result<()> {
    let setup = Setup {
        theme: Theme::Dark,
        ..Setup::new("app-refused")?
    };
    let session = Session::start(setup).await?;
    let (app, window) = practise(&session, "idle").await?;

    let mut page = Page::open(&app, ORIGIN, "crm").await?;
    page.ask(Access::Control).await?;
    let question = window.other().await?;
    question.wait_text(ORIGIN).await?;
    question.picture("asked").await?;
    question.click_and_end("Don’t allow").await?;
    assert_eq!(page.closed().await?, FORBIDDEN);
    window.wait_alone().await
}

#[tokio::test]
async fn closing_the_question_refuses() -> Result<()> {
    let session = Session::start(Setup::new("app-closed")?).await?;
    let (app, _window) = practise(&session, "idle").await?;

    let mut page = Page::open(&app, ORIGIN, "crm").await?;
    page.ask(Access::Observe).await?;
    session.screen.close(asked(&session).await?)?;
    assert_eq!(page.closed().await?, FORBIDDEN);
    Ok(())
}

#[tokio::test]
async fn a_page_that_leaves_withdraws_its_question() -> Result<()> {
    let session = Session::start(Setup::new("app-left")?).await?;
    let (app, window) = practise(&session, "idle").await?;

    let mut page = Page::open(&app, ORIGIN, "crm").await?;
    page.ask(Access::Observe).await?;
    window.other().await?.wait_text(ORIGIN).await?;
    drop(page);
    window.wait_alone().await
}

#[tokio::test]
async fn a_connected_page_is_limited_and_revoked() -> Result<()> {
    let session = Session::start(Setup::new("app-limited")?).await?;
    let (app, window) = practise(&session, "idle").await?;
    window.click("Settings").await?;
    window.click("Connected apps None connected").await?;
    window.wait_text("None yet").await?;
    window.picture("1-none").await?;

    let mut crm = join(&session, &app, &window, ORIGIN, "crm").await?;
    let mut wallboard = join(
        &session,
        &app,
        &window,
        "http://localhost:8080",
        "wallboard",
    )
    .await?;
    window.wait_app("crm", Some(true)).await?;
    window.wait_app("wallboard", Some(true)).await?;
    // This desktop has no keychain.
    window.wait_text("kept in a file").await?;
    window.picture("2-connected").await?;

    window
        .choose(&format!("Access of crm, {ORIGIN}"), "observe")
        .await?;
    assert_eq!(crm.closed().await?, CHANGED);
    window.wait_app("crm", Some(false)).await?;

    window
        .click("Remove wallboard, http://localhost:8080")
        .await?;
    window.click("Yes").await?;
    assert_eq!(wallboard.closed().await?, FORBIDDEN);
    window.wait_app("wallboard", None).await?;
    window.picture("3-revoked").await?;
    Ok(())
}

/// Lets a page in that sees and controls.
async fn join(
    session: &Session,
    app: &App<'_>,
    window: &Window<'_>,
    origin: &str,
    name: &str,
) -> Result<Page> {
    let mut page = session
        .until("its turn to ask", async || {
            let mut page = Page::open(app, origin, name).await?;
            // Between two questions there is a pause.
            Ok(page.ask(Access::Control).await.ok().map(|_| page))
        })
        .await?;
    let question = window.other().await?;
    question.click_and_end("Allow to see and control").await?;
    assert_eq!(page.join().await?, Access::Control);
    window.wait_alone().await?;
    Ok(page)
}

/// The window with the question.
async fn asked(session: &Session) -> Result<XWindow> {
    session
        .until("the question", async || {
            session.screen.window("Offhook: a web page asks to join")
        })
        .await
}
