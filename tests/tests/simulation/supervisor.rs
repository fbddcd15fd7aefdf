//! A program at the broker that watches the agent and handles her calls.

use std::time::Duration;

use fastrand::Rng;
use offhook_protocol::{AgentRequest, Button, CallRequest, CallSync, Request};
use offhook_uplink::{Board, Desk, Remote, Scope, follow};
use tokio::{sync::watch, time::timeout};

use crate::{
    broker::SimTransport,
    clock::{SimClock, pause},
    desk,
    log::Log,
};

/// Its machine.
pub(crate) const HOST: &str = "supervisor";

/// The promise is ten seconds; one more is for the machines between.
const PATIENCE: Duration = Duration::from_secs(11);

/// Watches and handles calls until the simulation ends. Whatever is seen is shown in `seen`.
pub(crate) async fn work(
    seed: u64,
    log: Log,
    seen: watch::Sender<Option<Board>>,
) -> turmoil::Result {
    let scope = Scope::controlling(&desk::branch(), HOST)?;
    let transport = SimTransport {
        client: HOST.to_owned(),
    };
    let (remote, following) = follow(scope, transport, SimClock, seed);
    let mut board = remote.board.clone();
    tokio::spawn(following);
    tokio::spawn(command(remote, log, Rng::with_seed(seed)));
    loop {
        board.changed().await?;
        seen.send_replace(Some(board.borrow().clone()));
    }
}

async fn command(remote: Remote, log: Log, mut rng: Rng) {
    loop {
        pause(&mut rng, 0.2..4.0).await;
        let request = {
            let board = remote.board.borrow();
            let calls = board
                .desks
                .get(desk::branch().agent())
                .and_then(Desk::calls);
            wish(calls, &mut rng)
        };
        let index = {
            let mut happened = log.lock();
            happened.commands.push(None);
            happened.commands.len() - 1
        };
        log.note(
            turmoil::elapsed(),
            format_args!("command {index}: {request:?}"),
        );
        if let Ok(outcome) = timeout(PATIENCE, remote.request(request)).await {
            log.note(
                turmoil::elapsed(),
                format_args!("command {index}: {outcome:?}"),
            );
            log.lock().commands[index] = Some(outcome);
        }
    }
}

/// What is offered, as far as is known here; now and then something that is not.
fn wish(calls: Option<&CallSync>, rng: &mut Rng) -> Request {
    let all = [
        (Button::Answer, CallRequest::Answer),
        (Button::Hold, CallRequest::Hold(None)),
        (Button::Resume, CallRequest::Resume(None)),
        (Button::Disconnect, CallRequest::Disconnect(None)),
        (Button::ClearContact, CallRequest::ClearContact),
    ];
    let legs = calls.map(|calls| calls.legs.as_slice()).unwrap_or_default();
    let offered = |button: &Button| {
        let mut buttons = legs.iter().filter_map(|leg| leg.buttons.as_ref());
        buttons.any(|buttons| buttons.enables(button))
    };
    let any_of_them = rng.f64() < 0.1;
    let possible: Vec<_> = all
        .iter()
        .filter(|(button, _)| any_of_them || offered(button))
        .collect();
    match rng.choice(possible) {
        Some((_, request)) => Request::Call(request.clone()),
        None => Request::Agent(AgentRequest::SetReady),
    }
}
