//! The agent: states, login, mute, quick connects (topic `Agent`, family grade).

use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};

use crate::{
    Button, Buttons, Endpoint, Envelope, Personal, Timestamp,
    leg::{first, text},
};

/// Kind of an agent state (`type`), in any case and with `_` or space.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum StateType {
    /// Takes calls.
    Routable,
    /// Logged in, takes no calls.
    NotRoutable,
    /// Offline.
    Offline,
    /// Set by the contact centre, e.g. `Busy`.
    System,
    /// Not initialised.
    Init,
    /// An error state.
    Error,
}

impl StateType {
    /// Reads the word. `None` if this version does not know it.
    pub fn parse(word: &str) -> Option<Self> {
        Some(
            match word
                .trim()
                .to_ascii_lowercase()
                .replace([' ', '-'], "_")
                .as_str()
            {
                "routable" => Self::Routable,
                "not_routable" => Self::NotRoutable,
                "offline" => Self::Offline,
                "system" => Self::System,
                "init" => Self::Init,
                "error" => Self::Error,
                _ => return None,
            },
        )
    }

    /// The word on the wire.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Routable => "routable",
            Self::NotRoutable => "not_routable",
            Self::Offline => "offline",
            Self::System => "system",
            Self::Init => "init",
            Self::Error => "error",
        }
    }
}

/// A state that an agent can choose: `{label, code, type}`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AgentStateChoice {
    /// Its name.
    pub label: String,
    /// Its code (the ARN in Amazon Connect).
    #[serde(default)]
    pub code: String,
    /// Its type, as sent.
    #[serde(rename = "type", default)]
    pub kind: String,
}

impl AgentStateChoice {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            label: first([value.get("label"), value.get("name")])?.to_owned(),
            code: text(value.get("code")).unwrap_or_default().to_owned(),
            kind: text(value.get("type")).unwrap_or_default().to_owned(),
        })
    }

    /// Its type, if this version knows it.
    pub fn state_type(&self) -> Option<StateType> {
        StateType::parse(&self.kind)
    }
}

/// The state an agent is in: `{agentStateARN, type, name, startTimestamp}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AgentState {
    /// Its name, e.g. `Available`, `Lunch`, `AfterCallWork`.
    pub name: String,
    /// Its type, if this version knows it.
    pub kind: Option<StateType>,
    /// ARN.
    pub arn: Option<String>,
    /// Since when, by the contact centre's clock.
    pub since: Option<Timestamp>,
}

impl AgentState {
    fn read(value: &Value) -> Option<Self> {
        Some(Self {
            name: text(value.get("name"))?.trim().to_owned(),
            kind: text(value.get("type")).and_then(StateType::parse),
            arn: text(value.get("agentStateARN")).map(str::to_owned),
            since: text(value.get("startTimestamp")).and_then(Timestamp::parse),
        })
    }

    fn wire(&self) -> Value {
        json!({
            "agentStateARN": self.arn,
            "type": self.kind.map(StateType::as_str),
            "name": self.name,
            "startTimestamp": self.since.map(|at| at.to_string()),
        })
    }
}

/// Who the agent is.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentInfo {
    /// Name.
    pub name: Option<Personal>,
    /// Extension.
    pub extension: Option<Personal>,
    /// Login name.
    pub login_name: Option<Personal>,
    /// Whether the microphone is muted.
    pub muted: Option<bool>,
    /// Whether the audio is in a softphone rather than on a desk phone.
    pub softphone_enabled: Option<bool>,
}

impl AgentInfo {
    fn read(value: &Value) -> Self {
        let personal = |key| text(value.get(key)).map(Personal::from);
        let flag = |key| value.get(key).and_then(Value::as_bool);
        Self {
            name: personal("name"),
            extension: personal("extension"),
            login_name: personal("loginName"),
            muted: flag("muted"),
            softphone_enabled: flag("softphoneEnabled"),
        }
    }

    fn wire(&self) -> Map<String, Value> {
        let fields = [
            ("muted", json!(self.muted)),
            ("name", json!(self.name)),
            ("extension", json!(self.extension)),
            ("loginName", json!(self.login_name)),
            ("softphoneEnabled", json!(self.softphone_enabled)),
        ];
        fields
            .into_iter()
            .map(|(key, value)| (key.to_owned(), value))
            .collect()
    }
}

/// The five agent buttons. Fewer may be sent: on a call only the two of the microphone.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct AgentButtons {
    /// `Ready`
    pub ready: Option<bool>,
    /// `NotReady`
    pub not_ready: Option<bool>,
    /// `make_call`
    pub make_call: Option<bool>,
    /// `mute`
    pub mute: Option<bool>,
    /// `unmute`
    pub unmute: Option<bool>,
}

impl AgentButtons {
    fn read(rules: Option<&Value>) -> Option<Self> {
        let buttons = Buttons::read(rules?.get("ButtonStates"), None)?;
        let enabled = |name: &str| {
            let button = Button::Other(name.to_owned());
            buttons
                .iter()
                .any(|(present, _)| *present == button)
                .then(|| buttons.enables(&button))
        };
        Some(Self {
            ready: enabled("Ready"),
            not_ready: enabled("NotReady"),
            make_call: enabled("make_call"),
            mute: enabled("mute"),
            unmute: enabled("unmute"),
        })
    }

    fn wire(self) -> Value {
        let named = [
            ("NotReady", self.not_ready),
            ("Ready", self.ready),
            ("make_call", self.make_call),
            ("mute", self.mute),
            ("unmute", self.unmute),
        ];
        let items: Map<String, Value> = named
            .into_iter()
            .filter_map(|(name, enabled)| {
                Some((
                    name.to_owned(),
                    json!(if enabled? { "Enable" } else { "Hide" }),
                ))
            })
            .collect();
        json!({ "count": items.len(), "items": items })
    }
}

/// `SetAgentState`: the agent's state, microphone or buttons changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SetAgentState {
    /// The state.
    pub state: AgentState,
    /// `data.state`: `Ready` or `Not_Ready`.
    pub ready: Option<bool>,
    /// `data.reasonCode.id`; absent when ready.
    pub reason: Option<String>,
    /// `data.nextState` (ours): the name of the state that follows when the contact is over.
    pub next: Option<String>,
    /// Who it is.
    pub info: AgentInfo,
    /// The agent's buttons; absent where the event says nothing about them.
    pub buttons: Option<AgentButtons>,
}

impl SetAgentState {
    /// Reads the event's `message`. `None` if it names no state.
    pub fn read(message: &Value) -> Option<Self> {
        let rules = message.get("rules");
        let data = message.get("data").unwrap_or(&Value::Null);
        let actual = rules
            .and_then(|rules| rules.get("ResponseActual"))
            .unwrap_or(&Value::Null);
        let reason = data.get("reasonCode").and_then(|code| text(code.get("id")));
        let state = AgentState::read(actual).or_else(|| {
            Some(AgentState {
                name: first([
                    message.get("event"),
                    data.get("reasonCode").and_then(|code| code.get("id")),
                ])?
                .to_owned(),
                kind: text(data.get("type")).and_then(StateType::parse),
                arn: None,
                since: text(data.get("stateChangeTime")).and_then(Timestamp::parse),
            })
        })?;
        Some(Self {
            state,
            ready: text(data.get("state")).map(|word| word.eq_ignore_ascii_case("ready")),
            reason: reason.map(str::to_owned),
            next: text(data.get("nextState")).map(str::to_owned),
            info: AgentInfo::read(data),
            buttons: AgentButtons::read(rules),
        })
    }

    /// The whole envelope.
    pub fn envelope(&self) -> Envelope {
        let mut data = self.info.wire();
        data.insert(
            "state".to_owned(),
            json!(if self.ready == Some(true) {
                "Ready"
            } else {
                "Not_Ready"
            }),
        );
        if let Some(reason) = &self.reason {
            data.insert("reasonCode".to_owned(), json!({ "id": reason }));
        }
        if let Some(next) = &self.next {
            data.insert("nextState".to_owned(), json!(next));
        }
        data.insert(
            "stateChangeTime".to_owned(),
            json!(self.state.since.map(|at| at.to_string())),
        );
        data.insert(
            "type".to_owned(),
            json!(self.state.kind.map(StateType::as_str)),
        );
        let message = json!({
            "rules": {
                "ButtonStates": self.buttons.unwrap_or_default().wire(),
                "ResponseActual": self.state.wire(),
            },
            "data": data,
            "event": self.state.name,
            "source": "event",
        });
        Envelope::event("Agent", "SetAgentState", message)
    }
}

/// The four fields that `Agent`/`StateSync`, `LoginSuccess` and `LogoutSuccess` share.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AgentSync {
    /// `loginState`: `LoggedIn` or `LoggedOut`.
    pub logged_in: Option<bool>,
    /// `agentInfo`; may be null.
    pub info: Option<AgentInfo>,
    /// `agentState`; may be null.
    pub state: Option<AgentState>,
    /// `nextState` (ours): the name of the state that follows when the contact is over.
    pub next: Option<String>,
    /// From `rules`, which may be null or an empty string.
    pub buttons: Option<AgentButtons>,
}

impl AgentSync {
    /// Reads the `message`. Everything in it may be missing.
    pub fn read(message: &Value) -> Self {
        let present = |key| message.get(key).filter(|value| value.is_object());
        Self {
            logged_in: text(message.get("loginState"))
                .map(|word| word.eq_ignore_ascii_case("loggedin")),
            info: present("agentInfo").map(AgentInfo::read),
            state: present("agentState").and_then(AgentState::read),
            next: text(message.get("nextState")).map(str::to_owned),
            buttons: AgentButtons::read(present("rules")),
        }
    }

    /// The whole envelope, under one of the three subtopics.
    pub fn envelope(&self, subtopic: &str) -> Envelope {
        let rules = self.buttons.map(|buttons| {
            let actual = self.state.as_ref().map(AgentState::wire);
            json!({ "ButtonStates": buttons.wire(), "ResponseActual": actual })
        });
        let mut message = json!({
            "loginState": if self.logged_in == Some(true) { "LoggedIn" } else { "LoggedOut" },
            "agentInfo": self.info.as_ref().map(AgentInfo::wire),
            "agentState": self.state.as_ref().map(AgentState::wire),
            "rules": rules,
        });
        if let Some(next) = &self.next {
            message["nextState"] = json!(next);
        }
        Envelope::event("Agent", subtopic, message)
    }
}

/// The answer to `GetStates`.
pub fn states_envelope(states: &[AgentStateChoice]) -> Envelope {
    Envelope::event("Agent", "GetStates", json!(states))
}

/// The answer to `GetDirectConnects`.
pub fn direct_connects_envelope(endpoints: &[Endpoint]) -> Envelope {
    Envelope::event("Agent", "GetDirectConnects", json!(endpoints))
}

/// `CcpAgentState`: `{name, type}`.
pub fn ccp_agent_state_envelope(state: &AgentState) -> Envelope {
    let message = json!({ "name": state.name, "type": state.kind.map(StateType::as_str) });
    Envelope::event("Agent", "CcpAgentState", message)
}

pub(crate) fn read_ccp_agent_state(message: &Value) -> Option<AgentState> {
    AgentState::read(message)
}

pub(crate) fn read_states(message: &Value) -> Option<Vec<AgentStateChoice>> {
    message
        .as_array()?
        .iter()
        .map(AgentStateChoice::read)
        .collect()
}

pub(crate) fn read_direct_connects(message: &Value) -> Option<Vec<Endpoint>> {
    message
        .as_array()?
        .iter()
        .map(|item| Endpoint::read(item.as_object()?))
        .collect()
}
