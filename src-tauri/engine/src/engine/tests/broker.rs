use std::{fs, net::TcpListener, time::Duration};

use offhook_core::{BrokerProblem, BrokerState, BrokerView};
use tokio::time::Instant;

use super::*;
use crate::{KeptIn, settings::BrokerChange};

/// Settings with a broker on a port of this machine.
fn broker_at(port: u16) -> String {
    format!("[broker]\nurl = \"mqtt://127.0.0.1:{port}\"\ntenant = \"acme\"\nusername = \"erin\"\n")
}

/// A port that nobody listens on.
fn closed_port() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    listener.local_addr().unwrap().port()
}

fn broker_change(change: BrokerChange) -> SettingsChange {
    SettingsChange {
        broker: Some(change),
        ..SettingsChange::default()
    }
}

fn broker(wanted: impl Fn(&BrokerView) -> bool) -> impl Fn(&View) -> bool {
    move |view| view.broker.as_ref().is_some_and(&wanted)
}

fn is(state: BrokerState, problem: BrokerProblem) -> impl Fn(&View) -> bool {
    broker(move |view| view.state == state && view.problem == Some(problem))
}

#[tokio::test(start_paused = true)]
async fn a_password_is_kept_told_and_forgotten() {
    let mut rig = Rig::practising("idle").await;
    let kept_in = |rig: &Rig| rig.handle.settings().broker.password;
    assert_eq!(kept_in(&rig), None);
    let set = async |password: &str| rig.handle.set_broker_password(password.into()).await;
    set("sesame").await.unwrap();
    assert_eq!(kept_in(&rig), Some(KeptIn::File));

    let quiet = SettingsChange {
        sound: Some(false),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(quiet).await.unwrap();
    assert_eq!(kept_in(&rig), Some(KeptIn::File), "other settings changed");

    set("").await.unwrap();
    assert_eq!(kept_in(&rig), None);
    rig.until(linked(LinkState::Online)).await;
    assert_eq!(rig.settings.broker.password, None, "the shell was told");
}

#[tokio::test(start_paused = true)]
async fn a_password_that_cannot_be_kept_is_told() {
    let rig = Rig::practising("idle").await;
    fs::create_dir_all(rig.secrets_file()).unwrap();
    let refused = rig.handle.set_broker_password("sesame".into()).await;
    let told = refused.unwrap_err();
    assert!(
        told.contains("secrets.json") && !told.contains("sesame"),
        "{told}"
    );
    assert_eq!(rig.handle.settings().broker.password, None);
}

#[tokio::test(start_paused = true)]
async fn a_broker_comes_and_goes_with_the_settings() {
    let mut rig = Rig::practising("idle").await;
    assert_eq!(rig.handle.view().broker, None);
    let there = BrokerChange {
        url: Some(format!("mqtt://127.0.0.1:{}", closed_port())),
        tenant: Some("acme".to_owned()),
        username: Some("erin".to_owned()),
        ..BrokerChange::default()
    };
    rig.handle
        .change_settings(broker_change(there))
        .await
        .unwrap();
    rig.until(broker(|view| view.state == BrokerState::Connecting))
        .await;
    let view = rig
        .until(is(BrokerState::Waiting, BrokerProblem::Unreachable))
        .await;
    assert!(view.broker.unwrap().retry_at.is_some());

    let gone = BrokerChange {
        url: Some(String::new()),
        ..BrokerChange::default()
    };
    rig.handle
        .change_settings(broker_change(gone))
        .await
        .unwrap();
    rig.until(|view| view.broker.is_none()).await;
}

#[tokio::test(start_paused = true)]
async fn the_password_of_another_day_is_found() {
    let rig = Rig::practising("idle").await;
    let kept = rig.handle.set_broker_password("sesame".into()).await;
    kept.unwrap();
    fs::write(rig.settings_file(), broker_at(closed_port())).unwrap();
    let mut rig = rig.restart().await;
    rig.until(broker(|view| view.state == BrokerState::Waiting))
        .await;
    assert_eq!(rig.handle.settings().broker.password, Some(KeptIn::File));
}

#[tokio::test(start_paused = true)]
async fn without_its_password_the_way_is_not_begun_until_the_person_asks() {
    let rig = Rig::practising("idle").await;
    fs::create_dir_all(rig.secrets_file().parent().unwrap()).unwrap();
    fs::write(rig.secrets_file(), "{broken").unwrap();
    fs::write(rig.settings_file(), broker_at(closed_port())).unwrap();
    let mut rig = rig.restart().await;
    let view = rig
        .until(is(BrokerState::Stopped, BrokerProblem::SetUp))
        .await;
    let detail = view.broker.unwrap().detail.unwrap();
    assert!(detail.contains("secrets.json"), "{detail}");

    fs::remove_file(rig.secrets_file()).unwrap();
    rig.handle.dispatch(Intent::RetryBroker);
    rig.until(is(BrokerState::Waiting, BrokerProblem::Unreachable))
        .await;
}

#[tokio::test(start_paused = true)]
async fn a_certificate_that_cannot_be_read_stops_the_way() {
    let mut settings = broker_at(closed_port()).replace("mqtt:", "mqtts:");
    settings.push_str("ca = \"/nowhere/ca.pem\"\n");
    let mut rig = Rig::with_settings(&settings).await;
    let view = rig
        .until(is(BrokerState::Stopped, BrokerProblem::Certificate))
        .await;
    let detail = view.broker.unwrap().detail.unwrap();
    assert!(detail.contains("/nowhere/ca.pem"), "{detail}");
}

#[tokio::test(start_paused = true)]
async fn a_broker_that_says_nothing_does_not_hold_the_phone() {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    let mut rig = Rig::with_settings(&broker_at(port)).await;
    rig.until(in_phase(Phase::Ringing)).await;
    let stopped_at = Instant::now();
    rig.handle.stop();
    rig.acts_to_the_end().await;
    assert!(stopped_at.elapsed() <= Duration::from_secs(1));
}
