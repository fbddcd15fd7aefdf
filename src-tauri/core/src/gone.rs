//! Contacts that are over, so that a late event does not bring one back.

use std::collections::VecDeque;

use offhook_protocol::{ConnectionId, ContactId, Timestamp};

/// How many are remembered.
const MAX_REMEMBERED: usize = 64;

/// The contacts that are over, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Gone(VecDeque<Past>);

/// A contact that is over.
#[derive(Debug)]
pub(crate) struct Past {
    pub(crate) id: ContactId,
    pub(crate) legs: Vec<ConnectionId>,
    /// The last moment that was told of it.
    pub(crate) last: Option<Timestamp>,
    /// The number of the input by which it went.
    pub(crate) went: u64,
}

impl Gone {
    pub(crate) fn remember(&mut self, past: Past) {
        let last = past
            .last
            .max(self.find(&past.id).and_then(|known| known.last));
        self.0.retain(|known| known.id != past.id);
        if self.0.len() == MAX_REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Past { last, ..past });
    }

    /// The number of the input by which this contact went, if it did.
    pub(crate) fn went(&self, id: &ContactId) -> Option<u64> {
        self.find(id).map(|past| past.went)
    }

    /// Whether something told of a leg at this moment came after all that was known of its contact. The
    /// same contact can be offered again, with a new leg.
    pub(crate) fn is_news(
        &self,
        id: &ContactId,
        leg: &ConnectionId,
        at: Option<Timestamp>,
    ) -> bool {
        self.find(id).is_some_and(|past| match at.zip(past.last) {
            Some((at, last)) => at > last || (at == last && !past.legs.contains(leg)),
            None => false,
        })
    }

    fn find(&self, id: &ContactId) -> Option<&Past> {
        self.0.iter().find(|past| past.id == *id)
    }
}
