//! What the contact centre says, and what follows from it.

use offhook_protocol::{
    AgentRequest, AgentSync, ApiError, AppState, CallRequest, ConnectionId, ContactId, ErrorType,
    Event, LegEvent, LegType, Problem, Request,
};

use crate::{
    agent::Agent,
    contact::{Contact, Merged},
    gone::Past,
    leg::LegState,
    link::LinkChange,
    notice::NoticeCode,
    pending::Pending,
    phone::{MAX_CONTACTS, Phone},
    view::Command,
    words,
};

impl Phone {
    pub(super) fn hear(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Leg(event) => self.hear_leg(&event),
            Event::CallSync(sync) => self.hear_calls(&sync),
            Event::AgentState(event) => {
                self.agent.set(event, now);
                self.hear_agent();
            }
            Event::CcpAgentState(state) => {
                self.agent.set_name(state, now);
                self.hear_agent();
            }
            Event::AgentSync(sync) | Event::LoggedIn(sync) | Event::LoggedOut(sync) => {
                self.sync_agent(sync);
            }
            Event::States(states) => self.agent.choices = states,
            Event::DirectConnects(endpoints) => self.quick_connects = endpoints,
            Event::App(state) => self.hear_link(state),
            Event::Error(error) => self.hear_error(&error),
        }
    }

    fn hear_link(&mut self, state: AppState) {
        let known: Vec<Problem> = self.link.problems().cloned().collect();
        match self.link.told(state, self.now) {
            LinkChange::CameUp => self.come_up(),
            LinkChange::Ended => self.forget(),
            LinkChange::Nothing => {}
        }
        let new = self
            .link
            .problems()
            .find(|problem| !known.contains(problem));
        if let Some(problem) = new.cloned() {
            self.tell_problem(&problem);
        }
    }

    /// The link is up: learn everything, and let it decide what was under way.
    fn come_up(&mut self) {
        let now = self.now;
        self.pending.iter_mut().for_each(|pending| pending.ask(now));
        self.ask_state();
        self.ask_choices();
    }

    /// Nobody speaks for a contact centre any more, so nobody will tell how its calls end.
    fn forget(&mut self) {
        let contacts = std::mem::take(&mut self.contacts);
        self.retire(contacts);
        self.agent = Agent::default();
        self.quick_connects.clear();
        self.give_up(|_| true);
    }

    /// Asks for what an agent can choose from. It may be another agent's now.
    fn ask_choices(&mut self) {
        self.send(Request::Agent(AgentRequest::GetStates));
        self.send(Request::Agent(AgentRequest::GetDirectConnects));
    }

    /// Asks for the whole state, where somebody can answer. If not, the link's coming up asks.
    pub(super) fn ask_state(&mut self) {
        if !self.link.is_reachable() {
            return;
        }
        self.asked = Some(self.inputs);
        self.link.asked(self.now);
        self.send(Request::Agent(AgentRequest::StateSync));
        self.send(Request::Call(CallRequest::StateSync));
    }

    fn sync_agent(&mut self, sync: AgentSync) {
        let was_out = self.agent.logged_in == Some(false);
        self.agent.sync(sync, self.now);
        self.hear_agent();
        self.decide_pending(|pending| {
            pending.contact.is_none() && pending.command != Command::Dial
        });
        if was_out && self.agent.is_logged_in() && self.link.is_reachable() {
            self.ask_choices();
        }
    }

    fn hear_leg(&mut self, event: &LegEvent) {
        let id = self.contact_of(&event.connection_id, event.contact_id.as_ref());
        let Some(index) = self.contacts.iter().position(|contact| contact.id == id) else {
            return self.hear_new_contact(id, event);
        };
        let contact = &mut self.contacts[index];
        if contact.merge(event, self.now) == Merged::Changed {
            contact.heard = self.inputs;
            self.retire_gone();
        }
    }

    fn hear_new_contact(&mut self, id: ContactId, event: &LegEvent) {
        let agent = event.leg == LegType::Agent;
        match LegState::after(&event.event, event.status.as_ref(), agent) {
            // An event nobody can place.
            None => return,
            // The end of something unknown is no news; its beginning may still come, and is none either.
            Some(LegState::Gone) => {
                if agent {
                    self.gone.remember(Past {
                        id,
                        legs: vec![event.connection_id.clone()],
                        last: event.at,
                        went: self.inputs,
                    });
                }
                return;
            }
            Some(
                LegState::Connecting | LegState::Connected | LegState::OnHold | LegState::Over(_),
            ) => {}
        }
        if self.contacts.len() == MAX_CONTACTS {
            return;
        }
        let revived = self.gone.went(&id).is_some();
        if revived && !(agent && self.gone.is_news(&id, &event.connection_id, event.at)) {
            return;
        }
        let mut contact = self.new_contact(id);
        contact.merge(event, self.now);
        contact.heard = self.inputs;
        self.contacts.push(contact);
        if revived {
            self.ask_state();
        }
    }

    /// A contact that may be the one that the agent is dialling.
    pub(super) fn new_contact(&self, id: ContactId) -> Contact {
        let dialling = self
            .pending
            .iter()
            .find(|pending| pending.command == Command::Dial);
        let mut contact = Contact::new(id, self.now);
        contact.calling = dialling.and_then(Pending::quick_connect);
        contact
    }

    /// Legs of one contact share its id. Where an event does not carry it, a known leg does.
    pub(super) fn contact_of(&self, leg: &ConnectionId, contact: Option<&ContactId>) -> ContactId {
        let owner = || {
            self.contacts
                .iter()
                .find(|contact| contact.leg(leg).is_some())
        };
        contact
            .cloned()
            .or_else(|| owner().map(|contact| contact.id.clone()))
            .unwrap_or_else(|| ContactId::new(leg.as_str()))
    }

    pub(super) fn retire_gone(&mut self) {
        let (gone, kept) = self.contacts.drain(..).partition(Contact::is_gone);
        self.contacts = kept;
        self.retire(gone);
    }

    /// Remembers contacts that are over.
    pub(super) fn retire(&mut self, contacts: Vec<Contact>) {
        for mut contact in contacts {
            contact.rejected |= self.is_pending(&contact.id, Command::Reject);
            contact.ended = contact.ended.or(Some(self.now));
            self.gone.remember(Past {
                id: contact.id.clone(),
                legs: contact.legs().iter().map(|leg| leg.id.clone()).collect(),
                last: contact.legs().iter().filter_map(|leg| leg.at).max(),
                went: self.inputs,
            });
            self.recent.remember(&contact, self.now);
        }
    }

    /// The agent's state may tell how a call ended, which a snapshot does not.
    fn hear_agent(&mut self) {
        let Some(ending) = self.agent.ending() else {
            return;
        };
        for contact in self
            .contacts
            .iter_mut()
            .filter(|contact| contact.ended_somehow())
        {
            contact.ended_as(ending, self.now);
        }
    }

    fn hear_error(&mut self, error: &ApiError) {
        if error.kind == ErrorType::WebsocketError {
            return self.link.failed(self.now);
        }
        let (commands, code) = words::blamed(&error.kind);
        let blamed = self
            .pending
            .iter()
            .position(|pending| commands.contains(&pending.command));
        match blamed {
            Some(index) => drop(self.pending.remove(index)),
            // Another app's request; the link's state is shown anyway.
            None if matches!(code, NoticeCode::LinkDown | NoticeCode::NoConnector) => return,
            None => {}
        }
        let said = Some(error.error_message.clone()).filter(|text| !text.reveal().is_empty());
        self.say(code, said);
    }
}
