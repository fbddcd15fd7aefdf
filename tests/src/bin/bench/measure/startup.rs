//! How long a person waits: for the tray icon after the start, for the window when they ask for it.

use std::time::{Duration, Instant};

use anyhow::Result;
use offhook_tests::{Process, Session, Setup, Tray, program};
use tokio::time::sleep;

use super::{budget, report::Report};

const RUNS: usize = 9;

/// How closely the screen is watched: the error of the times to a painted window. Watching more
/// closely would slow down the drawing.
const STEP: Duration = Duration::from_millis(4);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let (mut tray, mut on_demand, mut at_start) = (Vec::new(), Vec::new(), Vec::new());
    for _ in 0..RUNS {
        let session = Session::start(Setup::new("bench")?).await?;
        let (from_start, from_click) = start_hidden_and_show(&session).await?;
        tray.push(from_start);
        on_demand.push(from_click);
        let session = Session::start(Setup::new("bench")?).await?;
        at_start.push(start_with_window(&session).await?);
    }
    report.median("start: exec to tray icon", &tray, Some(budget::TRAY));
    report.median(
        "start: click in the tray to painted window",
        &on_demand,
        Some(budget::WINDOW_ON_DEMAND),
    );
    report.median("start: exec to painted window", &at_start, None);
    Ok(())
}

async fn start_hidden_and_show(session: &Session) -> Result<(Duration, Duration)> {
    let appearing = Tray::appearing(session).await?;
    let started = Instant::now();
    let _phone = start(session, &["--hidden", "--practice", "idle"])?;
    appearing.wait().await?;
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

/// Returns when the window can be seen and something is drawn in it.
pub(super) async fn painted(session: &Session) -> Result<()> {
    loop {
        if let Some(window) = session.screen.window("Offhook")?
            && session.screen.is_painted(window)?
        {
            return Ok(());
        }
        sleep(STEP).await;
    }
}
