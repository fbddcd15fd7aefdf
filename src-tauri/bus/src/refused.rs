//! Why the bus does not take something.

use offhook_protocol::{ApiError, BadArgument, Envelope, ErrorType, Request};
use thiserror::Error;

use crate::{MAX_QUEUED_BYTES, MAX_SOURCE_CHARS};

/// Why a port cannot be had.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum JoinError {
    /// There is a connector already, and exactly one may speak for the contact centre.
    #[error("there is a connector already")]
    ConnectorTaken,
    /// The name is empty, too long, or has control characters.
    #[error("a source is a name of 1 to {MAX_SOURCE_CHARS} characters without control characters")]
    BadSource,
    /// The bus is closed.
    #[error("the bus is closed")]
    Closed,
}

/// Why an envelope was not sent. The sentences are for the person who wrote the app.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Refused {
    /// The port may only observe, and this would change something.
    #[error("{topic}/{subtopic} needs control access")]
    AccessDenied {
        /// Topic of the envelope.
        topic: String,
        /// Subtopic of the envelope.
        subtopic: String,
    },
    /// An app sent an event on a topic whose events come from the connector alone.
    #[error("events of the topic {topic} come from the contact centre alone")]
    EventFromApp {
        /// Topic of the envelope.
        topic: String,
    },
    /// The request's argument makes no sense.
    #[error(transparent)]
    BadArgument(#[from] BadArgument),
    /// The name of the app that this is sent for is empty, too long, or has control characters.
    #[error("a source is a name of 1 to {MAX_SOURCE_CHARS} characters without control characters")]
    BadSource,
    /// The envelope would not fit into any queue.
    #[error("{bytes} bytes are more than the {MAX_QUEUED_BYTES} that fit into a queue")]
    TooLong {
        /// Length of the wire text.
        bytes: usize,
    },
    /// The bus is closed.
    #[error("the bus is closed")]
    Closed,
}

impl Refused {
    pub(crate) fn access_denied(envelope: &Envelope) -> Self {
        Self::AccessDenied {
            topic: envelope.topic.clone(),
            subtopic: envelope.subtopic.clone(),
        }
    }

    /// The error as it is told on the bus, to the sender alone.
    pub fn api_error(&self) -> ApiError {
        let kind = match self {
            Self::AccessDenied { .. } => ErrorType::AccessDenied,
            Self::EventFromApp { .. } | Self::BadArgument(_) | Self::BadSource => {
                ErrorType::BadRequest
            }
            Self::TooLong { .. } => ErrorType::MessageTooLong,
            Self::Closed => ErrorType::NoConnector,
        };
        ApiError::new(kind, self.to_string())
    }
}

/// Topics whose events come from the connector alone. On any other topic apps may talk to each other.
const CENTRE_TOPICS: [&str; 5] = ["App", "Agent", "InboundCall", "OutboundCall", "Error"];

/// What an app asks for with an envelope.
pub(crate) enum Asked {
    /// To be told something.
    Information(Request),
    /// To change something that this version knows.
    Change(Request),
    /// Something that this version does not know, and so treats as a change.
    Unknown,
}

impl Asked {
    pub(crate) fn read(envelope: &Envelope) -> Result<Self, Refused> {
        if !envelope.is_request() && CENTRE_TOPICS.contains(&envelope.topic.as_str()) {
            return Err(Refused::EventFromApp {
                topic: envelope.topic.clone(),
            });
        }
        Ok(match Request::read(envelope)? {
            Some(request) if request.is_command() => Self::Change(request),
            Some(request) => Self::Information(request),
            None => Self::Unknown,
        })
    }

    /// Whether only apps with control access may ask for this.
    pub(crate) fn needs_control(&self) -> bool {
        match self {
            Self::Information(_) => false,
            Self::Change(_) | Self::Unknown => true,
        }
    }

    pub(crate) fn request(&self) -> Option<&Request> {
        match self {
            Self::Information(request) | Self::Change(request) => Some(request),
            Self::Unknown => None,
        }
    }
}
