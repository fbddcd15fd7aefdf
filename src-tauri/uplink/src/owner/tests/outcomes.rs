//! What becomes of commands.

use offhook_protocol::{AgentStateChoice, ConnectionId, Destination, LegType};

use super::*;

const DONE: [Answer; 2] = [Answer::Accepted, Answer::Done];

/// On a call with the customer.
fn talking() -> Rig {
    let mut rig = Rig::online(CALL);
    assert_eq!(rig.ask(&call(CallRequest::Answer, "answer")), DONE);
    rig
}

/// On a call with the customer on hold and a third party.
fn consulting() -> Rig {
    let mut rig = talking();
    let number = Destination::Number("+441632960099".into());
    assert_eq!(
        rig.ask(&call(CallRequest::Consult(number), "consult")),
        DONE
    );
    rig.pass(Duration::from_secs(5));
    rig
}

/// The ids of the legs on the other side.
fn parties(rig: &Rig) -> Vec<ConnectionId> {
    let legs = rig.owner.sight.calls.legs.iter();
    legs.filter(|leg| leg.leg != LegType::Agent)
        .map(|leg| leg.connection_id.clone())
        .collect()
}

#[test]
fn a_call_from_ring_to_clear() {
    let mut rig = talking();
    for (request, id) in [
        (CallRequest::Hold(None), "hold"),
        (CallRequest::Resume(None), "resume"),
        (CallRequest::Disconnect(None), "disconnect"),
        (CallRequest::ClearContact, "clear"),
    ] {
        assert_eq!(rig.ask(&call(request, id)), DONE, "{id}");
    }
    assert!(rig.owner.sight.calls.legs.is_empty());
}

#[test]
fn a_consultation_from_swap_to_transfer() {
    let mut rig = consulting();
    for (request, id) in [
        (CallRequest::Swap, "swap"),
        (CallRequest::Conference, "conference"),
        (CallRequest::Transfer, "transfer"),
    ] {
        assert_eq!(rig.ask(&call(request, id)), DONE, "{id}");
    }
}

#[test]
fn one_party_of_two_is_held_and_disconnected_by_its_id() {
    let mut rig = consulting();
    assert_eq!(rig.ask(&call(CallRequest::Conference, "join")), DONE);
    let third = parties(&rig)[1].clone();
    let hold = CallRequest::Hold(Some(third.clone()));
    assert_eq!(rig.ask(&call(hold, "hold")), DONE);
    assert_eq!(rig.owner.sight.held(), std::slice::from_ref(&third));
    let drop = CallRequest::Disconnect(Some(third.clone()));
    assert_eq!(rig.ask(&call(drop, "drop")), DONE);
    assert!(!parties(&rig).contains(&third));
}

#[test]
fn the_ids_of_the_contact_and_of_the_agents_leg_mean_everybody() {
    for pick in [0, 1] {
        let mut rig = talking();
        let own = rig.owner.sight.calls.legs.iter();
        let own = own.clone().find(|leg| leg.leg == LegType::Agent).unwrap();
        let contact = own.contact_id.as_ref().unwrap().to_string();
        let id = [own.connection_id.clone(), ConnectionId::new(contact)][pick].clone();
        assert_eq!(rig.ask(&call(CallRequest::Hold(Some(id)), "hold")), DONE);
        assert_eq!(rig.owner.sight.held(), parties(&rig));
    }
}

#[test]
fn a_call_out_and_digits() {
    let mut rig = Rig::online(QUIET);
    let number = Destination::Number("+441632960099".into());
    assert_eq!(
        rig.ask(&call(CallRequest::SetMakeCall(number), "dial")),
        DONE
    );
    rig.pass(Duration::from_secs(5));
    let digits = CallRequest::SendDtmf("12#".into());
    assert_eq!(rig.ask(&call(digits, "digits")), [Answer::Done]);
    assert_eq!(rig.subtopics_sent(), ["SetMakeCall", "SendDTMF"]);
}

#[test]
fn what_the_agent_does() {
    let mut rig = Rig::online(QUIET);
    let lunch = || AgentRequest::SetNotReady("Lunch".to_owned());
    let available = AgentStateChoice {
        label: "Available".to_owned(),
        code: String::new(),
        kind: "routable".to_owned(),
    };
    for (number, request) in [
        lunch(),
        AgentRequest::SetReady,
        lunch(),
        lunch(),
        AgentRequest::UpdateState(available),
        AgentRequest::Logout,
        AgentRequest::Login,
    ]
    .into_iter()
    .enumerate()
    {
        let id = number.to_string();
        assert_eq!(rig.ask(&agent(request, &id)), DONE, "{id}");
    }
}

#[test]
fn on_a_call_states_are_chosen_for_after_it_and_the_microphone_is_muted() {
    let mut rig = talking();
    for (number, request) in [
        AgentRequest::Mute,
        AgentRequest::Mute,
        AgentRequest::Unmute,
        AgentRequest::SetReady,
        AgentRequest::SetNotReady("Lunch".to_owned()),
        AgentRequest::SetReady,
    ]
    .into_iter()
    .enumerate()
    {
        let id = number.to_string();
        assert_eq!(rig.ask(&agent(request, &id)), DONE, "{id}");
    }
}

#[test]
fn what_is_so_already_is_done_without_asking_for_it() {
    let mut rig = talking();
    assert_eq!(rig.ask(&call(CallRequest::Answer, "1")), [Answer::Done]);
    rig.receive(&call(CallRequest::Disconnect(None), "2"));
    assert_eq!(rig.ask(&call(CallRequest::Reject, "3")), [Answer::Done]);
    rig.receive(&call(CallRequest::ClearContact, "4"));
    assert_eq!(
        rig.ask(&call(CallRequest::ClearContact, "5")),
        [Answer::Done]
    );
    let sent = ["Answer", "Disconnect", "ClearContact"];
    assert_eq!(rig.subtopics_sent(), sent);
}

#[test]
fn what_the_contact_centre_refuses_has_failed_for_its_reason() {
    let cases = [
        (
            Request::Call(CallRequest::Answer),
            ErrorType::AnswerCallFailed,
        ),
        (
            Request::Call(CallRequest::Reject),
            ErrorType::RejectCallFailed,
        ),
        (
            Request::Call(CallRequest::Hold(None)),
            ErrorType::HoldCallFailed,
        ),
        (
            Request::Call(CallRequest::SendDtmf("1".into())),
            ErrorType::SendDtmfFailed,
        ),
        (
            Request::Agent(AgentRequest::SetNotReady("Siesta".to_owned())),
            ErrorType::AgentStateNotFound,
        ),
    ];
    for (request, kind) in cases {
        let mut rig = Rig::online(QUIET);
        let answers = rig.ask(&self::request(&request, "1"));
        let [Answer::Accepted, failed @ ..] = answers.as_slice() else {
            panic!("{answers:?}");
        };
        let (failed, why) = failure(failed);
        assert_eq!(failed, kind);
        assert!(!why.is_empty());
    }
}

#[test]
fn a_call_that_is_answered_before_its_state_is_known_was_answered() {
    let mut rig = Rig::online(CALL);
    rig.owner.sight = Sight::default();
    assert_eq!(rig.ask(&call(CallRequest::Answer, "1")), DONE);
}

#[test]
fn a_call_that_is_missed_meanwhile_was_not_answered() {
    let mut rig = Rig::online(&ignoring("Answer"));
    rig.pass(Duration::from_secs(15));
    assert_eq!(rig.ask(&call(CallRequest::Answer, "1")), [Answer::Accepted]);
    rig.pass(Duration::from_secs(6));
    let (kind, why) = failure(&rig.answers());
    assert_eq!(kind, ErrorType::AnswerCallFailed);
    assert_eq!(why, "The call is over");
}

#[test]
fn a_command_without_any_reply_is_settled_by_the_state_after_eight_seconds() {
    let mut rig = Rig::online(&ignoring("Answer"));
    assert_eq!(rig.ask(&call(CallRequest::Answer, "1")), [Answer::Accepted]);
    rig.pass(Duration::from_millis(7_999));
    assert_eq!(rig.answers(), []);
    rig.pass(Duration::from_millis(1));
    assert_eq!(failure(&rig.answers()).0, ErrorType::AnswerCallFailed);
    assert_eq!(rig.subtopics_sent(), ["Answer"], "it is not sent again");
}

#[test]
fn a_connector_that_does_not_even_tell_its_state_keeps_nobody_waiting() {
    let mut rig = Rig::online(CALL);
    rig.owner
        .handle_message(&call(CallRequest::Answer, "1"), rig.now);
    let start = rig.now;
    while let Some(due) = rig.owner.poll_timeout() {
        // Nobody carries out what the owner wants of the bus.
        rig.owner
            .outputs
            .retain(|output| matches!(output, Output::Publish(_)));
        rig.now = due;
        rig.owner.handle_timeout(due);
    }
    assert_eq!(rig.now, start + Duration::from_secs(10));
    rig.drain();
    let answers = rig.answers();
    assert_eq!(failure(&answers[1..]).0, ErrorType::AnswerCallFailed);
}

#[test]
fn an_outcome_without_a_connection_is_remembered_for_the_repetition() {
    let mut rig = Rig::online(&ignoring("Answer"));
    let request = call(CallRequest::Answer, "1");
    rig.receive(&request);
    rig.owner.disconnected();
    rig.published();
    rig.pass(Duration::from_secs(10));
    assert_eq!(rig.published(), []);
    rig.connect();
    assert_eq!(failure(&rig.ask(&request)).0, ErrorType::AnswerCallFailed);
    assert_eq!(rig.subtopics_sent(), ["Answer"]);
}

#[test]
fn a_lost_link_fails_what_is_under_way() {
    let link_lost = "\n[[step]]\nafter = \"1s\"\ndo = { link-lost = \"1h\" }\n";
    let mut rig = Rig::online(&(ignoring("Answer") + link_lost));
    rig.receive(&call(CallRequest::Answer, "1"));
    rig.pass(Duration::from_secs(2));
    let answers = rig.ask(&agent(AgentRequest::SetReady, "2"));
    assert_eq!(answers.len(), 3, "{answers:?}");
    let failed =
        |answer: &Answer| matches!(answer, Answer::Failed(e) if e.kind == ErrorType::LinkDown);
    assert_eq!(answers.iter().filter(|answer| failed(answer)).count(), 2);
}
