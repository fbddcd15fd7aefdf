//! Commands about the agent.

use offhook_protocol::{AgentRequest, AgentState, ErrorType, Event, Request, StateType};

use super::order::{Judge, Order, Verdict};
use crate::{failure::Failure, session::Session, state::State};

pub(crate) fn ready(state: &State) -> Result<Order, Failure> {
    logged_in(state)?;
    Ok(Order {
        request: Request::Agent(AgentRequest::SetReady),
        failure: ErrorType::UpdateAgentStateFailed,
        judge: becomes(|agent| agent.kind == Some(StateType::Routable)),
        done: "Ready.",
    })
}

pub(crate) async fn not_ready(
    session: &mut Session,
    reason: Option<&str>,
) -> Result<Order, Failure> {
    logged_in(session.state())?;
    let reason = match reason {
        Some(reason) => reason.to_owned(),
        None => first_reason(session).await?,
    };
    let wanted = reason.clone();
    Ok(Order {
        request: Request::Agent(AgentRequest::SetNotReady(reason)),
        failure: ErrorType::UpdateAgentStateFailed,
        judge: becomes(move |agent| agent.name.eq_ignore_ascii_case(&wanted)),
        done: "Not ready.",
    })
}

/// The contact centre's first state that takes no calls.
async fn first_reason(session: &mut Session) -> Result<String, Failure> {
    session
        .request(&Request::Agent(AgentRequest::GetStates))
        .await?;
    loop {
        if let Some(Event::States(states)) = Event::read(&session.next().await?) {
            let not_ready = Some(StateType::NotRoutable);
            return states
                .into_iter()
                .find(|state| state.state_type() == not_ready)
                .map(|state| state.label)
                .ok_or(Failure::Refused("The contact centre has no such state."));
        }
    }
}

fn logged_in(state: &State) -> Result<(), Failure> {
    match state.logged_in {
        Some(false) => Err(Failure::Refused("Nobody is logged in.")),
        Some(true) | None => Ok(()),
    }
}

fn becomes(wanted: impl Fn(&AgentState) -> bool + 'static) -> Judge {
    Judge::State(Box::new(move |state| {
        match state.agent.as_ref().is_some_and(&wanted) {
            true => Verdict::Done,
            false => Verdict::Wait,
        }
    }))
}
