//! How long a person waits: for the tray icon after the start, for the window when they ask for it.

use std::time::{Duration, Instant};

use anyhow::Result;
use offhook_tests::{Process, Session, Setup, Tray, program};
use tokio::time::sleep;

use crate::report::print_median;

const RUNS: usize = 9;

/// How closely it is watched; the error of every measurement here.
const STEP: Duration = Duration::from_millis(1);

pub(crate) async fn measure() -> Result<()> {
    let (mut tray, mut on_demand, mut at_start) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let session = Session::start(Setup::new("bench")?).await?;
        let (from_start, from_click) = start_hidden_and_show(&session).await?;
        tray.push(from_start);
        on_demand.push(from_click);
        let session = Session::start(Setup::new("bench")?).await?;
        at_start.push(start_with_window(&session).await?);
    }
    print_median("start to tray icon", &tray, 150.0);
    print_median("click in the tray to painted window", &on_demand, 500.0);
    print_median("start to painted window", &at_start, 650.0);
    Ok(())
}

async fn start_hidden_and_show(session: &Session) -> Result<(Duration, Duration)> {
    let started = Instant::now();
    let _phone = start(session, &["--hidden", "--practice", "idle"])?;
    while !Tray::is_there(session).await? {
        sleep(STEP).await;
    }
    let from_start = started.elapsed();

    let tray = Tray::find(session).await?;
    let clicked = Instant::now();
    tray.click("Show window").await?;
    painted(session).await?;
    Ok((from_start, clicked.elapsed()))
}

async fn start_with_window(session: &Session) -> Result<Duration> {
    let started = Instant::now();
    let _phone = start(session, &["--practice", "idle"])?;
    painted(session).await?;
    Ok(started.elapsed())
}

fn start(session: &Session, arguments: &[&str]) -> Result<Process> {
    let mut command = session.command(program("offhook")?);
    command.args(arguments);
    Process::start(command, session.logs())
}

async fn painted(session: &Session) -> Result<()> {
    loop {
        if let Some(window) = session.screen.window("Offhook")?
            && session.screen.is_painted(window)?
        {
            return Ok(());
        }
        sleep(STEP).await;
    }
}
