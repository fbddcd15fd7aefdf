//! Every way in, and what is refused at the door.

use std::net::Ipv4Addr;

use anyhow::{Context, Result};
use offhook_tests::broker::{Broker, Setup, Way};
use offhook_uplink::{
    Outcome, Refusal,
    mqtt::{Config, ConfigError, Mqtt, Password},
};
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader, copy_bidirectional},
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};

use crate::client::{Client, publication, will};

const EVENT: &str = "cc/v1/acme/agent-7/evt/Amazon/Agent/StateChange";

#[tokio::test]
async fn a_message_goes_round_on_every_way_in() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for way in [
        Way::Tcp,
        Way::Tls,
        Way::Certificate,
        Way::WebSocket,
        Way::SecureWebSocket,
    ] {
        let config = broker.config(way, "agent-7", "one")?;
        goes_round(&config)
            .await
            .with_context(|| format!("{way:?}"))?;
    }
    Ok(())
}

#[tokio::test]
async fn a_certificate_says_whose_branch_it_is() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let config = broker.config(Way::Certificate, "agent-8", "one")?;
    let mut client = Client::with(&config, will("agent-8")).await??;
    assert_eq!(
        client.publish(publication(EVENT, "from 8")).await?,
        Outcome::Refused {
            reason: "it is not allowed".to_owned()
        }
    );
    Ok(())
}

#[tokio::test]
async fn a_proxy_lets_through_what_it_carries_unread() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for way in [Way::Tcp, Way::Tls, Way::SecureWebSocket] {
        let proxy = ConnectProxy::start("200 Connection established").await?;
        let config = proxy.before(broker.config(way, "agent-7", "one")?)?;
        goes_round(&config)
            .await
            .with_context(|| format!("{way:?}"))?;
        let host = if way == Way::Tcp {
            "127.0.0.1"
        } else {
            "localhost"
        };
        let asked = proxy.asked().await?;
        assert_eq!(
            asked,
            format!("CONNECT {host}:{} HTTP/1.1", broker.socket(way).port())
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_proxy_that_refuses_is_told_of_by_its_own_words() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let proxy = ConnectProxy::start("407 Proxy Authentication Required").await?;
    let config = proxy.before(broker.config(Way::Tls, "agent-7", "one")?)?;
    let refusal = refusal(&config).await?;
    assert!(
        matches!(&refusal, Refusal::Unreachable(reason) if reason.contains("proxy") && reason.contains("407")),
        "{refusal:?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_wrong_name_or_password_is_refused_as_such() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for way in [Way::Tcp, Way::Tls, Way::SecureWebSocket] {
        let right = broker.config(way, "agent-7", "one")?;
        let wrong = Some(Password::from("guessed".to_owned()));
        for config in [
            Config {
                password: wrong.clone(),
                ..right.clone()
            },
            Config {
                password: None,
                ..right.clone()
            },
            Config {
                username: Some("nobody".to_owned()),
                ..right.clone()
            },
            Config {
                username: None,
                password: None,
                ..right.clone()
            },
        ] {
            assert_eq!(refusal(&config).await?, Refusal::Login, "{config:?}");
        }
    }
    Ok(())
}

#[tokio::test]
async fn an_authority_that_is_not_known_is_not_trusted() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let other = Broker::start(Setup::FORGETFUL).await?;
    for way in [Way::Tls, Way::SecureWebSocket] {
        let right = broker.config(way, "agent-7", "one")?;
        let of_another = Config {
            ca: Some(other.authority()),
            ..right.clone()
        };
        let of_the_system = Config { ca: None, ..right };
        for config in [of_another, of_the_system] {
            let refusal = refusal(&config).await?;
            assert!(
                matches!(&refusal, Refusal::Certificate(reason) if reason.contains("broker's")),
                "{refusal:?}"
            );
        }
    }
    Ok(())
}

#[tokio::test]
async fn a_certificate_for_another_name_is_not_accepted() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let address = format!("mqtts://127.0.0.2:{}", broker.socket(Way::Tls).port());
    let proxy = ConnectProxy::start_to("200 OK", broker.socket(Way::Tls).port()).await?;
    let config = Config {
        address: address.parse()?,
        ..proxy.before(broker.config(Way::Tls, "agent-7", "one")?)?
    };
    let refusal = refusal(&config).await?;
    assert!(matches!(&refusal, Refusal::Certificate(_)), "{refusal:?}");
    Ok(())
}

#[tokio::test]
async fn a_broker_that_wants_a_certificate_refuses_those_without() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let other = Broker::start(Setup::FORGETFUL).await?;
    let right = broker.config(Way::Certificate, "agent-7", "one")?;
    let none = Config {
        identity: None,
        ..right.clone()
    };
    let of_another = Config {
        identity: Some(other.identity("agent-7")?),
        ..right
    };
    for config in [none, of_another] {
        let refusal = refusal(&config).await?;
        assert!(
            matches!(&refusal, Refusal::Certificate(reason) if reason.contains("ours")),
            "{refusal:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn what_is_no_broker_is_told_of() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    for (speaking, at) in [
        (Way::Tls, Way::Tcp),
        (Way::Tcp, Way::Tls),
        (Way::WebSocket, Way::Tcp),
        (Way::Tcp, Way::WebSocket),
    ] {
        let config = broker.config_through(broker.socket(at), speaking, "agent-7", "one")?;
        let refusal = refusal(&config).await?;
        assert!(
            matches!(refusal, Refusal::Unreachable(_) | Refusal::Broker(_)),
            "{speaking:?} at {at:?}: {refusal:?}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn nobody_there_is_no_reason_to_give_up() -> Result<()> {
    let mut broker = Broker::start(Setup::FORGETFUL).await?;
    broker.stop()?;
    for way in [Way::Tcp, Way::Tls, Way::WebSocket, Way::SecureWebSocket] {
        let refusal = refusal(&broker.config(way, "agent-7", "one")?).await?;
        assert!(
            matches!(&refusal, Refusal::Unreachable(reason) if reason.contains("refused")),
            "{way:?}: {refusal:?}"
        );
    }
    let nowhere = Config {
        address: "mqtts://broker.invalid".parse()?,
        ..broker.config(Way::Tls, "agent-7", "one")?
    };
    let refusal = refusal(&nowhere).await?;
    assert!(matches!(refusal, Refusal::Unreachable(_)), "{refusal:?}");
    Ok(())
}

#[tokio::test]
async fn files_that_do_not_serve_are_named_before_anything_is_connected() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let config = broker.config(Way::Certificate, "agent-7", "one")?;
    let identity = broker.identity("agent-7")?;
    let gone = Config {
        ca: Some("/nowhere/ca.pem".into()),
        ..config.clone()
    };
    let empty = Config {
        ca: Some(identity.key.clone()),
        ..config.clone()
    };
    let mut swapped = identity.clone();
    swapped.key = broker.authority();
    let no_key = Config {
        identity: Some(swapped),
        ..config.clone()
    };
    let mut foreign = identity;
    foreign.key = broker.identity("agent-8")?.key;
    let not_its_key = Config {
        identity: Some(foreign),
        ..config
    };
    for (config, told) in [
        (gone, "/nowhere/ca.pem cannot be read"),
        (empty, "holds no certificate"),
        (no_key, "holds no private key"),
        (not_its_key, "agent-8.key"),
    ] {
        let error = Mqtt::new(&config).map(drop).unwrap_err();
        assert!(matches!(&error, ConfigError::Tls(_)), "{error:?}");
        assert!(error.to_string().contains(told), "{error}");
    }
    Ok(())
}

#[test]
fn the_open_way_to_another_machine_must_be_allowed() -> Result<()> {
    let exposed = Config {
        address: "mqtt://broker.example.com".parse()?,
        insecure: false,
        proxy: None,
        client_id: "one".to_owned(),
        username: None,
        password: None,
        ca: None,
        identity: None,
    };
    assert!(matches!(Mqtt::new(&exposed), Err(ConfigError::Exposed)));
    Mqtt::new(&Config {
        insecure: true,
        ..exposed
    })?;
    Ok(())
}

async fn goes_round(config: &Config) -> Result<()> {
    let mut client = Client::with(config, will("agent-7")).await??;
    client.subscribe("cc/v1/acme/agent-7/evt/#").await?;
    assert_eq!(
        client.publish(publication(EVENT, "hello")).await?,
        Outcome::Taken
    );
    assert_eq!(client.message().await?, publication(EVENT, "hello"));
    client.close().await
}

async fn refusal(config: &Config) -> Result<Refusal> {
    let connected = Client::with(config, will("agent-7")).await?;
    connected.err().context("it was accepted")
}

/// An HTTP proxy that gives the same answer to whoever says CONNECT, and serves one of them.
struct ConnectProxy {
    port: u16,
    serving: JoinHandle<Result<String>>,
}

impl ConnectProxy {
    async fn start(answer: &'static str) -> Result<Self> {
        Self::serve(answer, None).await
    }

    /// One that leads to this port of this machine, whatever it is asked for.
    async fn start_to(answer: &'static str, port: u16) -> Result<Self> {
        Self::serve(answer, Some(port)).await
    }

    async fn serve(answer: &'static str, port: Option<u16>) -> Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        Ok(Self {
            port: listener.local_addr()?.port(),
            serving: tokio::spawn(async move {
                let (client, _) = listener.accept().await?;
                let mut client = BufReader::new(client);
                let mut asked = String::new();
                client.read_line(&mut asked).await?;
                let mut line = String::new();
                while line != "\r\n" {
                    line.clear();
                    client.read_line(&mut line).await?;
                }
                client
                    .write_all(format!("HTTP/1.1 {answer}\r\n\r\n").as_bytes())
                    .await?;
                if answer.starts_with("200") {
                    let target = asked.split(' ').nth(1).context("a target")?;
                    let target = port.map_or(target.to_owned(), |it| format!("127.0.0.1:{it}"));
                    let mut broker = TcpStream::connect(target).await?;
                    copy_bidirectional(&mut client, &mut broker).await.ok();
                } else {
                    client.read_to_end(&mut Vec::new()).await?;
                }
                Ok(asked.trim_end().to_owned())
            }),
        })
    }

    fn before(&self, config: Config) -> Result<Config> {
        let proxy = Some(format!("http://127.0.0.1:{}", self.port).parse()?);
        Ok(Config { proxy, ..config })
    }

    /// What it was asked, once it has served.
    async fn asked(self) -> Result<String> {
        self.serving.await?
    }
}
