//! Amazon Connect through a window that the shell shows.

use offhook_amazon::{
    Seen, Setup, Way,
    page::{Call, Said},
};
use serde_json::{Value, json};

use super::*;
use crate::panel::{PanelEvent, PanelOrder};

/// Nothing answers there.
const SETTINGS: &str =
    "connector = \"amazon\"\n[amazon]\ninstance = \"http://127.0.0.1:9\"\nway = \"panel\"\n";

fn said(said: Value) -> PanelEvent {
    PanelEvent::Said(serde_json::from_value::<Said>(said).unwrap())
}

fn connection(id: &str, kind: &str, state: &str) -> Value {
    json!({
        "connectionId": id,
        "type": kind,
        "initial": kind == "inbound",
        "state": { "type": state, "timestamp": "2026-03-02T09:00:00.000Z" },
        "endpoint": { "type": "phone_number", "phoneNumber": "+441632960001" },
        "softphoneMediaInfo": { "callType": "audio_only" },
    })
}

/// The panel loaded, and tells of these contacts.
async fn panel_with(contacts: Value) -> Rig {
    let mut rig = Rig::with_settings(SETTINGS).await;
    rig.ordered(|order| matches!(order, PanelOrder::Open(_)))
        .await;
    let url = "http://127.0.0.1:9/ccp-v2/".parse().unwrap();
    rig.handle.panel(PanelEvent::Seen(Seen::Loaded(url)));
    rig.handle
        .panel(said(json!({ "says": "hello", "webRtc": true })));
    rig.handle.panel(said(json!({ "says": "streams" })));
    rig.handle.panel(said(json!({ "says": "acknowledged" })));
    rig.handle.panel(said(json!({
        "says": "update",
        "snapshot": {
            "state": { "name": "PendingBusy", "type": "system", "startTimestamp": "2026-03-02T09:00:00.000Z" },
            "contacts": contacts,
        },
        "configuration": { "name": "Robin", "username": "robin", "agentStates": [] },
    })));
    rig
}

fn offer() -> Value {
    json!([{
        "contactId": "contact",
        "type": "voice",
        "state": { "type": "connecting", "timestamp": "2026-03-02T09:00:00.000Z" },
        "connections": [
            connection("own", "agent", "connecting"),
            connection("customer", "inbound", "connected"),
        ],
    }])
}

#[tokio::test(start_paused = true)]
async fn the_panel_is_opened_where_the_settings_say() {
    let mut rig = Rig::with_settings(SETTINGS).await;
    let setup = Setup {
        instance: "http://127.0.0.1:9".parse().unwrap(),
        way: Way::Panel,
    };
    let opened = rig
        .ordered(|order| matches!(order, PanelOrder::Open(_)))
        .await;
    assert_eq!(opened, PanelOrder::Open(setup));
    assert_eq!(
        rig.until(|view| view.link.connector == "amazon")
            .await
            .link
            .state,
        LinkState::Connecting
    );
}

#[tokio::test(start_paused = true)]
async fn a_call_in_the_panel_rings_and_answering_asks_the_panel() {
    let mut rig = panel_with(offer()).await;
    let view = rig.until(in_phase(Phase::Ringing)).await;
    rig.handle.dispatch(press(&view, Button::Answer));
    let asked = rig.ordered(|order| matches!(order, PanelOrder::Ask(asked) if matches!(asked.call, Call::Accept { .. }))).await;
    let PanelOrder::Ask(asked) = asked else {
        panic!("it was asked");
    };
    assert_eq!(
        asked.call,
        Call::Accept {
            contact_id: "contact".to_owned()
        }
    );
}

#[tokio::test(start_paused = true)]
async fn another_connector_closes_the_panel_but_not_during_a_call() {
    let mut rig = panel_with(offer()).await;
    rig.until(in_phase(Phase::Ringing)).await;
    let practise = connect_to(ConnectorKind::Practice);
    let refused = rig
        .handle
        .change_settings(practise.clone())
        .await
        .unwrap_err();
    assert_eq!(refused.text, CALL_FIRST);
    assert!(rig.handle.settings().connector.value == ConnectorKind::Amazon);

    let mut rig = panel_with(json!([])).await;
    rig.until(linked(LinkState::Online)).await;
    rig.handle.change_settings(practise).await.unwrap();
    rig.ordered(|order| *order == PanelOrder::Close).await;
    rig.until(|view| view.link.connector == "practice").await;
}

#[tokio::test(start_paused = true)]
async fn stopping_closes_the_panel() {
    let mut rig = panel_with(json!([])).await;
    rig.until(linked(LinkState::Online)).await;
    rig.handle.stop();
    rig.ordered(|order| *order == PanelOrder::Close).await;
}

#[tokio::test]
async fn without_a_display_the_connector_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let places = rig::places(&folder);
    std::fs::write(&places.settings, SETTINGS).unwrap();
    let options = Options {
        places: Some(places),
        ..Options::default()
    };
    let refused = Engine::new(options, Headless).await.map(drop).unwrap_err();
    assert!(matches!(refused, StartError::NeedsDisplay));
    assert!(refused.to_string().contains("needs a display"));
}
