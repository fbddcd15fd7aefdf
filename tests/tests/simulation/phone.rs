//! The phone of the simulated desk, and what is to be seen on its bus.

use offhook_bus::{Delivery, Port};
use offhook_core::{Act, Effect, Input, Phone, Preferences, View};
use offhook_protocol::Event;
use tokio::sync::watch;

use crate::{
    clock::{SimClock, sleep_until},
    log::Log,
};

/// The phone's name on the bus.
pub(crate) const SOURCE: &str = "offhook";

/// Runs the phone until the bus closes, and notes what rang and who asked for what.
pub(crate) async fn run(mut port: Port, log: Log, shown: watch::Sender<Option<View>>) {
    let mut phone = Phone::new(Preferences::default(), SimClock::time());
    loop {
        while let Some(effect) = phone.poll_effect() {
            match effect {
                Effect::Send(request) => {
                    port.send(request.envelope(SOURCE))
                        .expect("the bus is open");
                }
                Effect::Act(Act::Ring(contact)) => log.rang(&contact),
                Effect::Act(_) | Effect::RetryBroker => {}
            }
        }
        shown.send_replace(Some(phone.view()));
        let due = phone.poll_timeout().map(|(due, _)| SimClock::instant(due));
        tokio::select! {
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => {
                    let envelope = envelope.envelope();
                    log.on_bus(envelope);
                    if let Some(event) = Event::read(envelope) {
                        phone.handle(Input::Event(event), SimClock::time());
                    }
                }
                Some(_) => {}
                None => return,
            },
            () = sleep_until(due) => phone.handle(Input::Timeout, SimClock::time()),
        }
    }
}
