//! A client of the broker, as a test operates it.

use std::{collections::VecDeque, time::Duration};

use anyhow::{Context, Result, bail};
use offhook_tests::{
    DEADLINE,
    broker::{Broker, Way},
};
use offhook_uplink::{
    Connection, Happening, Loss, Outcome, Publication, Refusal, Ticket, Transport,
    mqtt::{Config, Mqtt, MqttConnection},
};
use tokio::time::timeout;

/// A connection, and what came on it before a test asked for it.
pub(crate) struct Client {
    connection: MqttConnection,
    published: u64,
    messages: VecDeque<Publication>,
}

impl Client {
    /// Connects with a name of its own, over TCP.
    pub(crate) async fn connect(broker: &Broker, user: &str) -> Result<Self> {
        let name = format!("test-of-{user}");
        Ok(Self::with(&broker.config(Way::Tcp, user, &name)?, will(user)).await??)
    }

    /// Connects with this configuration and this last will.
    pub(crate) async fn with(config: &Config, will: Publication) -> Result<Result<Self, Refusal>> {
        let connected = timeout(DEADLINE, Mqtt::new(config)?.connect(Some(will))).await;
        let connected = connected.context("neither accepted nor refused")?;
        Ok(connected.map(|connection| Self {
            connection,
            published: 0,
            messages: VecDeque::new(),
        }))
    }

    /// Subscribes, and waits until the broker has taken it.
    pub(crate) async fn subscribe(&mut self, filter: &str) -> Result<()> {
        self.connection.subscribe(&[filter.to_owned()]);
        loop {
            let next = self.next().await?;
            if next == Happening::Subscribed {
                return Ok(());
            }
            self.keep(next)?;
        }
    }

    /// Publishes, and waits for what becomes of it.
    pub(crate) async fn publish(&mut self, publication: Publication) -> Result<Outcome> {
        self.published += 1;
        let ticket = Ticket(self.published);
        self.connection.publish(ticket, publication);
        loop {
            let next = self.next().await?;
            if let Happening::Published(of, outcome) = &next
                && *of == ticket
            {
                return Ok(outcome.clone());
            }
            self.keep(next)?;
        }
    }

    /// The next message.
    pub(crate) async fn message(&mut self) -> Result<Publication> {
        loop {
            if let Some(message) = self.messages.pop_front() {
                return Ok(message);
            }
            let next = self.next().await?;
            self.keep(next)?;
        }
    }

    /// Waits until the connection is gone, and says why.
    pub(crate) async fn lost(&mut self) -> Result<Loss> {
        loop {
            let next = self.next().await?;
            if let Happening::Lost(loss) = next {
                return Ok(loss);
            }
            self.keep(next)?;
        }
    }

    /// The next happening.
    pub(crate) async fn next(&mut self) -> Result<Happening> {
        self.next_within(DEADLINE).await?.context("nothing happens")
    }

    /// What happens within this time, if anything does.
    pub(crate) async fn next_within(&mut self, time: Duration) -> Result<Option<Happening>> {
        Ok(timeout(time, self.connection.next()).await.ok())
    }

    /// Says good-bye.
    pub(crate) async fn close(self) -> Result<()> {
        Ok(timeout(DEADLINE, self.connection.close()).await?)
    }

    fn keep(&mut self, happening: Happening) -> Result<()> {
        match happening {
            Happening::Message(message) => self.messages.push_back(message),
            Happening::Lost(loss) => bail!("lost: {loss:?}"),
            Happening::NotSubscribed { reason } => bail!("not subscribed: {reason}"),
            Happening::Subscribed | Happening::Published(..) | Happening::Alive => {}
        }
        Ok(())
    }
}

/// A message with nothing but this.
pub(crate) fn publication(topic: &str, payload: &str) -> Publication {
    Publication {
        topic: topic.to_owned(),
        payload: payload.into(),
        retain: false,
        expires_in: None,
        response_topic: None,
        correlation: None,
    }
}

/// A message that the broker keeps.
pub(crate) fn retained(topic: &str, payload: &str) -> Publication {
    Publication {
        retain: true,
        ..publication(topic, payload)
    }
}

/// What the broker says of a user whom it misses.
pub(crate) fn will(user: &str) -> Publication {
    retained(&presence_of(user), "offline")
}

/// Where a user's presence is.
pub(crate) fn presence_of(user: &str) -> String {
    format!("cc/v1/acme/{user}/st/presence")
}
