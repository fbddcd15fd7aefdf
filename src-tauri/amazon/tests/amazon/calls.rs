//! The life of plain calls, as the bus hears it.

use serde_json::json;

use crate::{
    stage::Stage,
    streams::{
        AVAILABLE, BUSY, CALLING, MISSED, RINGING, WRAP_UP, callee, caller, contact, over, own,
        ringing, since, talking, with,
    },
};

#[test]
fn a_call_is_offered_answered_held_ended_and_cleared() {
    let mut stage = Stage::open();
    assert_eq!(
        stage.update(RINGING, &[ringing()]),
        [
            "agent connecting: answer reject",
            "inbound connected: ",
            "agent is PendingBusy",
            "ccp PendingBusy",
        ]
    );
    assert_eq!(
        stage.talk(&[caller("connected")]),
        [
            "agent connected: consult numberpad",
            "inbound connected: disconnect hold",
            "agent is Busy",
            "ccp Busy",
        ]
    );
    assert_eq!(
        stage.talk(&[caller("hold")]),
        [
            "agent hold: consult numberpad",
            "inbound hold: disconnect resume",
        ]
    );
    assert_eq!(
        stage.update(WRAP_UP, &[over("ended")]),
        [
            "agent ACW: clearContact",
            "inbound DROPPED: ",
            "agent is AfterCallWork",
            "ccp AfterCallWork",
        ]
    );
    assert_eq!(
        stage.update(AVAILABLE, &[]),
        [
            "agent DROPPED: ",
            "inbound DROPPED: ",
            "agent is Available",
            "ccp Available",
        ]
    );
    assert_eq!(stage.legs(), [] as [serde_json::Value; 0]);
}

#[test]
fn the_same_snapshot_again_says_nothing() {
    let mut stage = Stage::ringing();
    assert_eq!(stage.update(RINGING, &[ringing()]), [] as [String; 0]);
}

#[test]
fn a_call_that_is_not_answered_is_missed() {
    for state in ["error", "missed"] {
        let mut stage = Stage::ringing();
        assert_eq!(
            stage.update(MISSED, &[over(state)]),
            [
                "agent missed: clearContact",
                "inbound DROPPED: ",
                "agent is MissedCallAgent",
                "ccp MissedCallAgent",
            ]
        );
    }
}

#[test]
fn a_call_that_this_connector_rejected_is_rejected() {
    let mut stage = Stage::ringing();
    assert_eq!(stage.ask("Reject"), ["ask reject contact"]);
    let said = stage.update(MISSED, &[over("error")]);
    assert_eq!(said[0], "agent Rejected: clearContact");
}

#[test]
fn a_reject_that_amazon_refused_is_forgotten() {
    let mut stage = Stage::ringing();
    stage.ask("Reject");
    stage.failed(r#"{"type":"InvalidStateException","message":"Too late"}"#);
    let said = stage.update(MISSED, &[over("error")]);
    assert_eq!(said[0], "agent missed: clearContact");
}

#[test]
fn a_contact_that_amazon_calls_rejected_is_rejected() {
    let said = Stage::ringing().update(MISSED, &[over("rejected")]);
    assert_eq!(said[0], "agent Rejected: clearContact");
}

#[test]
fn an_error_after_the_answer_is_wrap_up() {
    let said = Stage::talking().update(WRAP_UP, &[over("error")]);
    assert_eq!(said[0], "agent ACW: clearContact");
}

#[test]
fn a_call_that_vanishes_is_dropped() {
    assert_eq!(
        Stage::talking().update(AVAILABLE, &[])[..2],
        ["agent DROPPED: ", "inbound DROPPED: "]
    );
}

#[test]
fn states_may_be_skipped() {
    let mut stage = Stage::open();
    assert_eq!(
        stage.update(WRAP_UP, &[over("ended")])[..2],
        ["agent ACW: clearContact", "inbound DROPPED: "]
    );
}

#[test]
fn a_call_of_the_agents_own_is_dialled() {
    let mut stage = Stage::open();
    let dialled = |own_state, callee_state| {
        contact(
            "contact",
            "connecting",
            &[own(own_state), callee(callee_state)],
        )
    };
    assert_eq!(
        stage.update(CALLING, &[dialled("connecting", "connecting")])[..2],
        ["agent connecting: ", "outbound connecting: disconnect"]
    );
    assert_eq!(
        stage.update(CALLING, &[dialled("connected", "connecting")]),
        ["agent connected: "]
    );
    assert_eq!(
        stage.update(CALLING, &[dialled("connected", "connected")]),
        ["outbound connected: disconnect"]
    );
    assert_eq!(
        stage.update(BUSY, &[talking(&[callee("connected")])])[..2],
        [
            "agent connected: consult numberpad",
            "outbound connected: disconnect hold",
        ]
    );
}

#[test]
fn a_called_party_that_is_busy_leaves_wrap_up() {
    let mut stage = Stage::open();
    let dialled = contact(
        "contact",
        "connecting",
        &[own("connected"), callee("connecting")],
    );
    stage.update(CALLING, &[dialled]);
    let connections = [own("disconnected"), callee("disconnected")];
    let failed = contact("contact", "error", &connections);
    assert_eq!(
        stage.update(("LineEngagedCustomer", "error"), &[failed]),
        [
            "agent ACW: clearContact",
            "outbound DROPPED: ",
            "agent is LineEngagedCustomer",
            "ccp LineEngagedCustomer",
        ]
    );
}

#[test]
fn the_agents_connection_may_go_before_the_contact_ends() {
    let mut stage = Stage::talking();
    let leaving = contact(
        "contact",
        "connected",
        &[own("disconnected"), caller("connected")],
    );
    assert_eq!(stage.update(BUSY, &[leaving]), [] as [String; 0]);
    let said = stage.update(WRAP_UP, &[over("ended")]);
    assert_eq!(said[0], "agent ACW: clearContact");
}

#[test]
fn events_of_a_leg_never_carry_the_same_time() {
    let mut stage = Stage::ringing();
    let at = |stage: &Stage| stage.calls().legs[0].at.unwrap().to_string();
    assert_eq!(at(&stage), "2026-11-21T09:00:00.000Z");
    stage.talk(&[caller("connected")]);
    assert_eq!(at(&stage), "2026-11-21T09:00:00.001Z");
    let own = since(own("connected"), "2026-11-21T09:00:07.250Z");
    let connections = [own, caller("hold")];
    stage.update(BUSY, &[contact("contact", "connected", &connections)]);
    assert_eq!(at(&stage), "2026-11-21T09:00:07.250Z");
}

#[test]
fn two_calls_at_once_are_told_apart() {
    let mut stage = Stage::talking();
    let other = with(ringing(), "contactId", json!("second"));
    let said = stage.update(RINGING, &[other, talking(&[caller("connected")])]);
    assert_eq!(
        said[..2],
        ["agent connecting: answer reject", "inbound connected: "]
    );
    assert_eq!(stage.calls().legs.len(), 4);
    assert_eq!(stage.ask("Answer"), ["ask accept second"]);
    assert_eq!(stage.ask("Hold"), ["ask hold contact caller"]);
}

#[test]
fn a_contact_that_comes_back_is_told_with_later_times() {
    let mut stage = Stage::ringing();
    let first = stage.calls().legs[0].at;
    stage.update(AVAILABLE, &[]);
    assert_eq!(
        stage.update(RINGING, &[ringing()])[..2],
        ["agent connecting: answer reject", "inbound connected: "]
    );
    assert!(stage.calls().legs[0].at > first);
}

/// Amazon offers a missed contact to the same agent again with the caller's old connection and a new one
/// of the agent.
#[test]
fn a_contact_that_is_offered_again_has_a_new_leg_of_the_agent() {
    let again = || {
        let own = with(own("connecting"), "connectionId", json!("own-again"));
        contact("contact", "connecting", &[own, caller("connected")])
    };
    for cleared in [true, false] {
        let mut stage = Stage::ringing();
        stage.update(MISSED, &[over("error")]);
        let dropped = ["agent DROPPED: ", "inbound DROPPED: "];
        let offered = ["agent connecting: answer reject", "inbound connected: "];
        if cleared {
            assert_eq!(stage.update(AVAILABLE, &[])[..2], dropped);
            assert_eq!(stage.update(RINGING, &[again()])[..2], offered);
        } else {
            let said = stage.update(RINGING, &[again()]);
            assert_eq!(said[..4], [dropped, offered].concat());
        }
        assert_eq!(stage.legs(), ["own-again", "caller"]);
        assert_eq!(stage.ask("Answer"), ["ask accept contact"]);
    }
}
