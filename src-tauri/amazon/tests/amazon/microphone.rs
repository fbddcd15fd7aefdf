//! Mute: who mutes, what is true, and the alarm when the microphone opens unasked.

use offhook_amazon::{Way, page::Said};
use serde_json::{Value, json};

use crate::{
    stage::Stage,
    streams::{AVAILABLE, BUSY, WRAP_UP, caller, contact, over, own, talking, third, with},
};

const OPENED: &str = "MICROPHONE_OPENED: The microphone was unmuted, and nobody asked for it here";

/// A conference in which Amazon says this of the agent's connection.
fn conference(field: &str, value: bool) -> Value {
    let mut contact = talking(&[caller("connected"), third("third", "connected")]);
    contact["connections"][0] = with(own("connected"), field, json!(value));
    contact
}

fn muted() -> Stage {
    let mut stage = Stage::talking();
    stage.ask_agent("Mute", None);
    stage.said(Said::Muted { muted: true });
    stage
}

#[test]
fn a_call_of_two_is_muted_here() {
    let mut stage = Stage::talking();
    assert_eq!(stage.ask_agent("Mute", None), ["ask mute"]);
    assert_eq!(stage.returned(), [] as [String; 0]);
    assert_eq!(
        stage.said(Said::Muted { muted: true }),
        ["agent is Busy, muted"]
    );
    assert_eq!(stage.ask_agent("Unmute", None), ["ask unmute"]);
    assert_eq!(stage.said(Said::Muted { muted: false }), ["agent is Busy"]);
    assert_eq!(stage.wait(60_000), [] as [String; 0]);
}

#[test]
fn a_mute_that_nobody_confirms_failed() {
    let mut stage = Stage::talking();
    stage.ask_agent("Mute", None);
    stage.returned();
    assert_eq!(
        stage.wait(4_500),
        ["MUTE_FAILED: The Amazon Connect panel did not answer in time"]
    );
}

#[test]
fn muting_twice_is_answered_twice() {
    let mut stage = muted();
    assert_eq!(stage.ask_agent("Mute", None), ["ask mute"]);
    assert_eq!(
        stage.said(Said::Muted { muted: true }),
        ["agent is Busy, muted"]
    );
}

#[test]
fn in_a_conference_amazon_mutes() {
    let mut stage = Stage::talking();
    stage.update(BUSY, &[conference("mute", false)]);
    assert_eq!(
        stage.ask_agent("Mute", None),
        ["ask muteParticipant contact own"]
    );
    stage.returned();
    assert_eq!(
        stage.update(BUSY, &[conference("mute", true)]),
        ["agent is Busy, muted"]
    );
    assert_eq!(
        stage.ask_agent("Unmute", None),
        ["ask unmuteParticipant contact own"]
    );
    assert_eq!(
        stage.update(BUSY, &[conference("mute", false)]),
        ["agent is Busy"]
    );
    assert_eq!(stage.wait(60_000), [] as [String; 0]);
}

#[test]
fn both_mutes_are_undone() {
    let mut stage = muted();
    stage.update(BUSY, &[conference("mute", true)]);
    assert_eq!(
        stage.ask_agent("Unmute", None),
        ["ask unmute", "ask unmuteParticipant contact own"]
    );
}

#[test]
fn a_supervisors_mute_cannot_be_undone() {
    let mut stage = Stage::talking();
    let said = stage.update(BUSY, &[conference("forcedMute", true)]);
    assert_eq!(said.last().unwrap(), "agent is Busy, muted");
    assert_eq!(
        stage.ask_agent("Unmute", None),
        ["MUTE_FAILED: Muted by a supervisor"]
    );
}

#[test]
fn without_a_call_there_is_nothing_to_mute() {
    for mut stage in [Stage::open(), Stage::ringing()] {
        for subtopic in ["Mute", "Unmute"] {
            assert_eq!(
                stage.ask_agent(subtopic, None),
                ["MUTE_FAILED: No active call"]
            );
        }
    }
}

#[test]
fn a_new_call_starts_unmuted() {
    let mut stage = muted();
    stage.update(WRAP_UP, &[over("ended")]);
    assert_eq!(
        stage.update(AVAILABLE, &[])[2..],
        ["agent is Available", "ccp Available"]
    );
}

#[test]
fn a_microphone_that_opens_unasked_alarms_after_a_second() {
    let mut stage = muted();
    assert_eq!(stage.said(Said::Muted { muted: false }), ["agent is Busy"]);
    assert_eq!(stage.wait(999), [] as [String; 0]);
    assert_eq!(stage.wait(1), [OPENED]);

    let mut stage = Stage::talking();
    stage.update(BUSY, &[conference("mute", true)]);
    stage.update(BUSY, &[conference("mute", false)]);
    assert_eq!(stage.wait(1_000), [OPENED]);
}

#[test]
fn a_microphone_that_was_asked_to_open_does_not_alarm() {
    let mut stage = muted();
    stage.ask_agent("Unmute", None);
    stage.said(Said::Muted { muted: false });
    assert_eq!(stage.wait(1_000), [] as [String; 0]);

    stage.said(Said::Muted { muted: true });
    stage.wait(10_000);
    stage.said(Said::Muted { muted: false });
    assert_eq!(stage.wait(1_000), [OPENED]);
}

#[test]
fn the_end_of_a_call_does_not_alarm() {
    let mut stage = muted();
    stage.said(Said::Muted { muted: false });
    stage.wait(500);
    stage.update(WRAP_UP, &[over("ended")]);
    assert_eq!(stage.wait(1_000), [] as [String; 0]);
}

#[test]
fn a_microphone_that_closes_again_does_not_alarm() {
    let mut stage = muted();
    stage.said(Said::Muted { muted: false });
    stage.said(Said::Muted { muted: true });
    assert_eq!(stage.wait(1_000), [] as [String; 0]);
}

/// Muting now is news again: what the old page said does not confirm it.
fn assert_mute_is_asked_anew(stage: &mut Stage) {
    assert_eq!(stage.ask_agent("Mute", None), ["ask mute"]);
    assert_eq!(stage.talk(&[caller("connected")]), [] as [String; 0]);
    assert_eq!(
        stage.wait(4_500),
        ["MUTE_FAILED: The Amazon Connect panel did not answer in time"]
    );
}

#[test]
fn a_page_that_is_loaded_anew_is_not_muted() {
    let mut stage = muted();
    let said = stage.hello();
    assert_eq!(said.last().unwrap(), "agent is Busy");
    stage.talk(&[caller("connected")]);
    assert_eq!(stage.wait(1_000), [] as [String; 0]);
    assert_mute_is_asked_anew(&mut stage);
}

#[test]
fn an_embedded_panel_that_is_loaded_anew_is_not_muted() {
    let started = |panel: &str| Said::PanelStarted {
        panel: panel.to_owned(),
    };
    let mut stage = muted();
    stage.said(started("port-1"));
    assert_eq!(stage.ask_agent("Mute", None), ["ask mute"]);
    assert_eq!(
        stage.said(Said::Muted { muted: true }),
        ["agent is Busy, muted"]
    );
    let said = stage.said(started("port-2"));
    assert_eq!(said.last().unwrap(), "agent is Busy");
    assert_eq!(stage.wait(1_000), [] as [String; 0]);
    assert_mute_is_asked_anew(&mut stage);
}

#[test]
fn a_page_without_audio_mutes_nothing_when_it_is_loaded_anew() {
    let (mut stage, _) = Stage::raw(Way::ControlOnly(None));
    stage.update(BUSY, &[talking(&[caller("connected")])]);
    stage.said(Said::Muted { muted: true });
    stage.hello();
    assert_eq!(
        stage.talk(&[caller("connected")]),
        ["LinkStateChange online"]
    );
}

#[test]
fn a_second_call_starts_unmuted() {
    let mut stage = muted();
    let other = |state| contact("second", state, &[own(state), caller("connected")]);
    stage.update(
        BUSY,
        &[talking(&[caller("connected")]), other("connecting")],
    );
    let said = stage.update(WRAP_UP, &[over("ended"), other("connected")]);
    assert_eq!(said.last().unwrap(), "ccp AfterCallWork");
    assert!(
        said.contains(&"agent is AfterCallWork".to_owned()),
        "{said:?}"
    );
    assert_eq!(stage.wait(1_000), [] as [String; 0]);
}
