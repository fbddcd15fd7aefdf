//! Who speaks for the contact centre on the bus.

use std::path::Path;

use offhook_bus::{Bus, Delivery, Port, Role};
use offhook_practice::{Practice, Scenario, ScenarioError};
use offhook_protocol::{Access, Envelope};
use tokio::task::JoinHandle;
use tracing::{debug, warn};

use crate::{
    clock::{Clock, sleep_until},
    settings::ConnectorKind,
};

/// The practice scenario that is played when none is named.
const USUAL_SCENARIO: &str = "default";

/// What to connect to.
#[derive(Clone, Debug)]
pub(crate) enum Connection {
    /// A simulated contact centre.
    Practice(Scenario, u64),
    /// Nothing. The bus answers for nobody.
    None,
}

/// A connector at work. Dropping it makes it leave the bus, which tells everybody.
#[derive(Debug)]
pub(crate) struct Connector(Option<JoinHandle<()>>);

impl Connector {
    pub(crate) fn start(connection: Connection, bus: &Bus, clock: Clock) -> Self {
        let (scenario, seed) = match connection {
            Connection::Practice(scenario, seed) => (scenario, seed),
            Connection::None => return Self(None),
        };
        match bus.join("practice", Access::Control, Role::Connector) {
            Ok(port) => {
                let practice = Practice::new(scenario, seed, clock.timestamp());
                Self(Some(tokio::spawn(practise(practice, port, clock))))
            }
            Err(error) => {
                warn!(%error, "the practice centre cannot join the bus");
                Self(None)
            }
        }
    }

    /// Nobody.
    pub(crate) const fn idle() -> Self {
        Self(None)
    }

    /// Leaves the bus, and returns when it has left, so that another connector can join.
    pub(crate) async fn stop(mut self) {
        if let Some(task) = self.0.take() {
            task.abort();
            if let Err(error) = task.await {
                debug!(%error, "the connector stopped");
            }
        }
    }
}

impl Drop for Connector {
    fn drop(&mut self) {
        if let Some(task) = &self.0 {
            task.abort();
        }
    }
}

async fn practise(mut practice: Practice, mut port: Port, clock: Clock) {
    loop {
        while let Some(envelope) = practice.poll_output() {
            say(&port, envelope);
        }
        let due = practice
            .poll_timeout()
            .and_then(|due| clock.instant_of(due));
        tokio::select! {
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => practice.handle(envelope.envelope(), clock.timestamp()),
                Some(Delivery::StateWanted { by }) => {
                    for envelope in practice.snapshot() {
                        if let Err(refused) = port.send_to(by, envelope) {
                            warn!(%refused, "a snapshot was not sent");
                        }
                    }
                }
                Some(Delivery::Resynced) => {}
                None => return,
            },
            () = sleep_until(due) => practice.handle_timeout(clock.timestamp()),
        }
    }
}

fn say(port: &Port, envelope: Envelope) {
    if let Err(refused) = port.send(envelope) {
        warn!(%refused, "an event was not sent");
    }
}

impl Connection {
    /// What the settings choose.
    pub(crate) fn chosen(kind: ConnectorKind, seed: u64) -> Result<Self, PracticeError> {
        match kind {
            ConnectorKind::Practice => Self::practice(None, seed),
            ConnectorKind::None => Ok(Self::None),
        }
    }

    /// A practice centre that plays this scenario: the name of a built-in one, or a file.
    pub(crate) fn practice(scenario: Option<&str>, seed: u64) -> Result<Self, PracticeError> {
        let name = scenario.unwrap_or(USUAL_SCENARIO);
        let scenario = Scenario::built_in(name).map_or_else(|| read(Path::new(name)), Ok)?;
        Ok(Self::Practice(scenario, seed))
    }
}

fn read(path: &Path) -> Result<Scenario, PracticeError> {
    let shown = path.display().to_string();
    match std::fs::read_to_string(path) {
        Ok(text) => {
            Scenario::parse(&text).map_err(|error| PracticeError::Scenario { path: shown, error })
        }
        Err(error) => Err(PracticeError::NoScenario { name: shown, error }),
    }
}

/// Why a practice scenario cannot be played.
#[derive(Debug, thiserror::Error)]
pub enum PracticeError {
    /// Neither a built-in scenario nor a readable file.
    #[error(
        "there is no practice scenario {name:?}, and no such file can be read ({error}). Built-in scenarios: {}",
        Scenario::names().join(", ")
    )]
    NoScenario {
        /// What was asked for.
        name: String,
        /// Why it cannot be read as a file.
        error: std::io::Error,
    },
    /// The file is no scenario.
    #[error("{path}: {error}")]
    Scenario {
        /// The file.
        path: String,
        /// What is wrong in it, and where.
        error: ScenarioError,
    },
}
