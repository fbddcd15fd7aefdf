//! All contacts that the bus knows of.

use offhook_protocol::{CallSync, Envelope, Timestamp};

use crate::{
    contact::Contact,
    situation,
    snapshot::{self, Snapshot},
};

/// How many contacts that are gone are remembered, in case one comes back.
const REMEMBERED: usize = 8;

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Contacts {
    present: Vec<Contact>,
    /// The latest ones that are gone.
    gone: Vec<Contact>,
}

impl Contacts {
    /// Takes a whole snapshot. Returns what is news: of contacts that are gone, then of those that are
    /// there.
    pub(crate) fn follow(&mut self, snapshot: &Snapshot, now: Timestamp) -> Vec<Envelope> {
        let seen: Vec<&snapshot::Contact> = snapshot
            .contacts
            .iter()
            .filter(|contact| situation::is_call(contact))
            .collect();
        let mut news = self.drop_absent(&seen, snapshot.snapshot_timestamp.unwrap_or(now));
        for contact in seen {
            let index = self.place_of(contact);
            news.extend(self.present[index].follow(contact.clone(), now));
        }
        news
    }

    fn drop_absent(&mut self, seen: &[&snapshot::Contact], now: Timestamp) -> Vec<Envelope> {
        let is_there = |contact: &Contact| {
            let id = contact.id.as_str();
            let seen = &mut seen.iter();
            let seen = seen.find(|seen| seen.contact_id == id);
            seen.is_some_and(|seen| !contact.is_offered_again(seen))
        };
        let (present, mut absent): (Vec<_>, Vec<_>) = self.present.drain(..).partition(is_there);
        self.present = present;
        let news = absent
            .iter_mut()
            .flat_map(|contact| contact.go(now))
            .collect();
        self.gone.extend(absent);
        self.gone
            .drain(..self.gone.len().saturating_sub(REMEMBERED));
        news
    }

    fn place_of(&mut self, seen: &snapshot::Contact) -> usize {
        let is_it = |contact: &Contact| contact.id.as_str() == seen.contact_id;
        if let Some(index) = self.present.iter().position(is_it) {
            return index;
        }
        let known = self.gone.iter().position(is_it);
        self.present.push(match known {
            Some(index) => self.gone.remove(index).back(seen.clone()),
            None => Contact::new(seen.clone()),
        });
        self.present.len() - 1
    }

    pub(crate) fn iter(&self) -> impl Iterator<Item = &Contact> {
        self.present.iter()
    }

    pub(crate) fn find_mut(&mut self, id: &str) -> Option<&mut Contact> {
        self.present
            .iter_mut()
            .find(|contact| contact.id.as_str() == id)
    }

    /// A call that would be hurt if the panel were touched.
    pub(crate) fn live(&self) -> Option<&Contact> {
        self.iter().find(|contact| contact.is_live())
    }

    /// All legs. Variables and queue are those of the first contact.
    pub(crate) fn snapshot(&self) -> CallSync {
        let mut contacts = self.iter().map(Contact::snapshot);
        let mut all = contacts.next().unwrap_or_default();
        all.legs.extend(contacts.flat_map(|contact| contact.legs));
        all
    }
}
