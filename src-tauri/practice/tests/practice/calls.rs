//! Calls with one other party, from the offer to the end.

use offhook_protocol::LegType;
use serde_json::json;

use crate::stage::{ONE_CALL, Stage, one_call_and, request};

const BUSY: [&str; 2] = ["agent is Busy", "ccp Busy"];
const WRAP_UP: [&str; 4] = [
    "agent ACW: clearContact",
    "inbound DROPPED: ",
    "agent is AfterCallWork",
    "ccp AfterCallWork",
];
const MISSED: [&str; 4] = [
    "agent missed: clearContact",
    "inbound DROPPED: ",
    "agent is MissedCallAgent",
    "ccp MissedCallAgent",
];
const CLEARED: [&str; 4] = [
    "agent DROPPED: ",
    "inbound DROPPED: ",
    "agent is Available",
    "ccp Available",
];

#[test]
fn a_call_is_answered_handled_and_cleared() {
    let mut stage = Stage::open(ONE_CALL);
    assert_eq!(
        stage.wait(1_000),
        [
            "agent connecting: answer reject",
            "inbound connected: ",
            "agent is PendingBusy",
            "ccp PendingBusy",
        ]
    );
    assert_eq!(
        stage.ask("Answer"),
        [
            "agent connected: consult numberpad",
            "inbound connected: disconnect hold",
            BUSY[0],
            BUSY[1],
        ]
    );
    assert_eq!(
        stage.ask("Hold"),
        [
            "agent hold: consult numberpad",
            "inbound hold: disconnect resume"
        ]
    );
    assert_eq!(
        stage.ask("Resume"),
        [
            "agent connected: consult numberpad",
            "inbound connected: disconnect hold"
        ]
    );
    assert_eq!(stage.ask_with("SendDTMF", json!("12#")), [""; 0]);
    assert_eq!(stage.ask("Disconnect"), WRAP_UP);
    assert_eq!(
        stage.wait(3_600_000),
        [""; 0],
        "wrap-up lasts until it is cleared"
    );
    assert_eq!(stage.ask("ClearContact"), CLEARED);
}

#[test]
fn a_call_that_nobody_answers_is_missed_after_its_ring_time() {
    let mut stage = Stage::ringing();
    assert_eq!(stage.wait(19_999), [""; 0]);
    assert_eq!(stage.wait(1), MISSED);
    assert_eq!(stage.ask("ClearContact"), CLEARED);
}

#[test]
fn a_call_is_rejected() {
    let mut stage = Stage::ringing();
    assert_eq!(
        stage.ask("Reject"),
        [
            "agent Rejected: clearContact",
            "inbound DROPPED: ",
            "agent is MissedCallAgent",
            "ccp MissedCallAgent",
        ]
    );
    assert_eq!(stage.ask("ClearContact"), CLEARED);
}

#[test]
fn a_customer_who_gives_up_while_it_rings_was_missed() {
    let mut stage = Stage::open(&one_call_and(
        "[[step]]\nwhen = \"ringing\"\nafter = \"2s\"\ndo = \"customer-hangs-up\"",
    ));
    stage.wait(1_000);
    assert_eq!(stage.wait(2_000), MISSED);
    assert_eq!(stage.ask("ClearContact"), CLEARED);
    assert_eq!(stage.ask("StateSync"), ["calls []"]);
}

#[test]
fn the_customer_hangs_up_during_the_call() {
    let mut stage = Stage::open(&one_call_and(
        "[[step]]\nwhen = \"talking\"\nafter = \"2s\"\ndo = \"customer-hangs-up\"",
    ));
    stage.wait(1_000);
    stage.ask("Answer");
    assert_eq!(stage.wait(2_000), WRAP_UP);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent disconnected, inbound disconnected]"]
    );
}

#[test]
fn hold_resume_and_disconnect_take_any_id_of_the_contact() {
    for kind in [LegType::Agent, LegType::Inbound] {
        let mut stage = Stage::talking();
        let id = stage.leg(&kind);
        let contact = json!(stage.legs[0].contact_id);
        assert_eq!(stage.ask_with("Hold", id.clone()).len(), 2);
        assert_eq!(stage.ask_with("Resume", contact).len(), 2);
        assert_eq!(stage.ask_with("Disconnect", id), WRAP_UP);
    }
}

#[test]
fn a_dialled_number_answers() {
    let mut stage = Stage::open("about = \"\"");
    assert_eq!(
        stage.ask_with("SetMakeCall", json!("+441632960042")),
        [
            "agent connecting: ",
            "outbound connecting: disconnect",
            "agent is CallingCustomer",
            "ccp CallingCustomer",
        ]
    );
    assert_eq!(
        stage.wait(2_999),
        ["agent connected: "],
        "the agent's own leg connects first"
    );
    assert_eq!(
        stage.wait(1),
        [
            "agent connected: consult numberpad",
            "outbound connected: disconnect hold",
            BUSY[0],
            BUSY[1],
        ]
    );
    assert_eq!(stage.legs[1].phone_number, Some("+441632960042".into()));
}

#[test]
fn a_dialled_number_does_not_answer_or_is_busy() {
    for (response, state) in [
        ("no-answer", "FailedConnectCustomer"),
        ("busy", "LineEngagedCustomer"),
    ] {
        let mut stage = Stage::open(&format!(
            "about = \"\"\n[[step]]\nafter = \"0s\"\n\
             do = {{ called-party = {{ response = \"{response}\", after = \"5s\" }} }}"
        ));
        stage.ask_with("SetMakeCall", json!("+441632960042"));
        assert_eq!(
            stage.wait(5_000),
            [
                "agent connected: ".to_owned(),
                "agent ACW: clearContact".to_owned(),
                "outbound DROPPED: ".to_owned(),
                format!("agent is {state}"),
                format!("ccp {state}"),
            ]
        );
        let agent = stage.send(&request("Agent", "StateSync", None));
        let told = &agent[0].message.as_ref().unwrap()["agentState"];
        assert_eq!(told["type"], "error");
        assert_eq!(stage.ask("ClearContact").last().unwrap(), "ccp Available");
    }
}

#[test]
fn dialling_is_given_up() {
    let mut stage = Stage::open("about = \"\"");
    stage.ask_with("SetMakeCall", json!("+441632960042"));
    let callee = stage.leg(&LegType::Outbound);
    assert_eq!(
        stage.ask_with("Disconnect", callee),
        [
            "agent ACW: clearContact",
            "outbound DROPPED: ",
            "agent is AfterCallWork",
            "ccp AfterCallWork",
        ]
    );
    assert_eq!(
        stage.wait(60_000),
        [""; 0],
        "the called party is not connected any more"
    );
}

#[test]
fn a_quick_connect_is_dialled() {
    let mut stage = Stage::open("about = \"\"");
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["5 quick connects"]
    );
    let courier =
        json!({ "type": "phone_number", "name": "Courier", "phoneNumber": "+441632960042" });
    assert_eq!(stage.ask_with("SetMakeCall", courier).len(), 4);
    assert_eq!(stage.legs[1].phone_number, Some("+441632960042".into()));
}

#[test]
fn two_events_of_one_leg_never_carry_the_same_time() {
    let mut stage = Stage::talking();
    let answered = stage.legs[0].at.unwrap();
    stage.ask("Hold");
    let held = stage.legs[0].at.unwrap();
    stage.ask("Resume");
    assert!(answered < held && held < stage.legs[0].at.unwrap());
}
