//! What must be seen before a command counts as carried out.

use offhook_protocol::{
    AgentRequest, AgentState, AgentSync, Button, CallRequest, CallSync, ConnectionId,
    ConnectionStatus, ContactId, LegType, Request, StateType, SyncLeg,
};

/// What commands are judged by: the state as it was last heard.
#[derive(Clone, Debug, Default)]
pub(crate) struct Sight {
    pub(crate) calls: CallSync,
    pub(crate) agent: AgentSync,
}

/// What a command is about. One command at a time is under way there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Slot {
    /// A contact; `None` where none fits, or it has no id.
    Contact(Option<ContactId>),
    AgentState,
    Microphone,
    Login,
}

/// What is to be done with a command.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing: what is asked for is so already.
    Nothing,
    /// Send it. Nothing tells what becomes of it.
    Send,
    /// Send it, and watch.
    Watch(Slot, Goal),
}

/// What a command is to bring about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Goal {
    /// The agent's leg is connected.
    Answered(ConnectionId),
    /// The agent's leg is over without having been connected.
    Rejected(ConnectionId),
    /// None of these legs offers this any more.
    Withdrawn(Vec<ConnectionId>, Button),
    /// Others than these are on hold.
    Swapped(Vec<ConnectionId>),
    /// There is another leg than these.
    Joined(Vec<ConnectionId>),
    /// The agent takes calls, or will, or chose something else than this.
    Ready(Option<AgentState>, Option<String>),
    /// The agent is in the state of this name, or will be.
    State(String),
    /// The microphone is muted, or not.
    Muted(bool),
    /// The agent is logged in, or not.
    LoggedIn(bool),
    /// Nothing offers it, so the contact centre will refuse it, unless what is known here was late.
    Refusal,
}

/// How far a goal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    Reached,
    Open,
    /// It cannot be reached any more.
    Missed,
}

impl Sight {
    /// What to do with a command. Requests that only ask are not for here.
    pub(crate) fn plan(&self, request: &Request) -> Plan {
        match request {
            Request::Call(request) => self.plan_call(request),
            Request::Agent(request) => self.plan_agent(request),
            Request::AppStateSync => Plan::Nothing,
        }
    }

    fn plan_call(&self, request: &CallRequest) -> Plan {
        match request {
            CallRequest::StateSync => Plan::Nothing,
            CallRequest::Answer if self.answered_already() => Plan::Nothing,
            CallRequest::Answer => self.watch(Button::Answer, |own, _| Goal::Answered(own)),
            CallRequest::Reject if self.ended_already() => Plan::Nothing,
            CallRequest::Reject => self.watch(Button::Reject, |own, _| Goal::Rejected(own)),
            CallRequest::ClearContact if self.calls.legs.is_empty() => Plan::Nothing,
            CallRequest::ClearContact => self.watch(Button::ClearContact, withdrawn),
            CallRequest::Hold(id) => self.watch_parties(id.as_ref(), Button::Hold),
            CallRequest::Resume(id) => self.watch_parties(id.as_ref(), Button::Resume),
            CallRequest::Disconnect(id) => self.watch_parties(id.as_ref(), Button::Disconnect),
            CallRequest::SetMakeCall(_) => {
                Plan::Watch(Slot::Contact(None), Goal::Joined(self.known_legs()))
            }
            CallRequest::SendDtmf(_) if self.offers(&Button::Numberpad) => Plan::Send,
            CallRequest::SendDtmf(_) => refusal(),
            CallRequest::Consult(_) => {
                self.watch(Button::Consult, |_, _| Goal::Joined(self.known_legs()))
            }
            CallRequest::Swap => self.watch(Button::Swap, |_, _| Goal::Swapped(self.held())),
            CallRequest::Conference => self.watch(Button::Conference, withdrawn),
            CallRequest::Transfer => self.watch(Button::Transfer, withdrawn),
        }
    }

    /// Watches the contact whose leg offers this.
    fn watch(&self, button: Button, goal: impl FnOnce(ConnectionId, Button) -> Goal) -> Plan {
        let leg = self.offering(&button).next().cloned();
        leg.map_or_else(refusal, |leg| {
            Plan::Watch(
                Slot::Contact(leg.contact_id),
                goal(leg.connection_id, button),
            )
        })
    }

    /// A party's leg, or every one of the contact that the id names; of any contact without an id.
    fn watch_parties(&self, id: Option<&ConnectionId>, button: Button) -> Plan {
        let named = |leg: &&SyncLeg| id.is_none_or(|id| self.names(id, leg));
        let legs: Vec<&SyncLeg> = self.offering(&button).filter(named).collect();
        let Some(first) = legs.first() else {
            return refusal();
        };
        let contact = first.contact_id.clone();
        let ids = legs.iter().map(|leg| leg.connection_id.clone()).collect();
        Plan::Watch(Slot::Contact(contact), Goal::Withdrawn(ids, button))
    }

    /// Whether the id of a leg, of the agent's own leg or of a contact means this leg.
    fn names(&self, id: &ConnectionId, leg: &SyncLeg) -> bool {
        if let Some(named) = self.leg(id)
            && named.leg != LegType::Agent
        {
            return named.connection_id == leg.connection_id;
        }
        let contact = match self.leg(id) {
            Some(own) => own.contact_id.as_ref().map(ContactId::as_str),
            None => Some(id.as_str()),
        };
        leg.contact_id.as_ref().map(ContactId::as_str) == contact
    }

    fn plan_agent(&self, request: &AgentRequest) -> Plan {
        let ready = || Goal::Ready(self.agent.state.clone(), self.agent.next.clone());
        match request {
            AgentRequest::StateSync | AgentRequest::GetStates | AgentRequest::GetDirectConnects => {
                Plan::Nothing
            }
            AgentRequest::SetReady => Plan::Watch(Slot::AgentState, ready()),
            AgentRequest::SetNotReady(name) => {
                Plan::Watch(Slot::AgentState, Goal::State(name.trim().to_owned()))
            }
            AgentRequest::UpdateState(state) if state.state_type() == Some(StateType::Routable) => {
                Plan::Watch(Slot::AgentState, ready())
            }
            AgentRequest::UpdateState(state) => {
                let name = state.label.trim().to_owned();
                Plan::Watch(Slot::AgentState, Goal::State(name))
            }
            AgentRequest::Mute => Plan::Watch(Slot::Microphone, Goal::Muted(true)),
            AgentRequest::Unmute => Plan::Watch(Slot::Microphone, Goal::Muted(false)),
            AgentRequest::Login => Plan::Watch(Slot::Login, Goal::LoggedIn(true)),
            AgentRequest::Logout => Plan::Watch(Slot::Login, Goal::LoggedIn(false)),
        }
    }

    /// How far the goal of this request is.
    pub(crate) fn outlook(&self, request: &Request, goal: &Goal) -> Outlook {
        match goal {
            Goal::Answered(own) => match self.leg(own).map(|leg| &leg.status) {
                Some(ConnectionStatus::Connecting) => Outlook::Open,
                Some(ConnectionStatus::Disconnected) | None => Outlook::Missed,
                Some(_) => Outlook::Reached,
            },
            Goal::Rejected(own) => match self.leg(own).map(|leg| &leg.status) {
                Some(ConnectionStatus::Connecting) => Outlook::Open,
                Some(ConnectionStatus::Disconnected) | None => Outlook::Reached,
                Some(_) => Outlook::Missed,
            },
            Goal::Withdrawn(legs, button) => {
                let offers = |leg: &SyncLeg| legs.contains(&leg.connection_id);
                reached(!self.offering(button).any(offers))
            }
            Goal::Swapped(held) => reached(self.held() != *held),
            Goal::Joined(known) => {
                reached(self.known_legs().iter().any(|leg| !known.contains(leg)))
            }
            Goal::Ready(state, next) => reached(self.is_ready(state.as_ref(), next.as_ref())),
            Goal::State(name) => {
                let state = self.agent.state.as_ref().map(|state| &state.name);
                reached(state == Some(name) || self.agent.next.as_ref() == Some(name))
            }
            Goal::Muted(muted) => {
                let info = self.agent.info.as_ref();
                reached(info.and_then(|info| info.muted) == Some(*muted))
            }
            Goal::LoggedIn(logged_in) => reached(self.agent.logged_in == Some(*logged_in)),
            Goal::Refusal => reached(self.plan(request) == Plan::Nothing),
        }
    }

    /// After a contact the agent is ready anyway, unless something else was chosen.
    fn is_ready(&self, before: Option<&AgentState>, next_before: Option<&String>) -> bool {
        let state = self.agent.state.as_ref();
        let next = self.agent.next.as_ref();
        let takes_calls = state.and_then(|state| state.kind) == Some(StateType::Routable);
        let on_call = self.own_legs().any(|leg| !is_over(leg));
        takes_calls || on_call && next.is_none() || state != before || next != next_before
    }

    fn answered_already(&self) -> bool {
        !self.offers(&Button::Answer) && self.own_legs().any(is_connected)
    }

    fn ended_already(&self) -> bool {
        !self.offers(&Button::Reject) && self.own_legs().any(is_over)
    }

    fn leg(&self, id: &ConnectionId) -> Option<&SyncLeg> {
        self.calls.legs.iter().find(|leg| leg.connection_id == *id)
    }

    fn own_legs(&self) -> impl Iterator<Item = &SyncLeg> {
        let legs = self.calls.legs.iter();
        legs.filter(|leg| leg.leg == LegType::Agent)
    }

    fn offering<'a>(&'a self, button: &'a Button) -> impl Iterator<Item = &'a SyncLeg> {
        let offers = |leg: &&SyncLeg| leg.buttons.as_ref().is_some_and(|b| b.enables(button));
        self.calls.legs.iter().filter(offers)
    }

    fn offers(&self, button: &Button) -> bool {
        self.offering(button).next().is_some()
    }

    fn known_legs(&self) -> Vec<ConnectionId> {
        let legs = self.calls.legs.iter();
        legs.map(|leg| leg.connection_id.clone()).collect()
    }

    pub(super) fn held(&self) -> Vec<ConnectionId> {
        let legs = self.calls.legs.iter();
        legs.filter(|leg| leg.leg != LegType::Agent && leg.status == ConnectionStatus::Hold)
            .map(|leg| leg.connection_id.clone())
            .collect()
    }
}

fn withdrawn(leg: ConnectionId, button: Button) -> Goal {
    Goal::Withdrawn(vec![leg], button)
}

fn refusal() -> Plan {
    Plan::Watch(Slot::Contact(None), Goal::Refusal)
}

fn is_connected(leg: &SyncLeg) -> bool {
    matches!(
        leg.status,
        ConnectionStatus::Connected | ConnectionStatus::Hold
    )
}

fn is_over(leg: &SyncLeg) -> bool {
    leg.status == ConnectionStatus::Disconnected
}

fn reached(yes: bool) -> Outlook {
    match yes {
        true => Outlook::Reached,
        false => Outlook::Open,
    }
}
