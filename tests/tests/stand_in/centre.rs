//! The centre without pages.

use offhook_amazon::page::{Asked, Call, Endpoint, Opaque, Said};
use offhook_protocol::Timestamp;
use offhook_tests::stand_in::{self, AmazonError, Centre, News, Offer};
use serde_json::{Value, json};

use crate::stage::{Stage, add, default_queue, of_connection, phone_number};

#[test]
fn a_call_is_offered_with_the_caller_connected_already() {
    let mut stage = Stage::new();
    let ids = stage.ringing();

    assert_eq!(
        stage.told(),
        "PendingBusy, connecting: agent connecting inbound connected"
    );
    assert!(stage.connections()[0]["softphoneMediaInfo"].is_object());
    assert_ne!(ids.customer, ids.contact);
}

#[test]
fn an_answered_call_is_connected_once_the_media_is() {
    let mut stage = Stage::new();
    let ids = stage.ringing();
    stage.api("acceptContact", json!({ "contactId": ids.contact }));
    assert_eq!(
        stage.told(),
        "PendingBusy, connecting: agent connecting inbound connected"
    );
    stage.wait(200);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected"
    );

    stage.wait(60_000);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected"
    );
}

#[test]
fn missed_rejected_and_given_up_look_alike() {
    let over = "MissedCallAgent, error: agent disconnected inbound disconnected";

    let mut missed = Stage::new();
    missed.ringing();
    missed.wait(19_999);
    assert_ne!(missed.told(), over);
    missed.wait(1);
    assert_eq!(missed.told(), over);

    let mut rejected = Stage::new();
    let ids = rejected.ringing();
    rejected.api("rejectContact", json!({ "contactId": ids.contact }));
    assert_eq!(rejected.told(), over);

    let mut given_up = Stage::new();
    let ids = given_up.ringing();
    given_up
        .centre
        .customer_hangs_up(&ids.contact, given_up.now);
    assert_eq!(given_up.told(), over);

    given_up.api("clearContact", json!({ "contactId": ids.contact }));
    assert_eq!(given_up.told(), "Available");
}

#[test]
fn wrap_up_ends_with_the_next_state() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    let training = stage.centre.update()["configuration"]["agentStates"][2].clone();
    stage.api(
        "putAgentState",
        json!({ "state": training, "enqueueNextState": true }),
    );
    assert_eq!(stage.snapshot()["nextState"]["name"], "Training");

    stage.api("destroyConnection", of_connection(&ids.contact, &ids.own));
    assert_eq!(
        stage.told(),
        "AfterCallWork, ended: agent disconnected inbound disconnected"
    );
    stage.api("clearContact", json!({ "contactId": ids.contact }));
    assert_eq!(stage.told(), "Training");
    assert_eq!(stage.snapshot()["nextState"], Value::Null);
}

#[test]
fn choosing_to_be_available_cancels_the_next_state() {
    let mut stage = Stage::new();
    stage.talking();
    let states = stage.centre.update()["configuration"]["agentStates"].clone();
    for (state, next) in [(&states[1], json!("Break")), (&states[0], Value::Null)] {
        stage.api(
            "putAgentState",
            json!({ "state": state, "enqueueNextState": true }),
        );
        assert_eq!(stage.snapshot()["nextState"]["name"], next);
    }
}

#[test]
fn choosing_a_state_clears_what_is_over() {
    let mut stage = Stage::new();
    stage.ringing();
    stage.wait(20_000);
    let pause = stage.centre.update()["configuration"]["agentStates"][1].clone();
    stage.api(
        "putAgentState",
        json!({ "state": pause, "enqueueNextState": false }),
    );
    assert_eq!(stage.told(), "Break");
}

#[test]
fn the_agent_connects_before_the_called_party() {
    let mut stage = Stage::new();
    let params =
        json!({ "endpoint": phone_number("+442079460001"), "queueARN": default_queue(&stage) });
    stage.api("createOutboundContact", params);
    assert_eq!(
        stage.told(),
        "CallingCustomer, connecting: agent connecting outbound connecting"
    );
    stage.wait(200);
    assert_eq!(
        stage.told(),
        "CallingCustomer, connecting: agent connected outbound connecting"
    );
    let contact = stage.snapshot()["contacts"][0]["contactId"].clone();
    stage
        .centre
        .callee_answers(contact.as_str().expect("an id"), stage.now);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected outbound connected"
    );
}

#[test]
fn a_failed_call_shows_in_the_agents_state() {
    for (fail, state) in [
        (
            Centre::callee_is_busy as fn(&mut Centre, &str, Timestamp),
            "LineEngagedCustomer",
        ),
        (Centre::callee_does_not_answer, "FailedConnectCustomer"),
    ] {
        let mut stage = Stage::new();
        let params =
            json!({ "endpoint": phone_number("+442079460001"), "queueARN": default_queue(&stage) });
        stage.api("createOutboundContact", params);
        let contact = stage.snapshot()["contacts"][0]["contactId"].clone();
        fail(
            &mut stage.centre,
            contact.as_str().expect("an id"),
            stage.now,
        );
        assert_eq!(
            stage.told(),
            format!("{state}, error: agent disconnected outbound disconnected")
        );
        assert_eq!(stage.snapshot()["state"]["type"], "error");
    }
}

#[test]
fn an_accepted_callback_has_other_connections() {
    let mut stage = Stage::new();
    let contact = stage.centre.offer_callback("+4915112345678", stage.now);
    let announced = stage.ids(contact.clone());
    assert_eq!(
        stage.told(),
        "Pending, incoming: agent connecting inbound connected"
    );
    assert!(announced.own.ends_with(&format!("_{contact}")));

    stage.api("acceptContact", json!({ "contactId": contact }));
    assert_eq!(
        stage.told(),
        "CallingCustomer, connecting: agent connecting inbound connecting"
    );
    let called = stage.ids(contact.clone());
    assert!(called.own != announced.own && called.customer != announced.customer);

    stage.wait(200);
    stage.centre.callee_answers(&contact, stage.now);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected"
    );
}

#[test]
fn a_consultation_holds_swaps_joins_and_is_left() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    stage.api("createAdditionalConnection", add(&ids.contact));
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound hold outbound connecting"
    );
    stage.centre.callee_answers(&ids.contact, stage.now);

    stage.api(
        "toggleActiveConnections",
        of_connection(&ids.contact, &ids.customer),
    );
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected outbound hold"
    );
    stage.api("conferenceConnections", json!({ "contactId": ids.contact }));
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected outbound connected"
    );
    // The others stay together.
    stage.api("destroyConnection", of_connection(&ids.contact, &ids.own));
    assert_eq!(
        stage.told(),
        "AfterCallWork, ended: agent disconnected inbound connected outbound connected"
    );
}

#[test]
fn a_third_party_that_fails_leaves_the_customer_on_hold() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    stage.api("createAdditionalConnection", add(&ids.contact));
    stage.centre.callee_is_busy(&ids.contact, stage.now);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound hold outbound disconnected"
    );
    stage.centre.customer_hangs_up(&ids.contact, stage.now);
    assert!(stage.told().starts_with("AfterCallWork, ended:"));
}

#[test]
fn a_conference_has_room_for_three_or_for_six() {
    let mut small = Stage::new();
    let (ids, third) = small.consulting();
    let refusal = small.refusal("createAdditionalConnection", add(&ids.contact));
    assert_eq!(refusal["type"], "QuotaExceededException");
    // Nobody joins by being resumed.
    let customer = of_connection(&ids.contact, &ids.customer);
    let refusal = small.refusal("resumeConnection", customer.clone());
    assert_eq!(refusal["type"], "InvalidStateException");
    small.centre.party_hangs_up(&ids.contact, &third, small.now);
    small.api("resumeConnection", customer);

    let mut large = Stage::new();
    large.centre.allow_large_conferences();
    let (ids, _) = large.consulting();
    for _ in 0..3 {
        large.api("createAdditionalConnection", add(&ids.contact));
        large.centre.callee_answers(&ids.contact, large.now);
    }
    let refusal = large.refusal("createAdditionalConnection", add(&ids.contact));
    assert_eq!(refusal["type"], "QuotaExceededException");
}

#[test]
fn a_desk_phone_is_answered_by_hand() {
    let mut stage = Stage::new();
    stage.centre.use_desk_phone("+49301234567", stage.now);
    let ids = stage.ringing();
    assert_eq!(stage.connections()[0]["softphoneMediaInfo"], Value::Null);
    let refusal = stage.refusal("acceptContact", json!({ "contactId": ids.contact }));
    assert_eq!(refusal["type"], "InvalidStateException");

    stage.centre.desk_phone_is_lifted(&ids.contact, stage.now);
    assert_eq!(
        stage.told(),
        "Busy, connected: agent connected inbound connected"
    );
}

#[test]
fn monitoring_leaves_the_agents_state_alone() {
    let mut stage = Stage::new();
    let contact = stage.centre.monitor(stage.now);
    assert_eq!(stage.told(), "Available, connected: monitoring connected");
    assert_eq!(stage.snapshot()["contacts"][0]["queue"], Value::Null);
    stage.api("destroyConnection", of_connection(&contact, &contact));
    assert_eq!(stage.told(), "Available");
}

#[test]
fn two_calls_at_once_are_told_both() {
    let mut stage = Stage::new();
    let first = stage.talking();
    let second = stage.centre.offer_call(Offer::default(), stage.now);
    assert_eq!(
        stage.snapshot()["contacts"][1]["contactId"],
        second.as_str()
    );
    assert_eq!(stage.snapshot()["state"]["name"], "Busy");
    stage.centre.customer_hangs_up(&first.contact, stage.now);
    assert_eq!(stage.snapshot()["state"]["name"], "PendingBusy");
}

#[test]
fn requests_that_do_not_fit_are_refused_in_amazons_words() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    let contact = json!({ "contactId": ids.contact });
    let customer = of_connection(&ids.contact, &ids.customer);
    let state = stage.centre.update()["configuration"]["agentStates"][1].clone();

    for (method, params) in [
        ("acceptContact", contact.clone()),
        ("rejectContact", contact.clone()),
        ("clearContact", contact.clone()),
        ("conferenceConnections", contact),
        ("resumeConnection", customer.clone()),
        ("toggleActiveConnections", customer.clone()),
        (
            "putAgentState",
            json!({ "state": state, "enqueueNextState": false }),
        ),
    ] {
        let refusal = stage.refusal(method, params);
        assert_eq!(refusal["type"], "InvalidStateException", "{method}");
        assert_eq!(refusal["statusCode"], 400);
    }
    let gone = stage.refusal("clearContact", json!({ "contactId": "gone" }));
    assert_eq!(gone["type"], "ContactNotFoundException");
    let digits = json!({ "contactId": ids.contact, "connectionId": ids.customer, "digits": "x" });
    let refusal = stage.refusal("sendDigits", digits);
    assert_eq!(refusal["type"], "ValidationException");

    stage.api("holdConnection", customer.clone());
    let refusal = stage.refusal("holdConnection", customer);
    assert_eq!(
        refusal["message"],
        "Cannot put call on hold: Invalid connection state."
    );
}

#[test]
fn only_numbers_can_be_dialled_and_unknown_fields_are_refused() {
    let mut stage = Stage::new();
    let queue = default_queue(&stage);
    let mut endpoints = quick_connects(&mut stage).into_iter();
    let mut agent = endpoints.next_back().expect("a quick connect");

    // The library takes its own id out; with it nothing goes.
    let dial = |endpoint: &Value| json!({ "endpoint": endpoint, "queueARN": queue });
    let refusal = stage.refusal("createOutboundContact", dial(&agent));
    assert_eq!(refusal["type"], "ValidationException");
    agent
        .as_object_mut()
        .expect("an object")
        .remove("endpointId");
    for endpoint in [&agent, &phone_number("0301234567"), &phone_number("+49x")] {
        let refusal = stage.refusal("createOutboundContact", dial(endpoint));
        assert_eq!(refusal["type"], "BadEndpointException");
    }
    assert_eq!(
        stage.refusal("danceContact", json!({}))["type"],
        "ValidationException"
    );
}

#[test]
fn quick_connects_come_in_pages() {
    let mut stage = Stage::new();
    assert_eq!(quick_connects(&mut stage).len(), 3);

    let queues = stage.centre.update()["configuration"]["routingProfile"]["queues"].clone();
    let queues: Vec<_> = queues
        .as_array()
        .expect("a list")
        .iter()
        .map(|q| &q["queueARN"])
        .collect();
    let params = json!({ "queueARNs": queues, "nextToken": null, "maxResults": 500 });
    let page = stage.api("getEndpoints", params);
    assert_eq!(page["endpoints"].as_array().map(Vec::len), Some(2));
    assert!(page["nextToken"].is_string());
}

/// All pages, as the library gathers them.
fn quick_connects(stage: &mut Stage) -> Vec<Value> {
    let asked = Asked {
        id: 1,
        call: Call::GetEndpoints,
    };
    stand_in::news(&mut stage.centre);
    let said = stand_in::call(&mut stage.centre, &asked, stage.now);
    let [
        Said::Returned {
            data: Some(data), ..
        },
    ] = &said[..]
    else {
        panic!("data, not {said:?}");
    };
    data.0.as_array().cloned().expect("a list")
}

#[test]
fn a_refusal_is_told_as_the_script_hears_it() {
    let mut stage = Stage::new();
    let ids = stage.ringing();
    stand_in::news(&mut stage.centre);
    let error = AmazonError::new("InvalidStateException", "Contact gone");
    let text = error.text();
    stage.centre.fail_next("acceptContact", error);

    let accept = Asked {
        id: 7,
        call: Call::Accept {
            contact_id: ids.contact,
        },
    };
    let said = stand_in::call(&mut stage.centre, &accept, stage.now);
    let [
        Said::ApiError { error },
        Said::Failed {
            id: 7,
            error: hidden,
        },
    ] = &said[..]
    else {
        panic!("two messages, not {said:?}");
    };
    assert_eq!((error.reveal(), hidden.reveal()), (text.as_str(), "error"));

    // Once only.
    let said = stand_in::call(&mut stage.centre, &accept, stage.now);
    assert!(matches!(
        &said[..],
        [Said::Returned { id: 7, data: None }, Said::Update(_)]
    ));
}

#[test]
fn an_ignored_request_changes_nothing_and_is_never_answered() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    stand_in::news(&mut stage.centre);
    stage.centre.ignore_next("holdConnection");
    let hold = Asked {
        id: 1,
        call: Call::Hold {
            contact_id: ids.contact,
            connection_id: ids.customer,
        },
    };
    let before = stage.told();
    assert_eq!(stand_in::call(&mut stage.centre, &hold, stage.now), []);
    assert_eq!(stage.told(), before);
}

#[test]
fn a_quick_connect_can_be_consulted_through_the_library() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    let agent = quick_connects(&mut stage).pop().expect("a quick connect");
    let consult = Asked {
        id: 2,
        call: Call::AddConnection {
            contact_id: ids.contact,
            endpoint: Endpoint::QuickConnect(Opaque(agent)),
        },
    };
    stand_in::call(&mut stage.centre, &consult, stage.now);
    assert_eq!(stage.connections()[2]["quickConnectName"], "John Smith");
}

#[test]
fn mute_ends_with_the_call() {
    let mut stage = Stage::new();
    stage.centre.mute(true);
    let ids = stage.talking();
    stage.centre.mute(true);
    stage.api("destroyConnection", of_connection(&ids.contact, &ids.own));

    let news = std::iter::from_fn(|| stage.centre.poll_news());
    let muted: Vec<_> = news.filter(|news| matches!(news, News::Muted(_))).collect();
    assert_eq!(muted, [News::Muted(true), News::Muted(false)]);
}

#[test]
fn whom_a_supervisor_muted_cannot_unmute() {
    let mut stage = Stage::new();
    let ids = stage.talking();
    stage.centre.force_mute(&ids.contact, true, stage.now);
    assert_eq!(stage.connections()[0]["forcedMute"], true);
    let refusal = stage.refusal("unmuteParticipant", of_connection(&ids.contact, &ids.own));
    assert_eq!(refusal["type"], "InvalidStateException");
}
