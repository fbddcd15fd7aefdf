//! The bus: everything between a connector, which speaks for the contact centre, and the apps, which
//! speak for the agent.
//!
//! [`Bus`] is the in-process router. The phone is one app on it, joined like any other; [`Hub`] lets
//! other programs of this machine and paired web pages join over WebSocket, and [`Client`] is such a
//! program's end.
//! `docs/hub.md` describes the hub for people who write clients.
//!
//! Invariants:
//! * a sender never waits: each port has a bounded queue, and one that overflows is emptied and gets
//!   the whole state afresh;
//! * events come from the connector alone: an app cannot fake one towards the phone;
//! * whatever an app sends or fails to read disturbs nobody but itself;
//! * a web page joins with a secret that is good for its origin and name alone, and that it got because
//!   the person or the administrator wanted it;
//! * payloads never reach the log, source names do.
#![warn(missing_docs)]

mod client;
mod connection_file;
mod empty;
mod frame;
mod hub;
mod port;
mod proof;
mod queue;
mod refused;
mod router;

pub use client::{Client, ConnectError, Disconnected};
pub use connection_file::{Connection, ConnectionFile, FindError, runtime_directory};
pub use frame::Frame;
pub use hub::{Admission, Connected, Hub, HubConfig, HubError, Page, Pairing, Question, Roster};
pub use port::{Delivery, Port, PortId, Role};
pub use proof::Secret;
pub use queue::{MAX_QUEUED, MAX_QUEUED_BYTES};
pub use refused::{JoinError, Refused};
pub use router::{Bus, MAX_SOURCE_CHARS, is_source};

const _: () = assert!(
    log::STATIC_MAX_LEVEL as usize <= log::LevelFilter::Debug as usize,
    "a trace line of the WebSocket library would carry payloads into the log"
);
