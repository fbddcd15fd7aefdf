//! `InboundCallStateChange`: one leg changed.

use serde_json::{Map, Value, json};

use crate::{Button, ButtonState, Buttons, ConnectionId, ContactId, Envelope, Personal, Timestamp};

/// What happened to a leg, in the API's own words. Compared without regard to case: the pages list
/// `Dropped`, the samples send `DROPPED`.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum CallEvent {
    /// Ringing, or being dialled.
    Connecting,
    /// Connected.
    Connected,
    /// On hold.
    Hold,
    /// Not answered in time.
    Missed,
    /// Rejected by the agent.
    Rejected,
    /// After-call work.
    Acw,
    /// Gone.
    Dropped,
    /// One that this version does not know, as sent.
    Other(String),
}

impl CallEvent {
    /// Reads the word in any case.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "connecting" => Self::Connecting,
            "connected" => Self::Connected,
            "hold" => Self::Hold,
            "missed" => Self::Missed,
            "rejected" => Self::Rejected,
            "acw" => Self::Acw,
            "dropped" => Self::Dropped,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// The word as the samples spell it, or the pages where there is no sample.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Hold => "hold",
            Self::Missed => "missed",
            Self::Rejected => "Rejected",
            Self::Acw => "ACW",
            Self::Dropped => "DROPPED",
            Self::Other(word) => word,
        }
    }
}

/// Whose leg it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum LegType {
    /// The agent's own. Its number is null on the wire.
    Agent,
    /// Somebody who called.
    Inbound,
    /// Somebody who was called.
    Outbound,
    /// One that this version does not know, as sent.
    Other(String),
}

impl LegType {
    /// Reads the word in any case.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "agent" => Self::Agent,
            "inbound" => Self::Inbound,
            "outbound" => Self::Outbound,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Agent => "agent",
            Self::Inbound => "inbound",
            Self::Outbound => "outbound",
            Self::Other(word) => word,
        }
    }
}

/// Amazon's own state of a connection. A vocabulary apart from [`CallEvent`]: `disconnected` covers
/// wrap-up as well as a leg that is gone.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum ConnectionStatus {
    /// Being connected.
    Connecting,
    /// Connected.
    Connected,
    /// On hold.
    Hold,
    /// Over.
    Disconnected,
    /// One that this version does not know, as sent.
    Other(String),
}

impl ConnectionStatus {
    /// Reads the word in any case.
    pub fn parse(word: &str) -> Self {
        match word.trim().to_ascii_lowercase().as_str() {
            "connecting" => Self::Connecting,
            "connected" => Self::Connected,
            "hold" => Self::Hold,
            "disconnected" => Self::Disconnected,
            _ => Self::Other(word.to_owned()),
        }
    }

    /// The word on the wire.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::Hold => "hold",
            Self::Disconnected => "disconnected",
            Self::Other(word) => word,
        }
    }
}

/// What kind of contact it is, where it is not a plain call (ours).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ContactKind {
    /// A plain call. Nothing on the wire says so, as in the published samples.
    #[default]
    Voice,
    /// The customer left a number in a queue and is called back once the agent answers.
    QueuedCallback,
    /// The agent listens to somebody else's call.
    Monitoring,
}

impl ContactKind {
    /// `None` for a plain call.
    pub(crate) fn word(self) -> Option<&'static str> {
        match self {
            Self::Voice => None,
            Self::QueuedCallback => Some("queuedCallback"),
            Self::Monitoring => Some("monitoring"),
        }
    }

    pub(crate) fn read(value: Option<&Value>) -> Self {
        let word = text(value);
        [Self::QueuedCallback, Self::Monitoring]
            .into_iter()
            .find(|kind| kind.word() == word)
            .unwrap_or_default()
    }
}

/// A call variable.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variable {
    /// Its name.
    pub name: String,
    /// Its value.
    pub value: Personal,
}

/// `InboundCallStateChange`, read or to be written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LegEvent {
    /// `call.id`.
    pub connection_id: ConnectionId,
    /// Absent where the optional part that carries it is.
    pub contact_id: Option<ContactId>,
    /// `ResponseActual.contactKind`.
    pub kind: ContactKind,
    /// What happened.
    pub event: CallEvent,
    /// Whose leg it is.
    pub leg: LegType,
    /// The connection's status.
    pub status: Option<ConnectionStatus>,
    /// The connection's status before. Absent on first events.
    pub previous_status: Option<ConnectionStatus>,
    /// When the leg changed, by the contact centre's clock.
    pub at: Option<Timestamp>,
    /// The other party's number; none on agent legs.
    pub phone_number: Option<Personal>,
    /// The queue, without the stray spaces of some samples.
    pub queue: Option<String>,
    /// The call variables.
    pub variables: Vec<Variable>,
    /// The leg's buttons; absent where the event says nothing about them.
    pub buttons: Option<Buttons>,
}

impl LegEvent {
    /// Reads the event's `message`. `None` if it names no leg or no event.
    pub fn read(message: &Value) -> Option<Self> {
        let call = message.get("call")?;
        let actual = call.get("ResponseActual").unwrap_or(&Value::Null);
        let fields = call.get("ResponseFields").unwrap_or(&Value::Null);
        let media = fields.get("MediaProperties").unwrap_or(&Value::Null);
        let leg = [
            call.get("CallType"),
            actual.get("type"),
            fields.get("Type"),
            media.get("callType"),
        ];
        let at = [
            actual.get("statusTimestamp"),
            fields.get("CurrentStateTime"),
        ];
        Some(Self {
            connection_id: ConnectionId::new(first([call.get("id"), actual.get("connectionId")])?),
            contact_id: text(actual.get("contactId")).map(ContactId::new),
            kind: ContactKind::read(actual.get("contactKind")),
            event: CallEvent::parse(first([call.get("event"), fields.get("CallState")])?),
            leg: LegType::parse(first(leg).unwrap_or_default()),
            status: text(actual.get("status")).map(ConnectionStatus::parse),
            previous_status: text(actual.get("previousStatus")).map(ConnectionStatus::parse),
            at: at
                .into_iter()
                .find_map(|value| Timestamp::parse(text(value)?)),
            phone_number: first([actual.get("phoneNumber"), fields.get("fromAddress")])
                .map(Personal::from),
            queue: first([media.get("queueName"), fields.get("DN")])
                .map(|name| name.trim().to_owned()),
            variables: variables_of(call.get("CallVariables")),
            buttons: Buttons::read(call.get("ButtonStates"), actual.get("buttonStates")),
        })
    }

    /// The whole envelope, key by key as in the published samples.
    pub fn envelope(&self) -> Envelope {
        let at = self.at.map(|at| at.to_string());
        let status = self.status.as_ref().map(ConnectionStatus::as_str);
        let (leg, event) = (self.leg.as_str(), self.event.as_str());
        let buttons = self.buttons.clone().unwrap_or_default();
        let queue = self.queue.as_deref().unwrap_or_default();
        let variables: Map<String, Value> = self
            .variables
            .iter()
            .map(|v| (v.name.clone(), json!(v.value)))
            .collect();
        let mut actual = json!({
            "connectionId": self.connection_id,
            "contactId": self.contact_id,
            "phoneNumber": self.phone_number,
            "status": status,
            "statusTimestamp": at,
            "type": leg,
            "buttonStates": buttons.booleans(),
        });
        if let Some(previous) = &self.previous_status {
            actual["previousStatus"] = json!(previous.as_str());
        }
        if let Some(kind) = self.kind.word() {
            actual["contactKind"] = json!(kind);
        }
        let message = json!({
            "call": {
                "ButtonStates": buttons.items(),
                "ActionsAllowed": null,
                "ResponseType": 0,
                "ResponseText": "Success",
                "ResponseActual": actual,
                "CallVariables": variables,
                "ExtendedCallVariables": null,
                "ResponseFields": {
                    "Participants": [],
                    "MediaProperties": { "callType": leg, "queueName": queue, "queueTimestamp": at },
                    "fromAddress": self.phone_number,
                    "CallState": event,
                    "Type": leg,
                    "CurrentStateTime": at,
                    "Campaign": "",
                    "DN": queue,
                },
                "id": self.connection_id,
                "event": event,
                "CallType": leg,
            },
            "source": "event",
        });
        Envelope::event("InboundCall", "InboundCallStateChange", message)
    }
}

impl Buttons {
    /// Reads the two forms together. Words win over booleans, because only they know `Disable`.
    pub(crate) fn read(words: Option<&Value>, booleans: Option<&Value>) -> Option<Self> {
        let words = words.and_then(|states| states.get("items").or(Some(states))?.as_object());
        let booleans = booleans.and_then(Value::as_object);
        if words.is_none() && booleans.is_none() {
            return None;
        }
        let mut buttons = Self::default();
        for (name, value) in booleans
            .into_iter()
            .flatten()
            .chain(words.into_iter().flatten())
        {
            if let Some(state) = button_state(value) {
                buttons.set(Button::from(name.clone()), state);
            }
        }
        Some(buttons)
    }

    /// `ButtonStates`: `{items, count}`.
    pub(crate) fn items(&self) -> Value {
        let word = |state| match state {
            ButtonState::Enable => "Enable",
            ButtonState::Disable => "Disable",
            ButtonState::Hide => "Hide",
        };
        let items: Map<String, Value> = self
            .iter()
            .map(|(button, state)| (button.as_str().to_owned(), json!(word(state))))
            .collect();
        json!({ "items": items, "count": self.len() })
    }

    /// `buttonStates`: booleans.
    pub(crate) fn booleans(&self) -> Value {
        self.iter()
            .map(|(button, state)| {
                (
                    button.as_str().to_owned(),
                    json!(state == ButtonState::Enable),
                )
            })
            .collect()
    }
}

/// An unknown word is not `Enable`, and a button must not be offered on a guess: it stays hidden.
fn button_state(value: &Value) -> Option<ButtonState> {
    Some(match value {
        Value::Bool(true) => ButtonState::Enable,
        Value::Bool(false) => ButtonState::Hide,
        Value::String(word) if word.eq_ignore_ascii_case("enable") => ButtonState::Enable,
        Value::String(word) if word.eq_ignore_ascii_case("disable") => ButtonState::Disable,
        Value::String(_) => ButtonState::Hide,
        Value::Null | Value::Number(_) | Value::Array(_) | Value::Object(_) => return None,
    })
}

/// Call variables as a map, or as an array of `{name, value}`: the same data.
pub(crate) fn variables_of(value: Option<&Value>) -> Vec<Variable> {
    let variable = |name: &str, value: &Value| {
        let value = match value {
            Value::String(text) => text.clone(),
            Value::Null => String::new(),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                value.to_string()
            }
        };
        Variable {
            name: name.to_owned(),
            value: value.into(),
        }
    };
    match value {
        Some(Value::Object(map)) => map
            .iter()
            .map(|(name, value)| variable(name, value))
            .collect(),
        Some(Value::Array(list)) => list
            .iter()
            .filter_map(|item| {
                Some(variable(
                    item.get("name")?.as_str()?,
                    item.get("value").unwrap_or(&Value::Null),
                ))
            })
            .collect(),
        _ => Vec::new(),
    }
}

/// A string that says something: null, absent and empty are four ways of nothing.
pub(crate) fn text(value: Option<&Value>) -> Option<&str> {
    value?.as_str().filter(|text| !text.trim().is_empty())
}

pub(crate) fn first<const N: usize>(values: [Option<&Value>; N]) -> Option<&str> {
    values.into_iter().find_map(text)
}
