//! Events and responses: what the contact centre says.

use crate::{
    AgentState, AgentStateChoice, AgentSync, ApiError, AppState, CallSync, Endpoint, Envelope,
    LegEvent, SetAgentState, agent,
};

/// An event or response that this version understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Event {
    /// `InboundCall`/`InboundCallStateChange`
    Leg(LegEvent),
    /// `InboundCall`/`StateSync`
    CallSync(CallSync),
    /// `Agent`/`SetAgentState`
    AgentState(SetAgentState),
    /// `Agent`/`CcpAgentState`
    CcpAgentState(AgentState),
    /// `Agent`/`StateSync`
    AgentSync(AgentSync),
    /// `Agent`/`LoginSuccess`
    LoggedIn(AgentSync),
    /// `Agent`/`LogoutSuccess`
    LoggedOut(AgentSync),
    /// `Agent`/`GetStates`
    States(Vec<AgentStateChoice>),
    /// `Agent`/`GetDirectConnects`
    DirectConnects(Vec<Endpoint>),
    /// `App`/`StateSync` and `App`/`LinkStateChange`
    App(AppState),
    /// `Error`/`ApiError`
    Error(ApiError),
}

impl Event {
    /// Reads an event. `None` for requests, for what this version does not know, and for a known
    /// event without the parts that make it one: all pass by, none is an error.
    pub fn read(envelope: &Envelope) -> Option<Self> {
        let (topic, subtopic) = (envelope.topic.as_str(), envelope.subtopic.as_str());
        if (topic, subtopic) == ("Error", "ApiError")
            || (topic, subtopic) == ("Error", "SetAPIError")
        {
            return ApiError::read(envelope).map(Self::Error);
        }
        let message = envelope.message.as_ref()?;
        match (topic, subtopic) {
            ("InboundCall", "InboundCallStateChange") => LegEvent::read(message).map(Self::Leg),
            ("InboundCall", "StateSync") => CallSync::read(message).map(Self::CallSync),
            ("Agent", "SetAgentState") => SetAgentState::read(message).map(Self::AgentState),
            ("Agent", "CcpAgentState") => {
                agent::read_ccp_agent_state(message).map(Self::CcpAgentState)
            }
            ("Agent", "StateSync") => Some(Self::AgentSync(AgentSync::read(message))),
            ("Agent", "LoginSuccess") => Some(Self::LoggedIn(AgentSync::read(message))),
            ("Agent", "LogoutSuccess") => Some(Self::LoggedOut(AgentSync::read(message))),
            ("Agent", "GetStates" | "GetAgentState") => {
                agent::read_states(message).map(Self::States)
            }
            ("Agent", "GetDirectConnects") => {
                agent::read_direct_connects(message).map(Self::DirectConnects)
            }
            ("App", "StateSync" | "LinkStateChange") => Some(Self::App(AppState::read(message))),
            _ => None,
        }
    }
}
