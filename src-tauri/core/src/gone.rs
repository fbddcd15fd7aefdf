//! Contacts that are over, so that a late event does not bring one back.

use std::collections::VecDeque;

use offhook_protocol::{ContactId, Timestamp};

use crate::contact::Contact;

/// How many are remembered.
const MAX_REMEMBERED: usize = 64;

/// The contacts that are over, oldest first.
#[derive(Debug, Default)]
pub(crate) struct Gone(VecDeque<Past>);

#[derive(Debug)]
struct Past {
    id: ContactId,
    /// The last moment that was told of it.
    last: Option<Timestamp>,
    /// The number of the input by which it went.
    went: u64,
}

impl Gone {
    pub(crate) fn remember(&mut self, contact: &Contact, went: u64) {
        self.0.retain(|past| past.id != contact.id);
        if self.0.len() == MAX_REMEMBERED {
            self.0.pop_front();
        }
        self.0.push_back(Past {
            id: contact.id.clone(),
            last: contact.legs().iter().filter_map(|leg| leg.at).max(),
            went,
        });
    }

    /// The number of the input by which this contact went, if it did.
    pub(crate) fn went(&self, id: &ContactId) -> Option<u64> {
        self.find(id).map(|past| past.went)
    }

    /// Whether something told of this moment came after all that was known of the contact. The same
    /// contact can be offered again.
    pub(crate) fn is_news(&self, id: &ContactId, at: Option<Timestamp>) -> bool {
        let last = self.find(id).and_then(|past| past.last);
        at.zip(last).is_some_and(|(at, last)| at > last)
    }

    fn find(&self, id: &ContactId) -> Option<&Past> {
        self.0.iter().find(|past| past.id == *id)
    }
}
