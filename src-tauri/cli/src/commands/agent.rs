//! Commands about the agent.

use offhook_protocol::{AgentRequest, AgentState, Event, Request, StateType};

use super::order::{Judge, Order, Verdict};
use crate::{failure::Failure, session::Session, state::State};

pub(crate) fn ready(state: &State) -> Result<Order, Failure> {
    logged_in(state)?;
    Ok(Order {
        request: Request::Agent(AgentRequest::SetReady),
        judge: becomes(
            |agent| agent.kind == Some(StateType::Routable),
            |next| next.is_none(),
        ),
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
    let (now, then) = (reason.clone(), reason.clone());
    Ok(Order {
        request: Request::Agent(AgentRequest::SetNotReady(reason)),
        judge: becomes(
            move |agent| agent.name.eq_ignore_ascii_case(&now),
            move |next| next.is_some_and(|name| name.eq_ignore_ascii_case(&then)),
        ),
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

/// The agent is in the wanted state, or on a call after which it follows.
fn becomes(
    is_wanted: impl Fn(&AgentState) -> bool + 'static,
    follows: impl Fn(Option<&str>) -> bool + 'static,
) -> Judge {
    Judge::State(Box::new(move |state| {
        if state.agent.as_ref().is_some_and(&is_wanted) {
            Verdict::Done
        } else if state.is_on_call() && follows(state.next.as_deref()) {
            Verdict::AfterTheCall
        } else {
            Verdict::Wait
        }
    }))
}
