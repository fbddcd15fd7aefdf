//! The Streams library's model of the agent, as far as the connector reads it.

use serde::Deserialize;

use crate::page::Opaque;

/// The payload of `agent::update`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Update {
    /// The agent and the contacts.
    pub snapshot: Opaque,
    /// Who the agent is and what the agent may choose.
    pub configuration: Opaque,
}
