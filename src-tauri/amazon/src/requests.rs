//! Requests to calls: what is to be asked of Amazon, or why nothing can be.

mod agent;
mod calls;

use offhook_protocol::{ApiError, ErrorType, Request};

use crate::{
    agent::Agent, contacts::Contacts, directory::Directory, microphone::Microphone, page::Call,
};

/// Why a request is refused without asking Amazon.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// Not now, as Amazon Connect would put it.
    NotNow(&'static str),
    /// The agent cannot choose such a state.
    StateNotFound,
}

impl Refusal {
    /// The error that tells it, where the request fails with this type otherwise.
    pub(crate) fn error(self, failure: ErrorType) -> ApiError {
        match self {
            Self::NotNow(text) => ApiError::new(failure, text),
            Self::StateNotFound => {
                ApiError::new(ErrorType::AgentStateNotFound, "Agent state not found")
            }
        }
    }
}

/// The calls that a request takes.
pub(crate) type Plan = Result<Vec<Call>, Refusal>;

/// What requests are decided by.
#[derive(Clone, Copy)]
pub(crate) struct Desk<'a> {
    pub(crate) contacts: &'a Contacts,
    pub(crate) agent: &'a Agent,
    pub(crate) microphone: &'a Microphone,
    pub(crate) directory: &'a Directory,
}

impl Desk<'_> {
    /// What a request takes. Nothing for those that only ask.
    pub(crate) fn plan(self, request: &Request) -> Plan {
        match request {
            Request::Call(request) => self.call(request),
            Request::Agent(request) => self.agent(request),
            Request::AppStateSync => Ok(Vec::new()),
        }
    }
}
