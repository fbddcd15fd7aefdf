//! A notification daemon that does as it is told and reports what it was asked.

use std::collections::HashMap;

use tokio::sync::mpsc::{self, UnboundedReceiver, UnboundedSender};
use zbus::{Connection, OwnedVariant, connection, interface, object_server::SignalEmitter};

const PATH: &str = "/org/freedesktop/Notifications";

/// What the phone asked of the daemon.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum Call {
    /// To show something, under this id.
    Notify {
        id: u32,
        replaces: u32,
        title: String,
        body: String,
        actions: Vec<String>,
        urgency: Option<u8>,
        category: Option<String>,
        timeout: i32,
    },
    /// To take it back.
    Close(u32),
}

/// A running daemon. Dropping it gives up its name, as a crash does.
pub(crate) struct Daemon {
    connection: Connection,
    calls: UnboundedReceiver<Call>,
}

struct Interface {
    capabilities: Vec<String>,
    next_id: u32,
    calls: UnboundedSender<Call>,
}

impl Daemon {
    /// Starts a daemon whose ids begin at 1, as every daemon's do.
    pub(crate) async fn start(capabilities: &[&str]) -> Self {
        let (report, calls) = mpsc::unbounded_channel();
        let interface = Interface {
            capabilities: capabilities.iter().map(|&name| name.to_owned()).collect(),
            next_id: 1,
            calls: report,
        };
        let connection = connection::Builder::session()
            .name("org.freedesktop.Notifications")
            .serve_at(PATH, interface)
            .build()
            .await
            .expect("the test's own bus has no notification daemon");
        Self { connection, calls }
    }

    /// The next thing that the phone asks.
    pub(crate) async fn call(&mut self) -> Call {
        self.calls.recv().await.expect("the daemon runs")
    }

    /// The id under which the phone shows its next notification.
    pub(crate) async fn notified(&mut self) -> u32 {
        match self.call().await {
            Call::Notify { id, .. } => id,
            other @ Call::Close(_) => panic!("expected a notification, not {other:?}"),
        }
    }

    /// Everything that the phone has asked until now.
    pub(crate) fn calls_so_far(&mut self) -> Vec<Call> {
        std::iter::from_fn(|| self.calls.try_recv().ok()).collect()
    }

    /// The person clicks.
    pub(crate) async fn click(&self, id: u32, action: &str) {
        Interface::action_invoked(&self.emitter(), id, action)
            .await
            .expect("the bus runs");
    }

    /// The person closes it (reason 2).
    pub(crate) async fn dismiss(&self, id: u32) {
        Interface::notification_closed(&self.emitter(), id, 2)
            .await
            .expect("the bus runs");
    }

    /// Dies, and returns when the bus knows it.
    pub(crate) async fn die(self) {
        self.connection
            .release_name("org.freedesktop.Notifications")
            .await
            .expect("the bus runs");
    }

    fn emitter(&self) -> SignalEmitter<'_> {
        SignalEmitter::new(&self.connection, PATH).expect("a valid path")
    }
}

#[interface(name = "org.freedesktop.Notifications")]
impl Interface {
    #[expect(
        clippy::too_many_arguments,
        reason = "the desktop's specification has these"
    )]
    fn notify(
        &mut self,
        _app: String,
        replaces: u32,
        _icon: String,
        title: String,
        body: String,
        actions: Vec<String>,
        hints: HashMap<String, OwnedVariant>,
        timeout: i32,
    ) -> u32 {
        let id = match replaces {
            0 => {
                self.next_id += 1;
                self.next_id - 1
            }
            id => id,
        };
        let hint = |name: &str| hints.get(name).cloned();
        self.report(Call::Notify {
            id,
            replaces,
            title,
            body,
            actions,
            urgency: hint("urgency").and_then(|value| value.try_into().ok()),
            category: hint("category").and_then(|value| value.try_into().ok()),
            timeout,
        });
        id
    }

    fn close_notification(&self, id: u32) {
        self.report(Call::Close(id));
    }

    fn get_capabilities(&self) -> Vec<String> {
        self.capabilities.clone()
    }

    fn get_server_information(&self) -> (String, String, String, String) {
        let version = || "1.2".to_owned();
        ("test".to_owned(), "test".to_owned(), version(), version())
    }

    #[zbus(signal)]
    async fn action_invoked(e: &SignalEmitter<'_>, id: u32, key: &str) -> zbus::Result<()>;

    #[zbus(signal)]
    async fn notification_closed(e: &SignalEmitter<'_>, id: u32, reason: u32) -> zbus::Result<()>;
}

impl Interface {
    fn report(&self, call: Call) {
        // A test that has seen enough has dropped its end.
        self.calls.send(call).ok();
    }
}
