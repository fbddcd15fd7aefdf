//! What the bus asks for, and what it is told.

use offhook_protocol::{
    AgentRequest, ApiError, CallRequest, Envelope, ErrorType, Request, direct_connects_envelope,
    states_envelope,
};

use super::{Amazon, Output};
use crate::{agent::Circumstances, page::Call, requests::Desk};

/// Requests.
impl Amazon {
    pub(super) fn serve(&mut self, request: &Request) {
        match request {
            Request::AppStateSync => {
                let on_call = self.is_on_call();
                self.health.hurry(on_call, self.now);
                self.broadcast(self.health.state(self.now).sync_envelope());
            }
            Request::Call(CallRequest::StateSync) => {
                self.broadcast(self.contacts.snapshot().envelope());
            }
            Request::Agent(AgentRequest::StateSync) => {
                let state = self.agent.snapshot(self.circumstances());
                self.broadcast(state.envelope("StateSync"));
            }
            Request::Agent(AgentRequest::GetStates) => match self.agent.choices() {
                Some(states) => self.broadcast(states_envelope(&states)),
                None => self.refuse_offline(),
            },
            Request::Agent(AgentRequest::GetDirectConnects) => self.list_quick_connects(),
            Request::Agent(AgentRequest::Login) => self.health.show(),
            Request::Call(_) | Request::Agent(_) if !self.health.is_online() => {
                self.refuse_offline();
            }
            Request::Call(_) | Request::Agent(_) => self.carry_out(request),
        }
    }

    fn carry_out(&mut self, request: &Request) {
        let Some(failure) = request.failure() else {
            return;
        };
        let desk = Desk {
            contacts: &self.contacts,
            agent: &self.agent,
            microphone: &self.microphone,
            directory: &self.directory,
        };
        match desk.plan(request) {
            Ok(calls) => self.ask(calls, &failure),
            Err(refusal) => self.complain(&refusal.error(failure)),
        }
    }

    fn ask(&mut self, calls: Vec<Call>, failure: &ErrorType) {
        // There is one wherever the link is online.
        let Some(snapshot) = &self.snapshot else {
            return;
        };
        for call in &calls {
            if let Call::Reject { contact_id } = call
                && let Some(contact) = self.contacts.find_mut(contact_id)
            {
                contact.rejected = true;
            }
            if matches!(call, Call::Unmute | Call::UnmuteParticipant { .. }) {
                self.microphone.expect_unmute(self.now);
            }
        }
        for asked in self.calls.ask(calls, snapshot, failure, self.now) {
            self.outputs.push_back(Output::Ask(asked));
        }
    }

    fn list_quick_connects(&mut self) {
        let online = self.health.is_online();
        let known = match online {
            true => self.directory.fresh(self.now),
            false => self.directory.known(),
        };
        match known {
            Some(known) => self.broadcast(direct_connects_envelope(&known)),
            None if online => {
                self.ask(vec![Call::GetEndpoints], &ErrorType::DirectConnectsFailed);
            }
            None => self.refuse_offline(),
        }
    }

    fn refuse_offline(&mut self) {
        self.complain(&ApiError::new(
            ErrorType::LinkDown,
            "The connection is lost",
        ));
    }
}

/// Events.
impl Amazon {
    /// Tells what changed.
    pub(super) fn tell(&mut self) {
        self.tell_health();
        let mut news = self.agent.news(self.circumstances());
        if std::mem::take(&mut self.agent_asked) && news.is_empty() {
            news.extend(self.agent.repeat());
        }
        news.into_iter().for_each(|event| self.broadcast(event));
    }

    pub(super) fn tell_health(&mut self) {
        if self.health.is_logged_out() {
            self.agent.leave();
        }
        let news = self.health.news(self.now);
        news.into_iter().for_each(|event| self.broadcast(event));
        let orders = self.health.take_orders().into_iter();
        self.outputs.extend(orders.map(Output::Panel));
    }

    pub(super) fn circumstances(&self) -> Circumstances {
        Circumstances {
            muted: self.microphone.is_muted(),
            on_contact: self.is_on_call(),
            has_contact: self.contacts.iter().next().is_some(),
        }
    }

    pub(super) fn complain(&mut self, error: &ApiError) {
        self.broadcast(error.envelope());
    }

    pub(super) fn broadcast(&mut self, envelope: Envelope) {
        self.outputs.push_back(Output::Bus(envelope));
    }
}
