//! `engine`: the phone without a display.

use std::io;

use offhook_engine::{Handle, Headless, Options, settings::Places};
use serde_json::json;

use crate::{
    failure::Failure,
    outcome::{Outcome, line},
};

/// Runs the engine until the process is told to leave.
pub(crate) async fn run(practice: Option<Option<String>>) -> Result<Outcome, Failure> {
    if let Err(error) = offhook_engine::log_to(&Places::default().logs) {
        line(io::stderr(), &format!("offhookctl: {error}"))?;
    }
    let options = Options {
        practice,
        ..Options::default()
    };
    let engine = offhook_engine::start(options, Headless)?;
    let url = engine.hub().map_err(|why| Failure::NoHub(why.to_owned()))?;
    line(io::stdout(), &json!({ "url": url }).to_string())?;
    told_to_leave().await?;
    stop(engine).await;
    Ok(Outcome::printed())
}

#[cfg(unix)]
async fn told_to_leave() -> io::Result<()> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminate.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}

#[cfg(not(unix))]
async fn told_to_leave() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}

/// Returns when the hub is closed and its connection file removed.
async fn stop(mut engine: Handle) {
    engine.stop();
    while engine.next_view().await.is_some() {}
}
