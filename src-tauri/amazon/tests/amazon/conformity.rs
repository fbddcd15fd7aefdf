//! What the bus hears has the keys of the published samples, in the same nesting and order, with the
//! same types, constants and buttons.

use offhook_amazon::Output;
use offhook_protocol::{Envelope, LegType};
use serde_json::{Map, Value, json};

use crate::{
    stage::Stage,
    streams::{AVAILABLE, BUSY, RINGING, WRAP_UP, caller, over, ringing, snapshot, talking, with},
};

macro_rules! sample {
    ($name:literal) => {
        Envelope::parse(include_bytes!(concat!(
            "../../../../tests/fixtures/samples/",
            $name
        )))
        .unwrap()
    };
}

/// Values that differ from call to call: identifiers and times. Everything else must be equal.
fn varies(key: &str) -> bool {
    ["id", "connectionId", "contactId"].contains(&key)
        || key.ends_with("Timestamp")
        || key.ends_with("Time")
}

/// Fails with the path at the first difference in keys, order, types or constants.
fn assert_conforms(path: &str, sent: &Value, published: &Value) {
    match (sent, published) {
        (Value::Object(sent), Value::Object(published)) => {
            let keys = |map: &Map<String, Value>| map.keys().cloned().collect::<Vec<_>>();
            assert_eq!(keys(sent), keys(published), "keys of {path}");
            for (key, value) in sent {
                if varies(key) {
                    let texts = value.is_string() && published[key].is_string();
                    assert!(texts, "{path}.{key}");
                } else {
                    assert_conforms(&format!("{path}.{key}"), value, &published[key]);
                }
            }
        }
        (Value::Array(sent), Value::Array(published)) => {
            assert_eq!(sent.len(), published.len(), "length of {path}");
            for (index, (sent, published)) in sent.iter().zip(published).enumerate() {
                assert_conforms(&format!("{path}[{index}]"), sent, published);
            }
        }
        // One sample has a stray space before the queue's name.
        (Value::String(sent), Value::String(published)) => {
            assert_eq!(sent.trim(), published.trim(), "{path}");
        }
        _ => assert_eq!(sent, published, "{path}"),
    }
}

/// With the variables that the samples have.
fn numbered(contact: Value) -> Value {
    let attributes = json!({
        "ANI": { "name": "ANI", "value": "+161081111" },
        "DNIS": { "name": "DNIS", "value": "+16013261548" },
    });
    with(contact, "attributes", attributes)
}

fn leg_event(outputs: &[Output], leg: &LegType) -> Value {
    let event = outputs.iter().find_map(|output| match output {
        Output::Bus(envelope) => envelope
            .message
            .as_ref()
            .filter(|message| message["call"]["CallType"] == leg.as_str())
            .map(|_| json!(envelope)),
        Output::Ask(_) | Output::Panel(_) => None,
    });
    event.unwrap()
}

fn on_call() -> Stage {
    let mut stage = Stage::with(RINGING, numbered(ringing()));
    stage.update(BUSY, &[numbered(talking(&[caller("connected")]))]);
    stage
}

#[test]
fn an_incoming_call_is_told_as_published() {
    let mut stage = Stage::open();
    let said = stage.take_for(snapshot(RINGING, &[numbered(ringing())]));
    let published = json!(sample!("incoming-call.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &published);
}

#[test]
fn an_answered_call_is_told_as_published() {
    let mut stage = Stage::with(RINGING, numbered(ringing()));
    let answered = numbered(talking(&[caller("connected")]));
    let said = stage.take_for(snapshot(BUSY, &[answered]));
    let published = json!(sample!("answer.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &published);
}

/// Nothing is published of these, but all events have one shape.
#[test]
fn held_and_wrapped_up_calls_are_told_in_the_published_shape() {
    let published = json!(sample!("answer.event.json"));
    let mut stage = on_call();
    let held = stage.take_for(snapshot(BUSY, &[numbered(talking(&[caller("hold")]))]));
    let ended = stage.take_for(snapshot(WRAP_UP, &[numbered(over("ended"))]));
    let table = [
        (
            held,
            "hold",
            "hold",
            "connected",
            ["consult", "numberpad"].as_slice(),
        ),
        (ended, "ACW", "disconnected", "hold", &["clearContact"]),
    ];
    for (said, event, status, previous, buttons) in table {
        let mut expected = published.clone();
        let call = &mut expected["message"]["call"];
        call["event"] = json!(event);
        call["ResponseFields"]["CallState"] = json!(event);
        call["ResponseActual"]["status"] = json!(status);
        call["ResponseActual"]["previousStatus"] = json!(previous);
        for (name, word) in call["ButtonStates"]["items"].as_object_mut().unwrap() {
            *word = json!(if buttons.contains(&name.as_str()) {
                "Enable"
            } else {
                "Hide"
            });
        }
        let booleans = &mut call["ResponseActual"]["buttonStates"];
        for (name, enabled) in booleans.as_object_mut().unwrap() {
            *enabled = json!(buttons.contains(&name.as_str()));
        }
        assert_conforms("$", &leg_event(&said, &LegType::Agent), &expected);
    }
}

#[test]
fn a_cleared_contact_is_told_as_published() {
    let mut stage = on_call();
    stage.update(WRAP_UP, &[numbered(over("ended"))]);
    let said = stage.take_for(snapshot(AVAILABLE, &[]));
    let agent = json!(sample!("clear-contact.agent.event.json"));
    let inbound = json!(sample!("clear-contact.inbound.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &agent);
    assert_conforms("$", &leg_event(&said, &LegType::Inbound), &inbound);
}

#[test]
fn the_whole_state_is_told_as_published() {
    let [_, _, calls] = on_call().amazon.snapshot();
    let published = json!(sample!("state-sync.response.json"));
    assert_conforms("$", &json!(calls), &published);
}

#[test]
fn what_was_answered_is_not_taken_for_a_request() {
    let response = sample!("state-sync.response.json");
    assert_eq!(Stage::talking().send(&response), [] as [String; 0]);
}
