//! Ringing: each ringing contact rings, notifies and brings the window up once.

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{ConnectionId, ContactId};

use crate::{contact::Contact, time::Time};

/// How many legs that rang are remembered.
const MAX_REMEMBERED: usize = 64;

/// How long a call goes on ringing when the link is lost and nobody can tell whether it still does.
pub(crate) const BLIND_RINGING: Duration = Duration::from_secs(20);

/// What was done about ringing calls.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Ringing {
    /// The contact whose tone plays.
    pub(crate) tone: Option<ContactId>,
    /// The contacts that were ringing when last looked.
    pub(crate) contacts: Vec<ContactId>,
    /// The contacts whose notification is out.
    pub(crate) notified: Vec<ContactId>,
    /// The agent's legs that rang, so that no repetition rings again. A contact that is offered to the
    /// same agent again comes with a new leg.
    rung: VecDeque<ConnectionId>,
}

impl Ringing {
    /// Whether this contact has not rung before with the leg it is offered by; it has from now on.
    pub(crate) fn is_first(&mut self, contact: &Contact) -> bool {
        let Some(leg) = contact.agent_leg().or(contact.customer()) else {
            return false;
        };
        if self.rung.contains(&leg.id) {
            return false;
        }
        let before = self.rung.len();
        // The caller's leg stood in for the agent's own until that was heard of.
        self.rung
            .retain(|rung| contact.parties().all(|party| party.id != *rung));
        let stood_in = self.rung.len() < before;
        if self.rung.len() == MAX_REMEMBERED {
            self.rung.pop_front();
        }
        self.rung.push_back(leg.id.clone());
        !stood_in
    }
}

/// When a call that rings on a lost link falls silent.
pub(crate) fn blind_until(lost_since: Time) -> Time {
    lost_since + BLIND_RINGING
}
