//! Requests about the agent.

use offhook_protocol::AgentRequest;

use super::{Desk, Plan, Refusal};
use crate::{contact::Contact, page::Call, snapshot::Choice};

impl Desk<'_> {
    pub(super) fn agent(self, request: &AgentRequest) -> Plan {
        match request {
            AgentRequest::StateSync
            | AgentRequest::GetStates
            | AgentRequest::GetDirectConnects
            | AgentRequest::Login => Ok(Vec::new()),
            AgentRequest::SetReady => self.choose(self.agent.ready()),
            AgentRequest::SetNotReady(name) => self.choose(self.agent.not_ready(name)),
            AgentRequest::UpdateState(state) => {
                let named = self.agent.named(&state.label);
                self.choose(named.or_else(|| self.agent.named(&state.code)))
            }
            AgentRequest::Mute => self.mute(),
            AgentRequest::Unmute => self.unmute(),
            AgentRequest::Logout => self.log_out(),
        }
    }

    /// Takes this state: at once, or when the contact is over. Out of wrap-up it clears the contact.
    fn choose(self, choice: Option<&Choice>) -> Plan {
        let choice = choice.ok_or(Refusal::StateNotFound)?;
        Ok(vec![Call::SetState {
            state: choice.raw.clone(),
            enqueue_next_state: self.contacts.live().is_some(),
        }])
    }

    /// With one other party the softphone mutes itself, with several Amazon mutes the agent.
    fn mute(self) -> Plan {
        let contact = self.joined()?;
        Ok(vec![match contact.live_parties().count() {
            0 | 1 => Call::Mute,
            _ => participant_muted(contact, true),
        }])
    }

    /// Undoes whichever mute there is.
    fn unmute(self) -> Plan {
        let contact = self.joined()?;
        let own = contact.own_connection();
        if own.is_some_and(|own| own.forced_mute) {
            return Err(Refusal::NotNow("Muted by a supervisor"));
        }
        let muted_there = own.is_some_and(|own| own.mute);
        let there = muted_there.then(|| participant_muted(contact, false));
        let here = self.microphone.is_muted_here() || !muted_there;
        let here = here.then_some(Call::Unmute);
        Ok(here.into_iter().chain(there).collect())
    }

    fn log_out(self) -> Plan {
        match self.contacts.live() {
            Some(_) => Err(Refusal::NotNow("Agent is handling a contact")),
            None => Ok(vec![Call::Terminate]),
        }
    }

    fn joined(&self) -> Result<&Contact, Refusal> {
        let mut contacts = self.contacts.iter();
        contacts
            .find(|contact| contact.is_joined())
            .ok_or(Refusal::NotNow("No active call"))
    }
}

fn participant_muted(contact: &Contact, muted: bool) -> Call {
    let contact_id = contact.id.to_string();
    let own = contact.own().map(|own| own.connection.clone());
    let connection_id = own.unwrap_or_default();
    match muted {
        true => Call::MuteParticipant {
            contact_id,
            connection_id,
        },
        false => Call::UnmuteParticipant {
            contact_id,
            connection_id,
        },
    }
}
