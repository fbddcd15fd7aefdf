//! The agent's messages.

use offhook_protocol::{
    AgentButtons, AgentInfo, AgentState, AgentStateChoice, AgentSync, Endpoint, Event,
    SetAgentState, StateType, Timestamp, ccp_agent_state_envelope, direct_connects_envelope,
    states_envelope,
};
use serde_json::json;

use crate::told;

fn busy() -> SetAgentState {
    SetAgentState {
        state: AgentState {
            name: "Busy".to_owned(),
            kind: Some(StateType::System),
            arn: Some("arn:busy".to_owned()),
            since: Timestamp::parse("2020-04-09T09:14:58.955Z"),
        },
        ready: Some(false),
        reason: Some("Busy".to_owned()),
        next: Some("Lunch".to_owned()),
        info: AgentInfo {
            name: Some("Ada".into()),
            extension: Some("1001".into()),
            login_name: Some("ada".into()),
            muted: Some(true),
            softphone_enabled: Some(true),
        },
        buttons: Some(AgentButtons {
            mute: Some(false),
            unmute: Some(true),
            ..AgentButtons::default()
        }),
    }
}

#[test]
fn a_state_is_written_in_the_form_of_the_neighbouring_pages() {
    let envelope = busy().envelope();
    assert_eq!(
        envelope.message,
        Some(json!({
            "rules": {
                "ButtonStates": { "count": 2, "items": { "mute": "Hide", "unmute": "Enable" } },
                "ResponseActual": {
                    "agentStateARN": "arn:busy",
                    "type": "system",
                    "name": "Busy",
                    "startTimestamp": "2020-04-09T09:14:58.955Z",
                },
            },
            "data": {
                "muted": true,
                "name": "Ada",
                "extension": "1001",
                "loginName": "ada",
                "softphoneEnabled": true,
                "state": "Not_Ready",
                "reasonCode": { "id": "Busy" },
                "nextState": "Lunch",
                "stateChangeTime": "2020-04-09T09:14:58.955Z",
                "type": "system",
            },
            "event": "Busy",
            "source": "event",
        }))
    );
    assert_eq!(Event::read(&envelope), Some(Event::AgentState(busy())));
}

#[test]
fn a_state_is_found_outside_the_rules_too() {
    for message in [
        json!({ "event": "Lunch", "rules": "", "data": null }),
        json!({ "data": { "reasonCode": { "id": "Lunch" } } }),
    ] {
        let Some(Event::AgentState(set)) = told("Agent", "SetAgentState", message) else {
            panic!("a state");
        };
        assert_eq!((set.state.name.as_str(), set.buttons), ("Lunch", None));
    }
    assert_eq!(told("Agent", "SetAgentState", json!({})), None);
}

#[test]
fn the_whole_state_survives_writing_under_each_of_its_names() {
    let set = busy();
    let sync = AgentSync {
        logged_in: Some(true),
        info: Some(set.info),
        state: Some(set.state),
        next: set.next,
        buttons: set.buttons,
    };
    assert_eq!(
        Event::read(&sync.envelope("StateSync")),
        Some(Event::AgentSync(sync.clone()))
    );
    assert_eq!(
        Event::read(&sync.envelope("LoginSuccess")),
        Some(Event::LoggedIn(sync.clone()))
    );
    assert_eq!(
        Event::read(&sync.envelope("LogoutSuccess")),
        Some(Event::LoggedOut(sync))
    );
}

#[test]
fn any_part_of_the_whole_state_may_be_missing() {
    let nothing = AgentSync {
        logged_in: Some(false),
        ..AgentSync::default()
    };
    let published =
        json!({ "loginState": "LoggedOut", "agentInfo": null, "agentState": null, "rules": "" });
    assert_eq!(
        told("Agent", "StateSync", published),
        Some(Event::AgentSync(nothing))
    );
    assert_eq!(
        told("Agent", "StateSync", json!(null)),
        Some(Event::AgentSync(AgentSync::default()))
    );
}

#[test]
fn types_of_states_are_read_in_any_spelling() {
    for word in [
        "not_routable",
        "Not_routable",
        "Not Routable",
        " NOT-ROUTABLE ",
    ] {
        assert_eq!(
            StateType::parse(word),
            Some(StateType::NotRoutable),
            "{word}"
        );
    }
    assert_eq!(StateType::parse("float"), None);
}

#[test]
fn lists_survive_writing() {
    let states = vec![AgentStateChoice {
        label: "Not Ready Bre@k".to_owned(),
        code: "arn:break".to_owned(),
        kind: "not_routable".to_owned(),
    }];
    assert_eq!(
        Event::read(&states_envelope(&states)),
        Some(Event::States(states))
    );
    let endpoints = vec![Endpoint {
        arn: "arn:1".to_owned(),
        id: "1".to_owned(),
        kind: "phone_number".to_owned(),
        name: "Courier".into(),
        phone_number: Some("+441632960042".into()),
    }];
    assert_eq!(
        Event::read(&direct_connects_envelope(&endpoints)),
        Some(Event::DirectConnects(endpoints))
    );
    let state = AgentState {
        arn: None,
        since: None,
        ..busy().state
    };
    assert_eq!(
        Event::read(&ccp_agent_state_envelope(&state)),
        Some(Event::CcpAgentState(state))
    );
}
