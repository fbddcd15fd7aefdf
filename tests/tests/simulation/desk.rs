//! The simulated desk: bus, practice centre, phone, hub and uplink.

use fastrand::Rng;
use offhook_bus::{Bus, Role};
use offhook_core::View;
use offhook_practice::{Practice, Scenario};
use offhook_protocol::Access;
use offhook_uplink::{Branch, Identity, Status, drive};
use tokio::sync::{mpsc, watch};

use crate::{
    broker::SimTransport,
    centre,
    clock::SimClock,
    hub::{self, File},
    log::Log,
    phone,
};

/// Its machine.
pub(crate) const HOST: &str = "desk";

/// The one has many calls, the other events that are late or come twice.
const SCENARIOS: [&str; 2] = ["busy-hour", "random"];

/// Whose desk it is.
pub(crate) fn branch() -> Branch {
    Branch::new("acme", "anna").expect("the names are good")
}

/// Works until the machine is switched off.
pub(crate) async fn work(
    seed: u64,
    bus: Bus,
    file: File,
    log: Log,
    shown: watch::Sender<Option<View>>,
) -> turmoil::Result {
    let connector = bus.join("practice", Access::Control, Role::Connector)?;
    let name = SCENARIOS[usize::from(seed % 2 == 1)];
    let scenario = Scenario::built_in(name).ok_or("there is no such scenario")?;
    let practice = Practice::new(scenario, seed, SimClock::timestamp());
    tokio::spawn(centre::run(practice, connector));
    let port = bus.join_with_state(phone::SOURCE, Access::Control)?;
    tokio::spawn(phone::run(port, log.clone(), shown));
    let identity = Identity {
        branch: branch(),
        program: "Offhook/simulated".to_owned(),
        seed,
    };
    let transport = SimTransport {
        client: branch().client_id(),
    };
    let port = bus.join("broker", Access::Control, Role::App)?;
    let (_orders, taken) = mpsc::channel(1);
    let (status, _) = watch::channel(Status::Connecting { after: None });
    let uplink = drive(identity, port, transport, SimClock, taken, status);
    tokio::select! {
        ended = hub::run(bus, file, log, Rng::with_seed(seed)) => Ok(ended?),
        () = uplink => Ok(()),
    }
}
