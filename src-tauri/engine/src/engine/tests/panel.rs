//! Amazon Connect through a window that the shell shows.

use offhook_amazon::{
    Seen, Setup, Way,
    page::{Call, Said},
};
use serde_json::{Value, json};

use super::*;
use crate::panel::{PanelEvent, PanelId, PanelOrder};

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

/// What the panel tells while there are these contacts.
fn update(contacts: &Value) -> PanelEvent {
    said(json!({
        "says": "update",
        "snapshot": {
            "state": { "name": "PendingBusy", "type": "system", "startTimestamp": "2026-03-02T09:00:00.000Z" },
            "contacts": contacts,
        },
        "configuration": { "name": "Robin", "username": "robin", "agentStates": [] },
    }))
}

async fn tell(rig: &Rig, panel: u64, event: PanelEvent) {
    rig.handle.panel(PanelId(panel), event).await;
}

/// The panel loaded, and tells of these contacts.
async fn panel_with(contacts: &Value) -> Rig {
    let mut rig = Rig::with_settings(SETTINGS).await;
    rig.ordered(|order| matches!(order, PanelOrder::Open(..)))
        .await;
    let url = "http://127.0.0.1:9/ccp-v2/".parse().unwrap();
    for event in [
        PanelEvent::Seen(Seen::Loaded(url)),
        said(json!({ "says": "hello", "webRtc": true })),
        said(json!({ "says": "streams" })),
        update(contacts),
    ] {
        tell(&rig, 0, event).await;
    }
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
        .ordered(|order| matches!(order, PanelOrder::Open(..)))
        .await;
    assert_eq!(opened, PanelOrder::Open(PanelId::default(), setup));
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
    let mut rig = panel_with(&offer()).await;
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
async fn another_connector_waits_for_the_end_of_the_call() {
    let mut rig = panel_with(&offer()).await;
    rig.until(in_phase(Phase::Ringing)).await;
    let practise = connect_to(ConnectorKind::Practice);
    rig.handle.change_settings(practise).await.unwrap();
    assert_eq!(rig.handle.view().link.connector, "amazon");

    tell(&rig, 0, update(&json!([]))).await;
    rig.ordered(|order| *order == PanelOrder::Close).await;
    rig.until(|view| view.link.connector == "practice").await;
}

#[tokio::test(start_paused = true)]
async fn a_file_that_was_edited_waits_too_when_something_else_is_saved() {
    let mut rig = panel_with(&offer()).await;
    rig.until(in_phase(Phase::Ringing)).await;
    std::fs::write(rig.settings_file(), "connector = \"practice\"\n").unwrap();
    let quiet = SettingsChange {
        sound: Some(false),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(quiet).await.unwrap();
    rig.until(|view| view.contacts.len() == 1).await;
    assert!(!rig.orders.contains(&PanelOrder::Close));

    tell(&rig, 0, update(&json!([]))).await;
    rig.ordered(|order| *order == PanelOrder::Close).await;
}

#[tokio::test(start_paused = true)]
async fn the_words_of_an_old_panel_are_nobodys() {
    let mut rig = panel_with(&json!([])).await;
    rig.until(linked(LinkState::Online)).await;
    let elsewhere = SettingsChange {
        amazon_instance: Some("http://127.0.0.1:10".to_owned()),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(elsewhere).await.unwrap();
    rig.until(linked(LinkState::Connecting)).await;

    tell(&rig, 0, update(&offer())).await;
    tell(&rig, 1, update(&json!([]))).await;
    rig.until(linked(LinkState::Online)).await;
    assert!(rig.shown.contacts.is_empty());
}

#[tokio::test(start_paused = true)]
async fn stopping_closes_the_panel() {
    let mut rig = panel_with(&json!([])).await;
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
