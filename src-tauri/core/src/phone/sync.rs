//! Snapshots: the whole state at once, and how far it is believed.

use offhook_protocol::{CallSync, ContactId, SyncLeg};

use crate::{
    contact::Contact,
    phone::{MAX_CONTACTS, Phone},
    snapshot,
    view::Command,
};

impl Phone {
    /// A snapshot replaces what it is newer than.
    pub(super) fn hear_calls(&mut self, sync: &CallSync) {
        let mut present: Vec<(ContactId, Vec<&SyncLeg>)> = Vec::new();
        for leg in &sync.legs {
            let id = self.contact_of(&leg.connection_id, leg.contact_id.as_ref());
            match present.iter_mut().find(|(known, _)| *known == id) {
                Some((_, legs)) => legs.push(leg),
                None => present.push((id, vec![leg])),
            }
        }
        let doubted = self.doubts(&present);
        let alone = present.len() == 1;
        for (id, legs) in &present {
            self.hear_contact(id, legs, sync, alone);
        }
        self.drop_absent(&present);
        self.retire_gone();
        self.asked = None;
        self.link.synced(self.now);
        self.decide_pending(|pending| {
            pending.contact.is_some() || pending.command == Command::Dial
        });
        if doubted {
            self.ask_state();
        }
    }

    /// Whether a snapshot contradicts what was heard since it was asked for: it may be the older one of
    /// the two.
    fn doubts(&self, present: &[(ContactId, Vec<&SyncLeg>)]) -> bool {
        let back = |(id, _): &(ContactId, Vec<&SyncLeg>)| {
            self.contact(id).is_none()
                && self
                    .gone
                    .went(id)
                    .is_some_and(|went| !self.was_asked_after(went))
        };
        let lacks = |contact: &Contact| {
            let told = present.iter().find(|(id, _)| *id == contact.id);
            told.is_none_or(|(_, legs)| contact.has_others_than(legs))
        };
        let unsure = |contact: &Contact| !self.was_asked_after(contact.heard) && lacks(contact);
        present.iter().any(back) || self.contacts.iter().any(unsure)
    }

    /// Whether the snapshot was asked for when this input had been heard.
    fn was_asked_after(&self, input: u64) -> bool {
        self.asked.is_some_and(|asked| input <= asked)
    }

    fn hear_contact(&mut self, id: &ContactId, legs: &[&SyncLeg], sync: &CallSync, alone: bool) {
        let known = self.contacts.iter().position(|contact| contact.id == *id);
        let mut contact = match known {
            Some(index) => self.contacts.remove(index),
            None if !self.is_believed_back(id) || self.contacts.len() == MAX_CONTACTS => return,
            None => self.new_contact(id.clone()),
        };
        for leg in legs {
            let before = contact.leg(&leg.connection_id).map(|leg| leg.state);
            contact.merge_snapshot(
                leg,
                snapshot::state_of(leg, before, self.agent.ending()),
                self.now,
            );
        }
        if self.was_asked_after(contact.heard) {
            contact.keep_only(legs, self.now);
        }
        // The variables stand beside the legs, so with several contacts nobody knows whose they are.
        if alone {
            if !sync.variables.is_empty() {
                contact.variables.clone_from(&sync.variables);
            }
            contact.queue = sync.queue.clone().or(contact.queue.take());
        }
        contact.settle(self.now);
        match known {
            Some(index) => self.contacts.insert(index, contact),
            // The end of something unknown is no news.
            None if contact.is_gone() => {}
            None => self.contacts.push(contact),
        }
    }

    /// A contact that went is back only if the snapshot was asked for after it went.
    fn is_believed_back(&self, id: &ContactId) -> bool {
        self.gone
            .went(id)
            .is_none_or(|went| self.was_asked_after(went))
    }

    /// Drops the contacts that a snapshot does not have, if it was asked for after the last news of
    /// them.
    fn drop_absent(&mut self, present: &[(ContactId, Vec<&SyncLeg>)]) {
        let asked = self.asked;
        let (gone, kept) = self.contacts.drain(..).partition(|contact| {
            present.iter().all(|(id, _)| *id != contact.id)
                && asked.is_some_and(|asked| contact.heard <= asked)
        });
        self.contacts = kept;
        self.retire(gone);
    }
}
