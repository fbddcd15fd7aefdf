//! What becomes of a message.

use std::time::Duration;

use anyhow::{Result, ensure};
use offhook_tests::{
    broker::{Broker, Setup, Way},
    proxy::{Proxy, Weather},
};
use offhook_uplink::{Outcome, Publication};

use crate::client::{Client, publication, retained, will};

const REQUEST: &str = "cc/v1/acme/agent-7/req/Amazon/InboundCall/Answer";
const STATE: &str = "cc/v1/acme/agent-7/st/Amazon/InboundCall/StateSync";

#[tokio::test]
async fn nobody_there_is_told_at_once() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut crm = Client::connect(&broker, "crm").await?;
    assert_eq!(
        crm.publish(publication(REQUEST, "{}")).await?,
        Outcome::NobodyThere
    );

    // Nothing of a phone that has gone stays behind and takes what is meant for it.
    let mut phone = Client::connect(&broker, "agent-7").await?;
    phone.subscribe("cc/v1/acme/agent-7/req/#").await?;
    assert_eq!(
        crm.publish(publication(REQUEST, "{}")).await?,
        Outcome::Taken
    );
    phone.close().await?;
    // The good-bye travels on a connection of its own.
    offhook_tests::until("nobody there", async || {
        let outcome = crm.publish(publication(REQUEST, "{}")).await?;
        Ok((outcome == Outcome::NobodyThere).then_some(()))
    })
    .await
}

#[tokio::test]
async fn what_is_retained_is_there_for_latecomers_until_it_is_taken_back() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    phone.publish(retained(STATE, "ringing")).await?;

    let mut late = Client::connect(&broker, "supervisor").await?;
    late.subscribe("cc/v1/acme/+/st/#").await?;
    assert_eq!(late.message().await?, retained(STATE, "ringing"));

    phone.publish(retained(STATE, "")).await?;
    // Live, so not marked as a copy that was kept.
    assert_eq!(late.message().await?, publication(STATE, ""));
    let mut later = Client::connect(&broker, "wallboard").await?;
    later.subscribe("cc/v1/acme/+/st/#").await?;
    phone.publish(publication(STATE, "the next")).await?;
    assert_eq!(later.message().await?, publication(STATE, "the next"));
    Ok(())
}

#[tokio::test]
async fn a_message_that_waited_too_long_is_thrown_away() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    let short = Publication {
        expires_in: Some(Duration::from_millis(1_500)),
        ..retained(STATE, "short-lived")
    };
    phone.publish(short).await?;

    // It counts in whole seconds, rounded up.
    let mut early = Client::connect(&broker, "supervisor").await?;
    early.subscribe(STATE).await?;
    let copy = early.message().await?;
    ensure!(copy.payload == b"short-lived", "{copy:?}");
    let left = copy.expires_in.map(|it| it.as_secs());
    assert!(matches!(left, Some(1 | 2)), "{left:?}");

    offhook_tests::until("the message's end", async || {
        let mut late = Client::connect(&broker, "wallboard").await?;
        late.subscribe("cc/v1/acme/agent-7/#").await?;
        phone
            .publish(publication(&format!("{STATE}/mark"), "mark"))
            .await?;
        Ok((late.message().await?.payload == b"mark").then_some(()))
    })
    .await
}

#[tokio::test]
async fn where_to_answer_travels_with_a_request() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let mut phone = Client::connect(&broker, "agent-7").await?;
    phone.subscribe("cc/v1/acme/agent-7/req/#").await?;
    let mut crm = Client::connect(&broker, "crm").await?;
    let request = Publication {
        expires_in: Some(Duration::from_secs(10)),
        response_topic: Some("cc/v1/acme/agent-7/rsp/crm".to_owned()),
        correlation: Some(vec![0, 255, 7]),
        ..publication(REQUEST, "{}")
    };
    assert_eq!(crm.publish(request.clone()).await?, Outcome::Taken);
    assert_eq!(phone.message().await?, request);
    Ok(())
}

#[tokio::test]
async fn a_big_message_gets_through_and_a_bigger_one_does_no_harm() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for way in [Way::Tcp, Way::SecureWebSocket] {
        let config = broker.config(way, "agent-7", "big")?;
        let mut client = Client::with(&config, will("agent-7")).await??;
        client.subscribe("cc/v1/acme/agent-7/evt/#").await?;
        let topic = "cc/v1/acme/agent-7/evt/Amazon/InboundCall/InboundCallStateChange";
        let big = publication(topic, &"x".repeat(255 * 1024));
        assert_eq!(client.publish(big.clone()).await?, Outcome::Taken);
        assert_eq!(client.message().await?, big);

        let bigger = publication(topic, &"x".repeat(256 * 1024));
        let outcome = client.publish(bigger).await?;
        assert_eq!(
            outcome,
            Outcome::Refused {
                reason: "it is larger than the broker allows".to_owned()
            }
        );
        assert_eq!(
            client.publish(publication(topic, "small")).await?,
            Outcome::Taken
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_bad_network_changes_no_message() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let proxy = Proxy::start(broker.socket(Way::Tls)).await?;
    proxy.set(Weather {
        piece: 1,
        delay: Duration::from_millis(1),
        ..Weather::FAIR
    });
    let config = broker.config_through(proxy.address(), Way::Tls, "agent-7", "slow")?;
    let mut client = Client::with(&config, will("agent-7")).await??;
    client.subscribe("cc/v1/acme/agent-7/evt/#").await?;
    for number in 0..20 {
        let event = publication(
            "cc/v1/acme/agent-7/evt/Amazon/Agent/StateChange",
            &number.to_string(),
        );
        client.publish(event.clone()).await?;
        assert_eq!(client.message().await?, event);
    }
    Ok(())
}
