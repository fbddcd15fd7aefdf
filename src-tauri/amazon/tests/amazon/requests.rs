//! Requests become calls of the library, or are refused.

use serde_json::{Value, json};

use crate::{
    stage::Stage,
    streams::{AVAILABLE, BUSY, WRAP_UP, caller, over, roomy, talking, third},
};

const NUMBER: &str = "+441632960042";

fn consulting() -> Stage {
    let mut stage = Stage::talking();
    stage.talk(&[caller("hold"), third("third", "connected")]);
    stage
}

fn conference() -> Stage {
    let mut stage = Stage::talking();
    stage.talk(&[caller("connected"), third("third", "connected")]);
    stage
}

#[test]
fn a_ringing_call_is_answered_or_rejected() {
    assert_eq!(Stage::ringing().ask("Answer"), ["ask accept contact"]);
    assert_eq!(Stage::ringing().ask("Reject"), ["ask reject contact"]);
}

#[test]
fn a_contact_that_is_over_is_cleared() {
    let mut stage = Stage::with(WRAP_UP, over("ended"));
    assert_eq!(stage.ask("ClearContact"), ["ask clear contact"]);
}

#[test]
fn everybody_or_one_party_is_put_on_hold_and_back() {
    let all = Value::Null;
    for id in [all, json!("contact"), json!("own"), json!("caller")] {
        let mut stage = Stage::talking();
        assert_eq!(
            stage.ask_with("Hold", id.clone()),
            ["ask hold contact caller"]
        );
        stage.talk(&[caller("hold")]);
        assert_eq!(stage.ask_with("Resume", id), ["ask resume contact caller"]);
    }
    assert_eq!(
        conference().ask("Hold"),
        ["ask hold contact caller", "ask hold contact third"]
    );
    assert_eq!(
        conference().ask_with("Hold", json!("third")),
        ["ask hold contact third"]
    );
}

#[test]
fn resuming_one_party_of_a_consultation_swaps() {
    let mut stage = consulting();
    assert_eq!(
        stage.ask_with("Resume", json!("caller")),
        ["ask toggleActiveConnections contact"]
    );
    let mut stage = Stage::talking();
    stage.talk(&[caller("hold"), third("third", "hold")]);
    assert_eq!(
        stage.ask_with("Resume", json!("third")),
        ["ask resume contact third"]
    );
}

#[test]
fn disconnecting_from_one_party_hangs_up() {
    for id in [Value::Null, json!("contact"), json!("own")] {
        let said = Stage::talking().ask_with("Disconnect", id);
        assert_eq!(said, ["ask destroy contact own"]);
    }
    assert_eq!(
        Stage::talking().ask_with("Disconnect", json!("caller")),
        ["ask destroy contact caller"]
    );
}

#[test]
fn disconnecting_from_several_parties_disconnects_each() {
    assert_eq!(
        conference().ask("Disconnect"),
        ["ask destroy contact caller", "ask destroy contact third"]
    );
    assert_eq!(
        conference().ask_with("Disconnect", json!("third")),
        ["ask destroy contact third"]
    );
}

#[test]
fn digits_go_to_whom_the_agent_talks() {
    assert_eq!(
        Stage::talking().ask_with("SendDTMF", json!("12#")),
        ["ask sendDigits contact caller 12#"]
    );
    assert_eq!(
        consulting().ask_with("SendDTMF", json!("5")),
        ["ask sendDigits contact third 5"]
    );
}

#[test]
fn third_parties_are_called_swapped_joined_and_left() {
    assert_eq!(
        Stage::talking().ask_with("Consult", json!(NUMBER)),
        [r#"ask addConnection contact {"phoneNumber":"+441632960042"}"#]
    );
    assert_eq!(
        consulting().ask("Swap"),
        ["ask toggleActiveConnections contact"]
    );
    assert_eq!(
        consulting().ask("Conference"),
        ["ask conferenceConnections contact"]
    );
    assert_eq!(consulting().ask("Transfer"), ["ask destroy contact own"]);
    assert_eq!(conference().ask("Transfer"), ["ask destroy contact own"]);
}

#[test]
fn a_number_is_dialled() {
    assert_eq!(
        Stage::open().ask_with("SetMakeCall", json!(NUMBER)),
        [r#"ask connect {"phoneNumber":"+441632960042"}"#]
    );
}

#[test]
fn what_cannot_be_done_is_refused() {
    let table = [
        (
            "Answer",
            "ANSWER_CALL_FAILED",
            "No contact in state connecting",
        ),
        (
            "Reject",
            "REJECT_CALL_FAILED",
            "No contact in state connecting",
        ),
        (
            "ClearContact",
            "CLEAR_CONTACT_FAILED",
            "No contact in state ended, missed or rejected",
        ),
        (
            "Resume",
            "RESUME_CALL_FAILED",
            "No connection in state hold",
        ),
        (
            "Swap",
            "SWAP_CALL_FAILED",
            "No third party in state connected",
        ),
        (
            "Conference",
            "CONFERENCE_CALL_FAILED",
            "No third party in state connected",
        ),
        (
            "Transfer",
            "TRANSFER_CALL_FAILED",
            "No third party in state connected",
        ),
    ];
    for (subtopic, error, text) in table {
        assert_eq!(Stage::talking().ask(subtopic), [format!("{error}: {text}")]);
        assert_eq!(
            Stage::open().ask(subtopic),
            [format!("{error}: No contact found")]
        );
    }
    let mut ringing = Stage::ringing();
    assert_eq!(
        ringing.ask("Hold"),
        ["HOLD_CALL_FAILED: No connection in state connected"]
    );
    assert_eq!(
        ringing.ask("Disconnect"),
        ["DISCONNECT_CALL_FAILED: No active connection"]
    );
    assert_eq!(
        ringing.ask_with("SendDTMF", json!("5")),
        ["SEND_DTMF_FAILED: No active connection"]
    );
    assert_eq!(
        Stage::talking().ask_with("Hold", json!("stranger")),
        ["HOLD_CALL_FAILED: Connection not found"]
    );
}

#[test]
fn consulting_needs_a_call_with_room_for_one_more() {
    let refused = |stage: &mut Stage| stage.ask_with("Consult", json!(NUMBER));
    assert_eq!(
        refused(&mut Stage::open()),
        ["CONSULT_CALL_FAILED: No contact found"]
    );
    assert_eq!(
        refused(&mut Stage::ringing()),
        ["CONSULT_CALL_FAILED: No contact in state connected"]
    );
    assert_eq!(
        refused(&mut consulting()),
        ["CONSULT_CALL_FAILED: There is a third party already"]
    );
    assert_eq!(
        refused(&mut conference()),
        ["CONSULT_CALL_FAILED: Too many connections"]
    );
    let mut stage = Stage::talking();
    let parties = [caller("connected"), third("third", "connected")];
    stage.update(BUSY, &[roomy(talking(&parties))]);
    assert!(refused(&mut stage)[0].starts_with("ask addConnection"));
}

#[test]
fn a_call_cannot_be_dialled_during_another() {
    for mut stage in [Stage::talking(), Stage::with(WRAP_UP, over("ended"))] {
        assert_eq!(
            stage.ask_with("SetMakeCall", json!(NUMBER)),
            ["MAKE_CALL_FAILED: Agent is handling a contact"]
        );
    }
}

#[test]
fn what_is_no_number_is_not_dialled() {
    for text in ["12", "anna", "+44 1632 960042", "1234567890123456"] {
        assert_eq!(
            Stage::open().ask_with("SetMakeCall", json!(text)),
            ["MAKE_CALL_FAILED: Invalid phone number"]
        );
    }
}

#[test]
fn quick_connects_are_asked_for_once_and_handed_back_as_they_came() {
    let queue = json!({ "endpointARN": "arn:1", "endpointId": "arn:1", "type": "queue",
                        "name": "Billing", "phoneNumber": null, "queue": "queue-1" });
    let desk = json!({ "endpointARN": "arn:2", "type": "phone_number",
                       "name": "Courier desk", "phoneNumber": "+441632960042" });
    let mut stage = Stage::talking();
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["ask getEndpoints"]
    );
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        [] as [String; 0]
    );
    assert_eq!(
        stage.returned_with(json!([queue, desk])),
        ["2 quick connects"]
    );
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["2 quick connects"]
    );

    let by_arn = json!({ "endpointARN": "arn:1" });
    let said = stage.ask_with("Consult", by_arn.clone());
    assert_eq!(
        said,
        [format!(
            "ask addConnection contact {}",
            json!({ "quickConnect": queue })
        )]
    );
    stage.update(AVAILABLE, &[]);
    assert_eq!(
        stage.ask_with("SetMakeCall", by_arn),
        ["MAKE_CALL_FAILED: BadEndpointException: only a phone number can be dialled"]
    );
    let said = stage.ask_with("SetMakeCall", json!({ "endpointId": "arn:2" }));
    assert_eq!(
        said,
        [format!("ask connect {}", json!({ "quickConnect": desk }))]
    );
    stage.wait(5 * 60_000);
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["ask getEndpoints"]
    );
}

#[test]
fn an_unknown_quick_connect_needs_a_number() {
    let mut stage = Stage::open();
    let unknown = json!({ "endpointARN": "arn:9", "name": "Nobody" });
    assert_eq!(
        stage.ask_with("SetMakeCall", unknown),
        ["MAKE_CALL_FAILED: Endpoint not found"]
    );
    let numbered = json!({ "endpointARN": "arn:9", "phoneNumber": NUMBER });
    assert_eq!(
        stage.ask_with("SetMakeCall", numbered),
        [r#"ask connect {"phoneNumber":"+441632960042"}"#]
    );
}

#[test]
fn what_cannot_be_understood_is_a_bad_request() {
    let said = Stage::talking().ask_with("Hold", json!(7));
    assert!(said[0].starts_with("BAD_REQUEST: "), "{said:?}");
}
