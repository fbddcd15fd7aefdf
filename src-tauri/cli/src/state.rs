//! What the bus has told so far.

use std::collections::BTreeSet;

use offhook_protocol::{
    AgentState, AgentSync, AppState, Button, Buttons, CallEvent, ConnectionId, ConnectionStatus,
    ContactId, Event, LegEvent, LegType, Personal, SyncLeg, Timestamp,
};

/// Link, agent and legs.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) app: Option<AppState>,
    pub(crate) logged_in: Option<bool>,
    pub(crate) agent: Option<AgentState>,
    /// The name of the agent's state after the call, if it was chosen.
    pub(crate) next: Option<String>,
    pub(crate) legs: Vec<Leg>,
    /// The three parts that came as a whole, so that nothing is judged by half a state.
    known: BTreeSet<&'static str>,
}

/// A leg of a contact.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    pub(crate) id: ConnectionId,
    pub(crate) contact: Option<ContactId>,
    pub(crate) kind: LegType,
    pub(crate) stage: Stage,
    pub(crate) at: Option<Timestamp>,
    pub(crate) number: Option<Personal>,
    pub(crate) queue: Option<String>,
    pub(crate) buttons: Buttons,
}

/// Where a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Connecting,
    Connected,
    OnHold,
    /// Wrap-up, missed, rejected: over, and not cleared yet.
    Over,
    /// Something that this version does not know.
    Unknown,
}

impl State {
    /// Takes in an event.
    pub(crate) fn take(&mut self, event: &Event) {
        match event {
            Event::App(app) => {
                self.app = Some(app.clone());
                self.known.insert("App");
            }
            Event::AgentSync(agent) | Event::LoggedIn(agent) | Event::LoggedOut(agent) => {
                self.take_agent(agent);
            }
            Event::AgentState(set) => {
                self.agent = Some(set.state.clone());
                self.next.clone_from(&set.next);
            }
            Event::CcpAgentState(state) => self.agent = Some(state.clone()),
            Event::CallSync(sync) => {
                let leg = |leg| Leg::synced(leg, sync.queue.as_deref());
                self.legs = sync.legs.iter().map(leg).collect();
                self.known.insert("InboundCall");
            }
            Event::Leg(event) => self.take_leg(event),
            Event::States(_) | Event::DirectConnects(_) | Event::Error(_) => {}
        }
    }

    /// Whether link, agent and calls are all known.
    pub(crate) fn is_whole(&self) -> bool {
        self.known.len() == 3
    }

    /// Whether a call rings or goes on.
    pub(crate) fn is_on_call(&self) -> bool {
        self.legs.iter().any(|leg| match leg.stage {
            Stage::Connecting | Stage::Connected | Stage::OnHold => true,
            Stage::Over | Stage::Unknown => false,
        })
    }

    /// The leg with this id.
    pub(crate) fn leg(&self, id: &ConnectionId) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.id == *id)
    }

    /// The leg that this button is for: one that the agent is talking to rather than one on hold.
    pub(crate) fn offering(&self, button: &Button) -> Option<&Leg> {
        let offering = self.legs.iter().filter(|leg| leg.buttons.enables(button));
        offering.min_by_key(|leg| leg.stage == Stage::OnHold)
    }

    fn take_agent(&mut self, agent: &AgentSync) {
        self.logged_in = agent.logged_in;
        self.agent.clone_from(&agent.state);
        self.next.clone_from(&agent.next);
        self.known.insert("Agent");
    }

    fn take_leg(&mut self, event: &LegEvent) {
        let index = self.legs.iter().position(|l| l.id == event.connection_id);
        match (index, &event.event) {
            (Some(index), CallEvent::Dropped) => {
                self.legs.remove(index);
            }
            (None, CallEvent::Dropped) => {}
            (Some(index), _) => self.legs[index].change(event),
            (None, _) => self.legs.push(Leg::new(event)),
        }
    }
}

impl Leg {
    fn new(event: &LegEvent) -> Self {
        let mut leg = Self {
            id: event.connection_id.clone(),
            contact: None,
            kind: event.leg.clone(),
            stage: Stage::Unknown,
            at: None,
            number: None,
            queue: None,
            buttons: Buttons::default(),
        };
        leg.change(event);
        leg
    }

    fn synced(leg: &SyncLeg, queue: Option<&str>) -> Self {
        Self {
            id: leg.connection_id.clone(),
            contact: leg.contact_id.clone(),
            kind: leg.leg.clone(),
            stage: match leg.status {
                ConnectionStatus::Connecting => Stage::Connecting,
                ConnectionStatus::Connected => Stage::Connected,
                ConnectionStatus::Hold => Stage::OnHold,
                ConnectionStatus::Disconnected => Stage::Over,
                ConnectionStatus::Other(_) => Stage::Unknown,
            },
            at: leg.at,
            number: leg.phone_number.clone(),
            queue: queue.map(str::to_owned),
            buttons: leg.buttons.clone().unwrap_or_default(),
        }
    }

    /// Takes what the event says, and keeps what it is silent about.
    fn change(&mut self, event: &LegEvent) {
        self.stage = match event.event {
            CallEvent::Connecting => Stage::Connecting,
            CallEvent::Connected => Stage::Connected,
            CallEvent::Hold => Stage::OnHold,
            CallEvent::Missed | CallEvent::Rejected | CallEvent::Acw | CallEvent::Dropped => {
                Stage::Over
            }
            CallEvent::Other(_) => self.stage,
        };
        self.at = event.at.or(self.at);
        if let Some(buttons) = &event.buttons {
            self.buttons.clone_from(buttons);
        }
        let Self {
            contact,
            number,
            queue,
            ..
        } = self;
        *contact = event.contact_id.clone().or(contact.take());
        *number = event.phone_number.clone().or(number.take());
        *queue = event.queue.clone().or(queue.take());
    }
}
