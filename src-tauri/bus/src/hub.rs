//! The hub: a WebSocket server on 127.0.0.1 through which other programs of this machine join the bus.

mod admission;
mod close;
mod denied;
mod limits;
mod listen;
mod lock_out;
mod pairing;
mod reader;
mod registration;
mod roster;
mod session;
mod socket;
mod upgrade;

use std::{collections::BTreeMap, future::Future, sync::Arc};

use offhook_protocol::Access;
use thiserror::Error;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    task::JoinHandle,
    time::timeout,
};
use tokio_tungstenite::{
    accept_hdr_async_with_config,
    tungstenite::handshake::server::{Request, Response},
};
use tracing::{debug, info, warn};

pub use admission::Admission;
pub(crate) use registration::VERSION;
pub use roster::{Connected, Page, Pairing, Question, Roster};
pub(crate) use upgrade::{PATH, SUBPROTOCOL};

use crate::{Bus, Connection, Secret};
use lock_out::LockOut;
use roster::Reception;

/// How the hub is set up.
#[derive(Clone, Debug, Default)]
pub struct HubConfig {
    /// The TCP ports to try, one after the other; 0 is any that is free. If none can be had, the operating
    /// system chooses one.
    pub ports: Vec<u16>,
    /// The web pages that may join.
    pub admission: Admission,
}

/// Why the hub did not start.
#[derive(Debug, Error)]
pub enum HubError {
    /// No port can be had.
    #[error("cannot listen on 127.0.0.1: {0}")]
    Listen(std::io::Error),
    /// The operating system gave no random bytes.
    #[error("no random bytes for the secret: {0}")]
    Random(#[from] getrandom::Error),
}

/// A running hub. It closes when it is dropped, and with [`close`](Self::close) it says when it has.
#[derive(Debug)]
pub struct Hub {
    connection: Connection,
    lobby: Lobby,
    expected: bool,
    /// Dropping it ends every connection.
    closing: watch::Sender<()>,
    accepting: Option<JoinHandle<()>>,
}

/// What every connection needs.
#[derive(Clone, Debug)]
pub(crate) struct Lobby {
    bus: Bus,
    /// What programs prove that they know.
    secret: Secret,
    port: u16,
    reception: Reception,
    lock_out: LockOut,
    /// Leave to be on the way to be registered, and for pages that nobody knows leave beside it.
    unregistered: Arc<Semaphore>,
    strangers: Arc<Semaphore>,
    /// Changes once: when the hub closes.
    closing: watch::Receiver<()>,
}

impl Hub {
    /// Starts a hub with a new secret. Must be called within a tokio runtime. Web pages are let in once
    /// it has [the installation's key](Self::know).
    ///
    /// # Errors
    ///
    /// [`HubError`].
    pub async fn start(bus: Bus, config: HubConfig) -> Result<Self, HubError> {
        let listener = listen::bind(&config.ports)
            .await
            .map_err(HubError::Listen)?;
        let port = listener.local_addr().map_err(HubError::Listen)?.port();
        let mut hub = Self::without_listener(bus, config.admission, port)?;
        hub.expected = config.ports.contains(&port);
        match hub.expected || config.ports.contains(&0) {
            true => info!(port, "the hub listens"),
            false => warn!(port, ports = ?config.ports, "the hub listens elsewhere: all are taken"),
        }
        hub.accepting = Some(tokio::spawn(listen::accept(listener, hub.lobby.clone())));
        Ok(hub)
    }

    /// A hub that does not listen by itself: whoever accepts connections to this port hands them to
    /// [`serve`](Self::serve). For networks that are not the operating system's.
    ///
    /// # Errors
    ///
    /// [`HubError::Random`].
    pub fn without_listener(bus: Bus, admission: Admission, port: u16) -> Result<Self, HubError> {
        let secret = Secret::random()?;
        let connection = Connection {
            url: format!("ws://127.0.0.1:{port}{PATH}"),
            secret: secret.clone(),
            pid: std::process::id(),
        };
        let (closing, closes) = watch::channel(());
        Ok(Self {
            connection,
            lobby: Lobby {
                bus,
                secret,
                port,
                reception: Reception::new(admission),
                lock_out: LockOut::default(),
                unregistered: Arc::new(Semaphore::new(limits::UNREGISTERED)),
                strangers: Arc::new(Semaphore::new(limits::STRANGERS)),
                closing: closes,
            },
            expected: false,
            closing,
            accepting: None,
        })
    }

    /// Serves one connection until it ends, as if the hub had accepted it.
    pub fn serve<S>(&self, stream: S) -> impl Future<Output = ()> + Send + use<S>
    where
        S: AsyncRead + AsyncWrite + Unpin + Send,
    {
        let lobby = self.lobby.clone();
        async move {
            let permit = Arc::clone(&lobby.unregistered).acquire_owned().await;
            if let Ok(permit) = permit {
                open(stream, lobby, permit).await;
            }
        }
    }

    /// What an app must know to join: what belongs into the [`ConnectionFile`](crate::ConnectionFile).
    pub fn connection(&self) -> &Connection {
        &self.connection
    }

    /// The TCP port that it listens on.
    pub fn port(&self) -> u16 {
        self.lobby.port
    }

    /// Whether that is one of the ports that it was to try, so that web pages can find it.
    pub fn is_where_expected(&self) -> bool {
        self.expected
    }

    /// The address, e.g. `ws://127.0.0.1:49152/v1`.
    pub fn url(&self) -> &str {
        &self.connection.url
    }

    /// Who may join, who has joined and who asks to. Tells of every change.
    pub fn watch(&self) -> watch::Receiver<Roster> {
        self.lobby.reception.watch()
    }

    /// Lets web pages in: with the installation's key, which their secrets are derived from, and the
    /// pages that have been paired before.
    pub fn know(&self, key: Secret, pairings: BTreeMap<Page, Pairing>) {
        self.lobby.reception.know(key, pairings);
    }

    /// Changes which web pages may join. Pages that may no longer join, or may do something else than
    /// they were granted, are disconnected.
    pub fn admit(&self, admission: Admission) {
        self.lobby.reception.admit(admission);
    }

    /// Answers a question: this access, or no. Nothing happens if it waits no more.
    pub fn answer(&self, question: u64, access: Option<Access>) {
        self.lobby.reception.answer(question, access);
    }

    /// Changes what a paired page may do at most. If that changes what it was granted, it is disconnected.
    pub fn limit(&self, page: &Page, access: Access) {
        self.lobby.reception.limit(page, access);
    }

    /// Forgets a paired page, and disconnects it.
    pub fn revoke(&self, page: &Page) {
        self.lobby.reception.revoke(page);
    }

    /// Closes every connection, and returns when all that it accepted have gone: after two seconds at
    /// most.
    pub async fn close(self) {
        drop(self.closing);
        if let Some(accepting) = self.accepting
            && let Err(error) = accepting.await
        {
            warn!(%error, "the hub ended badly");
        }
    }
}

/// Serves a connection from its first byte.
async fn open<S>(stream: S, lobby: Lobby, permit: OwnedSemaphorePermit)
where
    S: AsyncRead + AsyncWrite + Unpin + Send,
{
    let mut origin = None;
    #[expect(clippy::result_large_err, reason = "the library's signature")]
    let checked = |request: &Request, response: Response| {
        let roster = lobby.reception.look();
        origin = upgrade::check(request, lobby.port, &roster).map_err(|refusal| {
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
