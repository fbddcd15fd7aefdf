//! Refused and lost requests, repeated and late events, and a link that is cut.

use offhook_protocol::{Envelope, Event};
use serde_json::json;

use crate::stage::{Stage, lines, one_call_and, request};

fn ringing_after(steps: &str) -> Stage {
    let mut stage = Stage::open(&one_call_and(steps));
    stage.wait(1_000);
    stage
}

#[test]
fn the_centre_refuses_to_answer_once() {
    let mut stage = ringing_after(
        "[[step]]\nafter = \"0s\"\ndo = { fail-next = { request = \"Answer\", text = \"Media failed\" } }",
    );
    let said = stage.send(&request("InboundCall", "Answer", None));
    assert_eq!(lines(&said), ["ANSWER_CALL_FAILED: Media failed"]);
    assert_eq!(
        said[0].data.as_ref().unwrap()["msg"],
        "Answering call failed."
    );
    assert_eq!(stage.ask("Answer").len(), 4);
}

#[test]
fn the_centre_does_not_react_to_answer_once() {
    let mut stage = ringing_after("[[step]]\nafter = \"0s\"\ndo = { ignore-next = \"Answer\" }");
    assert_eq!(stage.ask("Answer"), [""; 0]);
    assert_eq!(stage.ask("Answer").len(), 4);
}

#[test]
fn each_request_can_be_lost() {
    let somebody = json!("+441632960042");
    let lunch = json!({ "label": "Lunch", "code": "", "type": "not_routable" });
    for (topic, subtopic, data) in [
        ("InboundCall", "Answer", None),
        ("InboundCall", "Reject", None),
        ("InboundCall", "ClearContact", None),
        ("InboundCall", "Hold", None),
        ("InboundCall", "Resume", None),
        ("InboundCall", "Disconnect", None),
        ("InboundCall", "SetMakeCall", Some(somebody.clone())),
        ("InboundCall", "SendDTMF", Some(json!("5"))),
        ("InboundCall", "Consult", Some(somebody)),
        ("InboundCall", "Swap", None),
        ("InboundCall", "Conference", None),
        ("InboundCall", "Transfer", None),
        ("Agent", "SetReady", None),
        (
            "Agent",
            "SetNotReady",
            Some(json!({ "ReasonCodeId": "Lunch" })),
        ),
        ("Agent", "UpdateState", Some(lunch)),
        ("Agent", "Mute", None),
        ("Agent", "Unmute", None),
        ("Agent", "Login", None),
        ("Agent", "Logout", None),
    ] {
        let mut stage = Stage::open(&format!(
            "about = \"\"\n[[step]]\nafter = \"0s\"\ndo = {{ ignore-next = \"{subtopic}\" }}"
        ));
        let request = request(topic, subtopic, data);
        assert_eq!(stage.send(&request), [], "{subtopic}");
        assert_ne!(stage.send(&request), [], "{subtopic}");
    }
}

#[test]
fn an_event_comes_twice() {
    let mut stage =
        ringing_after("[[step]]\nwhen = \"ringing\"\nafter = \"1s\"\ndo = \"repeat-last-event\"");
    assert_eq!(stage.wait(1_000), ["inbound connected: "]);
}

#[test]
fn an_event_comes_late() {
    let mut stage = ringing_after("[[step]]\nafter = \"0s\"\ndo = { delay-next-event = \"2s\" }");
    assert_eq!(
        stage.ask("Answer"),
        [
            "inbound connected: disconnect hold",
            "agent is Busy",
            "ccp Busy"
        ]
    );
    stage.wait(1_000);
    stage.ask("Hold");
    assert_eq!(stage.wait(1_000), ["agent connected: consult numberpad"]);
}

#[test]
fn nothing_gets_through_while_the_link_is_lost() {
    let mut stage =
        ringing_after("[[step]]\nwhen = \"ringing\"\nafter = \"18s\"\ndo = { link-lost = \"3s\" }");
    assert_eq!(
        stage.wait(18_000),
        ["LinkStateChange lost, next attempt in 1000 ms"]
    );
    assert_eq!(stage.ask("Answer"), ["LINK_DOWN: The connection is lost"]);
    assert_eq!(
        stage.wait(2_500),
        ["LinkStateChange lost, next attempt in 2000 ms"],
        "that the call was missed meanwhile is not told"
    );
    assert_eq!(
        lines(&stage.snapshot()),
        [
            "StateSync lost, next attempt in 1000 ms",
            "agent sync Some(\"PendingBusy\")",
            "calls [agent connecting, inbound connected]",
        ],
        "the state when it was lost"
    );
    assert_eq!(stage.wait(500), ["LinkStateChange online"]);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent disconnected, inbound disconnected]"]
    );
}

#[test]
fn the_connector_tries_less_often_with_time_and_at_once_when_asked() {
    let mut stage = ringing_after("[[step]]\nafter = \"0s\"\ndo = { link-lost = \"20s\" }");
    let waits: Vec<u64> = stage
        .wait_for(19_000)
        .iter()
        .filter_map(|envelope| match Event::read(envelope) {
            Some(Event::App(app)) => app.retry_in_ms,
            _ => None,
        })
        .collect();
    assert_eq!(waits, [2_000, 4_000, 8_000, 8_000]);
    let now = request("App", "StateSync", None);
    assert_eq!(
        lines(&stage.send(&now)),
        [
            "LinkStateChange lost, next attempt in 8000 ms",
            "StateSync lost, next attempt in 8000 ms",
        ]
    );
    stage.wait(1_000);
    assert_eq!(
        lines(&stage.send(&now)),
        ["LinkStateChange online", "StateSync online"]
    );
}

#[test]
fn only_requests_are_reacted_to() {
    let mut stage = Stage::ringing();
    let [app, agent, calls] = stage.snapshot();
    for response in [app, agent, calls] {
        assert_eq!(stage.send(&response), []);
    }
    let unknown = [
        ("InboundCall", "Whistle"),
        ("OutboundCall", "MakeCall"),
        ("Weather", "Answer"),
    ];
    for (topic, subtopic) in unknown {
        assert_eq!(stage.send(&request(topic, subtopic, None)), []);
    }
    let answer_event = Envelope::event("InboundCall", "Answer", json!({}));
    assert_eq!(stage.send(&answer_event), []);
    assert_eq!(stage.ask("Answer").len(), 4, "and the call still rings");
}

#[test]
fn an_argument_that_makes_no_sense_is_a_bad_request() {
    let mut stage = Stage::talking();
    let bad = [
        ("InboundCall", "Hold", Some(json!(7))),
        ("InboundCall", "SendDTMF", None),
        ("InboundCall", "SendDTMF", Some(json!("12a"))),
        ("InboundCall", "Consult", Some(json!({}))),
        ("InboundCall", "SetMakeCall", Some(json!(""))),
        ("Agent", "SetNotReady", Some(json!("Lunch"))),
        ("Agent", "UpdateState", None),
    ];
    for (topic, subtopic, data) in bad {
        let said = lines(&stage.send(&request(topic, subtopic, data)));
        assert_eq!(said.len(), 1);
        assert!(
            said[0].starts_with(&format!("BAD_REQUEST: {topic}/{subtopic}: data must be")),
            "{said:?}"
        );
    }
}
