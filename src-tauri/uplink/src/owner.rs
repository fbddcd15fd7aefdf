//! The one writer of an agent's branch: what the bus says goes to the broker, what is asked at the
//! broker goes to the bus, and who asked is told what became of it.
//!
//! ```text
//!   bus                          owner                        broker
//!   event ---------------------> counted ------------------> evt
//!              state wanted <--- after it
//!   StateSync -----------------> compared with the last ---> st
//!   request <------------------- read, once <--------------- req
//!   StateSync, error ----------> judged -------------------> rsp
//! ```
//!
//! The contract: one input, then [`poll_output`](Owner::poll_output) until there is none, then
//! [`poll_timeout`](Owner::poll_timeout). What is on the bus is counted whether there is a connection or
//! not; what is published without one is lost, and the whole state follows after the next.

mod judge;
mod ledger;
mod mirror;
mod outcome;
mod request;
mod serve;
#[cfg(test)]
mod tests;

use std::collections::VecDeque;

use offhook_protocol::{Envelope, Timestamp};
use serde_json::Value;
use tracing::warn;

use crate::{Branch, Epoch, Place, Presence, Publication, Stamp, Subject};
use judge::Sight;
use ledger::Ledger;

/// Topics that have a state.
const STATE_TOPICS: [&str; 3] = ["App", "Agent", "InboundCall"];
const STATE_SYNC: &str = "StateSync";
/// What is longer is not published: AWS IoT Core takes no more.
const MAX_PAYLOAD: usize = 128 * 1024;
/// What the owner wants done.
#[derive(Debug, PartialEq)]
pub(crate) enum Output {
    /// At the broker.
    Publish(Publication),
    /// On the bus, for this app.
    Send {
        source: String,
        envelope: Box<Envelope>,
    },
    /// The three states are wanted from the bus, in the order of its events.
    SampleState,
    /// The agent sits at another desk now.
    GiveWay,
    /// A connection with another last will is wanted: this one's is of an epoch that has passed.
    Reconnect,
}

/// See the module.
#[derive(Debug)]
pub(crate) struct Owner {
    branch: Branch,
    program: String,
    epoch: Epoch,
    /// The epoch has been told to the broker: a greater one that is seen there is of a later start.
    announced: bool,
    /// How many events there were.
    seq: u64,
    sight: Sight,
    sample_asked: Option<Timestamp>,
    online: Option<Online>,
    ledger: Ledger,
    outputs: VecDeque<Output>,
}

/// What subscribers have been told since the connection came up.
#[derive(Debug)]
struct Online {
    since: Timestamp,
    /// By topic, as in [`STATE_TOPICS`].
    states: [Option<Value>; 3],
}

impl Owner {
    /// The owner of this branch. `program` is its name and version, `random` tells two epochs of one
    /// millisecond apart.
    pub(crate) fn new(branch: Branch, program: String, random: u128, now: Timestamp) -> Self {
        Self {
            branch,
            program,
            epoch: Epoch::new(now, random),
            announced: false,
            seq: 0,
            sight: Sight::default(),
            sample_asked: None,
            online: None,
            ledger: Ledger::default(),
            outputs: VecDeque::new(),
        }
    }

    /// What to do next.
    pub(crate) fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due.
    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.ledger.poll_timeout()
    }

    /// What the broker is to publish when it misses this client.
    pub(crate) fn will(&self) -> Publication {
        let mut envelope = Presence::Offline.envelope();
        Stamp {
            agent: Some(self.branch.agent().to_owned()),
            epoch: Some(self.epoch),
            ..Stamp::default()
        }
        .write(&mut envelope);
        retained(self.branch.topic(&Place::Presence), envelope.to_text())
    }
}

/// The connection.
impl Owner {
    /// Connected and subscribed: says so, and follows up with the whole state.
    pub(crate) fn connected(&mut self, now: Timestamp) {
        self.online = Some(Online {
            since: now,
            states: Default::default(),
        });
        self.announce(now);
        self.sample_state(now);
    }

    /// The connection is gone, and with it what was to be published.
    pub(crate) fn disconnected(&mut self) {
        self.online = None;
        self.outputs
            .retain(|output| !matches!(output, Output::Publish(_)));
    }

    /// Claims the branch, whoever has it: the person has said so.
    pub(crate) fn claim(&mut self) {
        self.announced = false;
    }

    fn announce(&mut self, now: Timestamp) {
        if let Some(online) = &self.online {
            let presence = Presence::Online {
                since: online.since,
                program: self.program.clone(),
            };
            self.retain(&Place::Presence, presence.envelope(), now);
        }
    }

    /// Takes back what is retained, before an orderly end.
    pub(crate) fn farewell(&mut self, now: Timestamp) {
        for topic in STATE_TOPICS {
            let place = Place::State(state_of(topic));
            let nothing = retained(self.branch.topic(&place), String::new());
            self.outputs.push_back(Output::Publish(nothing));
        }
        self.retain(&Place::Presence, Presence::Offline.envelope(), now);
    }
}

/// Publications.
impl Owner {
    fn retain(&mut self, place: &Place, envelope: Envelope, now: Timestamp) {
        self.publish(place, envelope, now, retained);
    }

    fn publish(
        &mut self,
        place: &Place,
        mut envelope: Envelope,
        now: Timestamp,
        publication: impl FnOnce(String, String) -> Publication,
    ) {
        if self.online.is_some() {
            self.stamp(now).write(&mut envelope);
            self.push(publication(self.branch.topic(place), envelope.to_text()));
        }
    }

    fn push(&mut self, publication: Publication) {
        match publication.payload.len() {
            ..=MAX_PAYLOAD => self.outputs.push_back(Output::Publish(publication)),
            bytes => warn!(bytes, "too long for the broker, and not published"),
        }
    }

    fn stamp(&self, now: Timestamp) -> Stamp {
        Stamp {
            agent: Some(self.branch.agent().to_owned()),
            epoch: Some(self.epoch),
            seq: Some(self.seq),
            at: Some(now),
            ..Stamp::default()
        }
    }
}

fn retained(topic: String, payload: String) -> Publication {
    Publication {
        topic,
        payload: payload.into_bytes(),
        retain: true,
        expires_in: None,
        response_topic: None,
        correlation: None,
    }
}

fn state_of(topic: &str) -> Subject {
    Subject {
        topic: topic.to_owned(),
        subtopic: STATE_SYNC.to_owned(),
    }
}
