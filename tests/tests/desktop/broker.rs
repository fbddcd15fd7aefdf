//! The company's broker, as the person sees it.

use anyhow::Result;
use offhook_tests::{Session, Setup, broker::OpenBroker};

use crate::practise;

#[tokio::test]
async fn the_broker_goes_and_comes_back() -> Result<()> {
    let mut broker = OpenBroker::start().await?;
    let session = Session::start(Setup::new("broker")?).await?;
    session.configure(&format!(
        "[broker]\nurl = \"{}\"\ntenant = \"acme\"\nagent = \"erin\"\n",
        broker.url()
    ))?;
    let (_app, window) = practise(&session, "idle").await?;
    window.wait_broker("online").await?;
    window.picture("1-online").await?;

    broker.stop()?;
    window.wait_broker("waiting").await?;
    window
        .click("Not connected to the company's broker")
        .await?;
    window.wait_text("Your calls go on").await?;
    window.picture("2-waiting").await?;

    broker.start_again().await?;
    tokio::select! {
        // It may connect by itself before the button is pressed.
        online = window.wait_broker("online") => online,
        Err(error) = window.click("Try now") => Err(error),
    }
}

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
