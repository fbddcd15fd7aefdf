//! Who speaks for the contact centre on the bus.

mod amazon;
mod practice;
mod probe;

use offhook_amazon::{Amazon, Setup};
use offhook_bus::{Bus, Port, PortId, Role};
use offhook_practice::{Practice, Scenario};
use offhook_protocol::{Access, Envelope};
use tokio::task::JoinHandle;
use tracing::{debug, warn};

use crate::{
    clock::Clock,
    panel::{PanelEvent, PanelId, PanelOrder},
    settings::{ConnectorKind, Settings},
};
use amazon::PanelEnds;

pub use practice::{PracticeError, practise};

/// What to connect to.
#[derive(Clone, Debug)]
pub(crate) enum Connection {
    /// A simulated contact centre.
    Practice(Scenario, u64),
    /// Amazon Connect.
    Amazon(Setup),
    /// Nothing. The bus answers for nobody.
    None,
}

/// A connector at work. Dropping it makes it leave the bus, which tells everybody.
#[derive(Debug)]
pub(crate) struct Connector {
    task: Option<JoinHandle<()>>,
    panel: Option<PanelEnds>,
}

impl Connector {
    /// Starts it. If it opens a panel, the panel's window has this name.
    pub(crate) fn start(connection: Connection, panel: PanelId, bus: &Bus, clock: Clock) -> Self {
        match connection {
            Connection::Practice(scenario, seed) => {
                let practice = Practice::new(scenario, seed, clock.timestamp());
                let run = |port| tokio::spawn(practise(practice, port, clock));
                Self {
                    task: join(bus, "practice").map(run),
                    panel: None,
                }
            }
            Connection::Amazon(setup) => {
                let amazon = Amazon::new(setup.clone(), clock.timestamp());
                let (outer, inner) = amazon::ends(panel);
                let run = |port| tokio::spawn(amazon::run(amazon, setup, port, inner, clock));
                Self {
                    task: join(bus, "amazon").map(run),
                    panel: Some(outer),
                }
            }
            Connection::None => Self::idle(),
        }
    }

    /// Nobody.
    pub(crate) const fn idle() -> Self {
        Self {
            task: None,
            panel: None,
        }
    }

    /// Whether it speaks through the window of a panel.
    pub(crate) const fn has_panel(&self) -> bool {
        self.panel.is_some()
    }

    /// Passes on what happened in a panel's window, if it is this connector's.
    pub(crate) async fn hear(&self, from: PanelId, event: PanelEvent) {
        match &self.panel {
            Some(panel) if panel.id() == from => panel.hear(event).await,
            Some(_) | None => debug!(%from, "a panel spoke that nobody listens to"),
        }
    }

    /// Waits for what is to be done with the panel's window.
    pub(crate) async fn order(&mut self) -> PanelOrder {
        let order = match &mut self.panel {
            Some(panel) => panel.order().await,
            None => None,
        };
        match order {
            Some(order) => order,
            None => std::future::pending().await,
        }
    }

    /// Leaves the bus, and returns when it has left, so that another connector can join.
    pub(crate) async fn stop(mut self) {
        if let Some(task) = self.task.take() {
            task.abort();
            if let Err(error) = task.await {
                debug!(%error, "the connector stopped");
            }
        }
    }
}

impl Drop for Connector {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

fn join(bus: &Bus, name: &str) -> Option<Port> {
    bus.join(name, Access::Control, Role::Connector)
        .inspect_err(|error| warn!(%error, name, "the connector cannot join the bus"))
        .ok()
}

fn say(port: &Port, envelope: Envelope) {
    if let Err(refused) = port.send(envelope) {
        warn!(%refused, "an event was not sent");
    }
}

/// Sends the whole state to one app.
fn say_all(port: &Port, by: PortId, state: [Envelope; 3]) {
    for envelope in state {
        if let Err(refused) = port.send_to(by, envelope) {
            warn!(%refused, "a snapshot was not sent");
        }
    }
}

impl Connection {
    /// What the settings choose.
    pub(crate) fn chosen(settings: &Settings, seed: u64) -> Result<Self, PracticeError> {
        match settings.view().connector.value {
            ConnectorKind::Practice => Self::practice(None, seed),
            // What is missing is told among the settings' problems.
            ConnectorKind::Amazon => Ok(settings.amazon().map_or(Self::None, Self::Amazon)),
            ConnectorKind::None => Ok(Self::None),
        }
    }

    /// A practice centre that plays this scenario: the name of a built-in one, or a file.
    pub(crate) fn practice(scenario: Option<&str>, seed: u64) -> Result<Self, PracticeError> {
        Ok(Self::Practice(practice::scenario(scenario)?, seed))
    }
}
