//! A notification daemon that remembers what it was told, and can do all that makes real ones hard
//! to live with: die, come back with the same ids, have no buttons.

use std::{
    collections::HashMap,
    sync::{Arc, Mutex, PoisonError},
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use tokio::time::sleep;
use zbus::{Connection, OwnedVariant, connection, interface, object_server::SignalEmitter};

use crate::wait::{holds, until};

const PATH: &str = "/org/freedesktop/Notifications";
const NAME: &str = "org.freedesktop.Notifications";

/// Reasons of `NotificationClosed`, as specified.
const DISMISSED: u32 = 2;
const CLOSED_BY_CALL: u32 = 3;

/// How long a person waits before pressing once more.
const AGAIN: Duration = Duration::from_millis(200);

/// The daemon.
#[derive(Debug)]
pub struct Notifications {
    address: String,
    raised: Arc<Mutex<Vec<Raised>>>,
    connection: Mutex<Option<Connection>>,
}

/// A notification that was raised.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Raised {
    /// What the daemon calls it. Used again after a restart.
    pub id: u32,
    /// First line.
    pub summary: String,
    /// The rest.
    pub body: String,
    /// Keys of the actions: `answer`, `reject`, `default`.
    pub actions: Vec<String>,
    /// When the call came in.
    pub at: Instant,
    /// Still on the screen.
    pub shown: bool,
}

impl Notifications {
    /// Takes the daemon's name on a bus.
    pub(crate) async fn start(address: &str) -> Result<Self> {
        let daemon = Self {
            address: address.to_owned(),
            raised: Arc::default(),
            connection: Mutex::new(None),
        };
        daemon.come_back(&["actions", "body"]).await?;
        Ok(daemon)
    }

    /// Everything that was raised, oldest first, over all lives of the daemon.
    pub fn raised(&self) -> Vec<Raised> {
        lock(&self.raised).clone()
    }

    /// What is on the screen.
    pub fn shown(&self) -> Vec<Raised> {
        self.raised()
            .into_iter()
            .filter(|raised| raised.shown)
            .collect()
    }

    /// The person presses a button, or the notification itself (`default`).
    pub async fn press(&self, id: u32, action: &str) -> Result<()> {
        let daemon = self.interface().await?;
        Ok(Daemon::action_invoked(daemon.signal_emitter(), id, action).await?)
    }

    /// The same again and again until the notification goes: who has only just shown it may not listen yet
    /// to what becomes of it.
    pub async fn press_until_gone(&self, id: u32, action: &str) -> Result<()> {
        until("the notification to go", async || {
            self.press(id, action).await?;
            sleep(AGAIN).await;
            Ok(holds(self.shown().iter().all(|shown| shown.id != id)))
        })
        .await
    }

    /// The person waves it away.
    pub async fn dismiss(&self, id: u32) -> Result<()> {
        let daemon = self.interface().await?;
        daemon.get().await.take_down(id);
        Ok(Daemon::notification_closed(daemon.signal_emitter(), id, DISMISSED).await?)
    }

    /// Dies without a word; nothing of it stays on the screen.
    pub async fn die(&self) -> Result<()> {
        let connection = lock(&self.connection).take();
        for raised in lock(&self.raised).iter_mut() {
            raised.shown = false;
        }
        Ok(connection.context("it is dead already")?.close().await?)
    }

    /// Comes back to life, and counts its ids from 1 again. Without `actions` it shows no buttons.
    pub async fn come_back(&self, capabilities: &[&str]) -> Result<()> {
        self.live(capabilities, 0).await
    }

    /// As [`come_back`](Self::come_back), and another program is the first to show something: that gets
    /// the first id.
    pub async fn come_back_for_another(&self, capabilities: &[&str]) -> Result<()> {
        self.live(capabilities, 1).await
    }

    async fn live(&self, capabilities: &[&str], last_id: u32) -> Result<()> {
        let daemon = Daemon {
            last_id,
            capabilities: capabilities.iter().map(|name| (*name).to_owned()).collect(),
            raised: Arc::clone(&self.raised),
        };
        let connection = connection::Builder::address(self.address.as_str())
            .serve_at(PATH, daemon)
            .name(NAME)
            .build()
            .await?;
        *lock(&self.connection) = Some(connection);
        Ok(())
    }

    async fn interface(&self) -> Result<zbus::object_server::InterfaceRef<Daemon>> {
        let connection = lock(&self.connection)
            .clone()
            .context("the daemon is dead")?;
        Ok(connection.object_server().interface(PATH).await?)
    }
}

struct Daemon {
    last_id: u32,
    capabilities: Vec<String>,
    raised: Arc<Mutex<Vec<Raised>>>,
}

impl Daemon {
    /// Whether it was on the screen.
    fn take_down(&self, id: u32) -> bool {
        let mut raised = lock(&self.raised);
        match raised
            .iter_mut()
            .find(|raised| raised.shown && raised.id == id)
        {
            Some(raised) => std::mem::replace(&mut raised.shown, false),
            None => false,
        }
    }
}

#[interface(name = "org.freedesktop.Notifications")]
impl Daemon {
    #[expect(clippy::too_many_arguments, reason = "so it is specified")]
    fn notify(
        &mut self,
        _app_name: String,
        replaces_id: u32,
        _app_icon: String,
        summary: String,
        body: String,
        actions: Vec<String>,
        _hints: HashMap<String, OwnedVariant>,
        _expire_timeout: i32,
    ) -> u32 {
        let id = match self.take_down(replaces_id) {
            true => replaces_id,
            false => {
                self.last_id += 1;
                self.last_id
            }
        };
        // Keys and labels take turns.
        let actions = actions.into_iter().step_by(2).collect();
        lock(&self.raised).push(Raised {
            id,
            summary,
            body,
            actions,
            at: Instant::now(),
            shown: true,
        });
        id
    }

    async fn close_notification(
        &self,
        id: u32,
        #[zbus(signal_emitter)] emitter: SignalEmitter<'_>,
    ) -> zbus::fdo::Result<()> {
        if self.take_down(id) {
            Self::notification_closed(&emitter, id, CLOSED_BY_CALL).await?;
        }
        Ok(())
    }

    fn get_capabilities(&self) -> Vec<String> {
        self.capabilities.clone()
    }

    fn get_server_information(&self) -> (&str, &str, &str, &str) {
        ("Offhook tests", "Offhook", env!("CARGO_PKG_VERSION"), "1.2")
    }

    #[zbus(signal)]
    async fn action_invoked(emitter: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(
        emitter: &SignalEmitter<'_>,
        id: u32,
        reason: u32,
    ) -> zbus::Result<()>;
}

/// A test that failed while it held the lock has left whole data behind.
fn lock<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
