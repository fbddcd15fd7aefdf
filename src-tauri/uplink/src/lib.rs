//! The uplink: one agent's part of the bus on the company's broker.
//!
//! The hub stays in front: pages of the agent's machine know nothing of the broker. The uplink is one
//! app on the local bus and the agent's one client at the broker. `docs/broker.md` describes what
//! travels there for people who write the other end.
//!
//! Invariants:
//! * nothing rests on the broker's memory: one writer for each agent, an epoch and a sequence on all it
//!   says, and the whole state after every connection;
//! * a request expires, and is carried out at most once however often it arrives;
//! * only [`Transport`] touches a network; everything that decides is without IO, with time as an
//!   argument.
#![warn(missing_docs)]

pub mod address;
mod answer;
mod clock;
mod desk;
mod drive;
mod link;
#[cfg(feature = "mqtt")]
pub mod mqtt;
mod owner;
mod presence;
mod remote;
mod stamp;
#[cfg(test)]
mod testing;
mod topic;
mod transport;

pub use answer::Answer;
pub use clock::Clock;
pub use desk::{Desk, Part};
pub use drive::{Identity, Order, drive};
pub use link::{Status, Trouble};
pub use presence::Presence;
pub use remote::{Board, Remote, RequestError, Scope, follow};
pub use stamp::{BadField, Epoch, Stamp, request_id};
pub use topic::{BadName, Branch, MAX_NAME_BYTES, Place, Subject};
pub use transport::{
    Connection, Happening, Loss, Outcome, Publication, Refusal, Ticket, Transport,
};
