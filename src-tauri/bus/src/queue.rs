//! What waits for one port, within bounds.

use std::{collections::VecDeque, sync::Arc};

use crate::{Delivery, Frame, PortId};

/// How many deliveries wait for a port at most.
pub const MAX_QUEUED: usize = 256;

/// How many bytes of wire text wait for a port at most; also the longest message on the bus.
pub const MAX_QUEUED_BYTES: usize = 1024 * 1024;

/// The queue of a port. One that overflows is emptied and holds [`Delivery::Resynced`] instead.
#[derive(Debug, Default)]
pub(crate) struct Queue {
    deliveries: VecDeque<Delivery>,
    bytes: usize,
}

/// The queue was full and has been emptied.
#[derive(Debug, PartialEq, Eq)]
#[must_use]
pub(crate) struct Overflowed;

impl Queue {
    pub(crate) fn message(&mut self, from: PortId, frame: &Arc<Frame>) -> Result<(), Overflowed> {
        let envelope = Arc::clone(frame);
        self.push(Delivery::Message { from, envelope })
    }

    pub(crate) fn state_wanted(&mut self, by: PortId) -> Result<(), Overflowed> {
        self.push(Delivery::StateWanted { by })
    }

    pub(crate) fn pop(&mut self) -> Option<Delivery> {
        let delivery = self.deliveries.pop_front()?;
        self.bytes -= bytes(&delivery);
        Some(delivery)
    }

    fn push(&mut self, delivery: Delivery) -> Result<(), Overflowed> {
        let bytes = self.bytes + bytes(&delivery);
        if self.deliveries.len() == MAX_QUEUED || bytes > MAX_QUEUED_BYTES {
            self.deliveries.clear();
            self.deliveries.push_back(Delivery::Resynced);
            self.bytes = 0;
            return Err(Overflowed);
        }
        self.deliveries.push_back(delivery);
        self.bytes = bytes;
        Ok(())
    }
}

fn bytes(delivery: &Delivery) -> usize {
    match delivery {
        Delivery::Message { envelope, .. } => envelope.text().len(),
        Delivery::StateWanted { .. } | Delivery::Resynced => 0,
    }
}
