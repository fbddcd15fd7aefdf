//! The Streams library's model of the agent, as far as the connector reads it.
//!
//! Contacts, connections and their states must be readable, or the whole update is refused: half a
//! snapshot would end calls that go on. All else may be missing or of another shape.

use offhook_protocol::{Personal, StateType, Timestamp, Variable};
use serde::{Deserialize, Deserializer, de::DeserializeOwned};
use serde_json::Value;

use crate::page::Opaque;

/// The payload of `agent::update`.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Update {
    /// The agent and the contacts.
    pub snapshot: Opaque,
    /// Who the agent is and what the agent may choose.
    pub configuration: Opaque,
}

impl Update {
    /// The typed form. `None` if something indispensable is missing or of another shape.
    pub(crate) fn read(&self) -> Option<(Snapshot, Configuration)> {
        let snapshot = Snapshot::deserialize(&self.snapshot.0).ok()?;
        let configuration = Configuration::deserialize(&self.configuration.0).ok()?;
        Some((snapshot, configuration))
    }
}

/// The agent and the contacts at one moment.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Snapshot {
    pub(crate) state: AgentState,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) next_state: Option<AgentState>,
    pub(crate) contacts: Vec<Contact>,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) snapshot_timestamp: Option<Timestamp>,
}

/// A state that the agent is in, or will be in.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct AgentState {
    pub(crate) name: String,
    #[serde(default, rename = "agentStateARN", deserialize_with = "lenient")]
    pub(crate) arn: Option<String>,
    #[serde(default, rename = "type", deserialize_with = "lenient")]
    kind: String,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) start_timestamp: Option<Timestamp>,
}

impl AgentState {
    pub(crate) fn kind(&self) -> Option<StateType> {
        StateType::parse(&self.kind)
    }
}

/// One contact.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Contact {
    pub(crate) contact_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: ContactType,
    pub(crate) state: State<ContactState>,
    pub(crate) connections: Vec<Connection>,
    #[serde(default, deserialize_with = "attributes")]
    pub(crate) attributes: Vec<Variable>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) queue: Queue,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) queue_timestamp: Option<Timestamp>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) contact_features: ContactFeatures,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) customer_endpoint: Endpoint,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) connect_system_endpoint: Endpoint,
}

/// One connection of a contact.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Connection {
    pub(crate) connection_id: String,
    #[serde(rename = "type")]
    pub(crate) kind: ConnectionType,
    pub(crate) state: State<ConnectionState>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) initial: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) endpoint: Endpoint,
    /// Whether the call's audio is offered to this softphone.
    #[serde(default, rename = "softphoneMediaInfo", deserialize_with = "present")]
    pub(crate) has_media: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) mute: bool,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) forced_mute: bool,
}

/// A state and since when.
#[derive(Clone, Debug, Deserialize)]
pub(crate) struct State<T> {
    #[serde(rename = "type")]
    pub(crate) kind: T,
    #[serde(default, deserialize_with = "moment")]
    pub(crate) timestamp: Option<Timestamp>,
}

/// What goes through the contact.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContactType {
    Voice,
    QueueCallback,
    #[serde(untagged)]
    Other(String),
}

/// Where a contact is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ContactState {
    Init,
    Incoming,
    Pending,
    Connecting,
    Connected,
    Paused,
    Missed,
    Error,
    Ended,
    Rejected,
    #[serde(untagged)]
    Other(String),
}

/// Whose connection it is.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConnectionType {
    Agent,
    Inbound,
    Outbound,
    Monitoring,
    #[serde(untagged)]
    Other(String),
}

impl ConnectionType {
    /// Whether it can be the agent's own.
    pub(crate) fn is_own(&self) -> bool {
        matches!(self, Self::Agent | Self::Monitoring)
    }
}

/// Where a connection is in its life.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum ConnectionState {
    Init,
    Connecting,
    Connected,
    Hold,
    Disconnected,
    SilentMonitor,
    Barge,
    #[serde(untagged)]
    Other(String),
}

/// Who is at the other end.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Endpoint {
    #[serde(default, deserialize_with = "lenient")]
    phone_number: Option<Personal>,
}

impl Endpoint {
    /// The number, freed from a SIP address around it.
    pub(crate) fn number(&self) -> Option<Personal> {
        let text = self.phone_number.as_ref()?.reveal().trim();
        let number = match text.strip_prefix("sip:") {
            Some(address) => address.split('@').next().unwrap_or_default(),
            None => text,
        };
        (!number.is_empty()).then(|| number.into())
    }
}

/// The queue that the contact came through.
#[derive(Clone, Debug, Default, Deserialize)]
pub(crate) struct Queue {
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) name: Option<String>,
}

/// What the instance allows for the contact.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct ContactFeatures {
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) multi_party_conference_enabled: bool,
}

/// Who the agent is, and the states to choose from.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct Configuration {
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) name: Option<Personal>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) username: Option<Personal>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) extension: Option<Personal>,
    #[serde(default, deserialize_with = "lenient")]
    pub(crate) softphone_enabled: Option<bool>,
    #[serde(default, deserialize_with = "choices")]
    pub(crate) agent_states: Vec<Choice>,
}

/// A state that the agent can choose.
#[derive(Clone, Debug)]
pub(crate) struct Choice {
    pub(crate) state: AgentState,
    /// As it came, to be handed back.
    pub(crate) raw: Value,
}

/// What is missing, null or of another shape counts as nothing.
fn lenient<'de, D: Deserializer<'de>, T: DeserializeOwned + Default>(
    value: D,
) -> Result<T, D::Error> {
    let value = Value::deserialize(value)?;
    Ok(T::deserialize(value).unwrap_or_default())
}

fn present<'de, D: Deserializer<'de>>(value: D) -> Result<bool, D::Error> {
    Value::deserialize(value).map(|value| !value.is_null())
}

/// Dates come as ISO text. Numbers are seconds, or milliseconds where seconds would be far in the
/// future.
fn moment<'de, D: Deserializer<'de>>(value: D) -> Result<Option<Timestamp>, D::Error> {
    const FAR_FUTURE: f64 = 1e11;
    let value = Value::deserialize(value)?;
    let millis = value.as_f64().map(|number| match number < FAR_FUTURE {
        true => number * 1_000.0,
        false => number,
    });
    #[expect(
        clippy::cast_possible_truncation,
        reason = "fractions of a millisecond do not count, and casting saturates"
    )]
    Ok(match millis {
        Some(millis) => Some(Timestamp::from_millis(millis.round() as i64)),
        None => value.as_str().and_then(Timestamp::parse),
    })
}

/// `{key: {name, value}}`
fn attributes<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Variable>, D::Error> {
    let value = Value::deserialize(value)?;
    let attribute = |(key, attribute): (&String, &Value)| {
        let name = attribute.get("name").and_then(Value::as_str);
        Some(Variable {
            name: name.unwrap_or(key).to_owned(),
            value: attribute.get("value")?.as_str()?.into(),
        })
    };
    let attributes = value.as_object().into_iter().flatten();
    Ok(attributes.filter_map(attribute).collect())
}

fn choices<'de, D: Deserializer<'de>>(value: D) -> Result<Vec<Choice>, D::Error> {
    let choice = |raw: Value| {
        let state = AgentState::deserialize(&raw).ok()?;
        Some(Choice { state, raw })
    };
    let states: Vec<Value> = lenient(value)?;
    Ok(states.into_iter().filter_map(choice).collect())
}
