//! Amazon Connect on the bus, through the window of its panel.

use std::thread;

use offhook_amazon::{Amazon, Order, Output, Seen, Setup};
use offhook_bus::{Delivery, Port};
use tokio::sync::mpsc;
use tracing::{debug, trace, warn};

use super::{probe, say, say_all};
use crate::{
    clock::{Clock, sleep_until},
    panel::{PanelEvent, PanelId, PanelOrder},
};

/// How many words of the panel, and how many orders to it, may wait. A word waits for room; an order that
/// finds none is dropped, and the connector's deadline for it tells.
const MAX_WAITING: usize = 256;

/// The engine's ends of the two ways between panel and connector.
#[derive(Debug)]
pub(super) struct PanelEnds {
    id: PanelId,
    events: mpsc::Sender<PanelEvent>,
    orders: mpsc::Receiver<PanelOrder>,
}

/// The connector's ends.
pub(super) struct InnerEnds {
    id: PanelId,
    events: mpsc::Receiver<PanelEvent>,
    /// For what comes from elsewhere than the window.
    heard: mpsc::Sender<PanelEvent>,
    orders: mpsc::Sender<PanelOrder>,
}

pub(super) fn ends(id: PanelId) -> (PanelEnds, InnerEnds) {
    let (heard, events) = mpsc::channel(MAX_WAITING);
    let (ordering, orders) = mpsc::channel(MAX_WAITING);
    let outer = PanelEnds {
        id,
        events: heard.clone(),
        orders,
    };
    let inner = InnerEnds {
        id,
        events,
        heard,
        orders: ordering,
    };
    (outer, inner)
}

impl PanelEnds {
    pub(super) const fn id(&self) -> PanelId {
        self.id
    }

    pub(super) async fn hear(&self, event: PanelEvent) {
        if self.events.send(event).await.is_err() {
            debug!("the connector has stopped");
        }
    }

    pub(super) async fn order(&mut self) -> Option<PanelOrder> {
        self.orders.recv().await
    }
}

pub(super) async fn run(
    mut amazon: Amazon,
    setup: Setup,
    mut port: Port,
    mut ends: InnerEnds,
    clock: Clock,
) {
    order(&ends, PanelOrder::Open(ends.id, setup.clone()));
    loop {
        while let Some(output) = amazon.poll_output() {
            match output {
                Output::Bus(envelope) => say(&port, envelope),
                Output::Ask(asked) => order(&ends, PanelOrder::Ask(asked)),
                Output::Panel(Order::Show) => order(&ends, PanelOrder::Show),
                Output::Panel(Order::Hide) => order(&ends, PanelOrder::Hide),
                Output::Panel(Order::Reload) => order(&ends, PanelOrder::Reload),
                Output::Panel(Order::LogOut) => order(&ends, PanelOrder::LogOut),
                Output::Panel(Order::Probe) => look(&setup, ends.heard.clone()),
            }
        }
        let due = amazon.poll_timeout().and_then(|due| clock.instant_of(due));
        tokio::select! {
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => amazon.handle(envelope.envelope(), clock.timestamp()),
                Some(Delivery::StateWanted { by }) => say_all(&port, by, amazon.snapshot()),
                Some(Delivery::Resynced) => {}
                None => return,
            },
            Some(event) = ends.events.recv() => {
                trace!(?event, "the panel");
                match event {
                    PanelEvent::Said(said) => amazon.said(said, clock.timestamp()),
                    PanelEvent::Seen(seen) => amazon.seen(seen, clock.timestamp()),
                }
            }
            () = sleep_until(due) => amazon.handle_timeout(clock.timestamp()),
        }
    }
}

fn order(ends: &InnerEnds, order: PanelOrder) {
    if let Err(error) = ends.orders.try_send(order) {
        warn!(%error, "an order to the panel was dropped");
    }
}

/// Looks at the panel's address, on a thread of its own because the answer may take long.
fn look(setup: &Setup, heard: mpsc::Sender<PanelEvent>) {
    let setup = setup.clone();
    let started = thread::Builder::new()
        .name("probe".to_owned())
        .spawn(move || {
            let seen = Seen::Probed(probe::look(&setup));
            // Nobody waits for it if the connector was stopped meanwhile.
            heard.try_send(PanelEvent::Seen(seen)).ok();
        });
    if let Err(error) = started {
        warn!(%error, "the panel's address is not looked at");
    }
}
