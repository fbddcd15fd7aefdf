//! The reasons that brokers give, as they come over the wire.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use offhook_uplink::{Loss, Refusal, mqtt::Config};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpListener,
    task::JoinHandle,
};

use crate::client::{Client, will};

/// An accepted connection.
const ACCEPTED: [u8; 5] = [0x20, 3, 0, 0, 0];

#[tokio::test]
async fn each_reason_to_refuse_leads_to_what_helps() -> Result<()> {
    for (code, refusal) in [
        (0x86, Refusal::Login),
        (0x87, Refusal::Login),
        (0x8c, Refusal::Login),
        (0x84, Refusal::Broker("it does not speak MQTT 5".to_owned())),
        (
            0x85,
            Refusal::Broker("it does not allow this client identifier".to_owned()),
        ),
        (0x88, Refusal::Broker("it is not available".to_owned())),
        (0x89, Refusal::Broker("it is busy".to_owned())),
        (
            0x8a,
            Refusal::Broker("it has banned this client".to_owned()),
        ),
        (0x9f, Refusal::Broker("too many connect at once".to_owned())),
        (0x97, Refusal::Broker("QuotaExceeded".to_owned())),
    ] {
        let (config, _broker) = broker_that_says(vec![0x20, 3, 0, code, 0]).await?;
        let connected = Client::with(&config, will("agent-7")).await?;
        assert_eq!(connected.err(), Some(refusal), "{code:#x}");
    }
    Ok(())
}

#[tokio::test]
async fn each_reason_to_disconnect_leads_to_what_helps() -> Result<()> {
    for (code, loss) in [
        (0x8e, Loss::TakenOver),
        (0x87, Loss::Refused(Refusal::Login)),
        (
            0x8d,
            Loss::Network("the broker did not hear from us".to_owned()),
        ),
        (0x8b, Loss::Broker("ServerShuttingDown".to_owned())),
        (0x89, Loss::Broker("ServerBusy".to_owned())),
        (0x98, Loss::Broker("AdministrativeAction".to_owned())),
    ] {
        let said = [&ACCEPTED[..], &[0xe0, 2, code, 0]].concat();
        let (config, _broker) = broker_that_says(said).await?;
        let mut client = Client::with(&config, will("agent-7")).await??;
        assert_eq!(client.lost().await?, loss, "{code:#x}");
    }
    Ok(())
}

#[tokio::test]
async fn a_reason_in_words_is_handed_on() -> Result<()> {
    let words = b"back at noon";
    let length = u8::try_from(words.len())?;
    let disconnect = [0xe0, 2 + 3 + length, 0x8b, 3 + length, 0x1f, 0, length];
    let said = [&ACCEPTED[..], &disconnect, words].concat();
    let (config, _broker) = broker_that_says(said).await?;
    let mut client = Client::with(&config, will("agent-7")).await??;
    assert_eq!(
        client.lost().await?,
        Loss::Broker("back at noon".to_owned())
    );
    Ok(())
}

/// A broker that says this to the first who connects, and what connects to it.
async fn broker_that_says(said: Vec<u8>) -> Result<(Config, JoinHandle<Result<()>>)> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
    let config = Config {
        address: format!("mqtt://{}", listener.local_addr()?).parse()?,
        insecure: false,
        proxy: None,
        client_id: "one".to_owned(),
        username: None,
        password: None,
        ca: None,
        identity: None,
    };
    let broker = tokio::spawn(async move {
        let (mut client, _) = listener.accept().await?;
        client.read_u8().await.context("a CONNECT")?;
        client.write_all(&said).await?;
        client.read_to_end(&mut Vec::new()).await?;
        Ok(())
    });
    Ok((config, broker))
}
