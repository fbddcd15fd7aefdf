//! What the person does under Connected apps, as the page sees it.

use anyhow::Result;
use offhook_protocol::Access;
use offhook_tests::Permission;

use crate::stage::{CALL, Stage};

/// Notes with what the page is closed.
const NOTE: &str = "phone.on('closed', ({ code }) => (window.closed_with = code))";

#[tokio::test]
async fn a_page_that_is_limited_finds_its_new_access_and_one_that_is_revoked_is_told() -> Result<()>
{
    let stage = Stage::without_phone(Permission::Granted).await?;
    let mut phone = stage.start_phone_here(CALL)?;
    let origin = stage.site.origin();
    stage.open_client(&origin, &[stage.port]).await?;
    stage.client().execute(NOTE, vec![]).await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "done");
    stage.wait("phone.status.access === 'control'").await?;

    phone.limit_app(&origin, "crm", Access::Observe);
    stage.wait("phone.status.access === 'observe'").await?;
    assert_eq!(
        stage.outcome("phone.notReady('Break')").await?,
        "ACCESS_DENIED"
    );

    phone.revoke_app(&origin, "crm");
    stage.wait("window.closed_with === 'REVOKED'").await?;
    stage.wait("phone.status.phase === 'idle'").await?;
    let again = "phone.connect({ ask: false })";
    assert_eq!(stage.outcome(again).await?, "NOT_PAIRED");

    phone.stop();
    while phone.next_view().await.is_some() {}
    stage.end().await
}

#[tokio::test]
async fn the_example_shows_buttons_and_callers_only_as_long_as_it_may() -> Result<()> {
    let stage = Stage::without_phone(Permission::Granted).await?;
    let mut phone = stage.start_phone_here(CALL)?;
    let origin = stage.site.origin();
    stage.open_example().await?;
    stage.see("notice", "").await?;
    stage.press("#connect").await?;
    stage.see("name", "Ada Whitfield").await?;
    stage
        .wait("!document.getElementById('buttons').hidden")
        .await?;

    phone.limit_app(&origin, "Meadow CRM", Access::Observe);
    stage
        .wait("document.getElementById('buttons').hidden")
        .await?;
    stage.see("name", "Ada Whitfield").await?;

    phone.revoke_app(&origin, "Meadow CRM");
    stage
        .see(
            "notice",
            "This page was taken off the connected apps in Offhook. Connect again to ask.",
        )
        .await?;
    for shown in ["agent", "caller", "name", "details"] {
        stage.see(shown, "").await?;
    }

    // The same call is shown again, though nothing of it has changed.
    stage.press("#connect").await?;
    stage.see("name", "Ada Whitfield").await?;

    phone.stop();
    while phone.next_view().await.is_some() {}
    stage.end().await
}
