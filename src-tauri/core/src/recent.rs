//! Calls that ended since the phone was started.

use std::collections::VecDeque;

use offhook_protocol::{ContactId, Personal};

use crate::{
    contact::Contact,
    project,
    time::Time,
    view::{Direction, Outcome, RecentView},
};

/// How many are kept. They are personal data: they live in memory and nowhere else.
const MAX_KEPT: usize = 50;

/// The last calls, newest first.
#[derive(Debug, Default)]
pub(crate) struct Recent(VecDeque<RecentView>);

impl Recent {
    pub(crate) fn remember(&mut self, contact: &Contact, now: Time) {
        self.0.retain(|recent| recent.id != contact.id);
        self.0.truncate(MAX_KEPT - 1);
        self.0.push_front(RecentView {
            id: contact.id.clone(),
            at: contact.ended.unwrap_or(now),
            direction: contact.direction(),
            name: project::name_of(contact),
            number: project::number_of(contact),
            queue: contact.queue.clone(),
            outcome: outcome(contact),
            talked: contact.talked().map_or(0, project::millis),
        });
    }

    /// Whether this call was missed, and who it was.
    pub(crate) fn missed(&self, id: &ContactId) -> (bool, Personal) {
        let found = self
            .0
            .iter()
            .find(|recent| recent.id == *id && recent.outcome == Outcome::Missed);
        (
            found.is_some(),
            found
                .and_then(|recent| recent.name.clone().or(recent.number.clone()))
                .unwrap_or_default(),
        )
    }

    pub(crate) fn to_vec(&self) -> Vec<RecentView> {
        self.0.iter().cloned().collect()
    }
}

fn outcome(contact: &Contact) -> Outcome {
    match contact.direction() {
        _ if contact.answered.is_some() => Outcome::Answered,
        _ if contact.rejected => Outcome::Rejected,
        Direction::Inbound => Outcome::Missed,
        Direction::Outbound => Outcome::NoAnswer,
    }
}
