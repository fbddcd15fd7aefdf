//! What the phone, the daemon and the person do, one test each.

use std::{process::Command, time::Duration};

use libtest_mimic::Trial;
use offhook_core::{Intent, Notification, NotificationKey};
use offhook_desktop::notifier::{Notifier, notifier};
use offhook_protocol::Button;
use tokio::sync::mpsc::{self, UnboundedReceiver};

use crate::daemon::{Call, Daemon};

/// Set in the environment of the run that has a bus of its own.
pub(crate) const OWN_BUS: &str = "OFFHOOK_TEST_OWN_BUS";

const BUS_ADDRESS: &str = "DBUS_SESSION_BUS_ADDRESS";
const NOWHERE: &str = "unix:path=/nonexistent/bus";
const DEADLINE: Duration = Duration::from_secs(20);
const FULL: &[&str] = &["actions", "body", "body-markup"];

macro_rules! tests {
    ($($name:ident),* $(,)?) => {
        /// All tests of this file.
        pub(crate) fn tests() -> Vec<Trial> {
            vec![$(Trial::test(stringify!($name), || run($name()))),*]
        }
    };
}

tests! {
    ringing_is_shown_as_a_call,
    answer_presses_answer,
    reject_presses_reject,
    a_click_shows_the_window,
    dismissing_is_not_rejecting,
    a_daemon_without_actions_shows_the_window,
    withdrawn_at_once_and_deaf_afterwards,
    the_same_key_replaces,
    two_calls_are_kept_apart,
    a_daemon_that_comes_late_is_told,
    a_restarted_daemon_with_the_same_ids_presses_only_its_own,
    nothing_is_left_on_quitting,
    markup_in_a_name_is_text,
    without_a_session_bus_nothing_happens,
}

fn run(test: impl Future<Output = ()>) -> Result<(), libtest_mimic::Failed> {
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(1)
        .enable_all()
        .build()?;
    runtime.block_on(async { tokio::time::timeout(DEADLINE, test).await })?;
    Ok(())
}

/// A phone with nothing but its notifier.
struct Phone {
    notifier: Notifier,
    intents: UnboundedReceiver<Intent>,
}

impl Phone {
    fn new() -> Self {
        let (report, intents) = mpsc::unbounded_channel();
        let (notifier, task) = notifier(move |intent| {
            // A test that has seen enough has dropped its end.
            report.send(intent).ok();
        });
        tokio::spawn(task);
        Self { notifier, intents }
    }

    /// What comes of a click. A listener may start a moment after the notification is shown, so the
    /// click is repeated, as a person would.
    async fn asked_by(&mut self, daemon: &Daemon, id: u32, action: &str) -> Intent {
        loop {
            daemon.click(id, action).await;
            let answer = tokio::time::timeout(Duration::from_millis(50), self.intents.recv());
            if let Ok(intent) = answer.await {
                return intent.expect("the notifier runs");
            }
        }
    }

    /// Waits until all orders and clicks up to now are dealt with: a new notification is answered
    /// after them.
    async fn settled(&mut self, daemon: &mut Daemon) -> Vec<Intent> {
        self.notifier.show(ringing("settled"));
        let id = daemon.notified().await;
        let mut before = Vec::new();
        loop {
            let intent = self.asked_by(daemon, id, "answer").await;
            if intent == press("settled", Button::Answer) {
                return before;
            }
            before.push(intent);
        }
    }
}

fn ringing(contact: &str) -> Notification {
    Notification {
        key: NotificationKey::Ringing(contact.into()),
        title: "Incoming call".to_owned(),
        body: "+15550100 to +15550199, queue Sales".into(),
        actions: true,
    }
}

fn key(contact: &str) -> NotificationKey {
    NotificationKey::Ringing(contact.into())
}

fn press(contact: &str, button: Button) -> Intent {
    Intent::Press {
        contact: contact.into(),
        button,
        leg: None,
    }
}

async fn ringing_is_shown_as_a_call() {
    let mut daemon = Daemon::start(FULL).await;
    let phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let expected = Call::Notify {
        id: 1,
        replaces: 0,
        title: "Incoming call".to_owned(),
        body: "+15550100 to +15550199, queue Sales".to_owned(),
        actions: ["answer", "Answer", "reject", "Reject", "default", "Show"]
            .map(str::to_owned)
            .to_vec(),
        urgency: Some(2),
        category: Some("call.incoming".to_owned()),
        timeout: 0,
    };
    assert_eq!(daemon.call().await, expected);
}

async fn answer_presses_answer() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let id = daemon.notified().await;
    let intent = phone.asked_by(&daemon, id, "answer").await;
    assert_eq!(intent, press("one", Button::Answer));
    assert_eq!(daemon.call().await, Call::Close(id));
}

async fn reject_presses_reject() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let id = daemon.notified().await;
    let intent = phone.asked_by(&daemon, id, "reject").await;
    assert_eq!(intent, press("one", Button::Reject));
}

async fn a_click_shows_the_window() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let id = daemon.notified().await;
    assert_eq!(phone.asked_by(&daemon, id, "default").await, Intent::Show);
}

async fn dismissing_is_not_rejecting() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let id = daemon.notified().await;
    daemon.dismiss(id).await;
    assert_eq!(phone.settled(&mut daemon).await, []);
}

async fn a_daemon_without_actions_shows_the_window() {
    let mut daemon = Daemon::start(&["body"]).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let Call::Notify { id, actions, .. } = daemon.call().await else {
        panic!("expected a notification");
    };
    assert_eq!(actions, [""; 0]);
    let intent = loop {
        daemon.dismiss(id).await;
        let answer = tokio::time::timeout(Duration::from_millis(50), phone.intents.recv());
        if let Ok(intent) = answer.await {
            break intent;
        }
    };
    assert_eq!(intent, Some(Intent::Show));
}

async fn withdrawn_at_once_and_deaf_afterwards() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let id = daemon.notified().await;
    phone.notifier.withdraw(key("one"));
    assert_eq!(daemon.call().await, Call::Close(id));
    daemon.click(id, "answer").await;
    assert_eq!(phone.settled(&mut daemon).await, []);
}

async fn the_same_key_replaces() {
    let mut daemon = Daemon::start(FULL).await;
    let phone = Phone::new();
    phone.notifier.show(ringing("one"));
    let first = daemon.notified().await;
    phone.notifier.show(ringing("one"));
    let Call::Notify { replaces, .. } = daemon.call().await else {
        panic!("expected a notification");
    };
    assert_eq!(replaces, first);
}

async fn two_calls_are_kept_apart() {
    let mut daemon = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    phone.notifier.show(ringing("two"));
    let one = daemon.notified().await;
    let two = daemon.notified().await;
    let intent = phone.asked_by(&daemon, two, "answer").await;
    assert_eq!(intent, press("two", Button::Answer));
    let intent = phone.asked_by(&daemon, one, "reject").await;
    assert_eq!(intent, press("one", Button::Reject));
}

async fn a_daemon_that_comes_late_is_told() {
    let phone = Phone::new();
    phone.notifier.show(ringing("one"));
    phone.notifier.show(ringing("two"));
    phone.notifier.withdraw(key("one"));
    phone.notifier.withdraw_all().await;
    phone.notifier.show(ringing("three"));
    let mut daemon = Daemon::start(FULL).await;
    let id = daemon.notified().await;
    assert_eq!((id, daemon.calls_so_far()), (1, vec![]));
}

async fn a_restarted_daemon_with_the_same_ids_presses_only_its_own() {
    let mut first = Daemon::start(FULL).await;
    let mut phone = Phone::new();
    phone.notifier.show(ringing("one"));
    phone.notifier.show(ringing("two"));
    assert_eq!((first.notified().await, first.notified().await), (1, 2));
    first.die().await;
    phone.notifier.withdraw(key("one"));

    // What was the id of the first call is now the id of the second.
    let mut second = Daemon::start(FULL).await;
    assert_eq!(second.notified().await, 1);
    let intent = phone.asked_by(&second, 1, "answer").await;
    assert_eq!(intent, press("two", Button::Answer));
    assert_eq!(second.call().await, Call::Close(1));
    assert_eq!(phone.settled(&mut second).await, []);
}

async fn nothing_is_left_on_quitting() {
    let mut daemon = Daemon::start(FULL).await;
    let phone = Phone::new();
    phone.notifier.show(ringing("one"));
    phone.notifier.show(ringing("two"));
    phone.notifier.withdraw_all().await;
    let closed: Vec<_> = daemon
        .calls_so_far()
        .into_iter()
        .filter(|call| matches!(call, Call::Close(_)))
        .collect();
    assert_eq!(closed, [Call::Close(1), Call::Close(2)]);
}

async fn markup_in_a_name_is_text() {
    let mut daemon = Daemon::start(FULL).await;
    let phone = Phone::new();
    phone.notifier.show(Notification {
        body: "Smith & <b>Sons</b>".into(),
        ..ringing("one")
    });
    let Call::Notify { body, .. } = daemon.call().await else {
        panic!("expected a notification");
    };
    assert_eq!(body, "Smith &amp; &lt;b&gt;Sons&lt;/b&gt;");
}

/// Runs itself once more, with an address where no bus is.
async fn without_a_session_bus_nothing_happens() {
    if std::env::var(BUS_ADDRESS).is_ok_and(|address| address == NOWHERE) {
        let phone = Phone::new();
        phone.notifier.show(ringing("one"));
        phone.notifier.withdraw_all().await;
        return;
    }
    let run = Command::new(std::env::current_exe().expect("this program has a path"))
        .args(["--exact", "without_a_session_bus_nothing_happens"])
        .env(BUS_ADDRESS, NOWHERE)
        .output()
        .expect("this program starts");
    assert!(run.status.success(), "{run:?}");
}
