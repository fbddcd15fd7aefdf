//! The company's broker in the settings.

use anyhow::Result;
use offhook_tests::{Session, Setup};

use crate::practise;

#[tokio::test]
async fn a_password_is_kept_and_what_is_wrong_is_told() -> Result<()> {
    let session = Session::start(Setup::new("broker-settings")?).await?;
    let (_app, window) = practise(&session, "idle").await?;
    window.click("Settings").await?;
    window.unfold("Company's broker").await?;

    window.type_into("Password or token", "open-sesame").await?;
    window.click("Save").await?;
    // This desktop has no keychain.
    window.wait_text("Kept in a file").await?;

    window.type_into("Proxy", "nowhere").await?;
    window.click("Save").await?;
    window.wait_text("is not the address of a proxy").await?;
    window.picture("refused").await?;
    Ok(())
}
