//! The practice centre of the simulated desk.

use offhook_bus::{Delivery, Port};
use offhook_practice::Practice;

use crate::clock::{SimClock, sleep_until};

/// Speaks for the contact centre until the bus closes.
pub(crate) async fn run(mut practice: Practice, mut port: Port) {
    loop {
        while let Some(envelope) = practice.poll_output() {
            port.send(envelope).expect("the bus is open");
        }
        let due = practice.poll_timeout().map(SimClock::instant_of);
        tokio::select! {
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => {
                    practice.handle(envelope.envelope(), SimClock::timestamp());
                }
                Some(Delivery::StateWanted { by }) => {
                    for envelope in practice.snapshot() {
                        port.send_to(by, envelope).expect("the bus is open");
                    }
                }
                Some(Delivery::Resynced) => {}
                None => return,
            },
            () = sleep_until(due) => practice.handle_timeout(SimClock::timestamp()),
        }
    }
}
