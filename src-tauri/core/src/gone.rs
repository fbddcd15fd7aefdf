//! Contacts that are over, so that a late event does not bring one back.

use std::collections::VecDeque;

use offhook_protocol::{ContactId, Timestamp};

use crate::contact::Contact;

/// How many are remembered.
const MAX_REMEMBERED: usize = 64;

/// The contacts that are over, oldest first, each with the last moment that was told of it.
#[derive(Debug, Default)]
pub(crate) struct Gone(VecDeque<(ContactId, Option<Timestamp>)>);

impl Gone {
    pub(crate) fn remember(&mut self, contact: &Contact) {
        if self.0.len() == MAX_REMEMBERED {
            self.0.pop_front();
        }
        let last = contact.legs().iter().filter_map(|leg| leg.at).max();
        self.0.retain(|(id, _)| *id != contact.id);
        self.0.push_back((contact.id.clone(), last));
    }

    pub(crate) fn contains(&self, id: &ContactId) -> bool {
        self.0.iter().any(|(gone, _)| gone == id)
    }

    /// Whether something told of this moment came after all that was known of the contact. The same
    /// contact can be offered again.
    pub(crate) fn is_news(&self, id: &ContactId, at: Option<Timestamp>) -> bool {
        let last = self
            .0
            .iter()
            .find(|(gone, _)| gone == id)
            .and_then(|(_, last)| *last);
        at.zip(last).is_some_and(|(at, last)| at > last)
    }
}
