//! The practice centre on the bus.

use std::path::Path;

use offhook_bus::{Delivery, Port};
use offhook_practice::{Practice, Scenario, ScenarioError};

use super::{say, say_all};
use crate::clock::{Clock, sleep_until};

/// The practice scenario that is played when none is named.
const USUAL_SCENARIO: &str = "default";

/// Lets a practice centre speak at a connector's place on a bus, until the bus is closed.
pub async fn practise(mut practice: Practice, mut port: Port, clock: Clock) {
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
                Some(Delivery::StateWanted { by }) => say_all(&port, by, practice.snapshot()),
                Some(Delivery::Resynced) => {}
                None => return,
            },
            () = sleep_until(due) => practice.handle_timeout(clock.timestamp()),
        }
    }
}

/// The scenario of this name: a built-in one, or a file.
pub(super) fn scenario(name: Option<&str>) -> Result<Scenario, PracticeError> {
    let name = name.unwrap_or(USUAL_SCENARIO);
    Scenario::built_in(name).map_or_else(|| read(Path::new(name)), Ok)
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
