//! The envelope that every message travels in.

use std::fmt;

use serde::{Deserialize, Deserializer, Serialize};
use serde_json::{Map, Value};
use thiserror::Error;

/// The only channel this product speaks for.
pub const CHANNEL: &str = "Amazon";

/// How deep an envelope may nest. The deepest published one has six levels.
pub const MAX_DEPTH: usize = 32;

/// One message on the bus, in the form `{channel, topic, subtopic, source | message}`.
///
/// Unknown keys are kept in `extra`, and messages of unknown topics keep their payload, so whatever
/// passes through the bus leaves it unharmed. `Debug` names the address and never the payload.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Envelope {
    /// Always [`CHANNEL`] in what we write.
    pub channel: String,
    /// `App`, `Agent`, `InboundCall`, `OutboundCall` or `Error`.
    pub topic: String,
    /// The request or event.
    pub subtopic: String,
    /// The app that broadcasts a request. Absent in responses and events.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub source: Option<String>,
    /// Argument of a request; payload of an error.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub data: Option<Value>,
    /// Payload of a response or event. `Some(Value::Null)` is a payload, and so unlike `None`.
    #[serde(
        default,
        deserialize_with = "present",
        skip_serializing_if = "Option::is_none"
    )]
    pub message: Option<Value>,
    /// Keys that this version does not know.
    #[serde(flatten)]
    pub extra: Map<String, Value>,
}

/// Tells `"message": null` from no `message` at all.
fn present<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Value>, D::Error> {
    Value::deserialize(value).map(Some)
}

/// Why a text is no envelope. The sentences are for the person who wrote the text.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum Unreadable {
    /// Not UTF-8.
    #[error("not UTF-8 from byte {0} on")]
    Encoding(usize),
    /// Not JSON, or a key is missing or of another type.
    #[error("line {line}, column {column}: {what}")]
    Json {
        /// From 1.
        line: usize,
        /// From 1.
        column: usize,
        /// What is wrong there. Never quotes the text itself.
        what: String,
    },
    /// Nested deeper than [`MAX_DEPTH`].
    #[error("nested deeper than {MAX_DEPTH} levels")]
    TooDeep,
    /// Another channel.
    #[error("the channel must be \"{CHANNEL}\"")]
    Channel,
}

impl Envelope {
    /// An envelope with nothing but its address.
    pub fn new(topic: &str, subtopic: &str) -> Self {
        Self {
            channel: CHANNEL.to_owned(),
            topic: topic.to_owned(),
            subtopic: subtopic.to_owned(),
            source: None,
            data: None,
            message: None,
            extra: Map::new(),
        }
    }

    /// An event or response.
    pub fn event(topic: &str, subtopic: &str, message: Value) -> Self {
        Self {
            message: Some(message),
            ..Self::new(topic, subtopic)
        }
    }

    /// Reads wire text. No-break spaces between tokens, which every published sample has, count as
    /// spaces; inside strings they are kept.
    pub fn parse(bytes: &[u8]) -> Result<Self, Unreadable> {
        let text = std::str::from_utf8(bytes)
            .map_err(|error| Unreadable::Encoding(error.valid_up_to()))?;
        let text = crate::text::with_plain_spaces(text);
        if crate::text::depth(&text) > MAX_DEPTH {
            return Err(Unreadable::TooDeep);
        }
        let envelope: Self = serde_json::from_str(&text).map_err(|error| Unreadable::Json {
            line: error.line(),
            column: error.column(),
            what: crate::text::explain(&error),
        })?;
        match envelope.channel == CHANNEL {
            true => Ok(envelope),
            false => Err(Unreadable::Channel),
        }
    }

    /// Wire text, on one line.
    pub fn to_text(&self) -> String {
        serde_json::to_string(self)
            .unwrap_or_else(|_| unreachable!("maps with string keys always serialise"))
    }

    /// Whether this is a request: it has a source or at least no message.
    ///
    /// A StateSync request and its response share topic and subtopic, and nobody may answer a
    /// response.
    pub fn is_request(&self) -> bool {
        self.message.is_none() && self.topic != "Error"
    }
}

impl fmt::Debug for Envelope {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.topic, self.subtopic)?;
        match &self.source {
            Some(source) => write!(f, " from {source}"),
            None => Ok(()),
        }
    }
}
