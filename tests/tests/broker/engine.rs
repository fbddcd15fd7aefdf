//! The whole engine at the broker, as the settings and the person have it.

use std::fs;

use anyhow::{Context, Result};
use offhook_core::{BrokerProblem, BrokerState, BrokerView, Intent};
use offhook_engine::{Handle, Headless, Options, settings::Places};
use offhook_tests::{
    DEADLINE,
    broker::{Broker, Setup, Way, password_of},
};
use offhook_uplink::Publication;
use serde_json::Value;
use tokio::time::timeout;

use crate::{
    client::{Client, presence_of},
    stage::AGENT,
};

#[tokio::test]
async fn the_person_logs_in_comes_back_by_hand_and_quits() -> Result<()> {
    let mut broker = Broker::start(Setup::FORGETFUL).await?;
    let home = tempfile::tempdir()?;
    let mut engine = start(&broker, home.path())?;
    let refused = until(&mut engine, |view| view.state == BrokerState::Stopped).await?;
    assert_eq!(refused.problem, Some(BrokerProblem::Login));

    let password = password_of(AGENT).into();
    let kept = engine.set_broker_password(password).await;
    kept.map_err(anyhow::Error::msg)?;
    until(&mut engine, |view| view.state == BrokerState::Online).await?;

    broker.stop()?;
    until(&mut engine, |view| view.state == BrokerState::Waiting).await?;
    broker.start_again().await?;
    engine.dispatch(Intent::RetryBroker);
    until(&mut engine, |view| view.state == BrokerState::Online).await?;

    let mut wallboard = Client::connect(&broker, "wallboard").await?;
    wallboard.subscribe(&presence_of(AGENT)).await?;
    assert_eq!(said(&wallboard.message().await?)?, "online");
    engine.stop();
    assert_eq!(said(&wallboard.message().await?)?, "offline");
    let ended = async { while engine.next_view().await.is_some() {} };
    timeout(DEADLINE, ended)
        .await
        .context("the engine does not end")
}

fn start(broker: &Broker, home: &std::path::Path) -> Result<Handle> {
    let places = Places {
        settings: home.join("settings.toml"),
        policy: home.join("policy.toml"),
        logs: home.join("logs"),
        data: home.join("data"),
        keychain: false,
        runtime: None,
    };
    let socket = broker.socket(Way::Tcp);
    fs::write(
        &places.settings,
        format!(
            "[hub]\nports = [0]\n[broker]\nurl = \"mqtt://{socket}\"\ntenant = \"acme\"\nusername = \"{AGENT}\"\n"
        ),
    )?;
    let options = Options {
        practice: Some(Some("idle".to_owned())),
        seed: Some(1),
        places: Some(places),
    };
    Ok(offhook_engine::start(options, Headless)?)
}

/// The first view of the broker from now on that is wanted.
async fn until(engine: &mut Handle, wanted: impl Fn(&BrokerView) -> bool) -> Result<BrokerView> {
    let seen = async {
        let mut view = engine.view();
        loop {
            if let Some(broker) = view.broker.take_if(|broker| wanted(broker)) {
                return Some(broker);
            }
            view = engine.next_view().await?;
        }
    };
    let seen = timeout(DEADLINE, seen).await.context("it does not come")?;
    seen.context("the engine has ended")
}

/// What a presence says.
fn said(presence: &Publication) -> Result<String> {
    let envelope: Value = serde_json::from_slice(&presence.payload)?;
    let presence = envelope["message"]["presence"].as_str();
    Ok(presence.context("a presence")?.to_owned())
}
