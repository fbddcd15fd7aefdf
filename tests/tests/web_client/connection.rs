//! Being connected: in several tabs, across a restart of the phone, among several phones.

use anyhow::Result;

use crate::stage::{CALL, Origin, Stage};

#[tokio::test]
async fn a_second_tab_joins_without_a_click_and_sees_what_the_first_does() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage.open_example().await?;
    stage.press("#connect").await?;
    stage.see("phase", "Ringing").await?;
    let first = stage.client().window().await?;

    let second = stage.client().new_window(true).await?.handle;
    stage.client().switch_to_window(second).await?;
    stage.open_example().await?;
    stage.see("name", "Ada Whitfield").await?;
    stage.press("[data-button=answer]:enabled").await?;
    stage.see("phase", "On the line").await?;

    stage.client().switch_to_window(first).await?;
    stage.see("phase", "On the line").await?;
    stage.end().await
}

#[tokio::test]
async fn a_phone_that_is_killed_and_started_again_is_joined_again() -> Result<()> {
    let mut stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage.open_example().await?;
    stage.press("#connect").await?;
    stage.see("phase", "Ringing").await?;
    stage.press("[data-button=answer]:enabled").await?;
    stage.see("phase", "On the line").await?;

    stage.kill_phone();
    stage
        .wait("document.body.dataset.phase === 'reconnecting'")
        .await?;
    stage
        .see(
            "notice",
            "Offhook is not running on this computer, or it lets no page of this site join.",
        )
        .await?;
    stage.start_phone(Origin::Listed("control"), CALL).await?;
    // The other phone has another call, which rings.
    stage.see("phase", "Ringing").await?;
    stage.see("notice", "").await?;
    stage.press("[data-button=answer]:enabled").await?;
    stage.see("phase", "On the line").await?;
    stage.end().await
}

#[tokio::test]
async fn a_site_that_is_listed_no_longer_stays_out() -> Result<()> {
    let mut stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    stage.kill_phone();
    stage.wait("phone.status.phase === 'reconnecting'").await?;
    stage.start_phone(Origin::Unlisted, CALL).await?;
    stage
        .client()
        .execute(
            "window.attempts = 0; phone.on('status', () => attempts++)",
            vec![],
        )
        .await?;
    stage.wait("attempts >= 2").await?;
    stage
        .wait("phone.status.problem?.code === 'UNREACHABLE'")
        .await?;
    stage.end().await
}

#[tokio::test]
async fn among_several_phones_the_person_chooses_once() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    let home = tempfile::tempdir()?;
    let (other, _engine) = stage.another_phone(&home).await?;
    let ports = [other, stage.port];
    stage.open_client(&stage.site.origin(), &ports).await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "SEVERAL_PHONES");

    let choose = format!("phone.connect({{ port: {} }})", stage.port);
    assert_eq!(stage.outcome(&choose).await?, "done");
    stage.wait("phone.calls[0]?.phase === 'ringing'").await?;

    stage.open_client(&stage.site.origin(), &ports).await?;
    let again = "phone.connect({ ask: false })";
    assert_eq!(stage.outcome(again).await?, "done");
    stage.wait("phone.calls[0]?.phase === 'ringing'").await?;
    stage.end().await
}

#[tokio::test]
async fn what_the_page_forgot_has_to_be_paired_again() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    assert_eq!(stage.outcome("phone.forget()").await?, "done");
    let again = "phone.connect({ ask: false })";
    assert_eq!(stage.outcome(again).await?, "NOT_PAIRED");
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    stage.end().await
}
