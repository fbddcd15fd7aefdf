//! The way of a wish to the phone, also of one that comes before the phone has started: the system may open
//! two links at once, and the second is handed to a process that is still starting.

use std::sync::{Mutex, PoisonError};

use offhook_core::Intent;
use offhook_engine::Handle;

/// How many wishes wait for the phone to start. More are dropped: they come from one hand.
const MAX_WAITING: usize = 8;

/// Takes wishes at any time.
pub(crate) struct Door(Mutex<State>);

enum State {
    Closed { waiting: Vec<Intent> },
    Open(Handle),
}

impl Door {
    /// A door behind which this wish waits.
    pub(crate) fn new(first: Option<Intent>) -> Self {
        let waiting = Vec::from_iter(first);
        Self(Mutex::new(State::Closed { waiting }))
    }

    /// Hands this and every later wish to the phone, after those that have waited.
    pub(crate) fn open(&self, engine: Handle) {
        let mut state = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let State::Closed { waiting } = &mut *state {
            for intent in waiting.drain(..) {
                engine.dispatch(intent);
            }
        }
        *state = State::Open(engine);
    }

    /// Hands a wish to the phone as soon as it is there.
    pub(crate) fn ask(&self, intent: Intent) {
        match &mut *self.0.lock().unwrap_or_else(PoisonError::into_inner) {
            State::Open(engine) => engine.dispatch(intent),
            State::Closed { waiting } if waiting.len() < MAX_WAITING => waiting.push(intent),
            State::Closed { .. } => tracing::warn!("too much is asked before the phone starts"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::time::Duration;

    use offhook_engine::{Headless, Options, settings::Places};

    use super::*;

    /// How long the phone may take to show what it was asked for.
    const DEADLINE: Duration = Duration::from_secs(30);

    #[tokio::test]
    async fn what_is_asked_while_the_phone_starts_is_not_lost() {
        let door = Door::new(Some(Intent::OpenLink("tel:1".into())));
        door.ask(Intent::OpenLink("tel:2".into()));

        let folder = tempfile::tempdir().unwrap();
        let engine = start(folder.path());
        door.open(engine.clone());
        wait_for_number(engine.clone(), "2").await;

        door.ask(Intent::OpenLink("tel:3".into()));
        wait_for_number(engine.clone(), "3").await;
        engine.stop();
    }

    fn start(folder: &std::path::Path) -> Handle {
        let options = Options {
            practice: Some(None),
            seed: None,
            places: Some(Places {
                settings: folder.join("settings.toml"),
                policy: folder.join("policy.toml"),
                logs: folder.join("logs"),
                data: folder.join("data"),
                keychain: false,
                runtime: Some(folder.join("run")),
            }),
        };
        offhook_engine::start(options, Headless).unwrap()
    }

    async fn wait_for_number(mut engine: Handle, number: &str) {
        let shown = async {
            loop {
                let prefill = engine.view().prefill;
                if prefill.and_then(|prefill| prefill.number) == Some(number.into()) {
                    return;
                }
                engine.next_view().await.expect("the engine runs");
            }
        };
        tokio::time::timeout(DEADLINE, shown)
            .await
            .expect("the number is shown");
    }
}
