mod apps;
mod broker;
mod panel;
mod rig;
mod updates;

use std::io;

use offhook_bus::{Delivery, HubError, JoinError, MAX_QUEUED, Port, Role};
use offhook_core::{Act, Intent, LinkState, Notification, NotificationKey, Phase, View};
use offhook_protocol::{
    Access, AgentSync, AppState, Button, Buttons, CallRequest, CallSync, ConnectionStatus,
    ContactKind, Envelope, LegType, Link, Request, SyncLeg,
};
use serde_json::json;

use super::*;
use crate::{
    Headless,
    settings::{AllowedOrigin, ConnectorKind},
};
use rig::{Rig, Said};

fn in_phase(phase: Phase) -> impl Fn(&View) -> bool {
    move |view| view.contacts.iter().any(|contact| contact.phase == phase)
}

fn linked(state: LinkState) -> impl Fn(&View) -> bool {
    move |view| view.link.state == state
}

fn press(view: &View, button: Button) -> Intent {
    Intent::Press {
        contact: view.contacts[0].id.clone(),
        button,
        leg: None,
    }
}

fn connect_to(connector: ConnectorKind) -> SettingsChange {
    SettingsChange {
        connector: Some(connector),
        ..SettingsChange::default()
    }
}

fn kinds(acts: &[Act]) -> Vec<&'static str> {
    acts.iter()
        .map(|act| match act {
            Act::Ring(_) => "ring",
            Act::StopRing => "stop ring",
            Act::Notify(Notification {
                key: NotificationKey::Ringing(_),
                ..
            }) => "notify",
            Act::Notify(_) => "notify of something else",
            Act::Withdraw(_) => "withdraw",
            Act::Raise => "raise",
            Act::Show => "show",
            Act::ShowPanel => "show panel",
            Act::Update(_) => "update",
            Act::Quit => "quit",
        })
        .collect()
}

#[tokio::test(start_paused = true)]
async fn settings_are_told_first_then_the_apps_and_the_view() {
    let mut rig = Rig::practising("idle").await;
    let said = [rig.said().await, rig.said().await, rig.said().await];
    assert!(matches!(
        said,
        [Said::Settings(_), Said::Apps(_), Said::View(_)]
    ));
}

#[tokio::test(start_paused = true)]
async fn a_call_rings_notifies_and_raises_once_whatever_is_repeated() {
    let mut rig = Rig::practising("repeats").await;
    rig.until(in_phase(Phase::Missed)).await;
    let acts = kinds(&rig.acts);
    for once in ["notify", "ring", "raise", "stop ring"] {
        let times = acts.iter().filter(|act| **act == once).count();
        assert_eq!(times, 1, "{once}: {acts:?}");
    }
}

#[tokio::test(start_paused = true)]
async fn a_press_is_sent_once_and_changes_the_view() {
    let mut rig = Rig::practising("repeats").await;
    let mut tap = rig.bus.join("tap", Access::Observe, Role::App).unwrap();
    let ringing = rig.until(in_phase(Phase::Ringing)).await;
    rig.handle.dispatch(press(&ringing, Button::Answer));
    rig.handle.dispatch(press(&ringing, Button::Answer));
    let talking = rig.until(in_phase(Phase::Talking)).await;
    rig.handle.dispatch(press(&talking, Button::Disconnect));
    rig.until(in_phase(Phase::WrapUp)).await;

    let mut answers = 0;
    loop {
        let Some(Delivery::Message { envelope, .. }) = tap.recv().await else {
            panic!("the bus goes on")
        };
        match Request::read(envelope.envelope()) {
            Ok(Some(Request::Call(CallRequest::Answer))) => answers += 1,
            Ok(Some(Request::Call(CallRequest::Disconnect(_)))) => break,
            _ => {}
        }
    }
    assert_eq!(answers, 1);
}

#[tokio::test(start_paused = true)]
async fn saved_preferences_are_in_force_for_the_next_call() {
    let mut rig = Rig::practising("missed").await;
    let change = SettingsChange {
        notify: Some(false),
        sound: Some(false),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(change).await.unwrap();
    assert!(!rig.handle.settings().sound.value);
    rig.until(in_phase(Phase::Missed)).await;
    assert!(!rig.settings.notify.value, "the shell was told");
    let acts = kinds(&rig.acts);
    assert!(acts.contains(&"raise"));
    assert!(
        !acts.contains(&"ring") && !acts.contains(&"notify"),
        "{acts:?}"
    );
}

#[tokio::test(start_paused = true)]
async fn a_system_that_does_not_follow_start_at_login_is_told_of() {
    let rig = Rig::with_settings("[desktop]\nstart_at_login = true\n").await;
    let problem = rig.handle.settings().login_problem;
    assert_eq!(problem.unwrap().path, "autostart");

    let at_login = |on| SettingsChange {
        start_at_login: Some(on),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(at_login(false)).await.unwrap();
    assert_eq!(rig.handle.settings().login_problem, None);

    rig.handle.change_settings(at_login(true)).await.unwrap();
    assert!(rig.handle.settings().start_at_login.value, "saved anyway");
    assert!(rig.handle.settings().login_problem.is_some());
}

#[tokio::test(start_paused = true)]
async fn a_broken_file_changes_nothing_of_what_the_system_starts_at_login() {
    let rig = Rig::with_settings("[desktop]\nstart_at_login = tru\n").await;
    let settings = rig.handle.settings();
    assert!(settings.start_at_login.value, "to tell what is wrong");
    assert_eq!(settings.login_problem, None, "the system was not asked");
}

#[tokio::test(start_paused = true)]
async fn a_refused_change_changes_nothing() {
    let mut rig = Rig::practising("idle").await;
    let before = rig.handle.settings();
    let change = SettingsChange {
        ring_volume: Some(101),
        ..connect_to(ConnectorKind::None)
    };
    assert!(rig.handle.change_settings(change).await.is_err());
    assert_eq!(rig.handle.settings(), before);
    rig.until(linked(LinkState::Online)).await;
}

#[tokio::test(start_paused = true)]
async fn another_connector_takes_the_place_of_the_old_one() {
    let mut rig = Rig::with_settings("connector = \"practice\"\n").await;
    rig.until(in_phase(Phase::Ringing)).await;

    let none = connect_to(ConnectorKind::None);
    rig.handle.change_settings(none).await.unwrap();
    let view = rig.until(linked(LinkState::None)).await;
    assert_eq!(view.link.connector, "none");
    let place = rig.bus.join("mine", Access::Control, Role::Connector);
    drop(place.unwrap());

    let practice = connect_to(ConnectorKind::Practice);
    rig.handle.change_settings(practice).await.unwrap();
    let view = rig.until(linked(LinkState::Online)).await;
    assert_eq!(view.link.connector, "practice");
    rig.until(in_phase(Phase::Ringing)).await;
}

#[tokio::test(start_paused = true)]
async fn the_command_line_outranks_the_chosen_connector() {
    let mut rig = Rig::practising("idle").await;
    let none = connect_to(ConnectorKind::None);
    rig.handle.change_settings(none).await.unwrap();
    let place = rig.bus.join("mine", Access::Control, Role::Connector);
    assert_eq!(place.unwrap_err(), JoinError::ConnectorTaken);
    rig.until(linked(LinkState::Online)).await;
}

#[tokio::test(start_paused = true)]
async fn stopping_leaves_the_bus_and_removes_the_connection_file() {
    let mut rig = Rig::practising("default").await;
    rig.until(in_phase(Phase::Ringing)).await;
    let file = rig.connection_file();
    assert!(file.exists());

    rig.handle.stop();
    while rig.handle.next_view().await.is_some() {}
    assert!(!file.exists());
    let place = rig.bus.join("mine", Access::Control, Role::Connector);
    let mut place = place.unwrap();
    let probe = rig.bus.join_with_state("probe", Access::Observe).unwrap();
    let wanted = place.recv().await;
    assert!(
        matches!(wanted, Some(Delivery::StateWanted { by }) if by == probe.id()),
        "nobody else is on the bus: {wanted:?}"
    );
    let refused = rig.handle.change_settings(SettingsChange::default()).await;
    assert!(refused.unwrap_err().text.contains("quitting"));
    let acts = rig.acts_to_the_end().await;
    assert_eq!(kinds(&acts).last(), Some(&"stop ring"));
}

#[tokio::test(start_paused = true)]
async fn an_engine_that_nobody_holds_stops() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        places: Some(rig::places(&folder)),
        ..Options::default()
    };
    let (engine, handle) = Engine::new(options, Headless).await.unwrap();
    let running = tokio::spawn(engine.run());
    drop(handle);
    running.await.unwrap();
}

#[tokio::test(start_paused = true)]
async fn quitting_is_the_shells_own_business() {
    let mut rig = Rig::practising("idle").await;
    rig.handle.dispatch(Intent::Quit);
    while !rig.acts.contains(&Act::Quit) {
        rig.said().await;
    }
    // A shell that has nothing to leave, as the headless one, goes on.
    rig.until(linked(LinkState::Online)).await;
    assert!(!rig.running.is_finished());
}

#[tokio::test(start_paused = true)]
async fn the_phone_works_without_a_hub() {
    let error = io::ErrorKind::AddrInUse.into();
    let mut rig = Rig::without_hub(HubError::Listen(error)).await;
    rig.until(linked(LinkState::Online)).await;
    let change = SettingsChange {
        allowed_origins: Some(vec![AllowedOrigin {
            origin: "https://crm.example.com".to_owned(),
            access: Access::Observe,
        }]),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(change).await.unwrap();
    rig.handle.stop();
    rig.acts_to_the_end().await;
}

#[tokio::test(start_paused = true)]
async fn a_scenario_that_is_not_there_is_told_at_the_start() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        practice: Some(Some("nowhere".to_owned())),
        places: Some(rig::places(&folder)),
        ..Options::default()
    };
    let refused = Engine::new(options, Headless).await.map(|_| ());
    let text = refused.unwrap_err().to_string();
    assert!(
        text.contains("\"nowhere\"") && text.contains("default, "),
        "{text}"
    );
}

/// What was lost with an emptied queue comes back with the state: here the call that rings.
#[tokio::test(start_paused = true)]
async fn too_many_messages_at_once_end_in_the_right_state() {
    let mut rig = Rig::with_settings("connector = \"none\"\n").await;
    let centre = rig.bus.join("mine", Access::Control, Role::Connector);
    let mut centre = centre.unwrap();
    give_state(&mut centre, &CallSync::default()).await;
    rig.until(linked(LinkState::Online)).await;

    for _ in 0..=MAX_QUEUED {
        let noise = Envelope::event("OutboundCall", "Campaign", json!(null));
        centre.send(noise).unwrap();
    }
    give_state(&mut centre, &ringing()).await;
    rig.until(in_phase(Phase::Ringing)).await;
    rig.handle.stop();
    let acts = kinds(&rig.acts_to_the_end().await);
    assert_eq!(acts.iter().filter(|act| **act == "ring").count(), 1);
}

/// Answers whoever wants the state next.
async fn give_state(centre: &mut Port, calls: &CallSync) {
    let by = loop {
        if let Some(Delivery::StateWanted { by }) = centre.recv().await {
            break by;
        }
    };
    let app = AppState {
        link: Some(Link::Online),
        connector: Some("mine".to_owned()),
        retry_in_ms: None,
        ..AppState::default()
    };
    let agent = AgentSync {
        logged_in: Some(true),
        ..AgentSync::default()
    };
    let state = [
        app.sync_envelope(),
        agent.envelope("StateSync"),
        calls.envelope(),
    ];
    for envelope in state {
        centre.send_to(by, envelope).unwrap();
    }
}

fn ringing() -> CallSync {
    let leg = |id: &str, kind, enabled: &[Button]| SyncLeg {
        connection_id: id.into(),
        contact_id: Some("contact".into()),
        kind: ContactKind::Voice,
        phone_number: None,
        status: ConnectionStatus::Connecting,
        at: None,
        leg: kind,
        buttons: Some(Buttons::enabling(enabled)),
    };
    CallSync {
        legs: vec![
            leg("a", LegType::Agent, &[Button::Answer, Button::Reject]),
            leg("c", LegType::Inbound, &[]),
        ],
        ..CallSync::default()
    }
}
