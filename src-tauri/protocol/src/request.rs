//! Requests: what an app asks of the contact centre.

use serde_json::{Map, Value, json};
use thiserror::Error;

use crate::{AgentStateChoice, ConnectionId, Envelope, ErrorType, Personal};

/// A request that this version understands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Request {
    /// Topic `InboundCall`.
    Call(CallRequest),
    /// Topic `Agent`.
    Agent(AgentRequest),
    /// `App`/`StateSync`.
    AppStateSync,
}

/// A request about calls (topic `InboundCall`).
///
/// Grades: `StateSync`, `Answer` and `ClearContact` are published; `Hold`, `Resume`, `Disconnect`,
/// `SetMakeCall` and `SendDTMF` are family; the others' names are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum CallRequest {
    /// The whole state, please.
    StateSync,
    /// Answer the ringing call.
    Answer,
    /// Reject the ringing call.
    Reject,
    /// Leave wrap-up, missed or rejected.
    ClearContact,
    /// Put a leg on hold.
    Hold(Option<ConnectionId>),
    /// Take a leg off hold.
    Resume(Option<ConnectionId>),
    /// End a leg.
    Disconnect(Option<ConnectionId>),
    /// Dial out.
    SetMakeCall(Destination),
    /// Send these digits of the number pad.
    SendDtmf(Personal),
    /// Call a third party.
    Consult(Destination),
    /// Talk to the other one of the two.
    Swap,
    /// Join everybody.
    Conference,
    /// Leave the others to each other.
    Transfer,
}

/// A request about the agent (topic `Agent`). Family, but for the names `SetReady`, `Unmute` and the
/// shape of `GetDirectConnects`, which are ours.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AgentRequest {
    /// The agent's whole state, please.
    StateSync,
    /// The states that an agent can choose. `GetAgentState` on the wire is the same.
    GetStates,
    /// The quick connects.
    GetDirectConnects,
    /// Become available.
    SetReady,
    /// Become not ready for this reason: the name of a state.
    SetNotReady(String),
    /// Take this state. `Update` on the wire is the same.
    UpdateState(AgentStateChoice),
    /// Mute the microphone.
    Mute,
    /// Unmute the microphone.
    Unmute,
    /// Log in.
    Login,
    /// Log out.
    Logout,
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Destination {
    /// A number, E.164 if it is a good one.
    Number(Personal),
    /// A direct connect.
    Endpoint(Endpoint),
}

/// A quick connect ("direct connect" on the wire) as `Endpoint` of the Amazon Connect Streams library.
#[derive(Clone, Debug, Default, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(default)]
pub struct Endpoint {
    /// ARN.
    #[serde(rename = "endpointARN")]
    pub arn: String,
    /// Id.
    #[serde(rename = "endpointId")]
    pub id: String,
    /// `agent`, `queue` or `phone_number`.
    #[serde(rename = "type")]
    pub kind: String,
    /// Name.
    pub name: Personal,
    /// Number, for `phone_number`.
    #[serde(rename = "phoneNumber", skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<Personal>,
}

/// A request that names something this version knows, with an argument that makes no sense.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("{topic}/{subtopic}: data {expected}")]
pub struct BadArgument {
    /// Topic of the request.
    pub topic: String,
    /// Subtopic of the request.
    pub subtopic: String,
    /// What `data` should have been.
    pub expected: &'static str,
}

impl Request {
    /// The envelope of this request, from this app.
    pub fn envelope(&self, source: &str) -> Envelope {
        let (topic, subtopic, data) = match self {
            Self::Call(request) => {
                let (subtopic, data) = request.wire();
                ("InboundCall", subtopic, data)
            }
            Self::Agent(request) => {
                let (subtopic, data) = request.wire();
                ("Agent", subtopic, data)
            }
            Self::AppStateSync => ("App", "StateSync", None),
        };
        Envelope {
            source: Some(source.to_owned()),
            data,
            ..Envelope::new(topic, subtopic)
        }
    }

    /// Reads a request. `Ok(None)` if it is none that this version knows: it passes by.
    pub fn read(envelope: &Envelope) -> Result<Option<Self>, BadArgument> {
        if !envelope.is_request() {
            return Ok(None);
        }
        let subtopic = envelope.subtopic.trim();
        let data = envelope.data.as_ref().unwrap_or(&Value::Null);
        let request = match envelope.topic.as_str() {
            "InboundCall" => {
                CallRequest::read(subtopic, data).map(|request| request.map(Self::Call))
            }
            "Agent" => AgentRequest::read(subtopic, data).map(|request| request.map(Self::Agent)),
            "App" => Ok((subtopic == "StateSync").then_some(Self::AppStateSync)),
            _ => Ok(None),
        };
        request.map_err(|expected| BadArgument {
            topic: envelope.topic.clone(),
            subtopic: subtopic.to_owned(),
            expected,
        })
    }

    /// Whether this asks for a change, rather than for information.
    pub fn is_command(&self) -> bool {
        self.failure().is_some()
    }

    /// The `errorType` when it comes to nothing. `None` for a request that only asks for information.
    pub fn failure(&self) -> Option<ErrorType> {
        match self {
            Self::Call(request) => request.failure(),
            Self::Agent(request) => request.failure(),
            Self::AppStateSync => None,
        }
    }
}

impl CallRequest {
    fn failure(&self) -> Option<ErrorType> {
        Some(match self {
            Self::StateSync => return None,
            Self::Answer => ErrorType::AnswerCallFailed,
            Self::Reject => ErrorType::RejectCallFailed,
            Self::ClearContact => ErrorType::ClearContactFailed,
            Self::Hold(_) => ErrorType::HoldCallFailed,
            Self::Resume(_) => ErrorType::ResumeCallFailed,
            Self::Disconnect(_) => ErrorType::DisconnectCallFailed,
            Self::SetMakeCall(_) => ErrorType::MakeCallFailed,
            Self::SendDtmf(_) => ErrorType::SendDtmfFailed,
            Self::Consult(_) => ErrorType::ConsultCallFailed,
            Self::Swap => ErrorType::SwapCallFailed,
            Self::Conference => ErrorType::ConferenceCallFailed,
            Self::Transfer => ErrorType::TransferCallFailed,
        })
    }

    fn wire(&self) -> (&'static str, Option<Value>) {
        let leg = |leg: &Option<ConnectionId>| leg.as_ref().map(|id| json!(id));
        match self {
            Self::StateSync => ("StateSync", None),
            Self::Answer => ("Answer", None),
            Self::Reject => ("Reject", None),
            Self::ClearContact => ("ClearContact", None),
            Self::Hold(id) => ("Hold", leg(id)),
            Self::Resume(id) => ("Resume", leg(id)),
            Self::Disconnect(id) => ("Disconnect", leg(id)),
            Self::SetMakeCall(to) => ("SetMakeCall", Some(to.wire())),
            Self::SendDtmf(digits) => ("SendDTMF", Some(json!(digits))),
            Self::Consult(to) => ("Consult", Some(to.wire())),
            Self::Swap => ("Swap", None),
            Self::Conference => ("Conference", None),
            Self::Transfer => ("Transfer", None),
        }
    }

    fn read(subtopic: &str, data: &Value) -> Result<Option<Self>, &'static str> {
        let leg = || match data {
            Value::Null => Ok(None),
            Value::String(id) if id.is_empty() => Ok(None),
            Value::String(id) => Ok(Some(ConnectionId::new(id))),
            Value::Bool(_) | Value::Number(_) | Value::Array(_) | Value::Object(_) => {
                Err("must be a contact's or a leg's id, as a string, or absent")
            }
        };
        Ok(Some(match subtopic {
            "StateSync" => Self::StateSync,
            "Answer" => Self::Answer,
            "Reject" => Self::Reject,
            "ClearContact" => Self::ClearContact,
            "Hold" => Self::Hold(leg()?),
            "Resume" => Self::Resume(leg()?),
            "Disconnect" => Self::Disconnect(leg()?),
            "SetMakeCall" => Self::SetMakeCall(Destination::read(data)?),
            "SendDTMF" => Self::SendDtmf(digits(data)?),
            "Consult" => Self::Consult(Destination::read(data)?),
            "Swap" => Self::Swap,
            "Conference" => Self::Conference,
            "Transfer" => Self::Transfer,
            _ => return Ok(None),
        }))
    }
}

impl AgentRequest {
    fn failure(&self) -> Option<ErrorType> {
        Some(match self {
            Self::StateSync | Self::GetStates | Self::GetDirectConnects => return None,
            Self::SetReady | Self::SetNotReady(_) | Self::UpdateState(_) => {
                ErrorType::UpdateAgentStateFailed
            }
            Self::Mute | Self::Unmute => ErrorType::MuteFailed,
            Self::Login | Self::Logout => ErrorType::LoginFailed,
        })
    }

    fn wire(&self) -> (&'static str, Option<Value>) {
        match self {
            Self::StateSync => ("StateSync", None),
            Self::GetStates => ("GetStates", None),
            Self::GetDirectConnects => ("GetDirectConnects", None),
            Self::SetReady => ("SetReady", None),
            Self::SetNotReady(reason) => ("SetNotReady", Some(json!({ "ReasonCodeId": reason }))),
            Self::UpdateState(state) => ("UpdateState", Some(json!(state))),
            Self::Mute => ("Mute", None),
            Self::Unmute => ("Unmute", None),
            Self::Login => ("Login", None),
            Self::Logout => ("Logout", None),
        }
    }

    fn read(subtopic: &str, data: &Value) -> Result<Option<Self>, &'static str> {
        Ok(Some(match subtopic {
            "StateSync" => Self::StateSync,
            "GetStates" | "GetAgentState" => Self::GetStates,
            "GetDirectConnects" => Self::GetDirectConnects,
            "SetReady" => Self::SetReady,
            "SetNotReady" => Self::SetNotReady(
                data.get("ReasonCodeId")
                    .and_then(Value::as_str)
                    .ok_or("must be {\"ReasonCodeId\": the name of a state}")?
                    .to_owned(),
            ),
            "UpdateState" | "Update" => Self::UpdateState(
                AgentStateChoice::read(data)
                    .ok_or("must be {\"label\", \"code\", \"type\"} of a state")?,
            ),
            "Mute" => Self::Mute,
            "Unmute" => Self::Unmute,
            "Login" => Self::Login,
            "Logout" => Self::Logout,
            _ => return Ok(None),
        }))
    }
}

fn digits(data: &Value) -> Result<Personal, &'static str> {
    let expected = "must be one or more of 0-9, * and #, as a string";
    let text = match data {
        Value::String(text) => text.clone(),
        Value::Number(digit) => digit.to_string(),
        Value::Null | Value::Bool(_) | Value::Array(_) | Value::Object(_) => return Err(expected),
    };
    let good = !text.is_empty()
        && text
            .bytes()
            .all(|b| b.is_ascii_digit() || b == b'*' || b == b'#');
    good.then(|| Personal::new(text)).ok_or(expected)
}

impl Destination {
    fn wire(&self) -> Value {
        match self {
            Self::Number(number) => json!(number),
            Self::Endpoint(endpoint) => json!(endpoint),
        }
    }

    fn read(data: &Value) -> Result<Self, &'static str> {
        let expected = "must be a phone number, as a string, or a direct-connect object";
        match data {
            Value::String(number) if !number.trim().is_empty() => {
                Ok(Self::Number(number.trim().into()))
            }
            Value::Object(fields) => Endpoint::read(fields).map(Self::Endpoint).ok_or(expected),
            Value::Null
            | Value::Bool(_)
            | Value::Number(_)
            | Value::String(_)
            | Value::Array(_) => Err(expected),
        }
    }
}

impl Endpoint {
    pub(crate) fn read(fields: &Map<String, Value>) -> Option<Self> {
        let endpoint: Self = serde_json::from_value(Value::Object(fields.clone())).ok()?;
        let empty =
            endpoint.arn.is_empty() && endpoint.id.is_empty() && endpoint.phone_number.is_none();
        (!empty).then_some(endpoint)
    }
}
