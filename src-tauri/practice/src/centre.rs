//! The contact centre: the agent and the contact, moved together.

use std::time::Duration;

use offhook_protocol::{
    AgentRequest, ApiError, CallRequest, CallSync, Destination, Envelope, ErrorType, Request,
    Timestamp, direct_connects_envelope, states_envelope,
};

use crate::{
    agent::{Agent, StateRefusal},
    contact::{Contact, Refusal, Situation},
    directory,
    ids::Ids,
    scenario::{Call, Response},
};

/// The contact centre as one agent meets it. What it says is taken with [`take_news`](Self::take_news).
pub(crate) struct Centre {
    agent: Agent,
    contact: Option<Contact>,
    ids: Ids,
    /// How called parties respond from now on.
    callee: (Response, Duration),
    news: Vec<Envelope>,
}

impl Centre {
    pub(crate) fn new(ids: Ids, now: Timestamp) -> Self {
        let mut centre = Self {
            agent: Agent::new(now),
            contact: None,
            ids,
            callee: (Response::Answers, Response::Answers.usual_delay()),
            news: Vec::new(),
        };
        centre.settle(now);
        centre
    }

    /// What was said since the last time.
    pub(crate) fn take_news(&mut self) -> Vec<Envelope> {
        std::mem::take(&mut self.news)
    }

    /// Whether a call would be offered to the agent.
    pub(crate) fn is_ready(&self) -> bool {
        self.contact.is_none() && self.agent.is_ready()
    }

    pub(crate) fn situation(&self) -> Option<Situation> {
        self.contact.as_ref().map(Contact::situation)
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.contact.as_ref()?.poll_timeout()
    }

    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        if let Some(contact) = &mut self.contact {
            contact.handle_timeout(now);
            self.settle(now);
        }
    }

    /// Does what is asked, or says why not.
    pub(crate) fn handle(&mut self, request: &Request, now: Timestamp) {
        let outcome = match request {
            // The connector's own.
            Request::AppStateSync => Ok(()),
            Request::Call(request) => self.call(request, now).map_err(StateRefusal::NotNow),
            Request::Agent(request) => self.agent(request, now),
        };
        self.settle(now);
        if let (Err(refusal), Some(failure)) = (outcome, request.failure()) {
            let error = match refusal {
                StateRefusal::NotNow(text) => ApiError::new(failure, text),
                StateRefusal::NotFound => {
                    ApiError::new(ErrorType::AgentStateNotFound, "Agent state not found")
                }
            };
            self.news.push(error.envelope());
        }
    }

    fn call(&mut self, request: &CallRequest, now: Timestamp) -> Result<(), Refusal> {
        match request {
            CallRequest::StateSync => {
                self.news.push(self.call_snapshot());
                Ok(())
            }
            CallRequest::Answer => self.contact()?.answer(),
            CallRequest::Reject => self.contact()?.reject(),
            CallRequest::ClearContact => self.contact()?.clear(),
            CallRequest::Hold(id) => self.contact()?.hold(id.as_ref()),
            CallRequest::Resume(id) => self.contact()?.resume(id.as_ref()),
            CallRequest::Disconnect(id) => self.contact()?.disconnect(id.as_ref()),
            CallRequest::SetMakeCall(to) => self.dial(to, now),
            CallRequest::SendDtmf(_) => self.contact()?.take_digits(),
            CallRequest::Consult(to) => self.consult(to, now),
            CallRequest::Swap => self.contact()?.swap(),
            CallRequest::Conference => self.contact()?.conference(),
            CallRequest::Transfer => self.contact()?.transfer(),
        }
    }

    fn agent(&mut self, request: &AgentRequest, now: Timestamp) -> Result<(), StateRefusal> {
        match request {
            AgentRequest::StateSync => self.news.push(self.agent_snapshot()),
            AgentRequest::GetStates => self.news.push(states_envelope(&directory::states())),
            AgentRequest::GetDirectConnects => self
                .news
                .push(direct_connects_envelope(&directory::quick_connects())),
            AgentRequest::SetReady => {
                self.agent.choose_ready(now)?;
                self.leave_wrap_up();
            }
            AgentRequest::SetNotReady(reason) => {
                self.agent.choose_not_ready(reason, now)?;
                self.leave_wrap_up();
            }
            AgentRequest::UpdateState(state) => {
                self.agent.choose(&state.label, now)?;
                self.leave_wrap_up();
            }
            AgentRequest::Mute => self.agent.mute(true)?,
            AgentRequest::Unmute => self.agent.mute(false)?,
            AgentRequest::Login => self.news.push(self.agent.log_in(now)?),
            AgentRequest::Logout => self.news.push(self.agent.log_out(now)?),
        }
        Ok(())
    }

    fn contact(&mut self) -> Result<&mut Contact, Refusal> {
        self.contact.as_mut().ok_or("No contact found")
    }

    fn dial(&mut self, to: &Destination, now: Timestamp) -> Result<(), Refusal> {
        if !self.agent.is_logged_in() {
            return Err("Agent is not logged in");
        }
        if self.contact.is_some() {
            return Err("Agent is handling a contact");
        }
        let number = directory::look_up(to)?
            .ok_or("BadEndpointException: Outbound calls need a phone number")?;
        self.contact = Some(Contact::dialled(number, self.callee, &mut self.ids, now));
        Ok(())
    }

    fn consult(&mut self, to: &Destination, now: Timestamp) -> Result<(), Refusal> {
        let contact = self.contact.as_mut().ok_or("No contact found")?;
        let number = directory::look_up(to)?;
        contact.consult(number, self.callee, &mut self.ids, now)
    }

    /// Choosing a state clears a contact that is over. One that goes on is left alone.
    fn leave_wrap_up(&mut self) {
        let over = |contact: &&mut Contact| contact.situation() == Situation::Over;
        if let Some(contact) = self.contact.as_mut().filter(over) {
            contact.drop_all();
        }
    }

    /// Tells what changed and lets the agent's state follow the contact.
    fn settle(&mut self, now: Timestamp) {
        if let Some(contact) = &mut self.contact {
            self.news.extend(contact.news(now));
        }
        self.contact = self
            .contact
            .take()
            .filter(|contact| contact.situation() != Situation::Gone);
        let forced = self.contact.as_ref().and_then(Contact::forced_state);
        self.agent.follow(forced, now);
        self.news.extend(self.agent.news());
    }

    pub(crate) fn agent_snapshot(&self) -> Envelope {
        self.agent.snapshot().envelope("StateSync")
    }

    /// The published form with `calls: []` when there is no contact.
    pub(crate) fn call_snapshot(&self) -> Envelope {
        self.contact
            .as_ref()
            .map_or_else(CallSync::default, Contact::snapshot)
            .envelope()
    }
}

/// What happens by itself.
impl Centre {
    /// Offers a call, if the agent is ready.
    pub(crate) fn offer(&mut self, call: &Call, now: Timestamp) {
        if self.is_ready() {
            self.contact = Some(Contact::offered(call, &mut self.ids, now));
            self.settle(now);
        }
    }

    pub(crate) fn customer_hangs_up(&mut self, now: Timestamp) {
        if let Some(contact) = &mut self.contact {
            contact.customer_hangs_up();
            self.settle(now);
        }
    }

    pub(crate) fn third_party_hangs_up(&mut self, now: Timestamp) {
        if let Some(contact) = &mut self.contact {
            contact.third_party_hangs_up();
            self.settle(now);
        }
    }

    pub(crate) fn set_callee(&mut self, response: Response, after: Duration) {
        self.callee = (response, after);
    }
}
