//! The subcommands.

mod agent;
mod call;
mod engine;
mod fleet;
mod order;
mod send;
mod status;
mod tail;
mod watch;

use offhook_protocol::{Access, CallRequest, Request};

use crate::{
    args::{Act, Arguments, Command},
    failure::Failure,
    outcome::Outcome,
    session::Session,
};
use order::{Order, carry_out};
use watch::Look;

/// A request whose answer shows that all requests before it have been dealt with.
const PROBE: Request = Request::Call(CallRequest::StateSync);

pub(crate) async fn run(arguments: &Arguments) -> Result<Outcome, Failure> {
    let open = |access| Session::open(access, arguments.timeout);
    match &arguments.command {
        Command::Status => Ok(status::of(open(Access::Observe).await?.state())),
        Command::Act(act) => {
            let mut session = open(Access::Control).await?;
            let order = order(act, &mut session).await?;
            carry_out(&mut session, &order).await
        }
        Command::Send { .. } => send::run(&mut open(Access::Control).await?).await,
        Command::Tail => tail::run().await,
        Command::Engine { practice } => engine::run(practice.clone()).await,
        Command::Watch {
            broker,
            agent,
            show_numbers,
        } => {
            let look = Look {
                json: arguments.json,
                numbers: *show_numbers,
            };
            watch::run(broker, agent.as_deref(), &look, arguments.timeout).await
        }
        Command::Fleet { broker, plan } => fleet::run(broker, plan, arguments.json).await,
    }
}

async fn order(act: &Act, session: &mut Session) -> Result<Order, Failure> {
    let state = session.state();
    match act {
        Act::Answer => call::answer(state),
        Act::Reject => call::reject(state),
        Act::Hangup => call::hang_up(state),
        Act::Hold => call::hold(state),
        Act::Resume => call::resume(state),
        Act::Clear => call::clear(state),
        Act::Dial { number } => Ok(call::dial(state, number)),
        Act::Digits { digits } => call::digits(state, digits),
        Act::Ready => agent::ready(state),
        Act::NotReady { reason } => agent::not_ready(session, reason.as_deref()).await,
    }
}
