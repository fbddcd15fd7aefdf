//! MQTT 5 brokers, over TCP, TLS or WebSocket, through an HTTP proxy if need be.
//!
//! Each connection is a client of its own: clean start, nothing left at the broker when it ends, and no
//! reconnection behind our back. When to connect again is decided elsewhere, without IO.

mod connection;
mod failure;
mod tls;

use std::{fmt, path::PathBuf, sync::Arc, time::Duration};

use rumqttc::{
    AsyncClient, Broker, ConnectAuth, Event, EventLoop, Incoming, LastWill, MqttOptions,
    NetworkOptions, OptionError, Proxy, ProxyAuth, ProxyType, QoS, TlsConfiguration,
    Transport as Below,
};
use rustls::ClientConfig;
use thiserror::Error;

pub use connection::MqttConnection;
pub use tls::{Identity, TlsError};

use crate::{
    Publication, Refusal, Transport,
    address::{Address, ProxyAddress, Scheme},
};

/// In seconds. A broker that hears nothing for one and a half of these publishes the will. One that asks
/// for a longer time is heard from no less often, for its silence is what tells that it is gone.
const KEEP_ALIVE: u16 = 15;
/// The largest packet that is accepted, in bytes.
const LARGEST_PACKET: u32 = 256 * 1024;
/// What one side may send before the other has acknowledged it.
const UNACKNOWLEDGED: u16 = 100;
/// What may wait to be sent. An agent says a few things in a second.
const QUEUE: usize = 1_000;
/// Whoever connects sets the deadline; this one is only longer than any.
const NO_DEADLINE: Duration = Duration::from_secs(600);

/// How a broker is reached, and as whom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Config {
    /// Where it is.
    pub address: Address,
    /// An address that is neither encrypted nor on this machine is accepted.
    pub insecure: bool,
    /// The proxy on the way.
    pub proxy: Option<ProxyAddress>,
    /// The name of the connection. Whoever connects later under the same name takes over.
    pub client_id: String,
    /// The name to log in with.
    pub username: Option<String>,
    /// The password or token to log in with.
    pub password: Option<Password>,
    /// PEM file with the only authorities to trust; the system's own if absent.
    pub ca: Option<PathBuf>,
    /// Our certificate.
    pub identity: Option<Identity>,
}

/// A password or token. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Password(String);

impl From<String> for Password {
    fn from(password: String) -> Self {
        Self(password)
    }
}

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("‹password›")
    }
}

/// Why a configuration cannot be used. Trying again does not help.
#[derive(Debug, Error)]
pub enum ConfigError {
    /// Everybody on the way could listen.
    #[error("the way to the broker is not encrypted")]
    Exposed,
    /// A certificate or key cannot be used.
    #[error(transparent)]
    Tls(#[from] TlsError),
    /// The address cannot be used for WebSocket.
    #[error("the broker's address cannot be used: {0}")]
    Address(OptionError),
}

/// The way to an MQTT 5 broker.
#[derive(Clone)]
pub struct Mqtt {
    options: MqttOptions,
}

impl Mqtt {
    /// Reads the certificates; connects to nothing.
    ///
    /// # Errors
    ///
    /// [`ConfigError`].
    pub fn new(config: &Config) -> Result<Self, ConfigError> {
        if config.address.is_exposed() && !config.insecure {
            return Err(ConfigError::Exposed);
        }
        let tls = || tls::configure(config.ca.as_deref(), config.identity.as_ref());
        let mut options = match config.address.scheme {
            Scheme::Mqtt => over_tcp(config, Below::tcp()),
            Scheme::Mqtts => over_tcp(config, Below::tls_with_config(rustls_only(tls()?))),
            Scheme::Ws => MqttOptions::new(
                &config.client_id,
                Broker::websocket(config.address.url()).map_err(ConfigError::Address)?,
            ),
            Scheme::Wss => MqttOptions::websocket_with_tls_config(
                &config.client_id,
                config.address.url(),
                rustls_only(tls()?),
            )
            .map_err(ConfigError::Address)?,
        };
        set_network(&mut options, config.proxy.as_ref());
        set_session(&mut options);
        set_login(&mut options, config);
        Ok(Self { options })
    }

    /// The same way, for a connection of this name.
    pub fn named(&self, client_id: &str) -> Self {
        let mut options = self.options.clone();
        options.set_client_id(client_id.to_owned());
        Self { options }
    }
}

impl Transport for Mqtt {
    type Connection = MqttConnection;

    async fn connect(&mut self, will: Option<Publication>) -> Result<MqttConnection, Refusal> {
        let mut options = self.options.clone();
        if let Some(will) = will {
            options.set_last_will(last_will(will));
        }
        let (client, mut events) = AsyncClient::builder(options).capacity(QUEUE).build();
        let largest = accepted(&mut events).await?;
        Ok(MqttConnection::new(client, events, largest))
    }
}

/// Waits until the broker has accepted; returns the largest packet it takes.
async fn accepted(events: &mut EventLoop) -> Result<Option<u32>, Refusal> {
    loop {
        match events.poll().await {
            Ok(Event::Incoming(Incoming::ConnAck(ack))) => {
                if events.options.keep_alive() > Duration::from_secs(KEEP_ALIVE.into()) {
                    events.options.set_keep_alive(KEEP_ALIVE);
                }
                return Ok(ack.properties.and_then(|it| it.max_packet_size));
            }
            Ok(_) => {}
            Err(error) => return Err(failure::refusal(&error)),
        }
    }
}

fn over_tcp(config: &Config, below: Below) -> MqttOptions {
    let broker = Broker::tcp(&config.address.host, config.address.port);
    let mut options = MqttOptions::new(&config.client_id, broker);
    options.set_transport(below);
    options
}

fn rustls_only(config: Arc<ClientConfig>) -> TlsConfiguration {
    TlsConfiguration::Rustls(config)
}

fn set_network(options: &mut MqttOptions, proxy: Option<&ProxyAddress>) {
    let mut network = NetworkOptions::new();
    // Without it an acknowledgement waits for the other side's, 40 ms and more at each turn.
    network.set_tcp_nodelay(true);
    options.set_network_options(network);
    options.set_connect_timeout(NO_DEADLINE);
    if let Some(proxy) = proxy {
        options.set_proxy(Proxy {
            ty: ProxyType::Http,
            auth: ProxyAuth::None,
            addr: proxy.host.clone(),
            port: proxy.port,
        });
    }
}

fn set_session(options: &mut MqttOptions) {
    options.set_keep_alive(KEEP_ALIVE);
    options.set_clean_start(true);
    options.set_session_expiry_interval(Some(0));
    options.set_receive_maximum(Some(UNACKNOWLEDGED));
    // The library keeps room for as many, 65,535 if nothing is said: 10 MB.
    options.set_outgoing_inflight_upper_limit(UNACKNOWLEDGED);
    options.set_max_packet_size(Some(LARGEST_PACKET));
}

fn set_login(options: &mut MqttOptions, config: &Config) {
    let password = config.password.as_ref().map(|it| it.0.clone());
    options.set_auth(match (config.username.clone(), password) {
        (Some(username), Some(password)) => ConnectAuth::UsernamePassword {
            username,
            password: password.into(),
        },
        (Some(username), None) => ConnectAuth::Username { username },
        (None, Some(password)) => ConnectAuth::Password {
            password: password.into(),
        },
        (None, None) => ConnectAuth::None,
    });
}

fn last_will(will: Publication) -> LastWill {
    let Publication {
        topic,
        payload,
        retain,
        ..
    } = will;
    LastWill::new(topic, payload, QoS::AtLeastOnce, retain, None)
}

#[cfg(test)]
mod tests {
    use std::{
        io::{self, Write},
        net::TcpListener,
        thread,
    };

    use super::*;

    /// The port of a broker that accepts one connection, and asks for this many seconds of keep-alive.
    fn asking_for(keep_alive: u8) -> u16 {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let port = listener.local_addr().unwrap().port();
        thread::spawn(move || {
            let (mut stream, _) = listener.accept().unwrap();
            // CONNACK: no session, success, and three bytes of properties: the server's keep-alive.
            stream
                .write_all(&[0x20, 6, 0, 0, 3, 0x13, 0, keep_alive])
                .unwrap();
            // Until the other side has closed.
            io::copy(&mut stream, &mut io::sink()).unwrap();
        });
        port
    }

    #[tokio::test]
    async fn a_broker_may_shorten_the_keep_alive_but_not_stretch_it() {
        for (asked, kept) in [(30, 15), (5, 5)] {
            let config = Config {
                address: format!("mqtt://127.0.0.1:{}", asking_for(asked))
                    .parse()
                    .unwrap(),
                insecure: false,
                proxy: None,
                client_id: "test".to_owned(),
                username: None,
                password: None,
                ca: None,
                identity: None,
            };
            let options = Mqtt::new(&config).unwrap().options;
            let (_client, mut events) = AsyncClient::builder(options).capacity(1).build();
            accepted(&mut events).await.unwrap();
            assert_eq!(events.options.keep_alive(), Duration::from_secs(kept));
        }
    }
}
