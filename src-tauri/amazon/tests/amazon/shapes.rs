//! What the page's script says and is told, in all the shapes that occur.

use offhook_amazon::page::{Asked, Call, Endpoint, Opaque, Said};
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    streams::{AVAILABLE, BUSY, RINGING, caller, contact, own, ringing, snapshot, talking, with},
};

/// One example of each message, shared with the tests of the script.
fn messages() -> Value {
    let text = include_str!("../../../../tests/fixtures/panel/messages.json");
    serde_json::from_str(text).unwrap()
}

#[test]
fn everything_that_the_script_says_is_understood() {
    let (mut stage, _) = Stage::raw(offhook_amazon::Way::Panel);
    for message in messages()["said"].as_array().unwrap() {
        let said: Said = serde_json::from_value(message.clone()).unwrap();
        stage.said(said);
    }
    assert!(stage.legs().is_empty());
}

#[test]
fn every_call_is_written_as_the_script_reads_it() {
    let contact_id = || "c1".to_owned();
    let connection_id = || "customer".to_owned();
    let asked = messages()["asked"].clone();
    let opaque = |index: usize| Opaque(asked[index]["endpoint"]["quickConnect"].clone());
    let number = || Endpoint::PhoneNumber("+442079460001".into());
    let one = |call: fn(String, String) -> Call| call(contact_id(), connection_id());
    let calls = [
        Call::Accept {
            contact_id: contact_id(),
        },
        Call::Reject {
            contact_id: contact_id(),
        },
        Call::Clear {
            contact_id: contact_id(),
        },
        one(|contact_id, connection_id| Call::Destroy {
            contact_id,
            connection_id,
        }),
        one(|contact_id, connection_id| Call::Hold {
            contact_id,
            connection_id,
        }),
        one(|contact_id, connection_id| Call::Resume {
            contact_id,
            connection_id,
        }),
        Call::SendDigits {
            contact_id: contact_id(),
            connection_id: connection_id(),
            digits: "12#".into(),
        },
        Call::AddConnection {
            contact_id: contact_id(),
            endpoint: number(),
        },
        Call::AddConnection {
            contact_id: contact_id(),
            endpoint: Endpoint::QuickConnect(opaque(8)),
        },
        Call::ToggleActiveConnections {
            contact_id: contact_id(),
        },
        Call::ConferenceConnections {
            contact_id: contact_id(),
        },
        Call::Connect { endpoint: number() },
        Call::SetState {
            state: asked[12]["state"].clone(),
            enqueue_next_state: true,
        },
        Call::GetEndpoints,
        Call::Mute,
        Call::Unmute,
        one(|contact_id, connection_id| Call::MuteParticipant {
            contact_id,
            connection_id,
        }),
        one(|contact_id, connection_id| Call::UnmuteParticipant {
            contact_id,
            connection_id,
        }),
        Call::Terminate,
        Call::Refresh,
    ];
    let written: Vec<Asked> = calls
        .into_iter()
        .zip(1..)
        .map(|(call, id)| Asked { id, call })
        .collect();
    assert_eq!(json!(written), asked);
}

#[test]
fn a_snapshot_may_lack_all_but_contacts_connections_and_their_states() {
    let bare = json!({
        "state": { "name": "PendingBusy" },
        "contacts": [{
            "contactId": "contact",
            "type": "queue_callback",
            "state": { "type": "incoming" },
            "connections": [
                { "connectionId": "own", "type": "agent", "state": { "type": "connecting" } },
                { "connectionId": "caller", "type": "inbound", "state": { "type": "connected" } },
            ],
        }],
    });
    let mut stage = Stage::open();
    stage.configuration = json!({});
    assert_eq!(
        stage.take(bare)[..2],
        ["agent connecting: answer reject", "outbound connected: "]
    );
}

#[test]
fn what_is_not_indispensable_may_have_any_shape() {
    let odd = json!({ "odd": [1, 2] });
    let fields = [
        "attributes",
        "queue",
        "queueTimestamp",
        "contactFeatures",
        "customerEndpoint",
        "connectSystemEndpoint",
        "references",
    ];
    for value in [odd, json!(null), json!("text"), json!(7), json!([true])] {
        let mut contact = ringing();
        for field in fields {
            contact = with(contact, field, value.clone());
        }
        for field in ["endpoint", "mute", "forcedMute"] {
            contact["connections"][1][field] = value.clone();
        }
        let mut update = snapshot(RINGING, &[contact]);
        update["nextState"] = value.clone();
        update["snapshotTimestamp"] = value.clone();
        let said = Stage::open().take(update);
        assert_eq!(said[0], "agent connecting: answer reject", "{value}");
    }
}

#[test]
fn an_update_that_cannot_be_read_is_told_and_changes_no_call() {
    let mut broken = vec![
        json!(null),
        json!([]),
        json!({}),
        snapshot(AVAILABLE, &[json!({})]),
    ];
    for field in ["contactId", "type", "state", "connections"] {
        broken.push(snapshot(AVAILABLE, &[with(ringing(), field, json!(7))]));
    }
    for field in ["connectionId", "type", "state"] {
        let connection = with(caller("connected"), field, json!(null));
        let contact = contact("contact", "connected", &[own("connected"), connection]);
        broken.push(snapshot(AVAILABLE, &[contact]));
    }
    for update in broken {
        let mut stage = Stage::talking();
        assert_eq!(
            stage.take(update.clone()),
            ["LinkStateChange online, agent unreadable"],
            "{update}"
        );
        assert_eq!(stage.legs(), ["own", "caller"]);
        assert_eq!(
            stage.talk(&[caller("connected")]),
            ["LinkStateChange online"]
        );
    }
}

/// It is not silent either: to load it anew would change nothing.
#[test]
fn a_panel_that_was_never_understood_is_not_loaded_anew() {
    let (mut stage, _) = Stage::raw(offhook_amazon::Way::Panel);
    stage.hello();
    stage.said(Said::Streams);
    assert_eq!(
        stage.take(json!({})),
        ["LinkStateChange connecting, agent unreadable"]
    );
    assert_eq!(stage.wait(60_000), [] as [String; 0]);
}

#[test]
fn times_may_be_text_seconds_or_milliseconds() {
    let table = [
        (
            json!("2026-11-21T09:30:00.123Z"),
            "2026-11-21T09:30:00.123Z",
        ),
        (json!(1_795_253_400.123), "2026-11-21T09:30:00.123Z"),
        (json!(1_795_253_400_123_i64), "2026-11-21T09:30:00.123Z"),
        // Without a time of its own a connection has its contact's.
        (json!("soon"), "2026-11-21T09:00:00.000Z"),
    ];
    for (time, told) in table {
        let mut caller = caller("connected");
        caller["state"]["timestamp"] = time;
        let contact = contact("contact", "connecting", &[own("connecting"), caller]);
        let stage = Stage::with(RINGING, contact);
        assert_eq!(stage.calls().legs[1].at.unwrap().to_string(), told);
    }
}

#[test]
fn unknown_words_are_no_obstacle() {
    let mut stage = Stage::open();
    let parties = [with(caller("connected"), "type", json!("teleport"))];
    stage.update(("Levitating", "buoyant"), &[talking(&parties)]);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected, teleport connected]"]
    );
    let paused = with(ringing(), "state", json!({ "type": "daydreaming" }));
    assert_eq!(stage.update(BUSY, &[paused])[0], "agent connecting: ");
    assert_eq!(
        stage.ask_agent("Logout", None),
        ["LOGIN_FAILED: Agent is handling a contact"]
    );
}
