//! `watch`: who is in which state for how long, as the company's broker tells it.

mod line;
mod row;
mod screen;

use std::{
    io::{self, IsTerminal},
    time::Duration,
};

use offhook_engine::Clock;
use offhook_uplink::{Board, Branch, Remote, Scope, Status, follow};
use tokio::time::{MissedTickBehavior, interval, sleep, timeout};

use crate::{
    broker::BrokerArguments,
    failure::Failure,
    outcome::{self, Outcome},
};
use line::Lines;
use row::Row;

/// Changes that follow each other more closely are shown together.
const REDRAW: Duration = Duration::from_millis(200);

/// How to show it.
pub(super) struct Look {
    /// Lines of JSON.
    pub(super) json: bool,
    /// With the numbers of callers and called.
    pub(super) numbers: bool,
}

/// Shows every change until nobody reads any more.
pub(super) async fn run(
    broker: &BrokerArguments,
    agent: Option<&str>,
    look: &Look,
    within: Duration,
) -> Result<Outcome, Failure> {
    let scope = match agent {
        Some(agent) => Scope::one(&Branch::new(&broker.tenant, agent)?),
        None => Scope::all(&broker.tenant)?,
    };
    let way = broker.way(&format!("offhookctl-watch-{:016x}", fastrand::u64(..)))?;
    let clock = Clock::start();
    let (mut remote, follower) = follow(scope, way, clock.clone(), fastrand::u64(..));
    tokio::spawn(follower);
    first_connection(&mut remote, within).await?;
    let shown = match io::stdout().is_terminal() && !look.json {
        true => show_table(&mut remote, &clock, look).await,
        false => show_changes(&mut remote, &clock, look).await,
    };
    match shown {
        Err(Failure::Io(error)) if error.kind() == io::ErrorKind::BrokenPipe => {
            Ok(Outcome::printed())
        }
        shown => shown,
    }
}

/// Waits until the broker was reached once. A first attempt that fails is a failure.
async fn first_connection(remote: &mut Remote, within: Duration) -> Result<(), Failure> {
    let decided = remote.board.wait_for(|board| match board.status {
        Status::Connecting { .. } => false,
        Status::Online { .. } | Status::Waiting { .. } | Status::Stopped { .. } => true,
    });
    let late = Failure::Late(within.as_secs_f64());
    let board = timeout(within, decided)
        .await
        .map_err(|_| late)?
        .map_err(|_| Failure::Closed)?;
    match &board.status {
        Status::Waiting { trouble, .. } | Status::Stopped { trouble } => {
            Err(Failure::Broker(trouble.clone()))
        }
        Status::Connecting { .. } | Status::Online { .. } => Ok(()),
    }
}

/// Draws the table anew with every change, and every second for the times in it.
async fn show_table(remote: &mut Remote, clock: &Clock, look: &Look) -> Result<Outcome, Failure> {
    let mut seconds = interval(Duration::from_secs(1));
    seconds.set_missed_tick_behavior(MissedTickBehavior::Delay);
    screen::clear(io::stdout())?;
    loop {
        {
            let board = remote.board.borrow_and_update();
            still_trying(&board)?;
            let lines = row::table(
                &rows(&board),
                &board.status,
                clock.timestamp(),
                look.numbers,
            );
            screen::draw(io::stdout(), &lines)?;
        }
        tokio::select! {
            changed = remote.board.changed() => changed.map_err(|_| Failure::Closed)?,
            _ = seconds.tick() => {}
        }
        sleep(REDRAW).await;
    }
}

/// Prints a line for each agent whose row has changed, and when the connection is lost or made again.
async fn show_changes(remote: &mut Remote, clock: &Clock, look: &Look) -> Result<Outcome, Failure> {
    let mut lines = Lines::new(look);
    loop {
        let news = {
            let board = remote.board.borrow_and_update();
            still_trying(&board)?;
            lines.about(&board.status, rows(&board), clock.timestamp())
        };
        for line in news {
            outcome::line(io::stdout(), &line)?;
        }
        remote.board.changed().await.map_err(|_| Failure::Closed)?;
    }
}

fn rows(board: &Board) -> Vec<Row> {
    let rows = board.desks.iter();
    rows.map(|(agent, desk)| Row::of(agent, desk)).collect()
}

/// A broker that does not want this client any more will not change its mind.
fn still_trying(board: &Board) -> Result<(), Failure> {
    match &board.status {
        Status::Stopped { trouble } => Err(Failure::Broker(trouble.clone())),
        Status::Connecting { .. } | Status::Online { .. } | Status::Waiting { .. } => Ok(()),
    }
}
