//! Requests that are under way: sent once, settled by what comes of them, never repeated.
//!
//! ```text
//!   Sent --deadline--> Asked (a StateSync is out) --deadline or snapshot without it--> no reply
//!    '---- the event it waits for, or an error ----'--> settled
//! ```

use std::time::Duration;

use offhook_protocol::{CallRequest, ConnectionId, ContactId, Destination, Personal, Request};

use crate::{time::Time, view::Command};

/// How long a request may take before a `StateSync` is asked to decide, and that one after it.
pub(crate) const PATIENCE: Duration = Duration::from_secs(5);

/// A request that is under way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Pending {
    pub(crate) request: Request,
    pub(crate) command: Command,
    /// The contact it is about; none for requests about the agent and for dialling.
    pub(crate) contact: Option<ContactId>,
    pub(crate) leg: Option<ConnectionId>,
    pub(crate) awaits: Awaits,
    pub(crate) stage: Stage,
}

/// See the module's picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Stage {
    Sent { until: Time },
    Asked { until: Time },
}

/// What settles a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Awaits {
    /// The contact rings no more.
    NotRinging,
    /// This leg is on hold.
    Held(ConnectionId),
    /// This leg is off hold.
    OffHold(ConnectionId),
    /// This leg, or the contact for the agent, has ended.
    Ended(Option<ConnectionId>),
    /// The contact is gone.
    Cleared,
    /// The contact has more legs than these.
    LegBesides(Vec<ConnectionId>),
    /// Other legs are on hold than these.
    HeldOthers(Vec<ConnectionId>),
    /// Nobody is on hold.
    Joined,
    /// There is a contact.
    AnyContact,
    /// The agent is in the wanted state (ready if it has no name), or will be when the contact is over,
    /// or is at least no more in the one that was to be left.
    AgentState {
        wanted: Option<String>,
        left: String,
    },
    /// The microphone is like this.
    Muted(bool),
}

impl Pending {
    pub(crate) fn until(&self) -> Time {
        match self.stage {
            Stage::Sent { until } | Stage::Asked { until } => until,
        }
    }

    /// The name of the quick connect that is being called, if one is.
    pub(crate) fn quick_connect(&self) -> Option<Personal> {
        match &self.request {
            Request::Call(
                CallRequest::Consult(Destination::Endpoint(endpoint))
                | CallRequest::SetMakeCall(Destination::Endpoint(endpoint)),
            ) => Some(endpoint.name.clone()),
            Request::Call(_) | Request::Agent(_) | Request::AppStateSync => None,
        }
    }

    /// From now on a snapshot decides.
    pub(crate) fn ask(&mut self, now: Time) {
        self.stage = Stage::Asked {
            until: now + PATIENCE,
        };
    }

    pub(crate) fn is_asked(&self) -> bool {
        match self.stage {
            Stage::Asked { .. } => true,
            Stage::Sent { .. } => false,
        }
    }
}
