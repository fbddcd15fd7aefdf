//! The conversations. What is expected is what Amazon Connect's snapshots support.

use serde_json::json;

use crate::{
    stage::Stage,
    subject::{Callee, Happening},
};

const AVAILABLE: [&str; 2] = [
    "agent is Available (routable): NotReady make_call mute",
    "ccp Available",
];
const BUSY: [&str; 2] = ["agent is Busy (system): Ready NotReady mute", "ccp Busy"];
const RINGING: [&str; 4] = [
    "agent connecting: answer reject",
    "inbound connected: ",
    "agent is PendingBusy (system): Ready NotReady mute",
    "ccp PendingBusy",
];
const ANSWERED: [&str; 4] = [
    "agent connected (was connecting): consult numberpad",
    "inbound connected: disconnect hold",
    BUSY[0],
    BUSY[1],
];
const WRAP_UP: [&str; 4] = [
    "agent ACW (was connected): clearContact",
    "inbound DROPPED (was connected): ",
    "agent is AfterCallWork (system): Ready NotReady mute",
    "ccp AfterCallWork",
];
const MISSED: [&str; 4] = [
    "agent missed (was connecting): clearContact",
    "inbound DROPPED (was connected): ",
    "agent is MissedCallAgent (error): Ready NotReady mute",
    "ccp MissedCallAgent",
];
const DIALLING: [&str; 5] = [
    "agent connecting: ",
    "outbound connecting: disconnect",
    "agent is CallingCustomer (system): Ready NotReady mute",
    "ccp CallingCustomer",
    "agent connected (was connecting): ",
];

const NOTHING: [&str; 0] = [];

pub(crate) fn a_call_is_answered_held_resumed_hung_up_and_cleared(stage: &mut Stage) {
    assert_eq!(stage.happen(Happening::CustomerCalls), RINGING);
    assert_eq!(stage.ask("Answer"), ANSWERED);
    assert_eq!(
        stage.ask("Hold"),
        [
            "agent hold (was connected): consult numberpad",
            "inbound hold (was connected): disconnect resume",
        ]
    );
    assert_eq!(
        stage.ask("Resume"),
        [
            "agent connected (was hold): consult numberpad",
            "inbound connected (was hold): disconnect hold",
        ]
    );
    assert_eq!(stage.ask_with("SendDTMF", "12#"), NOTHING);
    assert_eq!(stage.ask("Disconnect"), WRAP_UP);
    assert_eq!(
        stage.wait(3_600),
        NOTHING,
        "wrap-up lasts until it is cleared"
    );
    assert_eq!(
        stage.ask("ClearContact"),
        [
            "agent DROPPED (was connected): ",
            "inbound DROPPED (was connected): ",
            AVAILABLE[0],
            AVAILABLE[1],
        ]
    );
}

pub(crate) fn a_call_that_nobody_answers_is_missed(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    assert_eq!(stage.wait(18), NOTHING);
    assert_eq!(stage.wait(1), MISSED);
    assert_eq!(
        stage.ask("ClearContact"),
        [
            "agent DROPPED (was connecting): ",
            "inbound DROPPED (was connected): ",
            AVAILABLE[0],
            AVAILABLE[1],
        ]
    );
    assert_eq!(stage.happen(Happening::CustomerCalls), RINGING);
}

pub(crate) fn a_call_is_rejected(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    let mut rejected = MISSED;
    rejected[0] = "agent Rejected (was connecting): clearContact";
    assert_eq!(stage.ask("Reject"), rejected);
    assert_eq!(stage.ask("ClearContact").len(), 4);
    assert_eq!(stage.ask("StateSync"), ["calls []"]);
}

pub(crate) fn the_caller_gives_up_while_it_rings(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    assert_eq!(stage.happen(Happening::CustomerHangsUp), MISSED);
}

pub(crate) fn the_customer_hangs_up(stage: &mut Stage) {
    stage.talk();
    assert_eq!(stage.happen(Happening::CustomerHangsUp), WRAP_UP);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent disconnected: clearContact, inbound disconnected: ]"]
    );
}

pub(crate) fn a_dialled_party_answers_and_is_hung_up_on(stage: &mut Stage) {
    assert_eq!(stage.ask_with("SetMakeCall", "+442079460001"), DIALLING);
    assert_eq!(
        stage.happen(Happening::CalleeResponds),
        [
            "agent connected (was connecting): consult numberpad",
            "outbound connected (was connecting): disconnect hold",
            BUSY[0],
            BUSY[1],
        ]
    );
    assert_eq!(stage.legs[1].phone_number, Some("+442079460001".into()));
    let callee = stage.leg("outbound");
    assert_eq!(
        stage.ask_with("Disconnect", callee),
        [
            "agent ACW (was connected): clearContact",
            "outbound DROPPED (was connected): ",
            WRAP_UP[2],
            WRAP_UP[3],
        ]
    );
}

pub(crate) fn a_dialled_party_is_busy(stage: &mut Stage) {
    stage.callee(Callee::IsBusy);
    stage.ask_with("SetMakeCall", "+442079460001");
    assert_eq!(
        stage.happen(Happening::CalleeResponds),
        [
            "agent ACW (was connected): clearContact",
            "outbound DROPPED (was connecting): ",
            "agent is LineEngagedCustomer (error): Ready NotReady mute",
            "ccp LineEngagedCustomer",
        ]
    );
    assert_eq!(stage.ask("ClearContact")[2..], AVAILABLE);
}

pub(crate) fn a_dialled_party_does_not_answer(stage: &mut Stage) {
    stage.callee(Callee::DoesNotAnswer);
    stage.ask_with("SetMakeCall", "+442079460001");
    assert_eq!(
        stage.happen(Happening::CalleeResponds),
        [
            "agent ACW (was connected): clearContact",
            "outbound DROPPED (was connecting): ",
            "agent is FailedConnectCustomer (error): Ready NotReady mute",
            "ccp FailedConnectCustomer",
        ]
    );
}

pub(crate) fn dialling_is_given_up(stage: &mut Stage) {
    stage.ask_with("SetMakeCall", "+442079460001");
    let callee = stage.leg("outbound");
    assert_eq!(
        stage.ask_with("Disconnect", callee),
        [
            "agent ACW (was connected): clearContact",
            "outbound DROPPED (was connecting): ",
            WRAP_UP[2],
            WRAP_UP[3],
        ]
    );
    assert_eq!(stage.wait(60), NOTHING);
}

pub(crate) fn a_quick_connect_without_a_number_cannot_be_dialled(stage: &mut Stage) {
    let agent = stage.quick_connect("agent");
    assert_eq!(stage.ask_with("SetMakeCall", agent), ["MAKE_CALL_FAILED"]);
    let number = stage.quick_connect("phone_number");
    assert_eq!(stage.ask_with("SetMakeCall", number), DIALLING);
}

pub(crate) fn a_consultation_is_swapped_joined_and_left(stage: &mut Stage) {
    stage.talk();
    let colleague = stage.quick_connect("agent");
    assert_eq!(
        stage.ask_with("Consult", colleague),
        [
            "agent connected (was connecting): ",
            "inbound hold (was connected): disconnect resume",
            "outbound connecting: disconnect",
        ]
    );
    assert_eq!(
        stage.happen(Happening::CalleeResponds),
        [
            "agent connected (was connecting): numberpad swap transfer conference",
            "outbound connected (was connecting): disconnect hold",
        ]
    );
    assert_eq!(
        stage.ask("Swap"),
        [
            "inbound connected (was hold): disconnect hold",
            "outbound hold (was connected): disconnect resume",
        ]
    );
    assert_eq!(
        stage.ask("Conference"),
        [
            "agent connected (was connecting): consult numberpad transfer",
            "outbound connected (was hold): disconnect hold",
        ]
    );
    assert_eq!(
        stage.ask("Transfer"),
        [
            "agent ACW (was connected): clearContact",
            "inbound DROPPED (was connected): ",
            "outbound DROPPED (was connected): ",
            WRAP_UP[2],
            WRAP_UP[3],
        ]
    );
    assert_eq!(stage.ask("ClearContact")[3..], AVAILABLE);
}

pub(crate) fn a_held_party_is_resumed_during_a_consultation(stage: &mut Stage) {
    stage.consult();
    let customer = stage.leg("inbound");
    assert_eq!(
        stage.ask_with("Resume", customer),
        [
            "inbound connected (was hold): disconnect hold",
            "outbound hold (was connected): disconnect resume",
        ]
    );
}

pub(crate) fn a_consulted_party_is_hung_up_on(stage: &mut Stage) {
    stage.consult();
    let colleague = stage.leg("outbound");
    assert_eq!(
        stage.ask_with("Disconnect", colleague),
        [
            "agent hold (was connected): consult numberpad",
            "outbound DROPPED (was connected): ",
        ]
    );
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent hold: consult numberpad, inbound hold: disconnect resume]"]
    );
}

pub(crate) fn a_consulted_party_hangs_up(stage: &mut Stage) {
    stage.consult();
    assert_eq!(
        stage.happen(Happening::ThirdPartyHangsUp),
        [
            "agent hold (was connected): consult numberpad",
            "outbound DROPPED (was connected): ",
        ]
    );
    assert_eq!(
        stage.ask("Resume"),
        [
            "agent connected (was hold): consult numberpad",
            "inbound connected (was hold): disconnect hold",
        ]
    );
}

pub(crate) fn a_consulted_party_does_not_answer(stage: &mut Stage) {
    stage.callee(Callee::DoesNotAnswer);
    stage.talk();
    stage.ask_with("Consult", "+442079460001");
    assert_eq!(
        stage.happen(Happening::CalleeResponds),
        [
            "agent hold (was connected): consult numberpad",
            "outbound DROPPED (was connecting): ",
        ]
    );
}

pub(crate) fn the_customer_leaves_a_consultation(stage: &mut Stage) {
    stage.consult();
    assert_eq!(
        stage.happen(Happening::CustomerHangsUp),
        [
            "agent connected (was connecting): consult numberpad",
            "inbound DROPPED (was hold): ",
        ]
    );
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected: consult numberpad, outbound connected: disconnect hold]"]
    );
}

pub(crate) fn everybody_is_held_and_resumed_in_a_conference(stage: &mut Stage) {
    stage.consult();
    stage.ask("Conference");
    // Amazon Connect holds one after the other, so it takes two steps there.
    stage.ask("Hold");
    assert_eq!(
        stage.ask("StateSync"),
        [
            "calls [agent hold: numberpad swap transfer conference, inbound hold: disconnect resume, \
             outbound hold: disconnect resume]"
        ]
    );
    assert_eq!(
        stage.ask("Conference"),
        [
            "agent connected (was hold): consult numberpad transfer",
            "inbound connected (was hold): disconnect hold",
            "outbound connected (was hold): disconnect hold",
        ]
    );
}

pub(crate) fn a_further_party_is_called_from_a_conference(stage: &mut Stage) {
    stage.consult();
    stage.ask("Conference");
    stage.call_in();
    assert_eq!(
        stage.ask("Swap"),
        ["SWAP_CALL_FAILED"],
        "only two can be swapped"
    );
    stage.ask("Conference");
    let sync = stage.ask("StateSync");
    assert_eq!(
        sync,
        [
            "calls [agent connected: consult numberpad transfer, inbound connected: disconnect hold, \
             outbound connected: disconnect hold, outbound connected: disconnect hold]"
        ]
    );
}

pub(crate) fn a_call_with_three_parties_is_ended_as_a_whole(stage: &mut Stage) {
    stage.consult();
    stage.ask("Conference");
    let own = stage.leg("agent");
    stage.ask_with("Disconnect", own);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent disconnected: clearContact, outbound disconnected: ]"]
    );
}

pub(crate) fn the_agent_chooses_states(stage: &mut Stage) {
    assert_eq!(
        stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": "Break" }))),
        [
            "agent is Break (not_routable): Ready NotReady make_call mute",
            "ccp Break",
        ]
    );
    let offline = json!({ "label": "Offline", "code": "", "type": "offline" });
    assert_eq!(
        stage.ask_agent("UpdateState", Some(offline)),
        [
            "agent is Offline (offline): Ready NotReady make_call mute",
            "ccp Offline",
        ]
    );
    assert_eq!(stage.ask_agent("SetReady", None), AVAILABLE);
    assert_eq!(stage.ask_agent("StateSync", None), ["agent sync Available"]);
    assert_eq!(stage.ask_agent("GetStates", None), ["states"]);
    assert_eq!(
        stage.ask_agent("GetDirectConnects", None),
        ["quick connects"]
    );
}

pub(crate) fn a_state_that_nobody_knows_is_refused(stage: &mut Stage) {
    for name in ["Siesta", "Available"] {
        assert_eq!(
            stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": name }))),
            ["AGENT_STATE_NOT_FOUND"],
            "{name}"
        );
    }
}

pub(crate) fn a_next_state_follows_the_call(stage: &mut Stage) {
    stage.talk();
    assert_eq!(
        stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": "Break" }))),
        ["agent is Busy (system), then Break: Ready NotReady mute"]
    );
    assert_eq!(
        stage.ask_agent("StateSync", None),
        ["agent sync Busy, then Break"]
    );
    assert_eq!(
        stage.ask("Disconnect")[2..],
        [
            "agent is AfterCallWork (system), then Break: Ready NotReady mute",
            "ccp AfterCallWork",
        ]
    );
    assert_eq!(
        stage.ask("ClearContact")[2..],
        [
            "agent is Break (not_routable): Ready NotReady make_call mute",
            "ccp Break",
        ]
    );
}

pub(crate) fn a_next_state_is_withdrawn(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    assert_eq!(
        stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": "Break" }))),
        ["agent is PendingBusy (system), then Break: Ready NotReady mute"]
    );
    assert_eq!(
        stage.ask_agent("SetReady", None),
        ["agent is PendingBusy (system): Ready NotReady mute"]
    );
}

pub(crate) fn a_state_chosen_in_wrap_up_clears_the_contact(stage: &mut Stage) {
    stage.talk();
    stage.ask("Disconnect");
    assert_eq!(
        stage.ask_agent("SetNotReady", Some(json!({ "ReasonCodeId": "Break" }))),
        [
            "agent DROPPED (was connected): ",
            "inbound DROPPED (was connected): ",
            "agent is Break (not_routable): Ready NotReady make_call mute",
            "ccp Break",
        ]
    );
}

pub(crate) fn a_state_chosen_after_a_missed_call_clears_it(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    stage.wait(20);
    assert_eq!(
        stage.ask_agent("SetReady", None),
        [
            "agent DROPPED (was connecting): ",
            "inbound DROPPED (was connected): ",
            AVAILABLE[0],
            AVAILABLE[1],
        ]
    );
}

pub(crate) fn the_microphone_is_muted_and_opened(stage: &mut Stage) {
    assert_eq!(stage.ask_agent("Mute", None), ["MUTE_FAILED"]);
    stage.talk();
    assert_eq!(
        stage.ask_agent("Mute", None),
        ["agent is Busy (system), muted: Ready NotReady unmute"]
    );
    assert_eq!(
        stage.ask_agent("Unmute", None),
        ["agent is Busy (system): Ready NotReady mute"]
    );
    assert_eq!(stage.wait(60), NOTHING, "it was asked for: no alarm");
    stage.ask_agent("Mute", None);
    assert_eq!(
        stage.ask("Disconnect"),
        WRAP_UP,
        "the next call begins with an open microphone, and that is no alarm"
    );
}

const EVERYTHING: [(&str, &str); 11] = [
    ("Answer", "ANSWER_CALL_FAILED"),
    ("Reject", "REJECT_CALL_FAILED"),
    ("Hold", "HOLD_CALL_FAILED"),
    ("Resume", "RESUME_CALL_FAILED"),
    ("Disconnect", "DISCONNECT_CALL_FAILED"),
    ("SendDTMF", "SEND_DTMF_FAILED"),
    ("Consult", "CONSULT_CALL_FAILED"),
    ("Swap", "SWAP_CALL_FAILED"),
    ("Conference", "CONFERENCE_CALL_FAILED"),
    ("Transfer", "TRANSFER_CALL_FAILED"),
    ("ClearContact", "CLEAR_CONTACT_FAILED"),
];

/// Everything but this is refused, and nothing changes.
fn all_is_refused_but(stage: &mut Stage, allowed: &[&str]) {
    let before = stage.ask("StateSync");
    for (request, error) in EVERYTHING {
        if allowed.contains(&request) {
            continue;
        }
        let said = match request {
            "SendDTMF" => stage.ask_with(request, "1"),
            "Consult" => stage.ask_with(request, "+442079460001"),
            _ => stage.ask(request),
        };
        assert_eq!(said, [error], "{request}");
    }
    assert_eq!(stage.ask("StateSync"), before);
}

pub(crate) fn without_a_call_everything_about_calls_is_refused(stage: &mut Stage) {
    all_is_refused_but(stage, &[]);
}

pub(crate) fn a_ringing_call_refuses_what_needs_a_connected_one(stage: &mut Stage) {
    stage.happen(Happening::CustomerCalls);
    all_is_refused_but(stage, &["Answer", "Reject"]);
    assert_eq!(
        stage.ask_with("SetMakeCall", "+442079460001"),
        ["MAKE_CALL_FAILED"]
    );
}

pub(crate) fn a_connected_call_refuses_what_it_does_not_allow(stage: &mut Stage) {
    stage.talk();
    all_is_refused_but(stage, &["Hold", "Disconnect", "SendDTMF", "Consult"]);
    assert_eq!(stage.ask_with("Hold", "nobody's leg"), ["HOLD_CALL_FAILED"]);
    assert_eq!(
        stage.ask_with("Consult", "not a number"),
        ["CONSULT_CALL_FAILED"]
    );
}

pub(crate) fn wrap_up_refuses_all_but_clearing(stage: &mut Stage) {
    stage.talk();
    stage.ask("Disconnect");
    all_is_refused_but(stage, &["ClearContact"]);
}

pub(crate) fn the_whole_state_is_told_at_every_stage(stage: &mut Stage) {
    assert_eq!(stage.ask("StateSync"), ["calls []"]);
    stage.happen(Happening::CustomerCalls);
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connecting: answer reject, inbound connected: ]"]
    );
    stage.ask("Answer");
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent connected: consult numberpad, inbound connected: disconnect hold]"]
    );
    stage.ask("Hold");
    assert_eq!(
        stage.ask("StateSync"),
        ["calls [agent hold: consult numberpad, inbound hold: disconnect resume]"]
    );
    stage.call_in();
    assert_eq!(
        stage.ask("StateSync"),
        [
            "calls [agent connected: numberpad swap transfer conference, inbound hold: disconnect resume, \
             outbound connected: disconnect hold]"
        ]
    );
}

pub(crate) fn what_is_no_request_of_ours_is_passed_by(stage: &mut Stage) {
    assert_eq!(stage.ask("Whistle"), NOTHING);
    assert_eq!(stage.ask_with("SetMakeCall", json!([1])), ["BAD_REQUEST"]);
}
