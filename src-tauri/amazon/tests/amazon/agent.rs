//! The agent's states, login and logout.

use offhook_amazon::{Seen, page::Said};
use offhook_protocol::{AgentButtons, Event};
use serde_json::{Value, json};
use url::Url;

use crate::{
    stage::Stage,
    streams::{
        AVAILABLE, BUSY, MISSED, State, WRAP_UP, arn, caller, over, snapshot, state, talking, with,
    },
};

const LUNCH: State = ("Lunch", "not_routable");

fn reason(name: &str) -> Option<Value> {
    Some(json!({ "ReasonCodeId": name }))
}

fn buttons(stage: &Stage) -> AgentButtons {
    let [_, agent, _] = stage.amazon.snapshot();
    match Event::read(&agent) {
        Some(Event::AgentSync(sync)) => sync.buttons.unwrap(),
        other => panic!("no agent: {other:?}"),
    }
}

#[test]
fn a_state_is_told_once() {
    let mut stage = Stage::open();
    assert_eq!(stage.update(LUNCH, &[]), ["agent is Lunch", "ccp Lunch"]);
    assert_eq!(stage.update(LUNCH, &[]), [] as [String; 0]);
}

#[test]
fn states_are_chosen_by_name_or_arn() {
    let update = |label: &str, code: &str| json!({ "label": label, "code": code });
    let table = [
        ("SetReady", None, r#"ask setState "Available" false"#),
        (
            "SetNotReady",
            reason(" Lunch "),
            r#"ask setState "Lunch" false"#,
        ),
        (
            "SetNotReady",
            reason(&arn("Offline")),
            r#"ask setState "Offline" false"#,
        ),
        (
            "UpdateState",
            Some(update("Training & coaching", "")),
            r#"ask setState "Training & coaching" false"#,
        ),
        (
            "UpdateState",
            Some(update("Mittagspause", &arn("Lunch"))),
            r#"ask setState "Lunch" false"#,
        ),
    ];
    for (subtopic, data, asked) in table {
        assert_eq!(Stage::open().ask_agent(subtopic, data), [asked]);
    }
}

#[test]
fn a_state_that_cannot_be_chosen_is_not_found() {
    let not_found = ["AGENT_STATE_NOT_FOUND: Agent state not found"];
    for name in ["Holiday", "Available", "Busy", ""] {
        assert_eq!(
            Stage::open().ask_agent("SetNotReady", reason(name)),
            not_found
        );
    }
    let mut stage = Stage::open();
    stage.configuration = with(stage.configuration, "agentStates", json!([state(LUNCH)]));
    stage.update(AVAILABLE, &[]);
    assert_eq!(stage.ask_agent("SetReady", None), not_found);
}

#[test]
fn choosing_a_state_is_settled_by_being_in_it() {
    let mut stage = Stage::open();
    stage.ask_agent("SetNotReady", reason("Lunch"));
    stage.returned();
    assert_eq!(stage.update(LUNCH, &[]), ["agent is Lunch", "ccp Lunch"]);
    assert_eq!(stage.wait(60_000), [] as [String; 0]);
}

#[test]
fn choosing_the_present_state_repeats_it() {
    let mut stage = Stage::open();
    stage.ask_agent("SetReady", None);
    assert_eq!(stage.returned(), ["agent is Available"]);
}

#[test]
fn a_state_chosen_during_a_call_follows_it() {
    let mut stage = Stage::talking();
    assert_eq!(
        stage.ask_agent("SetNotReady", reason("Lunch")),
        [r#"ask setState "Lunch" true"#]
    );
    let queued = with(
        snapshot(BUSY, &[talking(&[caller("connected")])]),
        "nextState",
        state(LUNCH),
    );
    assert_eq!(stage.take(queued), ["agent is Busy, next Lunch"]);
    assert_eq!(
        stage.ask_agent("SetReady", None),
        [r#"ask setState "Available" true"#]
    );
    assert_eq!(stage.talk(&[caller("connected")]), ["agent is Busy"]);
    assert_eq!(stage.wait(60_000), [] as [String; 0]);
}

#[test]
fn to_be_available_afterwards_is_no_news() {
    let mut stage = Stage::talking();
    let queued = with(
        snapshot(BUSY, &[talking(&[caller("connected")])]),
        "nextState",
        state(AVAILABLE),
    );
    assert_eq!(stage.take(queued), [] as [String; 0]);
}

#[test]
fn a_state_chosen_in_wrap_up_is_taken_at_once() {
    let mut stage = Stage::with(WRAP_UP, over("ended"));
    assert_eq!(
        stage.ask_agent("SetReady", None),
        [r#"ask setState "Available" false"#]
    );
}

#[test]
fn buttons_follow_the_contact() {
    let unmuted = AgentButtons {
        not_ready: Some(true),
        mute: Some(true),
        unmute: Some(false),
        ..AgentButtons::default()
    };
    let expected = |ready, make_call| AgentButtons {
        ready: Some(ready),
        make_call: Some(make_call),
        ..unmuted
    };
    let mut stage = Stage::open();
    assert_eq!(buttons(&stage), expected(false, true));
    stage.update(LUNCH, &[]);
    assert_eq!(buttons(&stage), expected(true, true));
    assert_eq!(buttons(&Stage::talking()), expected(true, false));
    assert_eq!(
        buttons(&Stage::with(MISSED, over("error"))),
        expected(true, false)
    );
}

#[test]
fn the_states_to_choose_from_are_the_instances() {
    assert_eq!(
        Stage::open().ask_agent("GetStates", None),
        ["states [Lunch, Available, Training & coaching, Offline]"]
    );
}

#[test]
fn the_whole_state_is_answered_from_the_last_snapshot() {
    let mut stage = Stage::talking();
    assert_eq!(
        stage.ask_agent("StateSync", None),
        [r#"agent sync Some("Busy")"#]
    );
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected, inbound connected]"]
    );
}

#[test]
fn logging_in_shows_the_panel() {
    assert_eq!(Stage::open().ask_agent("Login", None), ["show"]);
}

#[test]
fn logging_out_is_done_when_the_panel_says_so() {
    let mut stage = Stage::open();
    assert_eq!(stage.ask_agent("Logout", None), ["ask terminate"]);
    assert_eq!(stage.returned(), [] as [String; 0]);
    assert_eq!(
        stage.said(Said::Terminated),
        [
            "LinkStateChange lost, login loginNeeded",
            "log out",
            "logged out"
        ]
    );
    // Who logs out does not want to log in again at once.
    let login = Url::parse("https://sso.example.com/start").unwrap();
    assert_eq!(
        stage.seen(Seen::Loading(login)),
        ["LinkStateChange lost, login loginNeeded"]
    );
    assert_eq!(stage.ask_agent("StateSync", None), ["agent sync None"]);
    assert_eq!(
        stage.update(AVAILABLE, &[]),
        [
            "LinkStateChange online",
            "logged in",
            "agent is Available",
            "ccp Available"
        ]
    );
}

#[test]
fn logging_out_is_refused_during_a_call() {
    assert_eq!(
        Stage::talking().ask_agent("Logout", None),
        ["LOGIN_FAILED: Agent is handling a contact"]
    );
}
