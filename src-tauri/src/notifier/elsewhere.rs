//! Notifications on Windows and macOS, as far as notify-rust goes there: they can be shown and
//! clicked, but not closed by the program. One that was withdrawn asks for nothing any more.

use std::{
    collections::BTreeMap,
    sync::{Arc, Mutex, PoisonError},
    thread,
};

use notify_rust::NotificationResponse;
use offhook_core::{Intent, Notification, NotificationKey};
use tokio::sync::mpsc::UnboundedReceiver;

use super::{Order, banner, intent};

/// Which notification of each key counts, by its serial number.
type Live = Arc<Mutex<BTreeMap<NotificationKey, u64>>>;

/// Carries out orders until their sender is gone.
pub(super) async fn run(
    mut orders: UnboundedReceiver<Order>,
    ask: impl Fn(Intent) + Send + Sync + 'static,
) {
    let ask = Arc::new(ask);
    let live = Live::default();
    let mut serial = 0;
    while let Some(order) = orders.recv().await {
        let mut counting = live.lock().unwrap_or_else(PoisonError::into_inner);
        match order {
            Order::Show(notification) => {
                serial += 1;
                counting.insert(notification.key.clone(), serial);
                show(notification, serial, Arc::clone(&live), Arc::clone(&ask));
            }
            Order::Withdraw(key) => {
                counting.remove(&key);
            }
            Order::WithdrawAll(done) => {
                counting.clear();
                // Whoever asked may have stopped waiting.
                done.send(()).ok();
            }
        }
    }
}

/// Shows a notification and waits for the click on a thread of its own, which ends when the system
/// takes the notification off the screen.
fn show(
    notification: Notification,
    serial: u64,
    live: Live,
    ask: Arc<impl Fn(Intent) + Send + Sync + 'static>,
) {
    thread::spawn(move || {
        let key = notification.key.clone();
        let shown = named(banner(&notification, notification.body.reveal(), true))
            .show()
            .and_then(|handle| {
                handle.wait_for_response(|response: &NotificationResponse| {
                    let mut counting = live.lock().unwrap_or_else(PoisonError::into_inner);
                    if counting.get(&key) == Some(&serial) {
                        counting.remove(&key);
                        drop(counting);
                        if let Some(intent) = intent(&key, response, true) {
                            ask(intent);
                        }
                    }
                })
            });
        if let Err(error) = shown {
            tracing::debug!(%error, "the notification could not be shown");
        }
    });
}

/// Under the name that the installers register, if this is a program that is installed. Windows shows
/// nothing under one that it does not know, and calls a notification without one PowerShell's.
#[cfg(windows)]
fn named(mut banner: notify_rust::Notification) -> notify_rust::Notification {
    if !cfg!(debug_assertions) {
        banner.app_id("io.github.offhook.Offhook");
    }
    banner
}

/// macOS takes the name from the app's bundle.
#[cfg(not(windows))]
fn named(banner: notify_rust::Notification) -> notify_rust::Notification {
    banner
}
