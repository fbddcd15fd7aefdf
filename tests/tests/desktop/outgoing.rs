//! A call that the agent makes.

use anyhow::Result;
use offhook_tests::{Session, Setup};

use crate::practise;

#[tokio::test]
async fn a_number_is_dialled() -> Result<()> {
    let session = Session::start(Setup::new("outgoing")?).await?;
    let (_app, window) = practise(&session, "idle").await?;

    window.wait_agent("ready").await?;
    window.click("Dial").await?;
    window
        .type_into("Number or name", "+44 1632 960099")
        .await?;
    window.click("Call").await?;
    window.click("Phone").await?;
    window.wait_phase("dialing").await?;
    window.picture("dialing").await?;
    window.wait_phase("talking").await?;
    window.press("disconnect").await?;
    window.wait_phase("wrapUp").await
}
