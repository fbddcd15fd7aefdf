//! How each side learns that the other one is gone.

use std::time::Duration;

use anyhow::{Result, ensure};
use offhook_tests::{
    broker::{Broker, Setup, Way},
    proxy::{Blow, Proxy, Weather},
};
use offhook_uplink::{Happening, Loss};
use tokio::time::Instant;

use crate::client::{Client, presence_of, publication, retained, will};

/// Longer than the time after which a client says that it is alive, and shorter than twice that.
const SILENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_phone_that_vanishes_is_offline_at_once() -> Result<()> {
    for blow in [Some(Blow::Cut), Some(Blow::Reset), None] {
        let broker = Broker::start(Setup::FORGETFUL).await?;
        let proxy = Proxy::start(broker.socket(Way::Tcp)).await?;
        let mut wallboard = watch(&broker).await?;
        let config = broker.config_through(proxy.address(), Way::Tcp, "agent-7", "phone")?;
        let mut phone = Client::with(&config, will("agent-7")).await??;
        phone
            .publish(retained(&presence_of("agent-7"), "online"))
            .await?;
        assert_eq!(wallboard.message().await?.payload, b"online");

        match blow {
            Some(blow) => proxy.strike(blow),
            None => drop(phone),
        }
        assert_eq!(wallboard.message().await?.payload, b"offline", "{blow:?}");
    }
    Ok(())
}

#[tokio::test]
async fn a_good_bye_leaves_what_was_said_last() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut wallboard = watch(&broker).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    for text in ["one", "two", "logged out"] {
        phone
            .publish(retained(&presence_of("agent-7"), text))
            .await?;
        assert_eq!(wallboard.message().await?.payload, text.as_bytes());
    }
    phone.close().await?;

    // The same user under another name, whose word would come after the will.
    let config = broker.config(Way::Tcp, "agent-7", "another")?;
    let mut another = Client::with(&config, will("agent-7")).await??;
    another
        .publish(publication(&presence_of("agent-7"), "after"))
        .await?;
    assert_eq!(wallboard.message().await?.payload, b"after");
    Ok(())
}

#[tokio::test]
async fn the_second_desk_takes_over() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let config = broker.config(Way::Tls, "agent-7", "phone")?;
    let mut first = Client::with(&config, will("agent-7")).await??;
    let mut second = Client::with(&config, will("agent-7")).await??;
    // Only since 2.0.15 mosquitto says why.
    let loss = first.lost().await?;
    assert!(
        matches!(loss, Loss::TakenOver | Loss::Broker(_)),
        "{loss:?}"
    );
    second.subscribe("cc/v1/acme/agent-7/req/#").await
}

#[tokio::test]
async fn a_broker_that_ends_is_told_from_a_network_that_fails() -> Result<()> {
    let mut broker = Broker::start(Setup::FORGETFUL).await?;
    for way in [Way::Tcp, Way::Tls, Way::WebSocket, Way::SecureWebSocket] {
        let config = broker.config(way, "agent-7", "phone")?;
        let mut phone = Client::with(&config, will("agent-7")).await??;
        broker.stop()?;
        let loss = phone.lost().await?;
        assert!(matches!(loss, Loss::Broker(_)), "{way:?}: {loss:?}");
        broker.start_again().await?;
    }
    let proxy = Proxy::start(broker.socket(Way::Tcp)).await?;
    let config = broker.config_through(proxy.address(), Way::Tcp, "agent-7", "phone")?;
    let mut phone = Client::with(&config, will("agent-7")).await??;
    proxy.strike(Blow::Reset);
    let loss = phone.lost().await?;
    assert!(matches!(loss, Loss::Network(_)), "{loss:?}");
    Ok(())
}

#[tokio::test]
async fn a_broker_that_only_listens_any_more_is_lost() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let proxy = Proxy::start(broker.socket(Way::Tcp)).await?;
    let config = broker.config_through(proxy.address(), Way::Tcp, "agent-7", "phone")?;
    let mut phone = Client::with(&config, will("agent-7")).await??;
    proxy.strike(Blow::HalfClose);
    let loss = phone.lost().await?;
    assert!(matches!(loss, Loss::Broker(_)), "{loss:?}");
    Ok(())
}

#[tokio::test]
async fn a_quiet_broker_gives_signs_of_life_and_a_frozen_one_none() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    let quiet = phone.next_within(SILENCE).await?;
    assert_eq!(quiet, Some(Happening::Alive));

    broker.freeze()?;
    let frozen = phone.next_within(SILENCE).await?;
    assert_eq!(frozen, None);
    broker.thaw()?;
    assert_eq!(phone.next().await?, Happening::Alive);
    Ok(())
}

#[tokio::test]
async fn a_frozen_phone_is_offline_within_half_a_minute() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let proxy = Proxy::start(broker.socket(Way::Tcp)).await?;
    let mut wallboard = watch(&broker).await?;
    let config = broker.config_through(proxy.address(), Way::Tcp, "agent-7", "phone")?;
    let _phone = Client::with(&config, will("agent-7")).await??;
    proxy.set(Weather {
        frozen: true,
        ..Weather::FAIR
    });
    let frozen = Instant::now();
    // Longer than one deadline: the broker waits for one and a half keep-alives.
    while frozen.elapsed() < Duration::from_secs(30) {
        match wallboard.next_within(Duration::from_secs(30)).await? {
            Some(Happening::Message(message)) => {
                ensure!(message.payload == b"offline", "{message:?}");
                return Ok(());
            }
            Some(Happening::Alive) => {}
            other => anyhow::bail!("{other:?}"),
        }
    }
    anyhow::bail!("still online after {:?}", frozen.elapsed())
}

/// One who hears of presence from now on.
async fn watch(broker: &Broker) -> Result<Client> {
    let mut wallboard = Client::connect(broker, "wallboard").await?;
    wallboard.subscribe("cc/v1/acme/+/st/presence").await?;
    Ok(wallboard)
}
