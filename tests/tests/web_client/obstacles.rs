//! What may stand in the way, and what the page says about it.

use anyhow::Result;
use offhook_tests::Permission;

use crate::stage::{CALL, Origin, Stage};

/// The code of the error that connecting ends with.
async fn refused(permission: Permission, origin: Option<Origin>) -> Result<String> {
    let mut stage = Stage::without_phone(permission).await?;
    if let Some(origin) = origin {
        stage.start_phone(origin, CALL).await?;
    }
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    let code = stage.outcome("phone.connect()").await?;
    stage.end().await?;
    Ok(code)
}

#[tokio::test]
async fn the_browser_has_been_told_to_block() -> Result<()> {
    let listed = Some(Origin::Listed("control"));
    assert_eq!(
        refused(Permission::Denied, listed).await?,
        "PERMISSION_DENIED"
    );
    Ok(())
}

#[tokio::test]
async fn the_browser_asks_and_is_told_no() -> Result<()> {
    let listed = Some(Origin::Listed("control"));
    assert_eq!(
        refused(Permission::Unasked, listed).await?,
        "PERMISSION_DENIED"
    );
    Ok(())
}

#[tokio::test]
async fn a_page_that_was_just_loaded_does_not_make_the_browser_ask() -> Result<()> {
    let mut stage = Stage::without_phone(Permission::Unasked).await?;
    stage.start_phone(Origin::Listed("control"), CALL).await?;
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    let quietly = "phone.connect({ ask: false })";
    for _ in 0..2 {
        assert_eq!(stage.outcome(quietly).await?, "PERMISSION_NOT_GIVEN");
    }
    stage.end().await
}

#[tokio::test]
async fn no_phone_is_running() -> Result<()> {
    assert_eq!(refused(Permission::Granted, None).await?, "UNREACHABLE");
    Ok(())
}

#[tokio::test]
async fn the_phone_lets_no_page_of_the_site_join() -> Result<()> {
    // Not over https, and not listed.
    let unlisted = Some(Origin::Unlisted);
    assert_eq!(refused(Permission::Granted, unlisted).await?, "UNREACHABLE");
    Ok(())
}

#[tokio::test]
async fn the_person_says_no() -> Result<()> {
    // A page of this device may ask, and without a display nobody says yes.
    let stage = Stage::start(Origin::Unlisted, CALL).await?;
    stage
        .open_client(&stage.site.local_origin(), &[stage.port])
        .await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "PAIRING_REFUSED");
    stage.end().await
}

#[tokio::test]
async fn a_page_that_asks_too_often_is_locked_out() -> Result<()> {
    let stage = Stage::start(Origin::Unlisted, CALL).await?;
    stage
        .open_client(&stage.site.local_origin(), &[stage.port])
        .await?;
    for _ in 0..5 {
        assert_eq!(stage.outcome("phone.connect()").await?, "PAIRING_REFUSED");
    }
    assert_eq!(stage.outcome("phone.connect()").await?, "LOCKED_OUT");
    stage.end().await
}

#[tokio::test]
async fn the_page_forbids_itself_to_connect() -> Result<()> {
    let stage = Stage::start(Origin::Listed("control"), CALL).await?;
    stage
        .open_client(&stage.site.origin(), &[stage.port])
        .await?;
    let forbid = "
        const meta = document.createElement('meta');
        meta.httpEquiv = 'Content-Security-Policy';
        meta.content = \"connect-src 'self'\";
        document.head.append(meta);";
    stage.client().execute(forbid, vec![]).await?;
    assert_eq!(stage.outcome("phone.connect()").await?, "FORBIDDEN_BY_PAGE");
    stage.end().await
}
