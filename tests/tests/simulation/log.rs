//! What a simulation is judged by.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::Duration,
};

use offhook_protocol::{CallEvent, ContactId, Envelope, Event, LegType};
use offhook_uplink::RequestError;

/// What happened. Clones share it.
#[derive(Clone, Default)]
pub(crate) struct Log(Arc<Mutex<Happened>>);

#[derive(Default)]
pub(crate) struct Happened {
    /// The contacts that were offered to the agent.
    pub(crate) offered: BTreeSet<ContactId>,
    /// How often each contact rang at the phone.
    pub(crate) rings: BTreeMap<ContactId, usize>,
    /// How often each request from the broker was put on the bus, by its id.
    pub(crate) on_bus: BTreeMap<String, usize>,
    /// What became of the supervisor's commands, in their order. `None`: nothing yet.
    pub(crate) commands: Vec<Option<Result<(), RequestError>>>,
    /// Faults and commands, for people.
    story: Vec<String>,
}

impl Log {
    pub(crate) fn lock(&self) -> MutexGuard<'_, Happened> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Adds a line to the story of what happened after so much time.
    pub(crate) fn note(&self, elapsed: Duration, line: impl fmt::Display) {
        let seconds = elapsed.as_secs_f64();
        self.lock().story.push(format!("{seconds:>8.3} {line}"));
    }

    /// What was to be seen on the desk's bus.
    pub(crate) fn on_bus(&self, envelope: &Envelope) {
        let mut happened = self.lock();
        if let Some(id) = envelope.extra.get("id").and_then(|id| id.as_str()) {
            *happened.on_bus.entry(id.to_owned()).or_default() += 1;
        }
        if let Some(Event::Leg(leg)) = Event::read(envelope)
            && (&leg.event, &leg.leg) == (&CallEvent::Connecting, &LegType::Agent)
        {
            happened.offered.extend(leg.contact_id);
        }
    }

    /// A contact rings.
    pub(crate) fn rang(&self, contact: &ContactId) {
        *self.lock().rings.entry(contact.clone()).or_default() += 1;
    }

    /// The story so far.
    pub(crate) fn story(&self) -> String {
        self.lock().story.join("\n")
    }
}
