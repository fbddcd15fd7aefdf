//! Whatever is repeated, lost and cut: carried out once at most, and every command has an outcome.

use proptest::{collection::vec, prelude::*};

use super::*;

/// A call every few seconds.
const CALLS: &str = r#"
    about = "Calls."
    repeat = true
    [[step]]
    after = "2s"
    do = { call = [{ from = "+441632960011", to = "+448081570001", queue = "Orders", ring = "4s" }] }
    [[step]]
    after = "3s"
    chance = 30
    do = { ignore-next = "Answer" }
    [[step]]
    after = "3s"
    chance = 20
    do = { link-lost = "2s" }
"#;

#[derive(Clone, Debug)]
enum Step {
    Ask(usize),
    Pass(u64),
    Cut,
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        6 => (0_usize..40).prop_map(Step::Ask),
        4 => (0_u64..3_000).prop_map(Step::Pass),
        1 => Just(Step::Cut),
    ]
}

/// The request with this number, always the same.
fn numbered(number: usize) -> Publication {
    let requests = [
        Request::Call(CallRequest::Answer),
        Request::Call(CallRequest::Reject),
        Request::Call(CallRequest::Hold(None)),
        Request::Call(CallRequest::Resume(None)),
        Request::Call(CallRequest::Disconnect(None)),
        Request::Call(CallRequest::ClearContact),
        Request::Agent(AgentRequest::SetReady),
        Request::Agent(AgentRequest::Mute),
    ];
    request(&requests[number % requests.len()], &number.to_string())
}

fn is_busy(answer: &Answer) -> bool {
    matches!(answer, Answer::Failed(error) if error.kind == ErrorType::Busy)
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    #[test]
    fn a_request_is_carried_out_once_at_most_and_has_an_outcome(steps in vec(steps(), 0..60)) {
        let mut rig = Rig::online(CALLS);
        let mut asked = Vec::new();
        for step in steps {
            match step {
                Step::Ask(number) => {
                    let answers = rig.ask(&numbered(number));
                    if !answers.iter().all(is_busy) {
                        asked.push(number);
                    }
                }
                Step::Pass(millis) => rig.pass(Duration::from_millis(millis)),
                Step::Cut => {
                    rig.owner.disconnected();
                    rig.connect();
                }
            }
        }
        rig.pass(Duration::from_secs(10));
        let mut sent = Vec::new();
        for envelope in &rig.sent {
            let id = Stamp::read(envelope).unwrap().id;
            prop_assert!(!sent.contains(&id), "{id:?} was sent again");
            sent.push(id);
        }
        let before = rig.sent.len();
        for number in asked {
            let answers = rig.ask(&numbered(number));
            prop_assert!(matches!(&answers[..], [answer] if answer.is_last()), "{number}: {answers:?}");
        }
        prop_assert_eq!(rig.sent.len(), before);
    }
}
