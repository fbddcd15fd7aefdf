//! A call from its ring to its end.

use anyhow::Result;
use offhook_tests::{ESCAPE, Session, Setup, Theme};

use crate::practise;

#[tokio::test]
async fn a_call_is_answered_held_resumed_hung_up_and_cleared() -> Result<()> {
    play_a_call(Theme::Light).await
}

#[tokio::test]
async fn the_same_in_the_dark() -> Result<()> {
    play_a_call(Theme::Dark).await
}

async fn play_a_call(theme: Theme) -> Result<()> {
    let setup = Setup {
        theme,
        ..Setup::new("call")?
    };
    let session = Session::start(setup).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.wait_agent("ready").await?;
    window.picture("1-ready").await?;
    window.wait_phase("ringing").await?;
    window.wait_agent("pendingBusy").await?;
    assert_eq!(window.buttons().await?, ["answer", "reject"]);
    window.picture("2-ringing").await?;

    window.press("answer").await?;
    window.wait_phase("talking").await?;
    window.wait_agent("busy").await?;
    assert_eq!(
        window.buttons().await?,
        ["consult", "disconnect", "hold", "mute", "numberpad"]
    );
    window.picture("3-talking").await?;

    window.press("hold").await?;
    window.wait_phase("onHold").await?;
    assert_eq!(
        window.buttons().await?,
        ["consult", "disconnect", "mute", "numberpad", "resume"]
    );
    window.picture("4-on-hold").await?;
    window.press("resume").await?;
    window.wait_phase("talking").await?;

    window.press("numberpad").await?;
    window.type_keys("12#").await?;
    window.wait_text("12#").await?;
    window.picture("5-keypad").await?;
    window.type_keys(ESCAPE).await?;

    window.press("disconnect").await?;
    window.wait_phase("wrapUp").await?;
    window.wait_agent("afterCallWork").await?;
    assert_eq!(window.buttons().await?, ["clearContact"]);
    window.picture("6-wrap-up").await?;

    window.press("clearContact").await?;
    window.wait_no_contact().await?;
    window.wait_agent("ready").await
}

#[tokio::test]
async fn a_call_is_rejected() -> Result<()> {
    let session = Session::start(Setup::new("rejected")?).await?;
    let (_app, window) = practise(&session, "default").await?;

    window.press("reject").await?;
    window.wait_phase("rejected").await?;
    window.picture("rejected").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await
}

#[tokio::test]
async fn a_call_is_missed() -> Result<()> {
    let session = Session::start(Setup::new("missed")?).await?;
    let (_app, window) = practise(&session, "missed").await?;

    window.wait_phase("ringing").await?;
    window.wait_phase("missed").await?;
    window.wait_agent("missed").await?;
    window.picture("missed").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await
}

#[tokio::test]
async fn the_customer_hangs_up() -> Result<()> {
    let session = Session::start(Setup::new("customer-hangs-up")?).await?;
    let (_app, window) = practise(&session, "hang-up").await?;

    // The first one gives up while it rings, which cannot be told from a call that was missed.
    window.wait_phase("ringing").await?;
    window.wait_phase("missed").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await?;
    window.wait_agent("ready").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    window.wait_phase("wrapUp").await
}

#[tokio::test]
async fn the_centre_refuses_an_answer_and_says_why() -> Result<()> {
    let session = Session::start(Setup::new("refused")?).await?;
    let (_app, window) = practise(&session, "refused").await?;

    window.press("answer").await?;
    window
        .wait_text("Softphone media connection failed")
        .await?;
    window.picture("refused").await?;
    assert_eq!(window.phase().await?.as_deref(), Some("ringing"));
    window.press("answer").await?;
    window.wait_phase("talking").await
}

#[tokio::test]
async fn an_answer_without_a_reply_is_asked_about_and_can_be_given_again() -> Result<()> {
    let session = Session::start(Setup::new("no-reply")?).await?;
    let (_app, window) = practise(&session, "no-reply").await?;

    window.press("answer").await?;
    window.wait_text("Answering").await?;
    window.picture("pending").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await
}
