//! Notifications of the operating system: raised, answered and taken back.
//!
//! One task per phone carries out the orders, so nothing here blocks the caller, and what a person
//! clicks comes back as an [`Intent`] for exactly the notification that was clicked: one that was
//! withdrawn, replaced or lost with its daemon asks for nothing any more.

#[cfg(not(all(unix, not(target_os = "macos"))))]
#[path = "notifier/elsewhere.rs"]
mod platform;
#[cfg(all(unix, not(target_os = "macos")))]
#[path = "notifier/freedesktop.rs"]
mod platform;

use std::future::Future;

use notify_rust::{CloseReason, NotificationResponse, Timeout};
use offhook_core::{Intent, Notification, NotificationKey};
use offhook_protocol::{Button, ContactId};
use tokio::sync::{mpsc, oneshot};

/// The identifiers of the actions, as the daemon sends them back.
const ANSWER: &str = "answer";
const REJECT: &str = "reject";
const DEFAULT: &str = "default";

/// Gives orders to the task that [`notifier`] made.
///
/// The channel has no bound because a withdrawal must never be lost; the phone gives a handful of
/// orders per call.
#[derive(Clone, Debug)]
pub struct Notifier(mpsc::UnboundedSender<Order>);

/// What the phone wants.
#[derive(Debug)]
enum Order {
    Show(Notification),
    Withdraw(NotificationKey),
    WithdrawAll(oneshot::Sender<()>),
}

/// Makes a notifier and the task behind it, to be spawned on a tokio runtime. `ask` is called from
/// that task with what the person clicked.
pub fn notifier(
    ask: impl Fn(Intent) + Send + Sync + 'static,
) -> (Notifier, impl Future<Output = ()> + Send) {
    let (orders, received) = mpsc::unbounded_channel();
    (Notifier(orders), platform::run(received, ask))
}

impl Notifier {
    /// Raises a notification. One with the same key is replaced.
    pub fn show(&self, notification: Notification) {
        self.order(Order::Show(notification));
    }

    /// Takes a notification back; nothing happens if it is not shown.
    pub fn withdraw(&self, key: NotificationKey) {
        self.order(Order::Withdraw(key));
    }

    /// Takes back whatever is shown, and returns when that is done: a notification that never
    /// expires would otherwise outlive the program.
    pub async fn withdraw_all(&self) {
        let (done, confirmed) = oneshot::channel();
        self.order(Order::WithdrawAll(done));
        // An error means that the task is gone, and its notifications with it.
        confirmed.await.ok();
    }

    fn order(&self, order: Order) {
        if self.0.send(order).is_err() {
            tracing::debug!("the notifier has ended");
        }
    }
}

/// What every platform is given: title, body, how long, and the buttons.
fn banner(notification: &Notification, body: &str, actions: bool) -> notify_rust::Notification {
    let mut banner = notify_rust::Notification::new();
    banner
        .appname("Offhook")
        .summary(&notification.title)
        .body(body)
        .timeout(match notification.key {
            NotificationKey::Ringing(_) => Timeout::Never,
            NotificationKey::Missed(_) | NotificationKey::Failure | NotificationKey::SetUp => {
                Timeout::Default
            }
        });
    if actions {
        if notification.actions {
            banner.action(ANSWER, "Answer").action(REJECT, "Reject");
        }
        banner.action(DEFAULT, "Show");
    }
    banner
}

/// What a click on the notification asks for. Closing it asks for nothing: it is not a rejection.
/// Only where a daemon knows no actions (`actions` is false), closing is all that a click can do,
/// and shows the window.
fn intent(key: &NotificationKey, response: &NotificationResponse, actions: bool) -> Option<Intent> {
    match response {
        NotificationResponse::Default => Some(Intent::Show),
        NotificationResponse::Action(action) => match (action.as_str(), key) {
            (ANSWER, NotificationKey::Ringing(contact)) => Some(press(contact, Button::Answer)),
            (REJECT, NotificationKey::Ringing(contact)) => Some(press(contact, Button::Reject)),
            _ => None,
        },
        NotificationResponse::Closed(CloseReason::Dismissed) if !actions => Some(Intent::Show),
        NotificationResponse::Closed(_) | NotificationResponse::Reply(_) => None,
    }
}

fn press(contact: &ContactId, button: Button) -> Intent {
    Intent::Press {
        contact: contact.clone(),
        button,
        leg: None,
    }
}
