//! What the uplink needs of a broker, and all that an adapter has to offer.

use std::{future::Future, time::Duration};

use thiserror::Error;

/// A message at the broker. It always travels with quality of service 1.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// The topic.
    pub topic: String,
    /// The payload: one envelope, or nothing, which takes back what is retained.
    pub payload: Vec<u8>,
    /// The broker keeps it for those who subscribe later.
    pub retain: bool,
    /// The broker throws it away undelivered after this time; it counts in whole seconds.
    pub expires_in: Option<Duration>,
    /// Where an answer is wanted.
    pub response_topic: Option<String>,
    /// What the answer is to carry.
    pub correlation: Option<Vec<u8>>,
}

/// Numbers what was published on one connection, so that its outcome can be told.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Ticket(pub u64);

/// A way to a broker.
pub trait Transport: Send {
    /// What a connection is.
    type Connection: Connection;

    /// Connects, and returns when the broker has accepted. `will`, if there is one, is published by the broker
    /// when it misses this client. Takes as long as it takes: the caller sets the deadline by dropping it.
    ///
    /// # Errors
    ///
    /// [`Refusal`].
    fn connect(
        &mut self,
        will: Option<Publication>,
    ) -> impl Future<Output = Result<Self::Connection, Refusal>> + Send;
}

/// A connection that the broker has accepted. Dropping it cuts it, so that the broker publishes the will.
pub trait Connection: Send {
    /// Subscribes; [`Happening::Subscribed`] follows.
    fn subscribe(&mut self, filters: &[String]);

    /// Publishes; [`Happening::Published`] with the ticket follows.
    fn publish(&mut self, ticket: Ticket, publication: Publication);

    /// The next thing that happened. Cancel-safe. After [`Happening::Lost`] there is nothing more.
    fn next(&mut self) -> impl Future<Output = Happening> + Send;

    /// Says good-bye, so that the broker publishes no will, and returns when all that was published
    /// before is out.
    fn close(self) -> impl Future<Output = ()> + Send;
}

/// What happens on a connection.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Happening {
    /// The broker has taken the subscriptions.
    Subscribed,
    /// The broker has refused a subscription.
    NotSubscribed {
        /// The broker's reason, for people.
        reason: String,
    },
    /// Somebody published this.
    Message(Publication),
    /// What became of a publication.
    Published(Ticket, Outcome),
    /// The broker gave a sign of life: any packet, the answer to a ping included.
    Alive,
    /// The connection is gone.
    Lost(Loss),
}

/// What became of a publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// The broker has it.
    Taken,
    /// The broker has it, and nobody to give it to. Brokers may leave this out: a hint only.
    NobodyThere,
    /// The broker does not take it.
    Refused {
        /// The broker's reason, for people.
        reason: String,
    },
}

/// Why a connection is gone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Loss {
    /// The network, or nobody knows.
    Network(String),
    /// The broker closed it in an orderly way: it restarts, most likely for everybody.
    Broker(String),
    /// Another client has connected under the same name: this agent sits at another desk now.
    TakenOver,
    /// The broker does not want this client any more.
    Refused(Refusal),
}

/// Why a broker did not accept a connection. The sentences are for the person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum Refusal {
    /// Nobody there, or the way is blocked; trying again may help.
    #[error("The broker cannot be reached: {0}.")]
    Unreachable(String),
    /// The broker's certificate, or ours, is not good; only the administrator can help.
    #[error("There is something wrong with a certificate: {0}.")]
    Certificate(String),
    /// Wrong name, password or token.
    #[error("The broker does not accept the user name or password.")]
    Login,
    /// The broker is busy, or does not speak MQTT 5.
    #[error("The broker refused the connection: {0}.")]
    Broker(String),
}
