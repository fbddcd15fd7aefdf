//! Contacts that are no plain calls in this softphone.

use offhook_protocol::ContactKind;
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    streams::{AVAILABLE, BUSY, CALLING, MISSED, RINGING, caller, contact, own, ringing, with},
};

fn callback(state: &str, own_id: &str, customer_id: &str, states: [&str; 2]) -> Value {
    let own = with(own(states[0]), "connectionId", json!(own_id));
    let customer = with(caller(states[1]), "connectionId", json!(customer_id));
    with(
        contact("contact", state, &[own, customer]),
        "type",
        json!("queue_callback"),
    )
}

#[test]
fn a_desk_phone_rings_without_buttons() {
    let connections = [
        with(own("connecting"), "softphoneMediaInfo", Value::Null),
        caller("connected"),
    ];
    let ringing = contact("contact", "connecting", &connections);
    let mut stage = Stage::open();
    assert_eq!(
        stage.update(RINGING, &[ringing])[..2],
        ["agent connecting: ", "inbound connected: "]
    );
    assert_eq!(
        stage.ask("Answer"),
        ["ANSWER_CALL_FAILED: No contact in state connecting"]
    );
}

#[test]
fn a_queued_callback_keeps_its_legs_although_amazon_changes_their_ids() {
    let mut stage = Stage::open();
    let incoming = callback(
        "incoming",
        "u_contact",
        "contact",
        ["connecting", "connected"],
    );
    assert_eq!(
        stage.update(("Pending", "not_routable"), &[incoming])[..2],
        ["agent connecting: answer reject", "outbound connected: "]
    );
    assert_eq!(stage.calls().legs[0].kind, ContactKind::QueuedCallback);
    assert_eq!(stage.ask("Answer"), ["ask accept contact"]);

    let dialling = callback(
        "connecting",
        "own 2",
        "customer 2",
        ["connecting", "connecting"],
    );
    assert_eq!(
        stage.update(CALLING, &[dialling])[..2],
        ["agent connecting: ", "outbound connecting: disconnect"]
    );
    let talking = callback(
        "connected",
        "own 3",
        "customer 3",
        ["connected", "connected"],
    );
    stage.update(BUSY, &[talking]);
    assert_eq!(stage.legs(), ["u_contact", "contact"]);
    assert_eq!(
        stage.ask_with("Hold", json!("contact")),
        ["ask hold contact customer 3"]
    );
}

#[test]
fn a_queued_callback_that_nobody_takes_is_missed() {
    let mut stage = Stage::open();
    let incoming = callback("incoming", "a", "b", ["connecting", "connected"]);
    stage.update(RINGING, &[incoming]);
    let failed = callback("error", "a", "b", ["disconnected", "disconnected"]);
    let said = stage.update(MISSED, &[failed]);
    assert_eq!(said[0], "agent missed: clearContact");
}

#[test]
fn a_queued_callback_whose_customer_does_not_answer_is_wrap_up() {
    let mut stage = Stage::open();
    let dialling = callback("connecting", "a", "b", ["connecting", "connecting"]);
    stage.update(CALLING, &[dialling]);
    let failed = callback("error", "a", "b", ["disconnected", "disconnected"]);
    let said = stage.update(("FailedConnectCustomer", "error"), &[failed]);
    assert_eq!(said[0], "agent ACW: clearContact");
}

#[test]
fn who_monitors_a_call_has_no_buttons() {
    let listening = with(own("connected"), "type", json!("monitoring"));
    let listening = with(listening, "initial", json!(true));
    let monitored = contact("contact", "connected", &[listening, caller("connected")]);
    let mut stage = Stage::with(AVAILABLE, monitored);
    let legs = stage.calls().legs;
    assert_eq!(legs[0].kind, ContactKind::Monitoring);
    assert_eq!(
        stage.ask_agent("Logout", None),
        ["LOGIN_FAILED: Agent is handling a contact"]
    );
    assert_eq!(
        stage.ask("Hold"),
        ["HOLD_CALL_FAILED: No connection in state connected"]
    );
}

#[test]
fn other_channels_are_not_the_phones() {
    for channel in ["chat", "task", "email", "hologram"] {
        let contact = with(ringing(), "type", json!(channel));
        let mut stage = Stage::open();
        assert_eq!(stage.update(AVAILABLE, &[contact]), [] as [String; 0]);
        assert_eq!(stage.ask_agent("Logout", None), ["ask terminate"]);
    }
}

#[test]
fn numbers_come_from_the_attributes_or_else_from_the_endpoints() {
    let variables = |contact: Value| -> Vec<(String, String)> {
        let stage = Stage::with(RINGING, contact);
        let variables = stage.calls().variables.into_iter();
        variables
            .map(|v| (v.name, v.value.reveal().to_owned()))
            .collect()
    };
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(variables(ringing()), [pair("ANI", "+161081111")]);

    let endpoints = with(
        with(
            ringing(),
            "customerEndpoint",
            json!({ "phoneNumber": "+4412" }),
        ),
        "connectSystemEndpoint",
        json!({ "phoneNumber": "sip:+4413@host.example" }),
    );
    let known = [pair("ANI", "+4412"), pair("DNIS", "+4413")];
    assert_eq!(variables(endpoints.clone()), known);

    let attributes = json!({
        "Tier": { "name": "Tier", "value": "Gold" },
        "DNIS": { "name": "DNIS", "value": "+4499" },
    });
    assert_eq!(
        variables(with(endpoints, "attributes", attributes)),
        [
            pair("ANI", "+4412"),
            pair("DNIS", "+4499"),
            pair("Tier", "Gold")
        ]
    );
}

#[test]
fn a_sip_address_is_told_as_its_number() {
    let endpoint = json!({ "type": "phone_number", "phoneNumber": "sip:+441632960007@10.0.0.1" });
    let connections = [
        own("connecting"),
        with(caller("connected"), "endpoint", endpoint),
    ];
    let stage = Stage::with(RINGING, contact("contact", "connecting", &connections));
    let number = stage.calls().legs[1].phone_number.clone();
    assert_eq!(number.unwrap().reveal(), "+441632960007");
}
