//! Snapshots as the Streams library gives them, with all the fields that recorded ones have.

use serde_json::{Value, json};

/// The time of every state that no test gives another one.
pub(crate) const SINCE: &str = "2026-11-21T09:00:00.000Z";

/// A state of the agent: name and type.
pub(crate) type State = (&'static str, &'static str);

pub(crate) const AVAILABLE: State = ("Available", "routable");
pub(crate) const RINGING: State = ("PendingBusy", "system");
pub(crate) const BUSY: State = ("Busy", "system");
pub(crate) const CALLING: State = ("CallingCustomer", "system");
pub(crate) const WRAP_UP: State = ("AfterCallWork", "system");
pub(crate) const MISSED: State = ("MissedCallAgent", "error");

pub(crate) fn state((name, kind): State) -> Value {
    json!({ "agentStateARN": arn(name), "name": name, "type": kind, "startTimestamp": SINCE })
}

pub(crate) fn arn(name: &str) -> String {
    format!("arn:aws:connect:eu-west-2:000000000000:instance/test/agent-state/{name}")
}

pub(crate) fn snapshot(agent: State, contacts: &[Value]) -> Value {
    json!({
        "agentAvailabilityState": { "state": "Available", "timeStamp": SINCE },
        "contacts": contacts,
        "nextState": null,
        "snapshotTimestamp": SINCE,
        "state": state(agent),
    })
}

/// The states to choose from, the one that takes calls neither first nor last.
pub(crate) fn configuration() -> Value {
    let states = [
        ("Lunch", "not_routable"),
        AVAILABLE,
        ("Training & coaching", "not_routable"),
        ("Offline", "offline"),
    ];
    json!({
        "name": "Robin Agent",
        "username": "robin.agent",
        "extension": "",
        "softphoneEnabled": true,
        "agentStates": states.map(state),
        "permissions": ["outboundCall"],
        "routingProfile": { "name": "Basic", "queues": [] },
    })
}

/// A voice contact.
pub(crate) fn contact(id: &str, state: &str, connections: &[Value]) -> Value {
    json!({
        "contactId": id,
        "initialContactId": id,
        "type": "voice",
        "initiationMethod": null,
        "state": { "type": state, "timestamp": SINCE },
        "queue": { "name": "InboundTest", "queueARN": "arn:queue" },
        "queueTimestamp": SINCE,
        "contactDuration": "0",
        "attributes": {},
        "contactFeatures": { "multiPartyConferenceEnabled": false },
        "connections": connections,
    })
}

fn connection(id: &str, kind: &str, state: &str, number: Option<&str>) -> Value {
    json!({
        "connectionId": id,
        "type": kind,
        "initial": false,
        "state": { "type": state, "timestamp": SINCE },
        "endpoint": { "type": "phone_number", "phoneNumber": number, "name": null },
        "softphoneMediaInfo": null,
        "mute": false,
        "forcedMute": false,
        "quickConnectName": null,
        "monitoringInfo": null,
    })
}

/// The agent's own connection, with the audio offered here.
pub(crate) fn own(state: &str) -> Value {
    let media = json!({ "callType": "audio_only", "autoAccept": false });
    with(
        connection("own", "agent", state, None),
        "softphoneMediaInfo",
        media,
    )
}

/// Whoever called.
pub(crate) fn caller(state: &str) -> Value {
    let caller = connection("caller", "inbound", state, Some("+161081111"));
    with(caller, "initial", json!(true))
}

/// Whoever the agent called first.
pub(crate) fn callee(state: &str) -> Value {
    let callee = connection("callee", "outbound", state, Some("+441632960042"));
    with(callee, "initial", json!(true))
}

/// A further party.
pub(crate) fn third(id: &str, state: &str) -> Value {
    connection(id, "outbound", state, Some("+441632960099"))
}

/// The same with another value of one field.
pub(crate) fn with(mut value: Value, field: &str, content: Value) -> Value {
    value[field] = content;
    value
}

/// The same, changed at this time.
pub(crate) fn since(mut value: Value, at: &str) -> Value {
    value["state"]["timestamp"] = json!(at);
    value
}

/// A call that is offered: the caller's connection is there already.
pub(crate) fn ringing() -> Value {
    contact(
        "contact",
        "connecting",
        &[own("connecting"), caller("connected")],
    )
}

/// A call with these parties.
pub(crate) fn talking(parties: &[Value]) -> Value {
    let connections: Vec<Value> = std::iter::once(own("connected"))
        .chain(parties.iter().cloned())
        .collect();
    contact("contact", "connected", &connections)
}

/// The same where more than two parties are allowed.
pub(crate) fn roomy(contact: Value) -> Value {
    let features = json!({ "multiPartyConferenceEnabled": true });
    with(contact, "contactFeatures", features)
}

/// A call that is over.
pub(crate) fn over(state: &str) -> Value {
    let connections = [own("disconnected"), caller("disconnected")];
    contact("contact", state, &connections)
}
