//! The built program against a hub with a scripted contact centre.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

mod phone;

use offhook_protocol::{
    AgentRequest, AgentState, AgentStateChoice, ApiError, Button, CallEvent, CallRequest, CallSync,
    ConnectionStatus, Destination, Envelope, ErrorType, LegType, Request, SetAgentState, StateType,
    states_envelope,
};
use phone::{Phone, Ran, call, event, idle, leg, run_in};
use serde_json::{Value, json};

fn ringing() -> CallSync {
    call([
        leg(
            "a",
            LegType::Agent,
            ConnectionStatus::Connecting,
            &[Button::Answer, Button::Reject],
        ),
        leg("c", LegType::Inbound, ConnectionStatus::Connected, &[]),
    ])
}

fn talking() -> CallSync {
    let inbound = [Button::Disconnect, Button::Hold];
    call([
        leg(
            "a",
            LegType::Agent,
            ConnectionStatus::Connected,
            &[Button::Numberpad],
        ),
        leg("c", LegType::Inbound, ConnectionStatus::Connected, &inbound),
    ])
}

fn on_hold() -> CallSync {
    let inbound = [Button::Disconnect, Button::Resume];
    call([
        leg("a", LegType::Agent, ConnectionStatus::Connected, &[]),
        leg("c", LegType::Inbound, ConnectionStatus::Hold, &inbound),
    ])
}

fn wrap_up() -> CallSync {
    let clear = [Button::ClearContact];
    call([leg(
        "a",
        LegType::Agent,
        ConnectionStatus::Disconnected,
        &clear,
    )])
}

fn agent(name: &str, kind: StateType) -> Envelope {
    agent_before(name, kind, None)
}

/// An agent in this state, which that one will follow.
fn agent_before(name: &str, kind: StateType, next: Option<&str>) -> Envelope {
    SetAgentState {
        state: AgentState {
            name: name.to_owned(),
            kind: Some(kind),
            arn: None,
            since: None,
        },
        ready: None,
        reason: None,
        next: next.map(str::to_owned),
        info: Default::default(),
        buttons: None,
    }
    .envelope()
}

/// What a command about a call does: from which state, with which request, and by which event.
struct Case {
    arguments: &'static [&'static str],
    from: CallSync,
    request: CallRequest,
    event: Envelope,
    failure: ErrorType,
    done: &'static str,
    without: &'static str,
}

fn cases() -> Vec<Case> {
    let new_leg = event("o", LegType::Outbound, CallEvent::Connecting);
    vec![
        Case {
            arguments: &["answer"],
            from: ringing(),
            request: CallRequest::Answer,
            event: event("a", LegType::Agent, CallEvent::Connected),
            failure: ErrorType::AnswerCallFailed,
            done: "Answered.\n",
            without: "There is no ringing call.\n",
        },
        Case {
            arguments: &["reject"],
            from: ringing(),
            request: CallRequest::Reject,
            event: event("a", LegType::Agent, CallEvent::Rejected),
            failure: ErrorType::RejectCallFailed,
            done: "Rejected.\n",
            without: "There is no ringing call.\n",
        },
        Case {
            arguments: &["hangup"],
            from: talking(),
            request: CallRequest::Disconnect(Some("c".into())),
            event: event("c", LegType::Inbound, CallEvent::Dropped),
            failure: ErrorType::DisconnectCallFailed,
            done: "Ended.\n",
            without: "There is no call to end.\n",
        },
        Case {
            arguments: &["hold"],
            from: talking(),
            request: CallRequest::Hold(Some("c".into())),
            event: event("c", LegType::Inbound, CallEvent::Hold),
            failure: ErrorType::HoldCallFailed,
            done: "On hold.\n",
            without: "There is no call to put on hold.\n",
        },
        Case {
            arguments: &["resume"],
            from: on_hold(),
            request: CallRequest::Resume(Some("c".into())),
            event: event("c", LegType::Inbound, CallEvent::Connected),
            failure: ErrorType::ResumeCallFailed,
            done: "Resumed.\n",
            without: "There is no call on hold.\n",
        },
        Case {
            arguments: &["clear"],
            from: wrap_up(),
            request: CallRequest::ClearContact,
            event: event("a", LegType::Agent, CallEvent::Dropped),
            failure: ErrorType::ClearContactFailed,
            done: "Cleared.\n",
            without: "There is no contact to clear.\n",
        },
        Case {
            arguments: &["dial", "+49 (30) 123-4567"],
            from: idle(),
            request: CallRequest::SetMakeCall(Destination::Number("+49301234567".into())),
            event: new_leg.clone(),
            failure: ErrorType::MakeCallFailed,
            done: "Dialling.\n",
            without: "",
        },
        Case {
            arguments: &["digits", "12#"],
            from: talking(),
            request: CallRequest::SendDtmf("12#".into()),
            event: new_leg,
            failure: ErrorType::SendDtmfFailed,
            done: "Sent.\n",
            without: "There is no call to send digits to.\n",
        },
    ]
}

#[tokio::test]
async fn a_command_ends_with_the_event_that_shows_success() {
    for case in cases() {
        let request = Request::Call(case.request);
        let event = case.event;
        let expected = request.clone();
        let phone = Phone::start(case.from, move |asked| match *asked == expected {
            true => vec![event.clone()],
            false => vec![],
        })
        .await;
        let ran = phone.run(case.arguments).await;
        assert_eq!(ran, Ran::told(case.done), "{:?}", case.arguments);
        assert_eq!(phone.asked()[0], request);
    }
}

#[tokio::test]
async fn a_command_that_fails_says_why() {
    for case in cases() {
        let error = ApiError::new(case.failure, "Amazon says no.").envelope();
        let request = Request::Call(case.request);
        let phone = Phone::start(case.from, move |asked| match *asked == request {
            true => vec![error.clone()],
            false => vec![],
        })
        .await;
        let ran = phone.run(case.arguments).await;
        assert_eq!((ran.code, ran.stdout.as_str()), (1, ""), "{ran:?}");
        assert!(ran.stderr.ends_with(" Amazon says no.\n"), "{ran:?}");
    }
}

#[tokio::test]
async fn a_command_that_makes_no_sense_now_says_so_and_sends_nothing() {
    for case in cases().into_iter().filter(|case| !case.without.is_empty()) {
        let phone = Phone::start(idle(), |_| vec![]).await;
        let ran = phone.run(case.arguments).await;
        assert_eq!(ran, Ran::failed(1, case.without));
        assert!(phone.asked().is_empty());
    }
}

#[tokio::test]
async fn a_command_without_an_answer_ends_in_time() {
    for case in cases() {
        let phone = Phone::mute(case.from).await;
        let arguments = [&["--timeout", "0.2"], case.arguments].concat();
        let ran = phone.run(&arguments).await;
        assert_eq!(ran, Ran::failed(4, "No answer within 0.2 seconds.\n"));
    }
}

#[tokio::test]
async fn without_a_phone_every_command_says_so() {
    let directory = tempfile::tempdir().unwrap();
    let others: [&[&str]; 5] = [
        &["status"],
        &["tail"],
        &["ready"],
        &["not-ready"],
        &["send", "-"],
    ];
    let all = cases().into_iter().map(|case| case.arguments);
    for arguments in all.chain(others) {
        let ran = run_in(directory.path(), arguments, "").await;
        assert_eq!(ran, Ran::failed(3, "Offhook is not running.\n"));
    }
}

#[tokio::test]
async fn a_call_that_goes_while_it_is_answered_is_gone() {
    let missed = event("a", LegType::Agent, CallEvent::Missed);
    let phone = Phone::start(ringing(), move |_| vec![missed.clone()]).await;
    let ran = phone.run(&["answer"]).await;
    assert_eq!(ran, Ran::failed(1, "The call is gone.\n"));
}

#[tokio::test]
async fn the_failure_of_another_app_is_not_ours() {
    let others = ApiError::new(ErrorType::HoldCallFailed, "").envelope();
    let connected = event("a", LegType::Agent, CallEvent::Connected);
    let phone = Phone::start(ringing(), move |_| vec![others.clone(), connected.clone()]).await;
    assert_eq!(phone.run(&["answer"]).await, Ran::told("Answered.\n"));
}

#[tokio::test]
async fn a_hangup_ends_the_leg_that_the_agent_talks_to() {
    let end = [Button::Disconnect];
    let consulting = call([
        leg("a", LegType::Agent, ConnectionStatus::Connected, &[]),
        leg("c", LegType::Inbound, ConnectionStatus::Hold, &end),
        leg("t", LegType::Outbound, ConnectionStatus::Connected, &end),
    ]);
    let dropped = event("t", LegType::Outbound, CallEvent::Dropped);
    let phone = Phone::start(consulting, move |_| vec![dropped.clone()]).await;
    assert_eq!(phone.run(&["hangup"]).await, Ran::told("Ended.\n"));
    let third = CallRequest::Disconnect(Some("t".into()));
    assert_eq!(phone.asked(), [Request::Call(third)]);
}

#[tokio::test]
async fn ready_ends_when_the_agent_is_ready() {
    let available = agent("Available", StateType::Routable);
    let phone = Phone::start(idle(), move |_| vec![available.clone()]).await;
    assert_eq!(phone.run(&["ready"]).await, Ran::told("Ready.\n"));
    assert_eq!(phone.asked(), [Request::Agent(AgentRequest::SetReady)]);
}

#[tokio::test]
async fn not_ready_takes_the_reason_or_the_centres_first() {
    for (arguments, reason) in [
        (vec!["not-ready", "Lunch"], "Lunch"),
        (vec!["not-ready"], "Break"),
    ] {
        let phone = Phone::start(idle(), move |asked| match asked {
            Request::Agent(AgentRequest::GetStates) => {
                let choice = |label: &str, kind: &str| AgentStateChoice {
                    label: label.to_owned(),
                    code: String::new(),
                    kind: kind.to_owned(),
                };
                let choices = [
                    choice("Available", "routable"),
                    choice("Break", "not_routable"),
                ];
                vec![states_envelope(&choices)]
            }
            Request::Agent(AgentRequest::SetNotReady(reason)) => {
                vec![agent(reason, StateType::NotRoutable)]
            }
            Request::Agent(_) | Request::Call(_) | Request::AppStateSync => vec![],
        })
        .await;
        assert_eq!(phone.run(&arguments).await, Ran::told("Not ready.\n"));
        let last = Request::Agent(AgentRequest::SetNotReady(reason.to_owned()));
        assert_eq!(phone.asked().last(), Some(&last));
    }
}

#[tokio::test]
async fn during_a_call_a_state_is_chosen_for_the_time_after_it() {
    let phone = Phone::start(talking(), |asked| match asked {
        Request::Agent(AgentRequest::SetNotReady(reason)) => {
            vec![agent_before("Busy", StateType::System, Some(reason))]
        }
        Request::Agent(_) | Request::Call(_) | Request::AppStateSync => vec![],
    })
    .await;
    let chosen = Ran::told("Chosen for after the call.\n");
    assert_eq!(phone.run(&["not-ready", "Lunch"]).await, chosen);
    let lunch = AgentRequest::SetNotReady("Lunch".to_owned());
    assert_eq!(phone.asked(), [Request::Agent(lunch)]);
}

#[tokio::test]
async fn being_ready_after_the_call_needs_no_asking() {
    let phone = Phone::start(talking(), |_| vec![]).await;
    let chosen = Ran::told("Chosen for after the call.\n");
    assert_eq!(phone.run(&["ready"]).await, chosen);
    assert_eq!(phone.asked(), []);
}

#[tokio::test]
async fn an_unknown_reason_is_refused_by_the_centre() {
    let error = ApiError::new(ErrorType::AgentStateNotFound, "").envelope();
    let phone = Phone::start(idle(), move |_| vec![error.clone()]).await;
    let ran = phone.run(&["not-ready", "Siesta"]).await;
    assert_eq!(ran, Ran::failed(1, "Specified agent state not found.\n"));
}

#[tokio::test]
async fn status_is_for_people_and_for_programs() {
    let phone = Phone::start(ringing(), |_| vec![]).await;
    let ran = phone.run(&["status"]).await;
    let expected = "\
Link:    online (practice)
Agent:   Busy since 2026-01-02T03:04:05.678Z
Call:    ringing since 2026-01-02T03:04:05.678Z
Number:  +4930111
Queue:   Sales
Buttons: answer reject
";
    assert_eq!(ran, Ran::told(expected));

    let ran = phone.run(&["status", "--json"]).await;
    let status: Value = serde_json::from_str(&ran.stdout).unwrap();
    assert_eq!(status["agent"]["state"], "Busy");
    assert_eq!(status["contacts"][0]["phase"], "ringing");
    assert_eq!(
        status["contacts"][0]["buttons"],
        json!(["answer", "reject"])
    );
    assert_eq!(status["contacts"][0]["legs"][1]["connectionId"], "c");
}

#[tokio::test]
async fn status_names_each_phase() {
    let phases = [
        (idle(), "none"),
        (talking(), "connected"),
        (on_hold(), "on hold"),
        (wrap_up(), "over, to be cleared"),
    ];
    for (calls, phase) in phases {
        let phone = Phone::start(calls, |_| vec![]).await;
        let ran = phone.run(&["status"]).await;
        assert!(ran.stdout.contains(&format!("Call:    {phase}")), "{ran:?}");
    }
}

#[tokio::test]
async fn json_is_one_line_whatever_happens() {
    let error = ApiError::new(ErrorType::AnswerCallFailed, "No.").envelope();
    let phone = Phone::start(ringing(), move |_| vec![error.clone()]).await;
    let ran = phone.run(&["--json", "answer"]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (1, ""));
    let failed: Value = serde_json::from_str(&ran.stdout).unwrap();
    let expected = json!({
        "done": false,
        "exitCode": 1,
        "error": "Answering call failed. No.",
        "errorType": "ANSWER_CALL_FAILED",
    });
    assert_eq!(failed, expected);

    let dropped = event("c", LegType::Inbound, CallEvent::Dropped);
    let phone = Phone::start(talking(), move |_| vec![dropped.clone()]).await;
    let ran = phone.run(&["--json", "hangup"]).await;
    assert_eq!(ran, Ran::told("{\"done\":true}\n"));
}

#[tokio::test]
async fn send_prints_what_comes_back() {
    let phone = Phone::start(idle(), |asked| match asked {
        Request::AppStateSync => vec![event("x", LegType::Agent, CallEvent::Connected)],
        Request::Agent(_) | Request::Call(_) => vec![],
    })
    .await;
    let text = "{\"channel\":\"Amazon\",\u{a0}\"topic\":\"App\",\"subtopic\":\"StateSync\"}";
    let ran = phone.run_with(&["send", "-"], text).await;
    assert_eq!((ran.code, ran.stdout.lines().count()), (0, 1), "{ran:?}");
    assert!(ran.stdout.contains("InboundCallStateChange"));
    assert_eq!(phone.asked()[0], Request::AppStateSync);
}

#[tokio::test]
async fn send_tells_what_is_wrong_with_an_envelope() {
    let phone = Phone::start(idle(), |_| vec![]).await;
    let ran = phone.run_with(&["send", "-"], "{}").await;
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("\"channel\" is missing"), "{ran:?}");

    let faked = r#"{"channel":"Amazon","topic":"Agent","subtopic":"SetAgentState","message":{}}"#;
    let ran = phone.run_with(&["send", "-"], faked).await;
    assert_eq!(ran.code, 1);
    assert!(ran.stderr.contains("contact centre alone"), "{ran:?}");
}

#[tokio::test]
async fn tail_prints_until_the_phone_closes() {
    let phone = Phone::start(idle(), |_| vec![]).await;
    let ran = phone.run_until_closed(&["tail"]).await;
    assert_eq!(ran.code, 3);
    assert_eq!(ran.stderr, "Offhook has closed the connection.\n");
    let subtopics: Vec<String> = ran.stdout.lines().map(subtopic).collect();
    assert_eq!(subtopics, ["StateSync", "StateSync", "StateSync", "Ring"]);
}

#[tokio::test]
async fn tail_ends_when_nobody_reads_it() {
    let phone = Phone::start(idle(), |_| vec![]).await;
    let ran = phone.run_until_unread(&["tail"]).await;
    assert_eq!((ran.code, ran.stderr.as_str()), (0, ""));
}

#[cfg(target_os = "linux")]
#[tokio::test]
async fn the_connection_file_is_found_where_the_documentation_says() {
    let phone = Phone::start(idle(), |_| vec![]).await;
    for (variable, folder) in [
        ("OFFHOOK_RUNTIME_DIR", ""),
        ("XDG_RUNTIME_DIR", "offhook"),
        ("XDG_DATA_HOME", "offhook/run"),
        ("HOME", ".local/share/offhook/run"),
    ] {
        let ran = phone.found_through(variable, folder).await;
        assert_eq!((ran.code, ran.stderr.as_str()), (0, ""), "{variable}");
    }
}

fn subtopic(line: &str) -> String {
    let envelope: Value = serde_json::from_str(line).unwrap();
    envelope["subtopic"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn a_wrong_command_line_is_explained() {
    let directory = tempfile::tempdir().unwrap();
    let wrong: [&[&str]; 7] = [
        &[],
        &["shout"],
        &["dial", "home"],
        &["digits", "12x"],
        &["send", "file"],
        &["status", "--timeout", "0"],
        &["status", "--timeout", "NaN"],
    ];
    for arguments in wrong {
        let ran = run_in(directory.path(), arguments, "").await;
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{arguments:?}");
        assert!(!ran.stderr.is_empty());
    }
}
