//! What a subscriber knows of one agent.
//!
//! Events count from 1 within an epoch, and each state says after which event it was taken. A part of
//! the state is *exact* up to an event when every event until then is in it. Events that come too early
//! wait; a part that they leave behind is asked for, and whatever comes first heals it: the missing
//! events, the answer, or the owner's next state.
//!
//! ```text
//!   state of a part, after event 8        part exact at 8
//!   event 9                               taken, exact at 9
//!   event 11                              waits: 10 is missing, the part is behind
//!   event 10                              10 and 11 taken, exact at 11
//!   or the state, after event 12          replaces the part, exact at 12
//! ```
//!
//! The contract: after each [`hear`](Desk::hear) look at [`poll_ask`](Desk::poll_ask), and again when
//! [`poll_timeout`](Desk::poll_timeout) says. One who may not ask leaves that out, and waits for the
//! owner's next state.

mod picture;
#[cfg(test)]
mod tests;

use std::{collections::BTreeMap, mem, time::Duration};

use offhook_protocol::{AgentSync, AppState, CallSync, Envelope, Event, Timestamp};

use crate::{Epoch, Place, Presence, Stamp};
pub use picture::Part;
use picture::Picture;

/// How many events wait for an earlier one at most. Beyond that a state is quicker.
const MAX_WAITING: usize = 256;
/// The owner publishes its state after each change; only what it leaves open is asked for.
const GRACE: Duration = Duration::from_millis(500);
/// Asked again after this, then after twice the time.
const FIRST_REPEAT: Duration = Duration::from_secs(1);
/// But never after more than this.
const LONGEST_REPEAT: Duration = Duration::from_secs(30);

/// What a subscriber knows of one agent.
#[derive(Clone, Debug, Default)]
pub struct Desk {
    presence: Option<Presence>,
    epoch: Option<Epoch>,
    picture: Picture,
    /// Up to which event each part is exact.
    exact_at: BTreeMap<Part, u64>,
    /// The last event that was heard of.
    newest: Option<u64>,
    /// Events that some part has not taken yet. `None` for what this version does not know.
    waiting: BTreeMap<u64, Option<Event>>,
    retained: Retained,
    asking: Option<Asking>,
}

/// What the broker handed out because of a subscription: all of one moment, so each is as good as the
/// latest of them, though it may not have changed for long.
#[derive(Clone, Debug, Default)]
struct Retained {
    /// With the event after which each was taken.
    states: BTreeMap<Part, (u64, Event)>,
    latest: u64,
}

/// When to ask next, and after which time again.
#[derive(Clone, Copy, Debug)]
struct Asking {
    due: Timestamp,
    repeat: Duration,
}

impl Desk {
    /// Takes in what was published at a place of this agent. `retained` if the broker had kept it and
    /// hands it out because of a subscription. What cannot be read is passed over.
    pub fn hear(&mut self, place: &Place, payload: &[u8], retained: bool, now: Timestamp) {
        if payload.is_empty() {
            self.hear_taken_back(place);
        } else if let Ok(envelope) = Envelope::parse(payload)
            && let Ok(stamp) = Stamp::read(&envelope)
            && self.enter(stamp.epoch)
        {
            match place {
                Place::Presence => self.hear_presence(&envelope, stamp.seq),
                Place::Event(_) => self.hear_event(Event::read(&envelope), stamp.seq),
                Place::State(_) | Place::Answer { .. } => {
                    self.hear_state(Event::read(&envelope), stamp.seq, retained);
                }
                Place::Request(_) => {}
            }
        }
        self.schedule(now);
    }

    /// The subscriber's own connection was lost. What is known stays, until the broker hands out what it
    /// has kept meanwhile.
    pub fn interrupted(&mut self) {
        self.retained = Retained::default();
    }

    /// The parts to ask for now: a `StateSync` of each. Once asked, not again before
    /// [`poll_timeout`](Self::poll_timeout).
    pub fn poll_ask(&mut self, now: Timestamp) -> Vec<Part> {
        let Some(asking) = self.asking.filter(|asking| asking.due <= now) else {
            return Vec::new();
        };
        self.asking = Some(Asking {
            due: now + asking.repeat,
            repeat: (asking.repeat * 2).min(LONGEST_REPEAT),
        });
        self.behind().collect()
    }

    /// When to look at [`poll_ask`](Self::poll_ask) again. `None`: not before something is heard.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        self.asking.map(|asking| asking.due)
    }

    /// Whether the phone is there. `None` if nothing says so, e.g. for an owner that knows no presence.
    pub fn presence(&self) -> Option<&Presence> {
        self.presence.as_ref()
    }

    /// What is known may be long over: the phone is not there to tell.
    pub fn is_stale(&self) -> bool {
        self.presence == Some(Presence::Offline)
    }

    /// In which life of the owner all this was said.
    pub fn epoch(&self) -> Option<Epoch> {
        self.epoch
    }

    /// The link to the contact centre.
    pub fn app(&self) -> Option<&AppState> {
        self.picture.app.as_ref()
    }

    /// The agent.
    pub fn agent(&self) -> Option<&AgentSync> {
        self.picture.agent.as_ref()
    }

    /// The calls.
    pub fn calls(&self) -> Option<&CallSync> {
        self.picture.calls.as_ref()
    }

    /// The parts that are not known, or not up to the last event that was heard of.
    pub fn behind(&self) -> impl Iterator<Item = Part> {
        Part::ALL.into_iter().filter(|part| {
            !self.picture.knows(*part) || self.exact_at.get(part).copied() < self.newest
        })
    }

    /// A later epoch is another life: what was known of the one before is void. `false` for what an
    /// earlier life said.
    fn enter(&mut self, epoch: Option<Epoch>) -> bool {
        if epoch.is_some() && epoch < self.epoch {
            return false;
        }
        if epoch.is_some() && epoch > self.epoch {
            *self = Self {
                presence: self.presence.take(),
                epoch,
                ..Self::default()
            };
        }
        true
    }

    fn hear_presence(&mut self, envelope: &Envelope, seq: Option<u64>) {
        if let Some(presence) = Presence::read(envelope) {
            self.presence = Some(presence);
            self.newest = self.newest.max(seq);
        }
    }

    fn hear_event(&mut self, event: Option<Event>, seq: Option<u64>) {
        let Some(seq) = seq else {
            // An owner that does not count: the order of arrival is all there is.
            if let Some(event) = &event {
                self.picture.take(event);
            }
            return;
        };
        if let Some(whole) = event.as_ref().filter(|event| picture::is_whole(event)) {
            self.replace(whole, seq);
        }
        self.waiting.insert(seq, event);
        self.catch_up(seq);
    }

    fn hear_state(&mut self, state: Option<Event>, seq: Option<u64>, retained: bool) {
        let Some(state) = state.filter(picture::is_whole) else {
            return;
        };
        match seq {
            None => self.picture.take(&state),
            Some(seq) if retained => self.hear_retained(state, seq),
            Some(seq) => {
                self.replace(&state, seq);
                self.catch_up(seq);
            }
        }
    }

    fn hear_retained(&mut self, state: Event, seq: u64) {
        let mut retained = mem::take(&mut self.retained);
        retained.latest = retained.latest.max(seq);
        retained
            .states
            .extend(Part::of(&state).map(|part| (part, (seq, state))));
        for (seq, state) in retained.states.values() {
            self.take(state, *seq, retained.latest);
        }
        self.catch_up(retained.latest);
        if retained.states.len() == Part::ALL.len() {
            retained.states.clear();
        }
        self.retained = retained;
    }

    /// What the broker does not keep any more.
    fn hear_taken_back(&mut self, place: &Place) {
        match place {
            Place::Presence => self.presence = Some(Presence::Offline),
            Place::State(subject) => {
                if let Some(part) = Part::named(&subject.topic) {
                    self.picture.forget(part);
                    self.exact_at.remove(&part);
                    self.retained.states.remove(&part);
                }
            }
            Place::Event(_) | Place::Request(_) | Place::Answer { .. } => {}
        }
    }

    /// Takes in a whole part as it was after this event, unless a later one is known.
    fn replace(&mut self, whole: &Event, seq: u64) {
        self.take(whole, seq, seq);
    }

    /// As [`replace`](Self::replace), for a part that was still the same after a later event. A broker that
    /// was killed may say that of one it had not yet written, so it never replaces what was taken later.
    fn take(&mut self, whole: &Event, seq: u64, still: u64) {
        let Some(part) = Part::of(whole) else { return };
        let exact_at = self.exact_at.get(&part).copied();
        if exact_at <= Some(seq) {
            self.picture.take(whole);
        }
        self.exact_at
            .insert(part, exact_at.max(Some(still)).unwrap_or(still));
    }

    /// Takes in the events whose turn it is. `heard`: an event that is known to have happened.
    fn catch_up(&mut self, heard: u64) {
        self.newest = self.newest.max(Some(heard));
        for (part, exact_at) in &mut self.exact_at {
            while let Some(next) = exact_at.checked_add(1)
                && let Some(event) = self.waiting.get(&next)
            {
                if let Some(event) = event
                    && Part::of(event) == Some(*part)
                {
                    self.picture.take(event);
                }
                *exact_at = next;
            }
        }
        if self.exact_at.len() == Part::ALL.len() {
            let taken = self.exact_at.values().min().copied();
            self.waiting.retain(|seq, _| Some(*seq) > taken);
        }
        while self.waiting.len() > MAX_WAITING {
            self.waiting.pop_first();
        }
    }

    fn schedule(&mut self, now: Timestamp) {
        let asks = !self.is_stale() && self.behind().next().is_some();
        self.asking = asks.then(|| {
            self.asking.unwrap_or(Asking {
                due: now + GRACE,
                repeat: FIRST_REPEAT,
            })
        });
    }
}
