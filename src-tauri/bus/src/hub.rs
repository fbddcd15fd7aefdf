//! The hub: a WebSocket server on 127.0.0.1 through which other programs of this machine join the bus.

mod apps;
mod close;
mod limits;
mod origins;
mod reader;
mod registration;
mod session;
mod socket;
mod upgrade;

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use thiserror::Error;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::{JoinHandle, JoinSet},
    time::{sleep, timeout},
};
use tokio_tungstenite::{
    accept_hdr_async_with_config,
    tungstenite::handshake::server::{Request, Response},
};
use tracing::{debug, info, warn};

pub use origins::Origins;
pub(crate) use registration::VERSION;
pub(crate) use upgrade::{PATH, SUBPROTOCOL};

use crate::{Bus, Connection, Secret};
use apps::Apps;

/// How the hub is set up.
#[derive(Clone, Debug, Default)]
pub struct HubConfig {
    /// The TCP port; 0 lets the operating system choose one.
    pub port: u16,
    /// The web origins that may join.
    pub origins: Origins,
}

/// Why the hub did not start.
#[derive(Debug, Error)]
pub enum HubError {
    /// The port cannot be had.
    #[error("cannot listen on 127.0.0.1:{port}: {error}")]
    Listen {
        /// The port that was asked for.
        port: u16,
        /// The operating system's reason.
        error: std::io::Error,
    },
    /// The operating system gave no random bytes.
    #[error("no random bytes for the secret: {0}")]
    Random(#[from] getrandom::Error),
}

/// A running hub. It closes when it is dropped, and with [`close`](Self::close) it says when it has.
#[derive(Debug)]
pub struct Hub {
    connection: Connection,
    port: u16,
    origins: watch::Sender<Origins>,
    /// Dropping it ends every connection.
    closing: watch::Sender<()>,
    accepting: JoinHandle<()>,
}

/// What every connection needs.
#[derive(Clone)]
pub(crate) struct Lobby {
    bus: Bus,
    secret: Secret,
    port: u16,
    apps: Apps,
    origins: watch::Receiver<Origins>,
    /// Changes once: when the hub closes.
    closing: watch::Receiver<()>,
}

impl Hub {
    /// Starts a hub with a new secret. Must be called within a tokio runtime.
    ///
    /// # Errors
    ///
    /// [`HubError`].
    pub async fn start(bus: Bus, config: HubConfig) -> Result<Self, HubError> {
        let HubConfig { port, origins } = config;
        let failed = |error| HubError::Listen { port, error };
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port))
            .await
            .map_err(failed)?;
        let port = listener.local_addr().map_err(failed)?.port();
        let secret = Secret::random()?;
        let connection = Connection {
            url: format!("ws://127.0.0.1:{port}{PATH}"),
            secret: secret.clone(),
            pid: std::process::id(),
        };
        let (origins, listed) = watch::channel(origins);
        let (closing, closes) = watch::channel(());
        let lobby = Lobby {
            bus,
            secret,
            port,
            apps: Apps::default(),
            origins: listed,
            closing: closes,
        };
        info!(port, "the hub listens");
        Ok(Self {
            connection,
            port,
            origins,
            closing,
            accepting: tokio::spawn(accept(listener, lobby)),
        })
    }

    /// What an app must know to join: what belongs into the [`ConnectionFile`](crate::ConnectionFile).
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The TCP port that it listens on.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The address, e.g. `ws://127.0.0.1:49152/v1`.
    pub fn url(&self) -> &str {
        &self.connection.url
    }

    /// Replaces the list of web origins. Pages whose origin is no longer listed, or may do less than
    /// they were granted, are disconnected.
    pub fn set_allowed_origins(&self, origins: Origins) {
        self.origins.send_replace(origins);
    }

    /// Closes every connection, and returns when all have gone: after two seconds at most.
    pub async fn close(self) {
        drop(self.closing);
        if let Err(error) = self.accepting.await {
            warn!(%error, "the hub ended badly");
        }
    }
}

async fn accept(listener: TcpListener, lobby: Lobby) {
    let unregistered = Arc::new(Semaphore::new(limits::UNREGISTERED));
    let mut closing = lobby.closing.clone();
    let mut connections = JoinSet::new();
    loop {
        tokio::select! {
            Some((stream, permit)) = next(&listener, &unregistered) => {
                connections.spawn(open(stream, lobby.clone(), permit));
            }
            Some(_) = connections.join_next() => {}
            _ = closing.changed() => break,
        }
    }
    drop(listener);
    while connections.join_next().await.is_some() {}
}

/// The next connection, once few enough others are on their way to be registered.
async fn next(
    listener: &TcpListener,
    unregistered: &Arc<Semaphore>,
) -> Option<(TcpStream, OwnedSemaphorePermit)> {
    let permit = Arc::clone(unregistered).acquire_owned().await.ok()?;
    loop {
        match listener.accept().await {
            Ok((stream, _)) => return Some((stream, permit)),
            Err(error) => {
                // Out of files, most likely: that passes when some connection ends.
                warn!(%error, "cannot accept a connection");
                sleep(Duration::from_millis(100)).await;
            }
        }
    }
}

async fn open(stream: TcpStream, lobby: Lobby, permit: OwnedSemaphorePermit) {
    if let Err(error) = stream.set_nodelay(true) {
        debug!(%error, "no TCP_NODELAY");
    }
    let mut origin = None;
    #[expect(clippy::result_large_err, reason = "the library's signature")]
    let checked = |request: &Request, response: Response| {
        origin =
            upgrade::check(request, lobby.port, &lobby.origins.borrow()).map_err(|refusal| {
                info!(?refusal, "refused a connection");
                refusal.response()
            })?;
        Ok(upgrade::accept(response))
    };
    let upgraded = accept_hdr_async_with_config(stream, checked, Some(socket::config()));
    let mut closing = lobby.closing.clone();
    let upgraded = tokio::select! {
        upgraded = timeout(limits::UPGRADE, upgraded) => upgraded,
        _ = closing.changed() => return,
    };
    match upgraded {
        Ok(Ok(stream)) => session::serve(stream, origin, lobby, permit).await,
        Ok(Err(_)) => debug!("a connection that is no WebSocket of ours"),
        Err(_) => debug!("a connection that did not become a WebSocket in time"),
    }
}
