//! What the bus hears of a contact.

use offhook_protocol::{Buttons, CallSync, ContactKind, Envelope, LegEvent, SyncLeg, Variable};

use super::Contact;
use crate::{
    leg::{Leg, Role, Said},
    situation,
    snapshot::ContactType,
};

impl Contact {
    pub(super) fn event(&self, leg: &Leg, said: &Said) -> Envelope {
        LegEvent {
            connection_id: leg.id.clone(),
            contact_id: Some(self.id.clone()),
            kind: self.kind(),
            event: said.state.event(),
            leg: leg.kind.clone(),
            status: Some(said.state.status()),
            previous_status: said.previous.clone(),
            at: Some(said.at),
            phone_number: leg.number.clone(),
            queue: self.seen.queue.name.clone(),
            variables: self.variables(),
            buttons: Some(Buttons::enabling(said.buttons)),
        }
        .envelope()
    }

    /// The contact as `StateSync` tells it: as it was last said, without those who left.
    pub(crate) fn snapshot(&self) -> CallSync {
        let present = self.legs.iter().filter(|leg| !leg.departed);
        CallSync {
            variables: self.variables(),
            queue: self.seen.queue.name.clone(),
            queue_at: self.seen.queue_timestamp,
            legs: present
                .filter_map(|leg| Some(self.sync_leg(leg, leg.said()?)))
                .collect(),
        }
    }

    fn sync_leg(&self, leg: &Leg, said: &Said) -> SyncLeg {
        SyncLeg {
            connection_id: leg.id.clone(),
            contact_id: Some(self.id.clone()),
            kind: self.kind(),
            phone_number: leg.number.clone(),
            status: said.state.status(),
            at: Some(said.at),
            leg: leg.kind.clone(),
            buttons: Some(Buttons::enabling(said.buttons)),
        }
    }

    fn kind(&self) -> ContactKind {
        match self.seen.kind {
            ContactType::QueueCallback => ContactKind::QueuedCallback,
            _ if situation::is_monitoring(&self.seen) => ContactKind::Monitoring,
            ContactType::Voice | ContactType::Other(_) => ContactKind::Voice,
        }
    }

    /// The two numbers that every sample has, from the endpoints where the flow did not set them, and
    /// then all other attributes.
    fn variables(&self) -> Vec<Variable> {
        let initial = self.legs.iter().find(|leg| leg.role == Role::Initial);
        let customer = self.seen.customer_endpoint.number();
        let caller = customer.or_else(|| initial?.number.clone());
        let called = self.seen.connect_system_endpoint.number();
        let mut variables: Vec<Variable> = [("ANI", caller), ("DNIS", called)]
            .into_iter()
            .filter_map(|(name, number)| {
                let variable = |value| Variable {
                    name: name.to_owned(),
                    value,
                };
                self.attribute(name).or_else(|| number.map(variable))
            })
            .collect();
        let others = self.seen.attributes.iter().filter(|attribute| {
            let name = &attribute.name;
            !["ANI", "DNIS"]
                .iter()
                .any(|known| known.eq_ignore_ascii_case(name))
        });
        variables.extend(others.cloned());
        variables
    }

    fn attribute(&self, name: &str) -> Option<Variable> {
        let attributes = &mut self.seen.attributes.iter();
        attributes
            .find(|attribute| attribute.name.eq_ignore_ascii_case(name))
            .cloned()
    }
}
