//! Requests: every one is read as it is written, and bad arguments are named.

use offhook_protocol::{
    AgentRequest, AgentStateChoice, CallRequest, Destination, Endpoint, Envelope, ErrorType,
    Request,
};
use serde_json::{Value, json};

fn read(topic: &str, subtopic: &str, data: Option<Value>) -> Result<Option<Request>, String> {
    let envelope = Envelope {
        source: Some("test".to_owned()),
        data,
        ..Envelope::new(topic, subtopic)
    };
    Request::read(&envelope).map_err(|bad| bad.to_string())
}

fn every_request() -> Vec<Request> {
    let number = || Destination::Number("+441632960042".into());
    let endpoint = Destination::Endpoint(Endpoint {
        arn: "arn:1".to_owned(),
        id: "1".to_owned(),
        kind: "queue".to_owned(),
        name: "Billing".into(),
        phone_number: None,
    });
    let call = [
        CallRequest::StateSync,
        CallRequest::Answer,
        CallRequest::Reject,
        CallRequest::ClearContact,
        CallRequest::Hold(None),
        CallRequest::Hold(Some("c1".into())),
        CallRequest::Resume(Some("c1".into())),
        CallRequest::Disconnect(Some("c1".into())),
        CallRequest::SetMakeCall(number()),
        CallRequest::SetMakeCall(endpoint.clone()),
        CallRequest::SendDtmf("12#*".into()),
        CallRequest::Consult(number()),
        CallRequest::Consult(endpoint),
        CallRequest::Swap,
        CallRequest::Conference,
        CallRequest::Transfer,
    ];
    let lunch = AgentStateChoice {
        label: "Not Ready Bre@k".to_owned(),
        code: "arn:2".to_owned(),
        kind: "not_routable".to_owned(),
    };
    let agent = [
        AgentRequest::StateSync,
        AgentRequest::GetStates,
        AgentRequest::GetDirectConnects,
        AgentRequest::SetReady,
        AgentRequest::SetNotReady("Lunch".to_owned()),
        AgentRequest::UpdateState(lunch),
        AgentRequest::Mute,
        AgentRequest::Unmute,
        AgentRequest::Login,
        AgentRequest::Logout,
    ];
    let calls = call.map(Request::Call).into_iter();
    calls
        .chain(agent.map(Request::Agent))
        .chain([Request::AppStateSync])
        .collect()
}

#[test]
fn each_request_is_read_as_it_is_written() {
    for request in every_request() {
        let text = request.envelope("myapp").to_text();
        let envelope = Envelope::parse(text.as_bytes()).unwrap();
        assert_eq!(envelope.source.as_deref(), Some("myapp"));
        assert_eq!(Request::read(&envelope), Ok(Some(request)));
    }
}

#[test]
fn asking_for_information_is_no_command() {
    let asking: Vec<Request> = every_request()
        .into_iter()
        .filter(|request| !request.is_command())
        .collect();
    assert_eq!(
        asking,
        [
            Request::Call(CallRequest::StateSync),
            Request::Agent(AgentRequest::StateSync),
            Request::Agent(AgentRequest::GetStates),
            Request::Agent(AgentRequest::GetDirectConnects),
            Request::AppStateSync,
        ]
    );
}

#[test]
fn the_pages_other_names_are_understood() {
    let state = || Some(json!({ "label": "Lunch" }));
    assert_eq!(
        read("Agent", "Update", state()),
        read("Agent", "UpdateState", state())
    );
    assert_eq!(
        read("Agent", "GetAgentState", None),
        read("Agent", "GetStates", None)
    );
    assert_eq!(
        read("InboundCall", " Answer", None),
        read("InboundCall", "Answer", None)
    );
}

#[test]
fn arguments_are_read_in_their_variants() {
    assert_eq!(
        read("InboundCall", "Hold", Some(json!(""))),
        Ok(Some(Request::Call(CallRequest::Hold(None))))
    );
    assert_eq!(
        read("InboundCall", "SendDTMF", Some(json!(5))),
        Ok(Some(Request::Call(CallRequest::SendDtmf("5".into()))))
    );
    assert_eq!(
        read("InboundCall", "SetMakeCall", Some(json!(" +161081111 "))),
        Ok(Some(Request::Call(CallRequest::SetMakeCall(
            Destination::Number("+161081111".into())
        ))))
    );
}

#[test]
fn a_bad_argument_is_named_without_being_quoted() {
    for (topic, subtopic, data) in [
        ("InboundCall", "Hold", json!(["+161081111"])),
        ("InboundCall", "Resume", json!({ "id": "+161081111" })),
        ("InboundCall", "Disconnect", json!(161_081_111)),
        ("InboundCall", "SetMakeCall", json!(161_081_111)),
        (
            "InboundCall",
            "SetMakeCall",
            json!({ "name": "+161081111" }),
        ),
        ("InboundCall", "Consult", json!("  ")),
        ("InboundCall", "SendDTMF", json!("+161081111")),
        ("InboundCall", "SendDTMF", json!("")),
        ("InboundCall", "SendDTMF", json!(-1)),
        (
            "Agent",
            "SetNotReady",
            json!({ "ReasonCodeId": 161_081_111 }),
        ),
        ("Agent", "UpdateState", json!("+161081111")),
    ] {
        let error = read(topic, subtopic, Some(data)).unwrap_err();
        assert!(
            error.starts_with(&format!("{topic}/{subtopic}: data must be ")),
            "{error}"
        );
        assert!(!error.contains("1610"), "{error}");
    }
}

#[test]
fn what_is_no_request_passes_by() {
    for (topic, subtopic) in [
        ("InboundCall", "Whistle"),
        ("Agent", "Promote"),
        ("App", "Hello"),
        ("OutboundCall", "MakeCall"),
        ("Error", "ApiError"),
    ] {
        assert_eq!(read(topic, subtopic, Some(json!({}))), Ok(None));
    }
}

/// `SendDTMF` fails with `SEND_DTMF_FAILED`, and so on; these have an error in common.
#[test]
fn a_command_fails_with_the_error_of_its_name() {
    let error_of = |subtopic: &str| match subtopic {
        "Answer" | "Reject" | "Hold" | "Resume" | "Disconnect" | "Consult" | "Swap"
        | "Conference" | "Transfer" => format!("{}_CALL_FAILED", subtopic.to_uppercase()),
        "SetReady" | "SetNotReady" | "UpdateState" => "UPDATE_AGENT_STATE_FAILED".to_owned(),
        "Mute" | "Unmute" => "MUTE_FAILED".to_owned(),
        "Login" | "Logout" => "LOGIN_FAILED".to_owned(),
        "ClearContact" => "CLEAR_CONTACT_FAILED".to_owned(),
        "SetMakeCall" => "MAKE_CALL_FAILED".to_owned(),
        "SendDTMF" => "SEND_DTMF_FAILED".to_owned(),
        other => panic!("{other} changes nothing"),
    };
    for request in every_request() {
        let subtopic = request.envelope("test").subtopic;
        if let Some(failure) = request.failure() {
            assert_eq!(failure, ErrorType::parse(&error_of(&subtopic)));
            assert!(ErrorType::KNOWN.contains(&failure), "{failure:?}");
        } else {
            assert!(
                subtopic == "StateSync" || subtopic.starts_with("Get"),
                "{subtopic}"
            );
        }
    }
}
