//! How soon a person notices a call: the real phone on a virtual desktop, its window open.

use std::time::Duration;

use anyhow::{Context, Result};
use offhook_tests::{App, Session, Setup};

use super::{
    budget,
    calls::{Calls, scenario},
    report::Report,
};

const CALLS: usize = 120;

/// Long enough for the slowest of them to be seen ringing.
const RING: Duration = Duration::from_millis(400);

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    let scenario = scenario(CALLS, RING)?;
    let path = scenario.path().to_str().context("a plain name")?;
    let session = Session::start(Setup::new("bench")?).await?;
    let mut app = App::start(&session, &["--practice", path]).await?;
    let window = app.window().await?;
    window.wait_link("online").await?;
    window.note_ringing().await?;

    let mut calls = Calls::join(&app.hub).await?;
    let mut sent = Vec::new();
    for _ in 0..CALLS {
        sent.push(calls.ring_next().await?);
    }
    calls.wait_missed().await?;

    let (mut notified, mut shown, mut drawn) = (Vec::new(), Vec::new(), Vec::new());
    let notifications = session.notifications().raised();
    let ringing = notifications
        .iter()
        .filter(|raised| raised.actions.iter().any(|action| action == "answer"));
    // From the last: the window may have been late for the call before the ones that count.
    for (sent, raised) in sent.iter().rev().zip(ringing.rev()) {
        notified.push(raised.at.duration_since(sent.at));
    }
    for (sent, seen) in sent
        .iter()
        .rev()
        .zip(window.ringing_noted().await?.iter().rev())
    {
        shown.push(seen.shown.duration_since(sent.on_the_clock)?);
        drawn.push(seen.drawn.duration_since(sent.on_the_clock)?);
    }
    report.percentiles(
        "ring: bus frame to the notification daemon",
        &notified,
        Some(budget::NOTIFICATION),
    );
    report.percentiles(
        "ring: bus frame to the window's DOM",
        &shown,
        Some(budget::WINDOW),
    );
    report.percentiles("ring: bus frame to the window's next frame", &drawn, None);
    Ok(())
}
