//! The connection to the contact centre is lost and comes back.

use anyhow::Result;
use offhook_tests::{Session, Setup};

use crate::practise;

#[tokio::test]
async fn lost_while_a_call_rings_it_rings_once() -> Result<()> {
    let session = Session::start(Setup::new("link-lost-ringing")?).await?;
    let (_app, window) = practise(&session, "link-lost").await?;

    window.wait_phase("ringing").await?;
    window.wait_link("lost").await?;
    window.picture("lost").await?;
    window.wait_link("online").await?;
    window.wait_phase("ringing").await?;

    assert_eq!(session.notifications().raised().len(), 1);
    window.press("answer").await?;
    window.wait_phase("talking").await
}

#[tokio::test]
async fn lost_during_a_call_its_state_is_right_again() -> Result<()> {
    let session = Session::start(Setup::new("link-lost")?).await?;
    let (_app, window) = practise(&session, "link-lost").await?;

    // The first loss comes while it rings.
    window.wait_link("lost").await?;
    window.wait_link("online").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    window.wait_link("lost").await?;
    window.picture("lost").await?;
    window.wait_link("online").await?;
    window.wait_phase("talking").await?;
    window.press("hold").await?;
    window.wait_phase("onHold").await
}
