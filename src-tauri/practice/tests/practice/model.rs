//! Random requests and random time.

use offhook_practice::Scenario;
use offhook_protocol::{Button, ButtonState, Envelope, Event};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::stage::{Stage, request};

/// Requests about calls, with the button that offers each.
const OFFERED: [(&str, Button); 11] = [
    ("Answer", Button::Answer),
    ("Reject", Button::Reject),
    ("Disconnect", Button::Disconnect),
    ("Hold", Button::Hold),
    ("Resume", Button::Resume),
    ("ClearContact", Button::ClearContact),
    ("Consult", Button::Consult),
    ("SendDTMF", Button::Numberpad),
    ("Swap", Button::Swap),
    ("Transfer", Button::Transfer),
    ("Conference", Button::Conference),
];

#[derive(Clone, Debug)]
enum Input {
    /// The request of a button, for one of the legs.
    Press(usize, prop::sample::Index),
    Dial,
    Agent(&'static str, Value),
    Wait(u64),
}

fn input() -> impl Strategy<Value = Input> {
    let agent = prop::sample::select(vec![
        ("SetReady", Value::Null),
        ("SetNotReady", json!({ "ReasonCodeId": "Lunch" })),
        ("Mute", Value::Null),
        ("Login", Value::Null),
        ("Logout", Value::Null),
        ("StateSync", Value::Null),
    ]);
    prop_oneof![
        6 => (0..OFFERED.len(), any::<prop::sample::Index>()).prop_map(|(n, leg)| Input::Press(n, leg)),
        1 => Just(Input::Dial),
        1 => agent.prop_map(|(subtopic, data)| Input::Agent(subtopic, data)),
        4 => (0_u64..25_000).prop_map(Input::Wait),
    ]
}

/// Legs as `StateSync` tells them: id and enabled buttons.
fn legs(stage: &Stage) -> Vec<(Value, Vec<Button>)> {
    let [_, _, calls] = stage.snapshot();
    let Some(Event::CallSync(calls)) = Event::read(&calls) else {
        panic!("no snapshot");
    };
    calls
        .legs
        .into_iter()
        .map(|leg| {
            let buttons = leg.buttons.unwrap();
            let enabled = buttons
                .iter()
                .filter(|(_, state)| *state == ButtonState::Enable);
            (
                json!(leg.connection_id),
                enabled.map(|(button, _)| button.clone()).collect(),
            )
        })
        .collect()
}

fn refused(said: &[Envelope]) -> bool {
    said.iter().any(|envelope| envelope.topic == "Error")
}

/// Presses a button of a leg, whether it is enabled or not, and checks that it is done or refused
/// accordingly.
fn press(stage: &mut Stage, n: usize, leg: &prop::sample::Index) -> Result<(), TestCaseError> {
    let (subtopic, button) = &OFFERED[n];
    let legs = legs(stage);
    if legs.is_empty() {
        prop_assert!(refused(&stage.send(&request(
            "InboundCall",
            subtopic,
            Some(json!("5"))
        ))));
        return Ok(());
    }
    // The agent's own leg stands for the whole call where a request takes a leg.
    let per_leg = matches!(button, Button::Disconnect | Button::Hold | Button::Resume);
    let (id, enabled) = match per_leg && legs.len() > 1 {
        true => &legs[1 + leg.index(legs.len() - 1)],
        false => &legs[0],
    };
    let data = if *button == Button::Consult {
        json!("+441632960042")
    } else if *button == Button::Numberpad {
        json!("5")
    } else {
        id.clone()
    };
    let said = stage.send(&request("InboundCall", subtopic, Some(data)));
    prop_assert_eq!(
        refused(&said),
        !enabled.contains(button),
        "{} with {:?}",
        subtopic,
        enabled
    );
    Ok(())
}

/// Nothing in it that refuses or loses a request, or every button would lie now and then.
const RESTLESS: &str = r#"
    about = "Calls, hang-ups, doubled and late events, called parties of all kinds"
    repeat = true
    [[step]]
    after = "1s"
    jitter = "5s"
    do = { call = [{ from = "+161081111", to = "+16013261548", queue = "InboundTest" }] }
    [[step]]
    after = "0s"
    jitter = "30s"
    chance = 30
    do = "customer-hangs-up"
    [[step]]
    after = "0s"
    chance = 50
    do = { delay-next-event = "1s" }
    [[step]]
    after = "0s"
    chance = 30
    do = { called-party = { response = "busy" } }
    [[step]]
    after = "0s"
    chance = 60
    do = { called-party = { response = "answers" } }
    [[step]]
    after = "0s"
    jitter = "60s"
    chance = 50
    do = "third-party-hangs-up"
    [[step]]
    after = "0s"
    do = "repeat-last-event"
"#;

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn buttons_tell_what_is_accepted(
        seed: u64,
        inputs in prop::collection::vec(input(), 1..120),
    ) {
        let mut stage = Stage::with(Scenario::parse(RESTLESS).unwrap(), seed);
        for input in inputs {
            match input {
                Input::Press(n, leg) => press(&mut stage, n, &leg)?,
                Input::Dial => {
                    stage.send(&request("InboundCall", "SetMakeCall", Some(json!("+441632960042"))));
                }
                Input::Agent(subtopic, data) => {
                    stage.send(&request("Agent", subtopic, Some(data)));
                }
                Input::Wait(millis) => {
                    stage.wait_for(millis);
                }
            }
            let legs = legs(&stage);
            prop_assert!(legs.len() <= 6);
            let way_on = legs.iter().any(|(_, enabled)| !enabled.is_empty());
            prop_assert!(legs.is_empty() || way_on, "no way on: {legs:?}");
        }
    }

    #[test]
    fn nothing_makes_it_panic(
        seed: u64,
        inputs in prop::collection::vec((".{0,12}", ".{0,12}", any::<bool>(), 0_u64..200_000), 1..40),
    ) {
        let mut stage = Stage::with(Scenario::built_in("random").unwrap(), seed);
        for (subtopic, data, about_calls, millis) in inputs {
            let topic = if about_calls { "InboundCall" } else { "Agent" };
            stage.send(&request(topic, &subtopic, Some(json!(data))));
            for (known, _) in OFFERED {
                stage.send(&request("InboundCall", known, Some(json!(data))));
            }
            stage.wait_for(millis);
        }
    }
}
