//! Why a command came to nothing, and its exit code.

use std::io;

use offhook_bus::{ConnectError, Disconnected, FindError};
use offhook_engine::StartError;
use offhook_protocol::ApiError;
use offhook_uplink::{BadName, Trouble, mqtt::ConfigError};
use serde_json::{Value, json};
use thiserror::Error;

use crate::broker;

/// Prints as a sentence for the person.
#[derive(Debug, Error)]
pub(crate) enum Failure {
    /// Not asked for, because it makes no sense now.
    #[error("{0}")]
    Refused(&'static str),
    /// The contact centre or the hub said no.
    #[error("{}", sentence(.0))]
    Failed(ApiError),
    /// What came on standard input is no envelope.
    #[error("Standard input is no envelope: {0}.")]
    Unreadable(#[from] offhook_protocol::Unreadable),
    /// Standard input or output broke.
    #[error("{0}.")]
    Io(#[from] io::Error),
    #[error(transparent)]
    NotFound(#[from] FindError),
    #[error(transparent)]
    NotConnected(#[from] ConnectError),
    #[error(transparent)]
    Disconnected(#[from] Disconnected),
    #[error("Offhook has closed the connection.")]
    Closed,
    #[error(transparent)]
    Engine(#[from] StartError),
    #[error("Other programs cannot join: {0}.")]
    NoHub(String),
    /// There is no connection to the company's broker.
    #[error("{}", broker::sentence(.0))]
    Broker(Trouble),
    #[error("The broker cannot be used like this: {0}.")]
    BrokerArguments(#[from] ConfigError),
    #[error("The tenant or agent has a bad name: {0}.")]
    BadName(#[from] BadName),
    #[cfg_attr(not(unix), expect(dead_code, reason = "only Unix counts open files"))]
    #[error(
        "{wanted} agents do not fit: a program may open {allowed} files here, enough for {fit} agents."
    )]
    TooManyAgents { wanted: u32, allowed: u64, fit: u64 },
    #[error("No answer within {0} seconds.")]
    Late(f64),
}

impl Failure {
    /// As `offhookctl --help` lists them. 2 is the parser's.
    pub(crate) fn exit_code(&self) -> u8 {
        match self {
            Self::Engine(StartError::Practice(_)) => 2,
            Self::BrokerArguments(_) | Self::BadName(_) => 2,
            Self::Broker(trouble) if broker::is_unreachable(trouble) => 3,
            Self::Broker(_) | Self::TooManyAgents { .. } => 1,
            Self::Refused(_) | Self::Failed(_) | Self::Unreadable(_) | Self::Io(_) => 1,
            Self::Engine(_) | Self::NoHub(_) => 1,
            Self::NotFound(_) | Self::NotConnected(_) | Self::Disconnected(_) | Self::Closed => 3,
            Self::Late(_) => 4,
        }
    }

    pub(crate) fn json(&self) -> Value {
        let kind = if let Self::Failed(error) = self {
            Some(error.kind.as_str())
        } else {
            None
        };
        json!({ "done": false, "exitCode": self.exit_code(), "error": self.to_string(), "errorType": kind })
    }
}

/// Ours, and the contact centre's own words if it gave any.
fn sentence(error: &ApiError) -> String {
    let texts = [error.msg.reveal(), error.error_message.reveal()];
    let said: Vec<_> = texts.into_iter().filter(|text| !text.is_empty()).collect();
    said.join(" ")
}
