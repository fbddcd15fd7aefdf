//! A request, and how to see what came of it.

use offhook_protocol::{ErrorType, Event, Request};

use super::PROBE;
use crate::{failure::Failure, outcome::Outcome, session::Session, state::State};

/// Something to be done.
pub(crate) struct Order {
    pub(crate) request: Request,
    /// The error that says that it failed.
    pub(crate) failure: ErrorType,
    /// What the state says about it.
    pub(crate) judge: Judge,
    /// What to say when it is done.
    pub(crate) done: &'static str,
}

/// How to see whether an order was carried out.
pub(crate) enum Judge {
    /// The state shows it.
    State(Box<dyn Fn(&State) -> Verdict>),
    /// Nothing shows it: it was carried out if the next answer comes without an error before it.
    NoError,
}

pub(crate) enum Verdict {
    Wait,
    Done,
    /// It can no longer be carried out.
    Moot(&'static str),
}

/// Sends the request and waits for the event that shows success, the error, or the deadline. What is
/// done already is not asked for.
pub(crate) async fn carry_out(session: &mut Session, order: &Order) -> Result<Outcome, Failure> {
    if let Verdict::Done = order.judge.state(session.state()) {
        return Ok(Outcome::done(order.done));
    }
    session.request(&order.request).await?;
    if let Judge::NoError = order.judge {
        session.request(&PROBE).await?;
    }
    loop {
        let event = Event::read(&session.next().await?);
        let verdict = match (event, &order.judge) {
            (Some(Event::Error(error)), _) if concerns(&error.kind, &order.failure) => {
                return Err(Failure::Failed(error));
            }
            (Some(Event::CallSync(_)), Judge::NoError) => Verdict::Done,
            (_, judge) => judge.state(session.state()),
        };
        match verdict {
            Verdict::Wait => {}
            Verdict::Done => return Ok(Outcome::done(order.done)),
            Verdict::Moot(why) => return Err(Failure::Refused(why)),
        }
    }
}

impl Judge {
    fn state(&self, state: &State) -> Verdict {
        match self {
            Self::State(judge) => judge(state),
            Self::NoError => Verdict::Wait,
        }
    }
}

/// Whether an error can be about our request. Errors of the contact centre go to everybody, so that
/// somebody else's `Hold` may fail while we answer.
fn concerns(kind: &ErrorType, ours: &ErrorType) -> bool {
    match kind {
        ErrorType::AnswerCallFailed
        | ErrorType::RejectCallFailed
        | ErrorType::ClearContactFailed
        | ErrorType::HoldCallFailed
        | ErrorType::ResumeCallFailed
        | ErrorType::DisconnectCallFailed
        | ErrorType::MakeCallFailed
        | ErrorType::SendDtmfFailed
        | ErrorType::ConsultCallFailed
        | ErrorType::SwapCallFailed
        | ErrorType::ConferenceCallFailed
        | ErrorType::TransferCallFailed
        | ErrorType::UpdateAgentStateFailed
        | ErrorType::MuteFailed
        | ErrorType::LoginFailed => kind == ours,
        // An alarm, and nobody's answer.
        ErrorType::MicrophoneOpened => false,
        ErrorType::AgentStateNotFound => *ours == ErrorType::UpdateAgentStateFailed,
        ErrorType::WebsocketError
        | ErrorType::BadRequest
        | ErrorType::NoConnector
        | ErrorType::LinkDown
        | ErrorType::NotRegistered
        | ErrorType::RegistrationDenied
        | ErrorType::AccessDenied
        | ErrorType::UnreadableMessage
        | ErrorType::MessageTooLong
        | ErrorType::RateLimited
        | ErrorType::TooManyApps
        | ErrorType::Other(_) => true,
    }
}
