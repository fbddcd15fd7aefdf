//! How soon a person notices what the bus says: measured from the moment a program that joined the
//! hub sees a call ring, which is when the phone does.

use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use anyhow::{Context, Result, bail};
use offhook_bus::Client;
use offhook_protocol::{Access, CallEvent, CallRequest, Event, LegType, Request};
use offhook_tests::{App, Session, Setup, Window};

use crate::report::print_percentiles;

const CALLS: usize = 100;
const SOURCE: &str = "bench";

pub(crate) async fn measure() -> Result<()> {
    let session = Session::start(Setup::new("bench")?).await?;
    let mut app = App::start(&session, &["--practice", "busy-hour"]).await?;
    let window = app.window().await?;
    window.wait_link("online").await?;
    window.note_phases().await?;
    let mut hub = Client::connect(&app.hub, SOURCE, Access::Control).await?;

    let (mut notified, mut shown) = (Vec::new(), Vec::new());
    for _ in 0..CALLS {
        let (to_notification, to_window) = ring(&session, &window, &mut hub).await?;
        notified.push(to_notification);
        shown.push(to_window);
        end(&mut hub).await?;
        window.wait_no_contact().await?;
    }
    print_percentiles("ring on the bus to notification", &notified, 10.0);
    print_percentiles("ring on the bus to the window's DOM", &shown, 50.0);
    Ok(())
}

/// Waits for a call; returns how much later its notification was raised and its window was updated.
async fn ring(
    session: &Session,
    window: &Window<'_>,
    hub: &mut Client,
) -> Result<(Duration, Duration)> {
    wait_event(hub, &CallEvent::Connecting).await?;
    let (at, since_epoch) = (
        Instant::now(),
        SystemTime::now().duration_since(UNIX_EPOCH)?,
    );
    window.wait_phase("ringing").await?;
    let raised = session
        .until("the notification", async || {
            Ok(session.notifications().shown().pop())
        })
        .await?;
    let shown = window.phase_noted_at("ringing").await?;
    // Each may come a moment before this program is told.
    Ok((
        raised.at.saturating_duration_since(at),
        shown.saturating_sub(since_epoch),
    ))
}

/// Rejects the call and clears it, so that the next one can come.
async fn end(hub: &mut Client) -> Result<()> {
    hub.send(&Request::Call(CallRequest::Reject).envelope(SOURCE))
        .await?;
    wait_event(hub, &CallEvent::Rejected).await?;
    hub.send(&Request::Call(CallRequest::ClearContact).envelope(SOURCE))
        .await?;
    wait_event(hub, &CallEvent::Dropped).await
}

/// Waits until this is said of the agent's leg.
async fn wait_event(hub: &mut Client, wanted: &CallEvent) -> Result<()> {
    loop {
        let envelope = hub.recv().await?.context("the phone has ended")?;
        let event = Event::read(&envelope);
        if let Some(Event::Error(error)) = &event {
            bail!("refused: {error:?}");
        }
        if let Some(Event::Leg(said)) = event
            && said.leg == LegType::Agent
            && said.event == *wanted
        {
            return Ok(());
        }
    }
}
