//! Calls that ring at a moment that is known.
//!
//! The moment is that of sending a frame: `ClearContact` of a missed call, upon which the practice
//! centre offers the next one without delay. So every time that counts from it includes the way of
//! the frame to the hub and the end of the last call, and is rather too long than too short.

use std::{
    io::Write,
    time::{Duration, Instant, SystemTime},
};

use anyhow::{Context, Result, bail};
use offhook_bus::{Client, Connection};
use offhook_protocol::{Access, AgentSync, CallRequest, Event, Request};
use tempfile::NamedTempFile;
use tokio::time::timeout;

const SOURCE: &str = "bench";

/// Between a call that was missed and the next one: nothing is left to do for the last one, and the
/// hub's limit of five commands a second is kept.
const QUIET: Duration = Duration::from_millis(200);

/// Writes a scenario of this many calls and one before them, each ringing for as long.
pub(crate) fn scenario(calls: usize, ring: Duration) -> Result<NamedTempFile> {
    let mut file = tempfile::Builder::new().suffix(".toml").tempfile()?;
    writeln!(file, "about = \"A call whenever the agent is ready.\"")?;
    for _ in 0..=calls {
        writeln!(
            file,
            "[[step]]\nafter = \"0s\"\n\
             do = {{ call = [{{ from = \"+441632960011\", to = \"+448081570001\", queue = \"Orders\", \
             ring = \"{}ms\", variables = {{ CustomerName = \"Ada Whitfield\" }} }}] }}",
            ring.as_millis()
        )?;
    }
    Ok(file)
}

/// A program on the hub that lets calls ring.
pub(crate) struct Calls(Client);

/// When a call was let ring, on both clocks.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sent {
    /// For this process.
    pub(crate) at: Instant,
    /// For others, such as the window.
    pub(crate) on_the_clock: SystemTime,
}

impl Calls {
    /// Joins the hub of a phone that plays a [`scenario`].
    pub(crate) async fn join(hub: &Connection) -> Result<Self> {
        Ok(Self(Client::connect(hub, SOURCE, Access::Control).await?))
    }

    /// Waits until the last call was missed, and lets the next one ring.
    pub(crate) async fn ring_next(&mut self) -> Result<Sent> {
        self.wait_missed().await?;
        self.keep_quiet().await?;
        let clear = Request::Call(CallRequest::ClearContact).envelope(SOURCE);
        let sent = Sent {
            at: Instant::now(),
            on_the_clock: SystemTime::now(),
        };
        self.0.send(&clear).await?;
        Ok(sent)
    }

    /// Waits until the agent has missed a call.
    pub(crate) async fn wait_missed(&mut self) -> Result<()> {
        while self.next_agent_state().await? != "MissedCallAgent" {}
        Ok(())
    }

    /// Listens for a while, so that what is said twice is not taken for the next call's.
    async fn keep_quiet(&mut self) -> Result<()> {
        let listen = async {
            loop {
                self.next_agent_state().await?;
            }
        };
        match timeout(QUIET, listen).await {
            Ok(failed) => failed,
            Err(_) => Ok(()),
        }
    }

    /// The name of the agent's state, as soon as it is said again.
    async fn next_agent_state(&mut self) -> Result<String> {
        loop {
            let envelope = self.0.recv().await?.context("the phone has ended")?;
            let event = Event::read(&envelope);
            if let Some(Event::Error(error)) = &event {
                bail!("the practice centre refuses: {error:?}");
            }
            if let Some(Event::AgentState(set)) = event {
                return Ok(set.state.name);
            }
            if let Some(Event::AgentSync(AgentSync {
                state: Some(state), ..
            })) = event
            {
                return Ok(state.name);
            }
        }
    }
}
