//! What peers get away with.

use offhook_protocol::{
    Button, ButtonState, CallEvent, ConnectionStatus, Envelope, ErrorType, Event, LegType,
};
use serde_json::{Value, json};

use crate::{leg, told};

fn parse(text: &str) -> Envelope {
    Envelope::parse(text.as_bytes()).unwrap()
}

#[test]
fn no_break_spaces_are_spaces_outside_strings_only() {
    let text = "{\u{a0}\"channel\":\u{a0}\"Amazon\", \"topic\": \"T\u{a0}\", \"subtopic\": \"\\\"\u{a0}\"\u{a0}}";
    let envelope = parse(text);
    assert_eq!(envelope.topic, "T\u{a0}");
    assert_eq!(
        envelope.subtopic, "\"\u{a0}",
        "an escaped quote does not end a string"
    );
}

#[test]
fn a_null_payload_is_kept_apart_from_none() {
    let response = parse(
        r#"{"channel":"Amazon","topic":"InboundCall","subtopic":"StateSync","message":null}"#,
    );
    assert_eq!(response.message, Some(Value::Null));
    assert!(!response.is_request());
    assert!(response.to_text().contains(r#""message":null"#));
    let request = parse(r#"{"channel":"Amazon","topic":"InboundCall","subtopic":"StateSync"}"#);
    assert_eq!(request.message, None);
    assert!(request.is_request());
    assert!(!request.to_text().contains("message"));
}

#[test]
fn unknown_keys_topics_and_payloads_pass_unharmed() {
    let text = r#"{"channel":"Amazon","topic":"OutboundCall","subtopic":"OutboundCallStateCHange","message":[{"id":1}],"version":2}"#;
    let envelope = parse(text);
    assert_eq!(envelope.extra["version"], 2);
    assert_eq!(envelope.to_text(), text);
    assert_eq!(Event::read(&envelope), None);
}

#[test]
fn a_leg_event_needs_no_more_than_a_leg_and_an_event() {
    let least = leg(json!({ "id": "c1", "event": "connecting" })).unwrap();
    assert_eq!(least.connection_id.as_str(), "c1");
    assert_eq!(least.event, CallEvent::Connecting);
    assert_eq!(least.leg, LegType::Other(String::new()));
    let absent = (
        &least.contact_id,
        &least.status,
        &least.previous_status,
        &least.at,
    );
    assert_eq!(absent, (&None, &None, &None, &None));
    assert_eq!(
        (&least.phone_number, &least.queue, &least.buttons),
        (&None, &None, &None)
    );
    assert_eq!(leg(json!({ "event": "connecting" })), None);
    assert_eq!(leg(json!({ "id": "c1" })), None);
}

#[test]
fn one_fact_is_found_under_any_of_its_names() {
    let event = leg(json!({
        "ResponseActual": { "connectionId": "c1", "type": "Agent", "statusTimestamp": null },
        "ResponseFields": { "CallState": "Dropped", "CurrentStateTime": "2020-04-09T08:37:12.701Z", "DN": " Sales" },
    }))
    .unwrap();
    assert_eq!(event.connection_id.as_str(), "c1");
    assert_eq!(
        (event.leg, event.event),
        (LegType::Agent, CallEvent::Dropped)
    );
    assert_eq!(event.queue.as_deref(), Some("Sales"));
    assert!(event.at.is_some());
    let from = leg(
        json!({ "id": "c1", "event": "hold", "ResponseFields": { "fromAddress": "+161081111" } }),
    );
    assert_eq!(from.unwrap().phone_number, Some("+161081111".into()));
}

#[test]
fn words_are_compared_in_any_case_and_unknown_ones_kept() {
    assert_eq!(CallEvent::parse("DROPPED"), CallEvent::parse("Dropped"));
    assert_eq!(CallEvent::parse("rejected"), CallEvent::Rejected);
    assert_eq!(CallEvent::parse("acw"), CallEvent::Acw);
    assert_eq!(CallEvent::parse("Whisper").as_str(), "Whisper");
    assert_eq!(LegType::parse("OUTBOUND"), LegType::Outbound);
    assert_eq!(LegType::parse("monitoring").as_str(), "monitoring");
    assert_eq!(ConnectionStatus::parse("Hold"), ConnectionStatus::Hold);
    assert_eq!(ConnectionStatus::parse("barge").as_str(), "barge");
}

#[test]
fn a_response_type_of_any_kind_is_no_matter() {
    for odd in [json!("0"), json!(0), json!(null), json!({})] {
        let call = json!({ "id": "c1", "event": "hold", "ResponseType": odd, "Unknown": [1] });
        assert!(leg(call).is_some());
    }
}

#[test]
fn buttons_are_read_from_either_form_and_words_win() {
    let call = json!({
        "id": "c1",
        "event": "connected",
        "ButtonStates": { "items": { "hold": "Disable", "answer": "ENABLE", "swap": "Perhaps", "whisper": "Enable" }, "count": 99 },
        "ResponseActual": { "buttonStates": { "hold": true, "disconnect": true, "resume": null } },
    });
    let buttons = leg(call).unwrap().buttons.unwrap();
    assert_eq!(buttons.get(&Button::Hold), ButtonState::Disable);
    assert!(buttons.enables(&Button::Answer));
    assert!(buttons.enables(&Button::Disconnect));
    assert_eq!(
        buttons.get(&Button::Swap),
        ButtonState::Hide,
        "an unknown word offers nothing"
    );
    assert!(
        buttons.enables(&Button::Other("whisper".to_owned())),
        "carried"
    );
    assert_eq!(buttons.len(), 5, "counted, not believed; null says nothing");
    let (last, _) = buttons.iter().last().unwrap();
    assert_eq!(last.as_str(), "whisper", "unknown buttons come last");
}

#[test]
fn call_variables_are_a_map_or_a_list() {
    let map =
        json!({ "id": "c", "event": "hold", "CallVariables": { "b": "1", "a": 2, "n": null } });
    let told: Vec<(String, String)> = leg(map)
        .unwrap()
        .variables
        .iter()
        .map(|v| (v.name.clone(), v.value.reveal().to_owned()))
        .collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        told,
        [pair("b", "1"), pair("a", "2"), pair("n", "")],
        "in the order they came"
    );
    let list =
        json!({ "id": "c", "event": "hold", "CallVariables": [{ "name": "a", "value": "1" }, {}] });
    assert_eq!(leg(list).unwrap().variables.len(), 1);
}

#[test]
fn no_contact_has_three_forms_and_half_a_snapshot_is_none() {
    let legs = |message| match told("InboundCall", "StateSync", message) {
        Some(Event::CallSync(sync)) => Some(sync.legs.len()),
        _ => None,
    };
    for nothing in [
        json!(null),
        json!({}),
        json!({ "calls": null }),
        json!({ "calls": [] }),
    ] {
        assert_eq!(legs(nothing), Some(0));
    }
    let whole = json!({ "connectionId": "c1", "status": "connected" });
    assert_eq!(legs(json!({ "calls": [whole] })), Some(1));
    assert_eq!(
        legs(json!({ "calls": [whole, { "status": "connected" }] })),
        None
    );
    assert_eq!(legs(json!({ "calls": "none" })), None);
}

#[test]
fn errors_are_read_in_all_their_wrappings() {
    let payload = json!({ "errorType": "ANSWER_CALL_FAILED", "errorMessage": "No contact", "msg": "Answering call failed." });
    let error = |subtopic, data, message| {
        let envelope = Envelope {
            data,
            message,
            ..Envelope::new("Error", subtopic)
        };
        match Event::read(&envelope) {
            Some(Event::Error(error)) => Some(error),
            _ => None,
        }
    };
    let plain = error("ApiError", Some(payload.clone()), None).unwrap();
    assert_eq!(plain.kind, ErrorType::AnswerCallFailed);
    assert_eq!(plain.error_message.reveal(), "No contact");
    let wrapped = json!({ "packet": "apierror", "data": payload });
    assert_eq!(
        error("SetAPIError", Some(wrapped), None),
        Some(plain.clone())
    );
    assert_eq!(error("ApiError", None, Some(payload)), Some(plain.clone()));
    assert_eq!(Event::read(&plain.envelope()), Some(Event::Error(plain)));
    assert_eq!(error("ApiError", Some(json!({ "msg": "?" })), None), None);
    assert_eq!(ErrorType::parse("coffee_failed").as_str(), "coffee_failed");
}

#[test]
fn every_error_type_is_read_as_it_is_written() {
    for kind in ErrorType::KNOWN {
        assert_eq!(ErrorType::parse(kind.as_str()), *kind);
        assert_eq!(ErrorType::parse(&kind.as_str().to_lowercase()), *kind);
        assert!(kind.msg().ends_with('.'));
    }
}

#[test]
fn personal_text_does_not_show_in_debug_forms() {
    let call = json!({
        "id": "c1",
        "event": "hold",
        "CallVariables": { "ANI": "+161081111", "Name": "Ada" },
        "ResponseActual": { "phoneNumber": "+161081111" },
    });
    let envelope = Envelope::event(
        "InboundCall",
        "InboundCallStateChange",
        json!({ "call": call }),
    );
    let shown = format!("{envelope:?} {:?}", Event::read(&envelope).unwrap());
    assert!(shown.contains("ANI"), "{shown}");
    assert!(!shown.contains("1610") && !shown.contains("Ada"), "{shown}");
}
