//! Consultation, swap, conference, transfer.

use anyhow::Result;
use offhook_tests::{Session, Setup, Window};

use crate::practise;

#[tokio::test]
async fn a_third_party_is_consulted_swapped_joined_and_left_with_the_customer() -> Result<()> {
    let session = Session::start(Setup::new("third-party")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    consult(&window).await?;
    window.picture("1-consulting").await?;

    window.press("swap").await?;
    window.wait_legs("connected onHold").await?;
    window.picture("2-swapped").await?;
    window.press("conference").await?;
    window.wait_phase("conference").await?;
    window.picture("3-conference").await?;
    window.press("transfer").await?;
    window.wait_phase("wrapUp").await
}

#[tokio::test]
async fn a_customer_is_transferred_during_the_consultation() -> Result<()> {
    let session = Session::start(Setup::new("transfer")?).await?;
    let (_app, window) = practise(&session, "default").await?;
    consult(&window).await?;

    window.press("transfer").await?;
    window.wait_phase("wrapUp").await
}

#[tokio::test]
async fn a_third_party_that_does_not_answer_leaves_the_customer() -> Result<()> {
    let session = Session::start(Setup::new("consult-refused")?).await?;
    let (_app, window) = practise(&session, "consult-refused").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    window.press("consult").await?;
    window.click("Sam Taylor").await?;

    window.wait_phase("onHold").await?;
    window.press("resume").await?;
    window.wait_phase("talking").await
}

/// Answers, and calls a quick connect while the customer waits.
async fn consult(window: &Window<'_>) -> Result<()> {
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    window.press("consult").await?;
    window.click("Sam Taylor").await?;
    window.wait_phase("consulting").await?;
    window.wait_legs("onHold connected").await
}
