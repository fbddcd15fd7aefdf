//! Link, agent and calls, as snapshots tell them and events change them.

use offhook_protocol::{
    AgentInfo, AgentRequest, AgentState, AgentSync, AppState, CallEvent, CallRequest, CallSync,
    ConnectionStatus, Event, LegEvent, Request, SetAgentState, SyncLeg,
};

/// A part of an agent's state: each has a `StateSync` of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Part {
    /// The link to the contact centre.
    App,
    /// The agent.
    Agent,
    /// The calls.
    Calls,
}

impl Part {
    /// Each of them.
    pub const ALL: [Self; 3] = [Self::App, Self::Agent, Self::Calls];

    /// The part with this `topic`.
    pub(super) fn named(topic: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|part| part.topic() == topic)
    }

    /// What asks for it.
    pub const fn request(self) -> Request {
        match self {
            Self::App => Request::AppStateSync,
            Self::Agent => Request::Agent(AgentRequest::StateSync),
            Self::Calls => Request::Call(CallRequest::StateSync),
        }
    }

    const fn topic(self) -> &'static str {
        match self {
            Self::App => "App",
            Self::Agent => "Agent",
            Self::Calls => "InboundCall",
        }
    }

    /// The part that this event tells about. `None` for those that change no state.
    pub(super) fn of(event: &Event) -> Option<Self> {
        match event {
            Event::App(_) => Some(Self::App),
            Event::AgentState(_)
            | Event::CcpAgentState(_)
            | Event::AgentSync(_)
            | Event::LoggedIn(_)
            | Event::LoggedOut(_) => Some(Self::Agent),
            Event::Leg(_) | Event::CallSync(_) => Some(Self::Calls),
            Event::States(_) | Event::DirectConnects(_) | Event::Error(_) => None,
        }
    }
}

/// Whether this event tells its part whole, so that nothing before it is needed.
pub(super) fn is_whole(event: &Event) -> bool {
    match event {
        Event::App(_)
        | Event::AgentSync(_)
        | Event::LoggedIn(_)
        | Event::LoggedOut(_)
        | Event::CallSync(_) => true,
        Event::AgentState(_)
        | Event::CcpAgentState(_)
        | Event::Leg(_)
        | Event::States(_)
        | Event::DirectConnects(_)
        | Event::Error(_) => false,
    }
}

/// What is known of the three parts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Picture {
    pub(super) app: Option<AppState>,
    pub(super) agent: Option<AgentSync>,
    pub(super) calls: Option<CallSync>,
}

impl Picture {
    pub(super) fn knows(&self, part: Part) -> bool {
        match part {
            Part::App => self.app.is_some(),
            Part::Agent => self.agent.is_some(),
            Part::Calls => self.calls.is_some(),
        }
    }

    pub(super) fn forget(&mut self, part: Part) {
        match part {
            Part::App => self.app = None,
            Part::Agent => self.agent = None,
            Part::Calls => self.calls = None,
        }
    }

    /// Takes in an event. One that changes a part that is not known is lost on it.
    pub(super) fn take(&mut self, event: &Event) {
        match event {
            Event::App(app) => self.app = Some(app.clone()),
            Event::AgentSync(agent) | Event::LoggedIn(agent) | Event::LoggedOut(agent) => {
                self.agent = Some(agent.clone());
            }
            Event::CallSync(calls) => self.calls = Some(calls.clone()),
            Event::AgentState(set) => {
                if let Some(agent) = &mut self.agent {
                    set_state(agent, set);
                }
            }
            Event::CcpAgentState(state) => {
                if let Some(agent) = &mut self.agent {
                    name_state(agent, state);
                }
            }
            Event::Leg(event) => {
                if let Some(calls) = &mut self.calls {
                    change_leg(calls, event);
                }
            }
            Event::States(_) | Event::DirectConnects(_) | Event::Error(_) => {}
        }
    }
}

fn set_state(agent: &mut AgentSync, set: &SetAgentState) {
    agent.state = Some(set.state.clone());
    agent.next.clone_from(&set.next);
    agent.buttons = set.buttons.or(agent.buttons);
    let known = agent.info.take().unwrap_or_default();
    let said = set.info.clone();
    agent.info = Some(AgentInfo {
        name: said.name.or(known.name),
        extension: said.extension.or(known.extension),
        login_name: said.login_name.or(known.login_name),
        muted: said.muted.or(known.muted),
        softphone_enabled: said.softphone_enabled.or(known.softphone_enabled),
    });
}

/// `CcpAgentState` has a name and a type only: it adds nothing to a state that is known under this name.
fn name_state(agent: &mut AgentSync, state: &AgentState) {
    if agent.state.as_ref().map(|known| &known.name) != Some(&state.name) {
        agent.state = Some(state.clone());
    }
}

fn change_leg(calls: &mut CallSync, event: &LegEvent) {
    let index = calls
        .legs
        .iter()
        .position(|leg| leg.connection_id == event.connection_id);
    let is_late = |leg: &SyncLeg| leg.at.is_some() && event.at.is_some() && event.at < leg.at;
    match (index, &event.event) {
        (Some(index), _) if is_late(&calls.legs[index]) => return,
        (Some(index), CallEvent::Dropped) => {
            calls.legs.remove(index);
        }
        (None, CallEvent::Dropped) => return,
        (Some(index), _) => {
            let known = &calls.legs[index];
            calls.legs[index] = leg_after(event, Some(known));
        }
        (None, _) => calls.legs.push(leg_after(event, None)),
    }
    if calls.legs.is_empty() {
        *calls = CallSync::default();
        return;
    }
    calls.queue = event.queue.clone().or(calls.queue.take());
    if !event.variables.is_empty() {
        calls.variables.clone_from(&event.variables);
    }
}

/// The leg as it is after the event, which may be silent about what is known.
fn leg_after(event: &LegEvent, known: Option<&SyncLeg>) -> SyncLeg {
    SyncLeg {
        connection_id: event.connection_id.clone(),
        contact_id: event
            .contact_id
            .clone()
            .or_else(|| known?.contact_id.clone()),
        kind: event.kind,
        phone_number: event
            .phone_number
            .clone()
            .or_else(|| known?.phone_number.clone()),
        status: event
            .status
            .clone()
            .unwrap_or_else(|| status_after(&event.event)),
        at: event.at.or_else(|| known?.at),
        leg: event.leg.clone(),
        buttons: event.buttons.clone().or_else(|| known?.buttons.clone()),
    }
}

fn status_after(event: &CallEvent) -> ConnectionStatus {
    match event {
        CallEvent::Connecting => ConnectionStatus::Connecting,
        CallEvent::Connected => ConnectionStatus::Connected,
        CallEvent::Hold => ConnectionStatus::Hold,
        CallEvent::Missed | CallEvent::Rejected | CallEvent::Acw | CallEvent::Dropped => {
            ConnectionStatus::Disconnected
        }
        CallEvent::Other(word) => ConnectionStatus::Other(word.clone()),
    }
}
