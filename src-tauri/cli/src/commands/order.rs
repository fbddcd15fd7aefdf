//! A request, and how to see what came of it.

use offhook_protocol::{ErrorType, Event, Request};

use super::PROBE;
use crate::{failure::Failure, outcome::Outcome, session::Session, state::State};

/// Something to be done.
pub(crate) struct Order {
    pub(crate) request: Request,
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
    /// It is accepted, and happens when the call is over.
    AfterTheCall,
    /// It can no longer be carried out.
    Moot(&'static str),
}

/// Sends the request and waits for the event that shows success, the error, or the deadline. What is
/// done already is not asked for.
pub(crate) async fn carry_out(session: &mut Session, order: &Order) -> Result<Outcome, Failure> {
    if let Some(end) = order.end(order.judge.state(session.state())) {
        return end;
    }
    session.request(&order.request).await?;
    if let Judge::NoError = order.judge {
        session.request(&PROBE).await?;
    }
    loop {
        let event = Event::read(&session.next().await?);
        let verdict = match (event, &order.judge) {
            (Some(Event::Error(error)), _) if concerns(&error.kind, &order.request) => {
                return Err(Failure::Failed(error));
            }
            (Some(Event::CallSync(_)), Judge::NoError) => Verdict::Done,
            (_, judge) => judge.state(session.state()),
        };
        if let Some(end) = order.end(verdict) {
            return end;
        }
    }
}

impl Order {
    /// How it ends by this verdict. `None` if it does not yet.
    fn end(&self, verdict: Verdict) -> Option<Result<Outcome, Failure>> {
        match verdict {
            Verdict::Wait => None,
            Verdict::Done => Some(Ok(Outcome::done(self.done))),
            Verdict::AfterTheCall => Some(Ok(Outcome::done("Chosen for after the call."))),
            Verdict::Moot(why) => Some(Err(Failure::Refused(why))),
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
fn concerns(kind: &ErrorType, request: &Request) -> bool {
    let ours = request.failure();
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
        | ErrorType::LoginFailed => ours.as_ref() == Some(kind),
        // An alarm is nobody's answer, and nothing is ordered by asking for quick connects.
        ErrorType::MicrophoneOpened | ErrorType::DirectConnectsFailed => false,
        ErrorType::AgentStateNotFound => ours == Some(ErrorType::UpdateAgentStateFailed),
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
        | ErrorType::NotPaired
        | ErrorType::PairingRefused
        | ErrorType::PairingBusy
        | ErrorType::LockedOut
        | ErrorType::RequestExpired
        | ErrorType::Busy
        | ErrorType::Other(_) => true,
    }
}
