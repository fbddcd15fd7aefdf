//! The agent's state, microphone and login.

use offhook_practice::Scenario;
use offhook_protocol::{AgentSync, Envelope, Event, LegType};
use serde_json::json;

use crate::stage::{ONE_CALL, Stage, lines, request};

fn idle() -> Stage {
    Stage::open("about = \"\"")
}

fn not_ready(stage: &mut Stage, name: &str) -> Vec<String> {
    stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": name })))
}

fn agent_in(snapshot: &[Envelope; 3]) -> AgentSync {
    match Event::read(&snapshot[1]) {
        Some(Event::AgentSync(agent)) => agent,
        other => panic!("{other:?} is no snapshot of the agent"),
    }
}

#[test]
fn the_centre_opens_with_the_agent_available() {
    let mut stage = Stage::with(Scenario::built_in("idle").unwrap(), 1);
    assert_eq!(
        lines(&stage.drain()),
        [
            "LinkStateChange online",
            "agent is Available",
            "ccp Available"
        ]
    );
}

#[test]
fn the_agent_chooses_states() {
    let mut stage = idle();
    assert_eq!(
        stage.ask_agent("GetStates", None),
        ["states [Available, Break, Lunch, Meeting, Training & coaching, Offline]"]
    );
    assert_eq!(
        not_ready(&mut stage, "Lunch"),
        ["agent is Lunch", "ccp Lunch"]
    );
    let offline = json!({ "label": "Offline", "code": "", "type": "offline" });
    assert_eq!(
        stage.ask_agent("UpdateState", Some(offline)),
        ["agent is Offline", "ccp Offline"]
    );
    for _ in 0..2 {
        let said = stage.ask_agent("SetReady", None);
        assert_eq!(
            said,
            ["agent is Available", "ccp Available"],
            "a reply even without a change"
        );
    }
}

#[test]
fn no_call_is_offered_to_an_agent_who_is_not_ready() {
    let mut stage = Stage::open(ONE_CALL);
    not_ready(&mut stage, "Break");
    assert_eq!(stage.wait(60_000), [""; 0]);
    stage.ask_agent("SetReady", None);
    assert_eq!(stage.wait(1_000)[0], "agent connecting: answer reject");
}

#[test]
fn an_unknown_state_is_not_found() {
    let mut stage = idle();
    for reason in ["Holiday", "Busy", "Available"] {
        assert_eq!(
            not_ready(&mut stage, reason),
            ["AGENT_STATE_NOT_FOUND: Agent state not found"]
        );
    }
}

#[test]
fn a_state_chosen_while_a_contact_is_live_is_the_next_one() {
    let dialling = || {
        let mut stage = idle();
        stage.ask_with("SetMakeCall", json!("+441632960042"));
        stage
    };
    for (mut stage, state) in [
        (Stage::ringing(), "PendingBusy"),
        (dialling(), "CallingCustomer"),
        (Stage::talking(), "Busy"),
    ] {
        let planned = format!("agent is {state}, next Lunch");
        for _ in 0..2 {
            let said = not_ready(&mut stage, "Lunch");
            let once = std::slice::from_ref(&planned);
            assert_eq!(said, once, "a reply even without a change");
        }
        let agent = agent_in(&stage.snapshot());
        assert_eq!(agent.next.as_deref(), Some("Lunch"));
        assert_eq!(agent.state.unwrap().name, state);
    }
}

#[test]
fn the_next_state_follows_when_the_contact_is_cleared() {
    let mut stage = Stage::talking();
    not_ready(&mut stage, "Lunch");
    assert_eq!(
        stage.ask("Disconnect").last().unwrap(),
        "ccp AfterCallWork",
        "wrap-up comes first"
    );
    assert_eq!(agent_in(&stage.snapshot()).next.as_deref(), Some("Lunch"));
    assert_eq!(
        stage.ask("ClearContact"),
        [
            "agent DROPPED: ",
            "inbound DROPPED: ",
            "agent is Lunch",
            "ccp Lunch"
        ]
    );
    assert_eq!(agent_in(&stage.snapshot()).next, None);
}

#[test]
fn no_call_is_offered_to_an_agent_whose_next_state_is_lunch() {
    let mut stage = Stage::with(Scenario::built_in("busy-hour").unwrap(), 1);
    stage.wait(1_000);
    stage.ask("Answer");
    not_ready(&mut stage, "Lunch");
    stage.ask("Disconnect");
    stage.ask("ClearContact");
    assert_eq!(stage.wait(60_000), [""; 0]);
}

#[test]
fn being_ready_cancels_the_next_state() {
    let mut stage = Stage::talking();
    not_ready(&mut stage, "Lunch");
    assert_eq!(stage.ask_agent("SetReady", None), ["agent is Busy"]);
    stage.ask("Disconnect");
    assert_eq!(stage.ask("ClearContact").last().unwrap(), "ccp Available");
}

#[test]
fn choosing_a_state_in_wrap_up_clears_the_contact() {
    let mut stage = Stage::talking();
    not_ready(&mut stage, "Lunch");
    stage.ask("Disconnect");
    assert_eq!(
        not_ready(&mut stage, "Break"),
        [
            "agent DROPPED: ",
            "inbound DROPPED: ",
            "agent is Break",
            "ccp Break"
        ]
    );
}

#[test]
fn the_microphone_is_muted_until_the_call_ends() {
    let mut stage = Stage::talking();
    assert_eq!(stage.ask_agent("Mute", None), ["agent is Busy, muted"]);
    assert_eq!(stage.ask_agent("Mute", None), ["agent is Busy, muted"]);
    assert_eq!(stage.ask_agent("Unmute", None), ["agent is Busy"]);
    stage.ask_agent("Mute", None);
    assert!(
        stage
            .ask("Disconnect")
            .contains(&"agent is AfterCallWork".to_owned())
    );
    assert_eq!(
        stage.ask_agent("Mute", None),
        ["MUTE_FAILED: No active call"]
    );
}

#[test]
fn during_a_call_all_can_be_chosen_but_another_call() {
    let counted = |stage: &mut Stage, subtopic, data| {
        let said = stage.send(&request("Agent", subtopic, data));
        let states = &said[0].message.as_ref().unwrap()["rules"]["ButtonStates"];
        let count = states["items"].as_object().unwrap().len();
        assert_eq!(states["count"], count);
        states["items"].clone()
    };
    assert_eq!(
        counted(&mut idle(), "SetReady", None),
        json!({ "NotReady": "Enable", "Ready": "Hide", "make_call": "Enable", "mute": "Enable", "unmute": "Hide" })
    );
    let lunch = Some(json!({ "ReasonCodeId": "Lunch" }));
    assert_eq!(
        counted(&mut idle(), "SetNotReady", lunch)["Ready"],
        "Enable"
    );
    assert_eq!(
        counted(&mut Stage::talking(), "Mute", None),
        json!({ "NotReady": "Enable", "Ready": "Enable", "make_call": "Hide", "mute": "Hide", "unmute": "Enable" })
    );
}

#[test]
fn only_states_that_can_be_chosen_have_an_arn() {
    let arn = |stage: &Stage| agent_in(&stage.snapshot()).state.unwrap().arn;
    assert!(arn(&idle()).is_some());
    assert_eq!(arn(&Stage::talking()), None);
}

#[test]
fn the_agent_logs_out_and_in() {
    let mut stage = idle();
    assert_eq!(
        stage.ask_agent("Login", None),
        ["LOGIN_FAILED: Agent is logged in already"]
    );
    assert_eq!(stage.ask_agent("Logout", None), ["logged out"]);
    assert_eq!(stage.ask_agent("StateSync", None), ["agent sync None"]);
    assert_eq!(
        stage.ask_agent("SetReady", None),
        ["UPDATE_AGENT_STATE_FAILED: Agent is not logged in"]
    );
    assert_eq!(
        stage.ask_with("SetMakeCall", json!("+441632960042")),
        ["MAKE_CALL_FAILED: Agent is not logged in"]
    );
    assert_eq!(
        stage.ask_agent("Login", None),
        ["logged in", "agent is Offline", "ccp Offline"]
    );
}

#[test]
fn the_agent_cannot_log_out_during_a_call() {
    let mut stage = Stage::talking();
    assert_eq!(
        stage.ask_agent("Logout", None),
        ["LOGIN_FAILED: Agent is handling a contact"]
    );
}

#[test]
fn a_snapshot_is_what_state_sync_answers() {
    let mut stage = Stage::consulting();
    let [app, agent, calls] = stage.snapshot();
    assert_eq!(stage.send(&request("App", "StateSync", None)), [app]);
    assert_eq!(stage.send(&request("Agent", "StateSync", None)), [agent]);
    let synced = stage.send(&request("InboundCall", "StateSync", None));
    assert_eq!(synced.first(), Some(&calls));
    let Some(Event::CallSync(calls)) = Event::read(&calls) else {
        panic!("no snapshot");
    };
    let told: Vec<&LegType> = calls.legs.iter().map(|leg| &leg.leg).collect();
    assert_eq!(
        told,
        [&LegType::Agent, &LegType::Inbound, &LegType::Outbound]
    );
    assert!(
        calls
            .legs
            .iter()
            .zip(&stage.legs)
            .all(|(now, then)| now.at == then.at)
    );
}
