//! What the bus hears of a contact.

use offhook_protocol::{
    CallSync, ContactId, ContactKind, Envelope, LegEvent, SyncLeg, Timestamp, Variable,
};

use super::Contact;
use crate::{
    buttons,
    leg::{Leg, LegState, Said},
};

impl Contact {
    /// One event for each leg that has news, the agent's own first.
    pub(crate) fn news(&mut self, now: Timestamp) -> Vec<Envelope> {
        if matches!(self.agent.state, LegState::Connected | LegState::Hold) {
            self.agent.state = match self.parties.iter().all(|p| p.state == LegState::Hold) {
                true => LegState::Hold,
                false => LegState::Connected,
            };
        }
        let situation = self.situation();
        let of_agent = buttons::of_agent(situation);
        let mut departed = std::mem::take(&mut self.departed);
        let mut events = Vec::new();
        events.extend(
            self.agent
                .news(of_agent, now)
                .map(|said| (&self.agent, said)),
        );
        for party in self.parties.iter_mut().chain(&mut departed) {
            let buttons = buttons::of_party(situation, party.state);
            events.extend(party.news(buttons, now).map(|said| (&*party, said)));
        }
        events
            .into_iter()
            .map(|(leg, said)| leg_event(&self.id, &self.queue, &self.variables, leg, &said))
            .collect()
    }

    /// The contact as `StateSync` tells it: as it was last said.
    pub(crate) fn snapshot(&self) -> CallSync {
        let legs: Vec<SyncLeg> = std::iter::once(&self.agent)
            .chain(&self.parties)
            .filter_map(|leg| Some(sync_leg(&self.id, leg, leg.said()?)))
            .collect();
        CallSync {
            variables: self.variables.clone(),
            queue: Some(self.queue.clone()),
            queue_at: legs.iter().filter_map(|leg| leg.at).max(),
            legs,
        }
    }
}

fn leg_event(
    contact: &ContactId,
    queue: &str,
    variables: &[Variable],
    leg: &Leg,
    said: &Said,
) -> Envelope {
    LegEvent {
        connection_id: leg.id.clone(),
        contact_id: Some(contact.clone()),
        kind: ContactKind::Voice,
        event: said.state.event(),
        leg: leg.kind.clone(),
        status: Some(said.state.status()),
        previous_status: said.previous.clone(),
        at: Some(said.at),
        phone_number: leg.number.clone(),
        queue: Some(queue.to_owned()),
        variables: variables.to_vec(),
        buttons: Some(said.buttons()),
    }
    .envelope()
}

fn sync_leg(contact: &ContactId, leg: &Leg, said: &Said) -> SyncLeg {
    SyncLeg {
        connection_id: leg.id.clone(),
        contact_id: Some(contact.clone()),
        kind: ContactKind::Voice,
        phone_number: leg.number.clone(),
        status: said.state.status(),
        at: Some(said.at),
        leg: leg.kind.clone(),
        buttons: Some(said.buttons()),
    }
}
