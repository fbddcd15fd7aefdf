//! What the centre sends has the keys of the published samples, in the same nesting and order, with the
//! same types, constants and buttons.

use offhook_protocol::{Envelope, LegType};
use serde_json::{Map, Value, json};

use crate::stage::{ONE_CALL, Stage};

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
                    assert!(
                        value.is_string() && published[key].is_string(),
                        "{path}.{key}"
                    );
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

fn leg_event(said: &[Envelope], leg: &LegType) -> Value {
    let of_leg = |envelope: &&Envelope| {
        envelope.subtopic == "InboundCallStateChange"
            && envelope.message.as_ref().unwrap()["call"]["CallType"] == leg.as_str()
    };
    json!(said.iter().find(of_leg).unwrap())
}

#[test]
fn an_incoming_call_is_told_as_published() {
    let mut stage = Stage::open(ONE_CALL);
    let said = stage.wait_for(1_000);
    let published = json!(sample!("incoming-call.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &published);
}

#[test]
fn an_answered_call_is_told_as_published() {
    let said = Stage::ringing().send(&sample!("answer.request.json"));
    let published = json!(sample!("answer.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &published);
}

#[test]
fn a_cleared_contact_is_told_as_published() {
    let mut stage = Stage::talking();
    stage.ask("Disconnect");
    let said = stage.send(&sample!("clear-contact.request.json"));
    let agent = json!(sample!("clear-contact.agent.event.json"));
    let inbound = json!(sample!("clear-contact.inbound.event.json"));
    assert_conforms("$", &leg_event(&said, &LegType::Agent), &agent);
    assert_conforms("$", &leg_event(&said, &LegType::Inbound), &inbound);
}

#[test]
fn the_whole_state_is_told_as_published() {
    let said = Stage::talking().send(&sample!("state-sync.request.json"));
    let published = json!(sample!("state-sync.response.json"));
    assert_eq!(said.len(), 1);
    assert_conforms("$", &json!(said[0]), &published);
}

#[test]
fn ids_relate_as_published() {
    let stage = Stage::talking();
    let [agent, inbound] = &stage.legs[..] else {
        panic!("two legs");
    };
    assert_eq!(agent.contact_id, inbound.contact_id);
    assert_ne!(agent.connection_id, inbound.connection_id);
    let contact = inbound.contact_id.as_ref().unwrap();
    assert_eq!(inbound.connection_id.as_str(), contact.as_str());
    let published = "836c56f3-07c2-418f-99e7-2565b75b575c";
    let shape = |id: &str| id.split('-').map(str::len).collect::<Vec<_>>();
    assert_eq!(shape(contact.as_str()), shape(published));
    assert_eq!(contact.as_str().as_bytes()[14], b'4');
}

#[test]
fn what_was_answered_is_not_taken_for_a_request() {
    let response = sample!("state-sync.response.json");
    assert_eq!(Stage::talking().send(&response), []);
}
