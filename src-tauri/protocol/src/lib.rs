//! The bus protocol: wire text to typed messages and back.
//!
//! This crate is the only place that knows JSON names and their quirks. Everything on the bus is an
//! [`Envelope`]; what this version understands of it is a [`Request`] (from an app) or an [`Event`]
//! (from the contact centre). What it does not understand passes through unharmed.
//!
//! The messages have three grades: *published* on the API pages this project implements, *family* on
//! neighbouring public pages and known only in part, *ours* where nothing public says anything.
//! `docs/protocol.md` lists which is which.
//!
//! Invariants:
//! * no IO, no clock, no thread, no async;
//! * what can be read as an envelope is never an error, however odd its payload;
//! * text about a person is [`Personal`] and cannot be logged by accident.
#![warn(missing_docs)]

mod agent;
mod app;
mod buttons;
mod envelope;
mod error;
mod event;
mod id;
mod leg;
mod personal;
mod request;
mod set_up;
mod sync;
mod text;
mod timestamp;

pub use agent::{
    AgentButtons, AgentInfo, AgentState, AgentStateChoice, AgentSync, SetAgentState, StateType,
    ccp_agent_state_envelope, direct_connects_envelope, states_envelope,
};
pub use app::{Access, AppState, Hello, Link, Pair, PairPending, Paired, Register, Registered};
pub use buttons::{Button, ButtonState, Buttons};
pub use envelope::{CHANNEL, Envelope, MAX_DEPTH, Unreadable};
pub use error::{ApiError, ErrorType};
pub use event::Event;
pub use id::{ConnectionId, ContactId};
pub use leg::{CallEvent, ConnectionStatus, ContactKind, LegEvent, LegType, Variable};
pub use personal::Personal;
pub use request::{AgentRequest, BadArgument, CallRequest, Destination, Endpoint, Request};
pub use set_up::{Check, Problem, Progress, Step};
pub use sync::{CallSync, SyncLeg};
pub use timestamp::Timestamp;
