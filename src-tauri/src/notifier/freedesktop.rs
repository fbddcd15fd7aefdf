//! Notifications over D-Bus (`org.freedesktop.Notifications`).
//!
//! notify-rust shows a notification and listens to it, on one connection: some desktops send the
//! click only to the connection that showed it, and close what a vanished connection had shown. Its
//! blocking `wait_for_action` is not used, because it keeps its thread for ever when the daemon
//! dies, and because ids start again with the next daemon, so that it would take a click on somebody
//! else's notification for its own. Here each listener is a task that is dropped with its
//! notification, and a click counts only while the daemon that showed the notification still owns
//! its name on the bus.

use std::{collections::BTreeMap, sync::Arc, time::Duration};

use futures_lite::StreamExt;
use notify_rust::{Hint, NotificationHandle, NotificationResponse, Urgency};
use offhook_core::{Intent, Notification, NotificationKey};
use tokio::{
    sync::mpsc::UnboundedReceiver,
    task::{AbortHandle, JoinSet},
    time::timeout,
};
use zbus::{
    fdo::{DBusProxy, NameOwnerChanged},
    names::{BusName, OwnedUniqueName},
};

use super::{Order, banner, intent};

const DAEMON: &str = "org.freedesktop.Notifications";
const DAEMON_PATH: &str = "/org/freedesktop/Notifications";

/// How long a daemon may take to answer before it counts as missing.
const PATIENCE: Duration = Duration::from_secs(2);

/// Carries out orders until their sender is gone.
pub(super) async fn run(mut orders: UnboundedReceiver<Order>, ask: impl Fn(Intent) + Send + Sync) {
    let mut desktop = match Desktop::connect().await {
        Ok(desktop) => desktop,
        Err(error) => {
            tracing::debug!(%error, "no session bus: there will be no notifications");
            return;
        }
    };
    loop {
        // The daemon's coming and going is looked at first, so that no order reaches a daemon that
        // is known to be gone.
        tokio::select! {
            biased;
            Some(change) = desktop.owners.next() => desktop.daemon_changed(&change).await,
            Some(answer) = desktop.listeners.join_next() => {
                // An error is a listener that was dropped with its notification.
                if let Ok(answer) = answer
                    && let Some(intent) = desktop.answered(answer).await
                {
                    ask(intent);
                }
            }
            order = orders.recv() => match order {
                Some(order) => desktop.carry_out(order).await,
                None => break,
            },
        }
    }
}

/// The notification daemon of this session, and what it should be showing.
struct Desktop {
    bus: DBusProxy<'static>,
    owners: zbus::fdo::NameOwnerChangedStream,
    banners: BTreeMap<NotificationKey, Banner>,
    listeners: JoinSet<Answer>,
}

/// A notification that should be on the screen, and is if there is a daemon.
struct Banner {
    notification: Notification,
    shown: Option<Shown>,
}

/// A notification on the screen.
struct Shown {
    handle: Arc<NotificationHandle>,
    daemon: Daemon,
    listener: AbortHandle,
}

/// One run of a notification daemon.
#[derive(Clone)]
struct Daemon {
    owner: OwnedUniqueName,
    actions: bool,
    markup: bool,
}

/// What came back from one notification; no response if the bus went away.
struct Answer {
    key: NotificationKey,
    id: u32,
    response: Option<NotificationResponse>,
}

impl Desktop {
    async fn connect() -> zbus::Result<Self> {
        let connection = zbus::Connection::session().await?;
        let bus = DBusProxy::new(&connection).await?;
        let owners = bus
            .receive_name_owner_changed_with_args(&[(0, DAEMON)])
            .await?;
        Ok(Self {
            bus,
            owners,
            banners: BTreeMap::new(),
            listeners: JoinSet::new(),
        })
    }

    async fn carry_out(&mut self, order: Order) {
        match order {
            Order::Show(notification) => self.show(notification).await,
            Order::Withdraw(key) => self.withdraw(&key).await,
            Order::WithdrawAll(done) => {
                while let Some((key, _)) = self.banners.first_key_value() {
                    let key = key.clone();
                    self.withdraw(&key).await;
                }
                // Whoever asked may have stopped waiting.
                done.send(()).ok();
            }
        }
    }

    async fn show(&mut self, notification: Notification) {
        let replaced = self
            .banners
            .remove(&notification.key)
            .and_then(|banner| banner.shown);
        let shown = match timeout(PATIENCE, self.raise(&notification, replaced)).await {
            Ok(Ok(shown)) => Some(shown),
            Ok(Err(error)) => {
                tracing::debug!(%error, "the notification could not be shown");
                None
            }
            Err(_) => {
                tracing::debug!("the notification daemon does not answer");
                None
            }
        };
        let banner = Banner {
            notification,
            shown,
        };
        self.banners.insert(banner.notification.key.clone(), banner);
    }

    async fn raise(
        &mut self,
        notification: &Notification,
        replaced: Option<Shown>,
    ) -> Result<Shown, Box<dyn std::error::Error + Send + Sync>> {
        let daemon = self.daemon().await?;
        let body = match daemon.markup {
            true => escape_markup(notification.body.reveal()),
            false => notification.body.reveal().to_owned(),
        };
        let mut banner = banner(notification, &body, daemon.actions);
        decorate(&mut banner, &notification.key);
        if let Some(replaced) = &replaced {
            replaced.listener.abort();
            banner.id(replaced.handle.id());
        }
        let handle = Arc::new(banner.show_async().await?);
        let listener = self
            .listeners
            .spawn(listen(notification.key.clone(), Arc::clone(&handle)));
        Ok(Shown {
            handle,
            daemon,
            listener,
        })
    }

    /// The daemon that runs now; the bus starts one if it can.
    async fn daemon(&self) -> zbus::Result<Daemon> {
        let capabilities: Vec<String> = self
            .bus
            .inner()
            .connection()
            .call_method(
                Some(DAEMON),
                DAEMON_PATH,
                Some(DAEMON),
                "GetCapabilities",
                &(),
            )
            .await?
            .body()
            .deserialize()?;
        let can = |name: &str| capabilities.iter().any(|capability| capability == name);
        Ok(Daemon {
            owner: self.owner().await?,
            actions: can("actions"),
            markup: can("body-markup"),
        })
    }

    async fn owner(&self) -> zbus::fdo::Result<OwnedUniqueName> {
        self.bus
            .get_name_owner(BusName::from_static_str(DAEMON)?)
            .await
    }

    async fn runs(&self, daemon: &Daemon) -> bool {
        self.owner().await.is_ok_and(|owner| owner == daemon.owner)
    }

    async fn withdraw(&mut self, key: &NotificationKey) {
        let Some(Shown {
            handle,
            daemon,
            listener,
        }) = self.banners.remove(key).and_then(|banner| banner.shown)
        else {
            return;
        };
        listener.abort();
        let close = async {
            // Another daemon may have given the same id to somebody else's notification.
            if self.runs(&daemon).await {
                handle.close_async().await;
            }
        };
        if timeout(PATIENCE, close).await.is_err() {
            tracing::debug!("the notification daemon does not answer");
        }
    }

    /// Notifications go with their daemon. The next one is given those that are still wanted.
    async fn daemon_changed(&mut self, change: &NameOwnerChanged) {
        let Ok(args) = change.args() else { return };
        let owner = args.new_owner().as_ref();
        let mut orphans = Vec::new();
        for banner in self.banners.values_mut() {
            // A daemon that was started by showing something is known already.
            let there = |shown: &Shown| Some(shown.daemon.owner.inner()) == owner;
            if banner.shown.as_ref().is_some_and(there) {
                continue;
            }
            if let Some(gone) = banner.shown.take() {
                gone.listener.abort();
            }
            orphans.push(banner.notification.clone());
        }
        if owner.is_some() {
            for notification in orphans {
                self.show(notification).await;
            }
        }
    }

    async fn answered(&mut self, answer: Answer) -> Option<Intent> {
        let shown = self.banners.get(&answer.key)?.shown.as_ref()?;
        if shown.handle.id() != answer.id || !self.runs(&shown.daemon).await {
            return None;
        }
        let intent = intent(&answer.key, &answer.response?, shown.daemon.actions);
        // Some daemons leave a notification on the screen after a click on it.
        self.withdraw(&answer.key).await;
        intent
    }
}

async fn listen(key: NotificationKey, handle: Arc<NotificationHandle>) -> Answer {
    let mut response = None;
    handle
        .wait_for_action_async(|given: &NotificationResponse| response = Some(given.clone()))
        .await;
    Answer {
        key,
        id: handle.id(),
        response,
    }
}

fn decorate(banner: &mut notify_rust::Notification, key: &NotificationKey) {
    match key {
        NotificationKey::Ringing(_) => banner
            .icon("call-start")
            .urgency(Urgency::Critical)
            .hint(Hint::Category("call.incoming".to_owned())),
        NotificationKey::Missed(_) => banner
            .icon("call-stop")
            .hint(Hint::Category("call.unanswered".to_owned())),
        NotificationKey::Failure | NotificationKey::SetUp => banner.icon("dialog-error"),
    };
}

/// A daemon that reads markup would swallow what stands in angle brackets.
fn escape_markup(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
}
