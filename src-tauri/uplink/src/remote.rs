//! One who follows agents over a broker, and asks things of one.
//!
//! ```text
//!   Transport -- Follower -- watch::Sender<Board> --> Remote::board    who is in which state
//!                   ^------- mpsc ------------------- Remote::request  what is asked, and its outcome
//! ```

mod asked;
mod follower;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;

use offhook_protocol::{ApiError, Request};
use thiserror::Error;
use tokio::sync::{mpsc, oneshot, watch};

use crate::{BadName, Branch, Clock, Desk, Place, Status, Transport};
use follower::Follower;

/// How many requests wait to be taken by the follower at most.
const MAX_WAITING: usize = 64;

/// Whom to follow, and how closely.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Scope {
    filters: Vec<String>,
    asks: Option<Asks>,
}

/// Whom one may ask, and under which name one gets the answers.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Asks {
    branch: Branch,
    instance: String,
}

impl Scope {
    /// Presence and states of every agent of a tenant: what a wallboard needs.
    ///
    /// # Errors
    ///
    /// [`BadName`].
    pub fn all(tenant: &str) -> Result<Self, BadName> {
        Ok(Self {
            filters: vec![Branch::states_of_all(tenant)?],
            asks: None,
        })
    }

    /// Presence, states and events of one agent.
    pub fn one(branch: &Branch) -> Self {
        Self {
            filters: branch.followed().into(),
            asks: None,
        }
    }

    /// As [`one`](Self::one), and to ask things of that agent's phone. `instance` is the name that
    /// answers come to: the user name, at brokers that let everybody hear only what is their own.
    ///
    /// # Errors
    ///
    /// [`BadName`] for the instance.
    pub fn controlling(branch: &Branch, instance: &str) -> Result<Self, BadName> {
        Ok(Self {
            filters: branch.followed_by(instance)?.into(),
            asks: Some(Asks {
                branch: branch.clone(),
                instance: instance.to_owned(),
            }),
        })
    }
}

impl Asks {
    /// Where answers come to.
    fn answers(&self) -> String {
        let instance = self.instance.clone();
        self.branch.topic(&Place::Answer { instance })
    }
}

/// What a follower knows.
#[derive(Clone, Debug)]
pub struct Board {
    /// The follower's own connection. While it is not online, all that is known may be stale.
    pub status: Status,
    /// Each agent that was heard of, by name.
    pub desks: BTreeMap<String, Desk>,
}

/// A follower at work. It ends when this is dropped.
#[derive(Debug)]
pub struct Remote {
    /// What it knows. Changes that follow each other closely may be seen as one.
    pub board: watch::Receiver<Board>,
    orders: mpsc::Sender<Order>,
}

/// Something to be asked.
#[derive(Debug)]
struct Order {
    request: Request,
    outcome: oneshot::Sender<Result<(), RequestError>>,
}

/// Why a request came to nothing. The sentences are for the person.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum RequestError {
    /// The phone or the contact centre said no.
    #[error("{}", .0.msg.reveal())]
    Failed(ApiError),
    /// The agent's phone is not connected.
    #[error("The agent's phone is not connected to the broker.")]
    Offline,
    /// The broker did not pass the request on.
    #[error("The broker refused the request: {0}.")]
    Refused(String),
    /// Nobody said within ten seconds what became of it.
    #[error("The agent's phone did not answer in time.")]
    TimedOut,
    /// This scope does not ask.
    #[error("This connection only watches.")]
    OnlyWatches,
}

/// Follows agents over a broker. The future does the work, until the [`Remote`] is dropped.
pub fn follow<T: Transport, C: Clock>(
    scope: Scope,
    transport: T,
    clock: C,
    seed: u64,
) -> (Remote, impl Future<Output = ()>) {
    let (orders, taken) = mpsc::channel(MAX_WAITING);
    let (board, seen) = watch::channel(Board {
        status: Status::Connecting { after: None },
        desks: BTreeMap::new(),
    });
    let remote = Remote {
        board: seen,
        orders,
    };
    let follower = async move {
        Follower::new(scope, clock, seed, board, taken)
            .run(transport)
            .await;
    };
    (remote, follower)
}

impl Remote {
    /// Asks the agent's phone for something, and returns once it is done. It is given up ten seconds
    /// later; the connection may break meanwhile, and the request is carried out once at most.
    ///
    /// # Errors
    ///
    /// [`RequestError`].
    pub async fn request(&self, request: Request) -> Result<(), RequestError> {
        let (outcome, told) = oneshot::channel();
        // Both fail only with the follower, and then nobody will ever tell.
        let order = Order { request, outcome };
        self.orders
            .send(order)
            .await
            .map_err(|_| RequestError::TimedOut)?;
        told.await.map_err(|_| RequestError::TimedOut)?
    }
}
