//! What the bus says while nobody speaks for the contact centre.

use offhook_protocol::{
    AgentRequest, AgentSync, ApiError, AppState, CallRequest, CallSync, Envelope, ErrorType, Link,
    Request,
};

/// The whole state without a connector: no link, nobody logged in, no calls.
pub(crate) fn state() -> [Envelope; 3] {
    [app(), agent(), calls()]
}

/// The answer to a request without a connector.
pub(crate) fn answer(request: &Request) -> Envelope {
    match request {
        Request::AppStateSync => app(),
        Request::Agent(AgentRequest::StateSync) => agent(),
        Request::Call(CallRequest::StateSync) => calls(),
        Request::Agent(_) | Request::Call(_) => {
            ApiError::new(ErrorType::NoConnector, "").envelope()
        }
    }
}

fn app() -> Envelope {
    AppState {
        link: Some(Link::None),
        connector: Some("none".to_owned()),
        ..AppState::default()
    }
    .sync_envelope()
}

fn agent() -> Envelope {
    AgentSync {
        logged_in: Some(false),
        ..AgentSync::default()
    }
    .envelope("StateSync")
}

fn calls() -> Envelope {
    CallSync::default().envelope()
}
