//! Calls in the example page.

use anyhow::Result;

use crate::stage::{CALL, Origin, REFUSED_CALL, Stage};

#[tokio::test]
async fn a_caller_pops_up_and_the_call_is_handled_from_the_page() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage.open_example().await?;
    stage.press("#connect").await?;
    stage.see("name", "Ada Whitfield").await?;
    stage.see("caller", "+441632960011").await?;
    stage.see("line", "Orders").await?;
    stage.see("agent", "Call waiting").await?;

    stage.press("[data-button=answer]:enabled").await?;
    stage.see("phase", "On the line").await?;
    stage.press("[data-button=hold]:enabled").await?;
    stage.see("phase", "On hold").await?;
    stage.press("[data-button=resume]:enabled").await?;
    stage.see("phase", "On the line").await?;
    stage.press("[data-button=disconnect]:enabled").await?;
    stage.see("phase", "Wrap-up").await?;
    stage.press("[data-button=clearContact]:enabled").await?;
    stage.see("agent", "Available").await?;
    stage.wait("document.getElementById('call').hidden").await?;
    stage.see("notice", "").await?;
    stage.end().await
}

#[tokio::test]
async fn what_the_contact_centre_refuses_is_told_in_its_words() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), REFUSED_CALL).await?;
    stage.open_example().await?;
    stage.press("#connect").await?;
    stage.press("[data-button=answer]:enabled").await?;
    stage
        .see("notice", "Answering call failed. Not now.")
        .await?;
    stage
        .wait("document.getElementById('notice').dataset.code === 'ANSWER_CALL_FAILED'")
        .await?;
    stage.press("[data-button=answer]:enabled").await?;
    stage.see("phase", "On the line").await?;
    stage.end().await
}

#[tokio::test]
async fn promises_end_in_an_outcome() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    assert_eq!(stage.outcome("phone.answer()").await?, "NOT_CONNECTED");
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    stage.wait("phone.calls[0]?.phase === 'ringing'").await?;
    assert_eq!(stage.outcome("phone.clear()").await?, "NOT_POSSIBLE");
    assert_eq!(stage.outcome("phone.mute()").await?, "MUTE_FAILED");
    assert_eq!(stage.outcome("phone.answer()").await?, "done");
    assert_eq!(stage.outcome("phone.mute()").await?, "done");
    assert_eq!(stage.outcome("phone.digits('12#')").await?, "done");
    assert_eq!(
        stage.outcome("phone.notReady('No such state')").await?,
        "AGENT_STATE_NOT_FOUND"
    );
    assert_eq!(stage.outcome("phone.hangUp()").await?, "done");
    assert_eq!(stage.outcome("phone.clear()").await?, "done");
    assert_eq!(stage.outcome("phone.dial('+442079460001')").await?, "done");
    stage.wait("phone.calls[0]?.phase === 'connected'").await?;
    stage.end().await
}

#[tokio::test]
async fn a_page_that_may_only_observe_sees_the_call_and_cannot_answer_it() -> Result<()> {
    let stage = Stage::start(Origin::Listed("observe"), CALL).await?;
    stage.open_example().await?;
    stage.press("#connect").await?;
    stage.see("name", "Ada Whitfield").await?;
    stage
        .see(
            "notice",
            "Offhook lets this page see calls, but not control them.",
        )
        .await?;
    stage
        .wait("document.getElementById('buttons').hidden")
        .await?;

    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    assert_eq!(stage.outcome("phone.answer()").await?, "ACCESS_DENIED");
    stage.wait("phone.calls[0].phase === 'ringing'").await?;
    stage.end().await
}
