//! Calls that come to nothing, and requests that fail.

use std::time::Duration;

use anyhow::Result;
use offhook_tests::stand_in::{AmazonError, now};

use super::{By, both_ways, call, talk};

both_ways!(
    a_call_is_rejected_missed_or_given_up,
    an_answer_is_refused_in_amazons_own_words,
    no_answer_at_all_ends_in_words_too,
    the_same_told_again_rings_once,
    a_contact_that_vanishes_is_gone,
);

async fn a_call_is_rejected_missed_or_given_up(by: By) -> Result<()> {
    let session = by.session("lost").await?;
    let (server, _app, window) = by.work(&session).await?;

    call(&server);
    window.press("reject").await?;
    window.wait_phase("rejected").await?;
    window.wait_agent("missed").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await?;

    let contact = call(&server);
    window.wait_phase("ringing").await?;
    server.centre().customer_hangs_up(&contact, now());
    window.wait_phase("missed").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await?;

    // The ring time passes at once: the centre's clock is put forward.
    call(&server);
    window.wait_phase("ringing").await?;
    server
        .centre()
        .handle_timeout(now() + Duration::from_secs(20));
    window.wait_phase("missed").await?;
    window.picture("missed").await?;
    Ok(())
}

async fn an_answer_is_refused_in_amazons_own_words(by: By) -> Result<()> {
    let session = by.session("refused").await?;
    let (server, _app, window) = by.work(&session).await?;
    let words = "The contact was taken by somebody else.";
    let error = AmazonError::new("InvalidStateException", words);
    server.centre().fail_next("acceptContact", error);

    call(&server);
    window.press("answer").await?;
    window.wait_text("The call could not be answered.").await?;
    window.wait_text(words).await?;
    window.picture("refused").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await
}

async fn no_answer_at_all_ends_in_words_too(by: By) -> Result<()> {
    let session = by.session("unanswered").await?;
    let (server, _app, window) = by.work(&session).await?;
    server.centre().ignore_next("acceptContact");

    call(&server);
    window.press("answer").await?;
    window.wait_text("did not answer in time").await?;
    window.press("answer").await?;
    window.wait_phase("talking").await
}

async fn the_same_told_again_rings_once(by: By) -> Result<()> {
    let session = by.session("repeated").await?;
    let (server, _app, window) = by.work(&session).await?;

    call(&server);
    window.wait_phase("ringing").await?;
    for _ in 0..5 {
        server.centre().repeat_update();
    }
    window.press("answer").await?;
    window.wait_phase("talking").await?;
    for _ in 0..5 {
        server.centre().repeat_update();
    }
    window.press("hold").await?;
    window.wait_phase("onHold").await?;
    assert_eq!(session.notifications().raised().len(), 1);
    Ok(())
}

async fn a_contact_that_vanishes_is_gone(by: By) -> Result<()> {
    let session = by.session("vanished").await?;
    let (server, _app, window) = by.work(&session).await?;

    let contact = talk(&server, &window).await?;
    server.centre().remove(&contact, now());
    window.wait_no_contact().await?;
    window.wait_agent("ready").await
}
