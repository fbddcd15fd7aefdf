//! Requests about calls.

use offhook_protocol::{Button, CallRequest, ConnectionId, Destination, Personal};

use super::{Desk, Plan, Refusal};
use crate::{
    contact::{Contact, Target},
    leg::{Leg, LegState},
    page::Call,
    situation::Situation,
};

const NO_THIRD_PARTY: &str = "No third party in state connected";

impl<'a> Desk<'a> {
    /// A request about calls. `StateSync` takes none.
    pub(super) fn call(self, request: &CallRequest) -> Plan {
        match request {
            CallRequest::StateSync => Ok(Vec::new()),
            CallRequest::Answer => self.answer(),
            CallRequest::Reject => self.reject(),
            CallRequest::ClearContact => self.clear(),
            CallRequest::Hold(id) => self.hold(id.as_ref()),
            CallRequest::Resume(id) => self.resume(id.as_ref()),
            CallRequest::Disconnect(id) => self.disconnect(id.as_ref()),
            CallRequest::SetMakeCall(to) => self.dial(to),
            CallRequest::SendDtmf(digits) => self.send_digits(digits),
            CallRequest::Consult(to) => self.consult(to),
            CallRequest::Swap => Ok(vec![swap(self.offering(&Button::Swap, NO_THIRD_PARTY)?)]),
            CallRequest::Conference => {
                let contact_id = self
                    .offering(&Button::Conference, NO_THIRD_PARTY)?
                    .id
                    .to_string();
                Ok(vec![Call::ConferenceConnections { contact_id }])
            }
            CallRequest::Transfer => {
                let contact = self.offering(&Button::Transfer, NO_THIRD_PARTY)?;
                Ok(leave(contact).into_iter().collect())
            }
        }
    }

    fn answer(self) -> Plan {
        let contact = self.offering(&Button::Answer, "No contact in state connecting")?;
        let contact_id = contact.id.to_string();
        Ok(vec![Call::Accept { contact_id }])
    }

    fn reject(self) -> Plan {
        let contact = self.offering(&Button::Reject, "No contact in state connecting")?;
        let contact_id = contact.id.to_string();
        Ok(vec![Call::Reject { contact_id }])
    }

    fn clear(self) -> Plan {
        let none = "No contact in state ended, missed or rejected";
        let contact_id = self.offering(&Button::ClearContact, none)?.id.to_string();
        Ok(vec![Call::Clear { contact_id }])
    }

    fn hold(self, id: Option<&ConnectionId>) -> Plan {
        let none = "No connection in state connected";
        let (contact, parties) = self.parties(id, &Button::Hold, none)?;
        let hold = |party: &Leg| Call::Hold {
            contact_id: contact.id.to_string(),
            connection_id: party.connection.clone(),
        };
        Ok(parties.into_iter().map(hold).collect())
    }

    /// During a consultation one party is talked to at a time: resuming one holds the other.
    fn resume(self, id: Option<&ConnectionId>) -> Plan {
        let none = "No connection in state hold";
        let (contact, parties) = self.parties(id, &Button::Resume, none)?;
        let resume = |party: &Leg| Call::Resume {
            contact_id: contact.id.to_string(),
            connection_id: party.connection.clone(),
        };
        let consulting = contact.situation() == Situation::Consulting;
        let talks = contact
            .live_parties()
            .any(|party| party.is_in(LegState::Connected));
        Ok(match consulting {
            true if talks => vec![swap(contact)],
            true => parties.into_iter().take(1).map(resume).collect(),
            false => parties.into_iter().map(resume).collect(),
        })
    }

    /// With one other party the agent hangs up; several would stay together, so each is disconnected.
    fn disconnect(self, id: Option<&ConnectionId>) -> Plan {
        let none = "No active connection";
        let alone = self.contacts.iter().find(|contact| {
            contact.situation() == Situation::Alone && contact.target(id) == Some(Target::Everyone)
        });
        if let Some(contact) = alone {
            return Ok(leave(contact).into_iter().collect());
        }
        let (contact, parties) = self.parties(id, &Button::Disconnect, none)?;
        if contact.target(id) == Some(Target::Everyone) && parties.len() == 1 {
            return Ok(leave(contact).into_iter().collect());
        }
        Ok(parties
            .into_iter()
            .map(|party| destroy(contact, party))
            .collect())
    }

    fn dial(self, to: &Destination) -> Plan {
        if self.contacts.iter().next().is_some() {
            return Err(Refusal::NotNow("Agent is handling a contact"));
        }
        let endpoint = self.directory.look_up_number(to)?;
        Ok(vec![Call::Connect { endpoint }])
    }

    fn consult(self, to: &Destination) -> Plan {
        let contact = self.contacts.live().or_else(|| self.contacts.iter().next());
        let contact = contact.ok_or(Refusal::NotNow("No contact found"))?;
        let endpoint = self.directory.look_up(to)?;
        let refusal = match contact.situation() {
            Situation::Conference { full: true } | Situation::PartlyHeld { full: true } => {
                "Too many connections"
            }
            Situation::Consulting | Situation::Dialling | Situation::DiallingThird => {
                "There is a third party already"
            }
            Situation::Ringing { .. }
            | Situation::Alone
            | Situation::Talking
            | Situation::Conference { full: false }
            | Situation::PartlyHeld { full: false }
            | Situation::Monitoring
            | Situation::Unclear
            | Situation::Over => "No contact in state connected",
        };
        let contact_id = self.offering(&Button::Consult, refusal)?.id.to_string();
        Ok(vec![Call::AddConnection {
            contact_id,
            endpoint,
        }])
    }

    /// To whom the agent talks, else to whoever is there.
    fn send_digits(self, digits: &Personal) -> Plan {
        let contact = self.offering(&Button::Numberpad, "No active connection")?;
        let talking = |leg: &&Leg| leg.is_in(LegState::Connected);
        let party = contact.live_parties().find(talking);
        let party = party.or_else(|| contact.live_parties().next());
        let call = |party: &Leg| Call::SendDigits {
            contact_id: contact.id.to_string(),
            connection_id: party.connection.clone(),
            digits: digits.clone(),
        };
        Ok(party.map(call).into_iter().collect())
    }

    /// The contact whose own leg offers this, or why there is none.
    fn offering(self, button: &Button, refusal: &'static str) -> Result<&'a Contact, Refusal> {
        let mut contacts = self.contacts.iter();
        if let Some(contact) = contacts.find(|contact| contact.offers(button)) {
            return Ok(contact);
        }
        Err(Refusal::NotNow(match self.contacts.iter().next() {
            Some(_) => refusal,
            None => "No contact found",
        }))
    }

    /// The parties among those that this id names that offer this, and their contact.
    fn parties(
        self,
        id: Option<&ConnectionId>,
        button: &Button,
        refusal: &'static str,
    ) -> Result<(&'a Contact, Vec<&'a Leg>), Refusal> {
        let mut named = false;
        for contact in self.contacts.iter() {
            let Some(target) = contact.target(id) else {
                continue;
            };
            named = true;
            let is_meant = |party: &&Leg| match target {
                Target::Everyone => true,
                Target::Party(id) => party.id == *id,
            };
            let offering = |party: &&Leg| party.enables(button);
            let parties: Vec<&Leg> = contact
                .live_parties()
                .filter(is_meant)
                .filter(offering)
                .collect();
            if !parties.is_empty() {
                return Ok((contact, parties));
            }
        }
        Err(Refusal::NotNow(match self.contacts.iter().next() {
            None => "No contact found",
            Some(_) if named => refusal,
            Some(_) => "Connection not found",
        }))
    }
}

fn swap(contact: &Contact) -> Call {
    Call::ToggleActiveConnections {
        contact_id: contact.id.to_string(),
    }
}

fn destroy(contact: &Contact, leg: &Leg) -> Call {
    Call::Destroy {
        contact_id: contact.id.to_string(),
        connection_id: leg.connection.clone(),
    }
}

/// The agent leaves, and whoever is left stays together.
fn leave(contact: &Contact) -> Option<Call> {
    contact.own().map(|own| destroy(contact, own))
}
