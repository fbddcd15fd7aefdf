//! Calls with several parties, as the bus hears them.

use serde_json::{Value, json};

use crate::{
    stage::Stage,
    streams::{BUSY, caller, roomy, talking, third},
};

/// What the bus knows of every leg, e.g. `agent: consult numberpad`.
fn offered(stage: &Stage) -> Vec<String> {
    let legs = stage.calls().legs.into_iter();
    legs.map(|leg| {
        let buttons = leg.buttons.unwrap();
        let enabled = buttons.iter().filter(|(button, _)| buttons.enables(button));
        let names: Vec<&str> = enabled.map(|(button, _)| button.as_str()).collect();
        format!(
            "{} {}: {}",
            leg.leg.as_str(),
            leg.status.as_str(),
            names.join(" ")
        )
    })
    .collect()
}

fn on_call(contact: Value) -> Vec<String> {
    let mut stage = Stage::talking();
    stage.update(BUSY, &[contact]);
    offered(&stage)
}

#[test]
fn a_third_party_is_called_reached_and_joined() {
    let mut stage = Stage::talking();
    assert_eq!(
        stage.talk(&[caller("hold"), third("third", "connecting")]),
        [
            "agent connected: ",
            "inbound hold: disconnect resume",
            "outbound connecting: disconnect",
        ]
    );
    assert_eq!(
        stage.talk(&[caller("hold"), third("third", "connected")]),
        [
            "agent connected: numberpad swap transfer conference",
            "outbound connected: disconnect hold",
        ]
    );
    assert_eq!(
        stage.talk(&[caller("connected"), third("third", "connected")]),
        [
            "agent connected: numberpad transfer",
            "inbound connected: disconnect hold",
        ]
    );
    assert_eq!(
        stage.talk(&[caller("disconnected"), third("third", "connected")]),
        ["agent connected: consult numberpad", "inbound DROPPED: "]
    );
    assert_eq!(stage.legs(), ["own", "third"]);
}

#[test]
fn a_third_party_that_is_not_reached_leaves_the_customer_on_hold() {
    let mut stage = Stage::talking();
    stage.talk(&[caller("hold"), third("third", "connecting")]);
    assert_eq!(
        stage.talk(&[caller("hold")]),
        ["agent hold: consult numberpad", "outbound DROPPED: "]
    );
    assert_eq!(stage.talk(&[caller("hold")]), [] as [String; 0]);
    assert_eq!(stage.legs(), ["own", "caller"]);
}

#[test]
fn a_third_party_that_is_called_again_is_told_again() {
    let mut stage = Stage::talking();
    stage.talk(&[caller("hold"), third("third", "connecting")]);
    stage.talk(&[caller("hold"), third("third", "disconnected")]);
    let said = stage.talk(&[caller("hold"), third("third", "connecting")]);
    assert_eq!(said[1..], ["outbound connecting: disconnect"]);
    assert_eq!(stage.legs(), ["own", "caller", "third"]);
}

#[test]
fn both_parties_of_a_consultation_can_wait() {
    assert_eq!(
        on_call(talking(&[caller("hold"), third("third", "hold")])),
        [
            "agent hold: numberpad swap transfer conference",
            "inbound hold: disconnect resume",
            "outbound hold: disconnect resume",
        ]
    );
}

#[test]
fn a_conference_with_room_can_call_further_parties() {
    let joined = |number: usize| {
        let thirds = (1..number).map(|n| third(&format!("third {n}"), "connected"));
        let parties: Vec<Value> = std::iter::once(caller("connected")).chain(thirds).collect();
        talking(&parties)
    };
    assert_eq!(on_call(joined(2))[0], "agent connected: numberpad transfer");
    for number in 2..=4 {
        assert_eq!(
            on_call(roomy(joined(number)))[0],
            "agent connected: consult numberpad transfer"
        );
    }
    assert_eq!(
        on_call(roomy(joined(5)))[0],
        "agent connected: numberpad transfer"
    );
}

#[test]
fn of_several_parties_some_can_wait() {
    let held = |thirds: &[Value]| {
        let mut parties = vec![caller("hold")];
        parties.extend(thirds.iter().cloned());
        roomy(talking(&parties))
    };
    let two = [third("1", "connected"), third("2", "connected")];
    assert_eq!(
        on_call(held(&two)),
        [
            "agent connected: consult numberpad transfer conference",
            "inbound hold: disconnect resume",
            "outbound connected: disconnect hold",
            "outbound connected: disconnect hold",
        ]
    );
    let four = ["1", "2", "3", "4"].map(|id| third(id, "hold"));
    assert_eq!(
        on_call(held(&four))[0],
        "agent hold: numberpad transfer conference"
    );
    let dialling = [third("1", "connected"), third("2", "connecting")];
    assert_eq!(on_call(held(&dialling))[0], "agent connected: ");
}

#[test]
fn nobody_is_left_for_a_moment() {
    let said = Stage::talking().talk(&[caller("disconnected")]);
    assert_eq!(said, ["agent connected: ", "inbound DROPPED: "]);
}

#[test]
fn an_unknown_state_of_a_party_changes_nothing() {
    let mut stage = Stage::talking();
    let mut odd = caller("connected");
    odd["state"]["type"] = json!("levitating");
    assert_eq!(stage.talk(&[odd])[..], ["agent connected: "]);
    assert_eq!(stage.legs(), ["own", "caller"]);
}
