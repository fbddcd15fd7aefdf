//! Calls as they should go.

use anyhow::Result;
use offhook_tests::{ESCAPE, Tray, stand_in::now};

use super::{By, both_ways, call, talk};

both_ways!(
    a_call_is_handled_from_the_ring_to_the_end,
    a_third_party_is_consulted_swapped_joined_and_left,
    a_call_is_made,
    states_are_chosen_now_and_for_later,
    a_callback_and_a_monitored_call_are_shown_for_what_they_are,
);

async fn a_call_is_handled_from_the_ring_to_the_end(by: By) -> Result<()> {
    let session = by.session("call").await?;
    let (server, _app, window) = by.work(&session).await?;
    let tray = Tray::find(&session).await?;

    call(&server);
    window.wait_phase("ringing").await?;
    window.wait_agent("pendingBusy").await?;
    assert_eq!(window.buttons().await?, ["answer", "reject"]);
    window.picture("1-ringing").await?;

    tray.click("Answer").await?;
    window.wait_phase("talking").await?;
    window.wait_agent("busy").await?;
    assert_eq!(
        window.buttons().await?,
        ["consult", "disconnect", "hold", "mute", "numberpad"]
    );
    window.picture("2-talking").await?;
    window.press("hold").await?;
    window.wait_phase("onHold").await?;
    window.press("resume").await?;
    window.wait_phase("talking").await?;

    window.press("mute").await?;
    window.wait_button("unmute").await?;
    window.press("unmute").await?;
    window.wait_button("mute").await?;
    window.press("numberpad").await?;
    window.type_keys("1#").await?;
    window.wait_text("1#").await?;
    window.type_keys(ESCAPE).await?;
    session
        .until("the digits to arrive", async || {
            let digits = |method: &str| method == "sendDigits";
            let sent = server.requests().into_iter();
            let sent: Vec<_> = sent.filter(|request| digits(&request.method)).collect();
            Ok((sent.len() == 2).then_some(()))
        })
        .await?;

    window.press("disconnect").await?;
    window.wait_phase("wrapUp").await?;
    window.wait_agent("afterCallWork").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await?;
    window.wait_agent("ready").await
}

async fn a_third_party_is_consulted_swapped_joined_and_left(by: By) -> Result<()> {
    let session = by.session("third-party").await?;
    let (server, _app, window) = by.work(&session).await?;
    let contact = talk(&server, &window).await?;

    window.press("consult").await?;
    window.click("John Smith").await?;
    window.wait_legs("onHold connecting").await?;
    server.centre().callee_answers(&contact, now());
    window.wait_phase("consulting").await?;
    window.wait_legs("onHold connected").await?;
    window.picture("1-consulting").await?;
    window.press("swap").await?;
    window.wait_legs("connected onHold").await?;
    window.press("conference").await?;
    window.wait_phase("conference").await?;
    window.press("transfer").await?;
    window.wait_phase("wrapUp").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await
}

async fn a_call_is_made(by: By) -> Result<()> {
    let session = by.session("dial").await?;
    let (server, _app, window) = by.work(&session).await?;

    window.click("Dial").await?;
    window
        .type_into("Number or name", "+44 20 7946 0001")
        .await?;
    window.click("Call").await?;
    window.click("Phone").await?;
    window.wait_phase("dialing").await?;
    let contact = {
        let update = server.centre().update();
        update["snapshot"]["contacts"][0]["contactId"].clone()
    };
    let contact = contact.as_str().expect("the contact has an id");
    server.centre().callee_answers(contact, now());
    window.wait_phase("talking").await?;
    server.centre().customer_hangs_up(contact, now());
    window.wait_phase("wrapUp").await
}

async fn states_are_chosen_now_and_for_later(by: By) -> Result<()> {
    let session = by.session("states").await?;
    let (server, _app, window) = by.work(&session).await?;

    window.click("Available").await?;
    window.click("Break").await?;
    window.wait_agent("notReady").await?;
    window.click("Break").await?;
    window.click("Available").await?;
    window.wait_agent("ready").await?;

    talk(&server, &window).await?;
    window.wait_agent("busy").await?;
    window.click("Busy").await?;
    window.click("Training").await?;
    window.wait_text("then Training").await?;
    window.picture("next-state").await?;
    window.press("disconnect").await?;
    window.press("clearContact").await?;
    window.wait_agent("notReady").await?;
    window.wait_text("Training").await
}

async fn a_callback_and_a_monitored_call_are_shown_for_what_they_are(by: By) -> Result<()> {
    let session = by.session("kinds").await?;
    let (server, _app, window) = by.work(&session).await?;

    let callback = server.centre().offer_callback("+4915112345678", now());
    window.wait_phase("ringing").await?;
    window.wait_text("Callback").await?;
    window.picture("callback").await?;
    window.press("answer").await?;
    window.wait_phase("dialing").await?;
    server.centre().callee_answers(&callback, now());
    window.wait_phase("talking").await?;
    assert_eq!(
        session.notifications().raised().len(),
        1,
        "its ids changed, and it rang once"
    );
    window.press("disconnect").await?;
    window.press("clearContact").await?;
    window.wait_no_contact().await?;

    let monitored = server.centre().monitor(now());
    window.wait_text("Monitoring").await?;
    assert!(!window.buttons().await?.contains(&"disconnect".to_owned()));
    server.centre().remove(&monitored, now());
    window.wait_no_contact().await
}
