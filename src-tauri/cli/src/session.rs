//! A connection to the running phone, with the state and a deadline.

use std::time::Duration;

use offhook_bus::{Client, Connection};
use offhook_protocol::{Access, Envelope, Event, Request};
use tokio::time::{Instant, timeout_at};

use crate::{failure::Failure, state::State};

/// This program's name on the bus.
pub(crate) const SOURCE: &str = "offhookctl";

/// See the module.
pub(crate) struct Session {
    client: Client,
    state: State,
    timeout: Duration,
    deadline: Instant,
}

impl Session {
    /// Connects, and waits for the whole state.
    pub(crate) async fn open(access: Access, timeout: Duration) -> Result<Self, Failure> {
        let client = Client::connect(&Connection::find()?, SOURCE, access).await?;
        let mut session = Self {
            client,
            state: State::default(),
            timeout,
            deadline: Instant::now() + timeout,
        };
        while !session.state.is_whole() {
            session.next().await?;
        }
        Ok(session)
    }

    /// What is known by now.
    pub(crate) fn state(&self) -> &State {
        &self.state
    }

    pub(crate) async fn request(&mut self, request: &Request) -> Result<(), Failure> {
        self.send(&request.envelope(SOURCE)).await
    }

    pub(crate) async fn send(&mut self, envelope: &Envelope) -> Result<(), Failure> {
        Ok(self.client.send(envelope).await?)
    }

    /// The next envelope, its content taken into the state.
    pub(crate) async fn next(&mut self) -> Result<Envelope, Failure> {
        let envelope = timeout_at(self.deadline, self.client.recv())
            .await
            .map_err(|_| Failure::Late(self.timeout.as_secs_f64()))??
            .ok_or(Failure::Closed)?;
        if let Some(event) = Event::read(&envelope) {
            self.state.take(&event);
        }
        Ok(envelope)
    }
}
