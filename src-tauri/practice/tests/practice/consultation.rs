//! Calls with a third party and more.

use offhook_protocol::{Button, Buttons, LegType};
use serde_json::json;

use crate::stage::{Stage, one_call_and};

const SOMEBODY: &str = "+441632960042";

#[test]
fn a_third_party_is_consulted_swapped_joined_and_left() {
    let mut stage = Stage::talking();
    assert_eq!(
        stage.ask_with("Consult", json!(SOMEBODY)),
        [
            "agent connected: ",
            "inbound hold: disconnect resume",
            "outbound connecting: disconnect",
        ]
    );
    assert_eq!(
        stage.wait(3_000),
        [
            "agent connected: numberpad swap transfer conference",
            "outbound connected: disconnect hold",
        ]
    );
    assert_eq!(
        stage.ask("Swap"),
        [
            "inbound connected: disconnect hold",
            "outbound hold: disconnect resume"
        ]
    );
    assert_eq!(
        stage.ask("Swap"),
        [
            "inbound hold: disconnect resume",
            "outbound connected: disconnect hold"
        ]
    );
    assert_eq!(
        stage.ask("Conference"),
        [
            "agent connected: consult numberpad transfer",
            "inbound connected: disconnect hold"
        ]
    );
    assert_eq!(
        stage.ask("Transfer"),
        [
            "agent ACW: clearContact",
            "inbound DROPPED: ",
            "outbound DROPPED: ",
            "agent is AfterCallWork",
            "ccp AfterCallWork",
        ]
    );
}

#[test]
fn a_customer_is_transferred_without_a_conference() {
    let mut stage = Stage::consulting();
    assert_eq!(stage.ask("Transfer")[0], "agent ACW: clearContact");
    assert_eq!(stage.ask("ClearContact").len(), 5);
}

#[test]
fn resuming_one_side_holds_the_other() {
    let mut stage = Stage::consulting();
    let customer = stage.leg(&LegType::Inbound);
    assert_eq!(
        stage.ask_with("Resume", customer),
        [
            "inbound connected: disconnect hold",
            "outbound hold: disconnect resume"
        ]
    );
}

#[test]
fn both_sides_can_be_held() {
    let mut stage = Stage::consulting();
    let third = stage.leg(&LegType::Outbound);
    assert_eq!(
        stage.ask_with("Hold", third.clone()),
        [
            "agent hold: numberpad swap transfer conference",
            "outbound hold: disconnect resume",
        ]
    );
    assert_eq!(
        stage.ask_with("Resume", third),
        [
            "agent connected: numberpad swap transfer conference",
            "outbound connected: disconnect hold",
        ]
    );
}

#[test]
fn two_held_parties_are_swapped_to_the_first() {
    let mut stage = Stage::consulting();
    stage.ask("Hold");
    assert_eq!(
        stage.ask("Swap"),
        [
            "agent connected: numberpad swap transfer conference",
            "inbound connected: disconnect hold",
        ]
    );
}

#[test]
fn holding_one_of_a_conference_makes_it_a_consultation() {
    let mut stage = Stage::conference();
    let customer = stage.leg(&LegType::Inbound);
    assert_eq!(
        stage.ask_with("Hold", customer),
        [
            "agent connected: numberpad swap transfer conference",
            "inbound hold: disconnect resume",
        ]
    );
}

#[test]
fn among_three_parties_each_is_held_and_resumed_alone() {
    let mut stage = Stage::conference();
    stage.ask_with("Consult", json!(SOMEBODY));
    stage.wait(3_000);
    let customer = stage.leg(&LegType::Inbound);
    assert_eq!(
        stage.ask_with("Resume", customer),
        ["inbound connected: disconnect hold"]
    );
    assert_eq!(
        stage.ask("Swap"),
        ["SWAP_CALL_FAILED: Not exactly two other parties with one on hold"]
    );
    assert_eq!(
        stage.ask("Conference"),
        [
            "agent connected: consult numberpad transfer",
            "outbound connected: disconnect hold",
        ]
    );
}

#[test]
fn a_quick_connect_without_a_number_is_consulted() {
    let mut stage = Stage::talking();
    let billing = stage.quick_connect("queue");
    assert_eq!(stage.ask_with("Consult", billing).len(), 3);
    assert_eq!(stage.legs[2].phone_number, None);
}

#[test]
fn whoever_is_taken_back_while_the_third_party_is_called_hears_it_answer() {
    let mut stage = Stage::talking();
    stage.ask_with("Consult", json!(SOMEBODY));
    assert_eq!(stage.ask("Resume"), ["inbound connected: disconnect hold"]);
    assert_eq!(
        stage.wait(3_000),
        [
            "agent connected: consult numberpad transfer",
            "outbound connected: disconnect hold",
        ]
    );
}

#[test]
fn calling_a_third_party_is_given_up() {
    let mut stage = Stage::talking();
    stage.ask_with("Consult", json!(SOMEBODY));
    let third = stage.leg(&LegType::Outbound);
    assert_eq!(
        stage.ask_with("Disconnect", third),
        ["agent hold: consult numberpad", "outbound DROPPED: "]
    );
    assert_eq!(
        stage.wait(60_000),
        [""; 0],
        "the called party does not respond any more"
    );
}

#[test]
fn a_third_party_that_is_not_reached_leaves_the_customer_on_hold() {
    for response in ["busy", "no-answer"] {
        let mut stage = Stage::open(&one_call_and(&format!(
            "[[step]]\nafter = \"0s\"\n\
             do = {{ called-party = {{ response = \"{response}\", after = \"2s\" }} }}"
        )));
        stage.wait(1_000);
        stage.ask("Answer");
        stage.ask_with("Consult", json!(SOMEBODY));
        assert_eq!(
            stage.wait(2_000),
            ["agent hold: consult numberpad", "outbound DROPPED: "]
        );
        assert_eq!(stage.ask("Resume").len(), 2);
        assert!(
            stage
                .ask("Disconnect")
                .contains(&"agent is AfterCallWork".to_owned()),
            "that somebody was not reached has no say in how the call ends"
        );
    }
}

#[test]
fn disconnecting_the_third_leg_drops_only_it() {
    let mut stage = Stage::consulting();
    let third = stage.leg(&LegType::Outbound);
    assert_eq!(
        stage.ask_with("Disconnect", third),
        ["agent hold: consult numberpad", "outbound DROPPED: "]
    );
    assert_eq!(stage.ask("StateSync"), ["calls [agent hold, inbound hold]"]);
}

#[test]
fn the_customer_leaves_and_the_third_party_stays() {
    let mut stage = Stage::consulting();
    let customer = stage.leg(&LegType::Inbound);
    assert_eq!(
        stage.ask_with("Disconnect", customer),
        ["agent connected: consult numberpad", "inbound DROPPED: "]
    );
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected, outbound connected]"]
    );
}

#[test]
fn the_third_party_hangs_up() {
    let mut stage = Stage::open(&one_call_and(
        "[[step]]\nwhen = \"conference\"\nafter = \"5s\"\ndo = \"third-party-hangs-up\"",
    ));
    stage.wait(1_000);
    stage.ask("Answer");
    stage.ask_with("Consult", json!(SOMEBODY));
    stage.wait(3_000);
    stage.ask("Conference");
    assert_eq!(
        stage.wait(5_000),
        ["agent connected: consult numberpad", "outbound DROPPED: "]
    );
}

#[test]
fn hanging_up_a_conference_ends_it_for_everybody() {
    let mut stage = Stage::conference();
    let own = stage.leg(&LegType::Agent);
    assert_eq!(
        stage.ask_with("Disconnect", own)[..3],
        [
            "agent ACW: clearContact",
            "outbound DROPPED: ",
            "inbound DROPPED: "
        ]
    );
}

#[test]
fn a_conference_grows_to_six_legs_and_no_further() {
    let mut stage = Stage::conference();
    for legs in 4..=6 {
        assert_eq!(stage.ask_with("Consult", json!(SOMEBODY)).len(), legs);
        stage.wait(3_000);
        stage.ask("Conference");
    }
    assert_eq!(stage.legs.len(), 6);
    let own = stage.legs[0].buttons.clone();
    assert_eq!(
        own,
        Some(Buttons::enabling(&[Button::Numberpad, Button::Transfer]))
    );
    assert_eq!(
        stage.ask_with("Consult", json!(SOMEBODY)),
        ["CONSULT_CALL_FAILED: Too many connections"]
    );
}
