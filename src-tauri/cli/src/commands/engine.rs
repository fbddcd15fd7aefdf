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
    // From here on: whoever has read that it is ready may stop it at once.
    let told_to_leave = watch_signals()?;
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
    told_to_leave.await;
    stop(engine).await;
    Ok(Outcome::printed())
}

/// The future ends when the process is told to leave, though it may have been before it was awaited.
#[cfg(unix)]
pub(super) fn watch_signals() -> io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    })
}

/// The future ends when the process is told to leave, though it may have been before it was awaited.
#[cfg(windows)]
pub(super) fn watch_signals() -> io::Result<impl Future<Output = ()>> {
    let mut interrupt = tokio::signal::windows::ctrl_c()?;
    Ok(async move {
        interrupt.recv().await;
    })
}

/// Returns when the hub is closed and its connection file removed.
async fn stop(mut engine: Handle) {
    engine.stop();
    while engine.next_view().await.is_some() {}
}
