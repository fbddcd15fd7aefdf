//! A place on the bus.

use std::sync::Arc;

use offhook_protocol::{Access, Envelope};
use tokio::sync::Notify;

use crate::{Bus, Frame, Refused, refused::Asked, router::is_source};

/// Names a port. Never used twice in the life of a bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PortId(pub(crate) u64);

/// What a port is on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// Speaks for the agent: requests out, events in. The phone is one.
    App,
    /// Speaks for the contact centre: events out, requests in. At most one.
    Connector,
}

/// What comes out of a port.
#[derive(Clone, Debug)]
pub enum Delivery {
    /// Somebody sent this.
    Message {
        /// Who. The port itself for what the bus answers while there is no connector.
        from: PortId,
        /// What.
        envelope: Arc<Frame>,
    },
    /// To the connector alone: this port needs the whole state. Answer with [`Port::send_to`] three
    /// times: `StateSync` of `App`, `Agent` and `InboundCall`. Until the first of them the port gets
    /// nothing that is broadcast, so that no event overtakes the state it belongs to.
    StateWanted {
        /// Who.
        by: PortId,
    },
    /// The queue was full and has been emptied. An app gets the whole state next, and nothing that is
    /// broadcast before it; the connector has missed requests and is asked for everybody's state.
    Resynced,
}

/// A place on the bus, left by dropping it.
#[derive(Debug)]
pub struct Port {
    pub(crate) bus: Bus,
    pub(crate) id: PortId,
    pub(crate) source: String,
    pub(crate) access: Access,
    pub(crate) role: Role,
    pub(crate) wake: Arc<Notify>,
}

impl Port {
    /// This port's name towards the others.
    pub fn id(&self) -> PortId {
        self.id
    }

    /// The name it joined under.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Sends an envelope to every other port, without waiting for any.
    ///
    /// An app's envelope gets the app's own name as `source`. While there is no connector the bus
    /// answers an app's request itself: `StateSync` with the empty state, any other with
    /// `NO_CONNECTOR`.
    ///
    /// # Errors
    ///
    /// [`Refused`], and nothing was sent.
    pub fn send(&self, envelope: Envelope) -> Result<(), Refused> {
        match self.role {
            Role::Connector => self.bus.broadcast(self.id, envelope, None),
            Role::App => self.send_as(self.source.clone(), envelope),
        }
    }

    /// As [`send`](Self::send), for an app that is elsewhere: its name becomes the `source`.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send), and [`Refused::BadSource`]. A connector sends for nobody else.
    pub fn send_for(&self, source: &str, envelope: Envelope) -> Result<(), Refused> {
        match self.role {
            Role::App if is_source(source) => self.send_as(source.to_owned(), envelope),
            Role::App | Role::Connector => Err(Refused::BadSource),
        }
    }

    fn send_as(&self, source: String, envelope: Envelope) -> Result<(), Refused> {
        let asked = Asked::read(&envelope)?;
        if asked.needs_control() && self.access < Access::Control {
            return Err(Refused::access_denied(&envelope));
        }
        let envelope = Envelope {
            source: Some(source),
            ..envelope
        };
        self.bus.broadcast(self.id, envelope, asked.request())
    }

    /// Sends an envelope to one port: the connector's answer to [`Delivery::StateWanted`]. Nothing
    /// happens if that port has left.
    ///
    /// # Errors
    ///
    /// As [`send`](Self::send); an app may not answer for the connector.
    pub fn send_to(&self, port: PortId, envelope: Envelope) -> Result<(), Refused> {
        match self.role {
            Role::Connector => self.bus.send_state(self.id, port, envelope),
            Role::App => Err(Refused::EventFromApp {
                topic: envelope.topic,
            }),
        }
    }

    /// Asks for the whole state: three `StateSync` come next, from the connector, or from the bus
    /// while there is none. Nothing happens for the connector, whose state it is.
    pub fn want_state(&self) {
        self.bus.want_state(self.id);
    }

    /// As [`want_state`](Self::want_state), and nothing that is broadcast meanwhile is kept back: the
    /// state stands in the queue behind the events that are in it and before those that are not.
    pub fn sample_state(&self) {
        self.bus.sample_state(self.id);
    }

    /// The next delivery, in the order of sending. `None` once the bus is closed and the queue empty.
    ///
    /// Cancel-safe: a delivery is taken only when it is returned.
    pub async fn recv(&mut self) -> Option<Delivery> {
        loop {
            match self.bus.take(self.id) {
                Ok(delivery) => return Some(delivery),
                Err(Taken::Closed) => return None,
                Err(Taken::Empty) => self.wake.notified().await,
            }
        }
    }
}

impl Drop for Port {
    fn drop(&mut self) {
        self.bus.leave(self.id);
    }
}

/// Why nothing was taken from a queue.
pub(crate) enum Taken {
    Empty,
    Closed,
}
