//! The phone at work.

use anyhow::{Result, ensure};
use offhook_tests::Tray;

use crate::proof::desk::Desk;

/// Takes a practice call.
pub(super) async fn take(desk: &Desk<'_>) -> Result<String> {
    let _phone = desk.start_phone(&["--practice"]).await?;
    Tray::find(&desk.session).await?;
    let window = desk.session.screen.window("Offhook")?;
    ensure!(
        window.is_none(),
        "it has a window although it was to stay in the tray"
    );

    desk.until_phase("ringing").await?;
    desk.until("a notification of the call", async || {
        Ok(desk.session.notifications().shown().pop())
    })
    .await?;
    desk.until_window().await?;
    let ringing = desk.session.picture("ringing")?;
    desk.run("offhookctl", &["answer"])?;
    desk.until_phase("connected").await?;
    desk.run("offhookctl", &["hangup"])?;
    desk.run("offhookctl", &["clear"])?;
    desk.quit().await?;
    Ok(ringing.display().to_string())
}
