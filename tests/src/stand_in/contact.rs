//! Contacts and their connections, as snapshots have them.

use offhook_protocol::Timestamp;
use serde_json::{Value, json};

use super::instance;

/// How many legs a contact may have, the agent's own included.
const LEGS: usize = 3;
/// The same where conferences of many are allowed.
const LEGS_OF_MANY: usize = 6;

/// A contact.
#[derive(Clone, Debug)]
pub(super) struct Contact {
    pub(super) id: String,
    pub(super) kind: Kind,
    pub(super) state: State<ContactState>,
    /// The agent took it, and media is being set up.
    pub(super) accepted: bool,
    /// Which state the agent is in for it once it is over.
    pub(super) aftermath: Aftermath,
    pub(super) many: bool,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) began: Timestamp,
    /// The number that called or is called, and Amazon's own.
    pub(super) numbers: Option<(String, String)>,
    pub(super) connections: Vec<Connection>,
}

/// What kind of contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Inbound,
    Outbound,
    Callback,
    Monitoring,
}

/// Where a contact is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ContactState {
    Incoming,
    Connecting,
    Connected,
    Ended,
    Error,
}

/// The agent's state after a contact.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Aftermath {
    WrapUp,
    Missed,
    LineEngaged,
    NotReached,
}

/// A connection of a contact.
#[derive(Clone, Debug)]
pub(super) struct Connection {
    pub(super) id: String,
    pub(super) kind: ConnectionKind,
    pub(super) initial: bool,
    pub(super) state: State<ConnectionState>,
    pub(super) endpoint: Value,
    /// The `callType` of the media that is offered to the softphone.
    pub(super) media: Option<&'static str>,
    pub(super) mute: bool,
    pub(super) forced_mute: bool,
}

/// Whose connection it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionKind {
    Agent,
    Inbound,
    Outbound,
    Monitoring,
}

/// Where a connection is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum ConnectionState {
    Connecting,
    Connected,
    Hold,
    Disconnected,
}

/// A state and since when.
#[derive(Clone, Copy, Debug)]
pub(super) struct State<T> {
    pub(super) kind: T,
    since: Timestamp,
}

impl<T: PartialEq> State<T> {
    pub(super) fn new(kind: T, since: Timestamp) -> Self {
        Self { kind, since }
    }

    /// A state that is there already keeps its time.
    pub(super) fn enter(&mut self, kind: T, now: Timestamp) {
        if self.kind != kind {
            *self = Self::new(kind, now);
        }
    }
}

impl Contact {
    /// Ringing, being dialled or talked in.
    pub(super) fn is_live(&self) -> bool {
        match self.state.kind {
            ContactState::Incoming | ContactState::Connecting | ContactState::Connected => true,
            ContactState::Ended | ContactState::Error => false,
        }
    }

    /// Offered to the agent, who has done nothing yet.
    pub(super) fn is_ringing(&self) -> bool {
        !self.accepted
            && match self.kind {
                Kind::Inbound => self.state.kind == ContactState::Connecting,
                Kind::Callback => self.state.kind == ContactState::Incoming,
                Kind::Outbound | Kind::Monitoring => false,
            }
    }

    /// The agent's own connection.
    pub(super) fn own(&self) -> &Connection {
        &self.connections[0]
    }

    pub(super) fn own_mut(&mut self) -> &mut Connection {
        &mut self.connections[0]
    }

    /// Everybody else who is there.
    pub(super) fn parties(&self) -> impl Iterator<Item = &Connection> {
        self.connections.iter().skip(1).filter(|c| c.is_live())
    }

    pub(super) fn parties_mut(&mut self) -> impl Iterator<Item = &mut Connection> {
        self.connections.iter_mut().skip(1).filter(|c| c.is_live())
    }

    pub(super) fn any_party(&self, state: ConnectionState) -> bool {
        self.parties().any(|party| party.state.kind == state)
    }

    pub(super) fn has_room(&self) -> bool {
        let legs = if self.many { LEGS_OF_MANY } else { LEGS };
        self.parties().count() + 1 < legs
    }

    /// It is over, and everybody is gone.
    pub(super) fn end(&mut self, state: ContactState, aftermath: Aftermath, now: Timestamp) {
        for connection in &mut self.connections {
            connection.state.enter(ConnectionState::Disconnected, now);
        }
        self.leave(state, aftermath, now);
    }

    /// It is over for the agent; the others go on.
    pub(super) fn leave(&mut self, state: ContactState, aftermath: Aftermath, now: Timestamp) {
        self.own_mut()
            .state
            .enter(ConnectionState::Disconnected, now);
        self.state.enter(state, now);
        self.aftermath = aftermath;
    }

    /// The state that the agent is in because of it: name and type. `None` if it does not matter.
    pub(super) fn agent_state(&self) -> Option<(&'static str, &'static str)> {
        Some(match (self.kind, self.state.kind) {
            (Kind::Monitoring, _) => return None,
            (_, ContactState::Connected) => ("Busy", "system"),
            (Kind::Inbound, ContactState::Connecting) => ("PendingBusy", "system"),
            (Kind::Outbound | Kind::Callback, ContactState::Connecting) => {
                ("CallingCustomer", "system")
            }
            // So it was recorded; no other state looks like it.
            (_, ContactState::Incoming) => ("Pending", "not_routable"),
            (_, ContactState::Ended | ContactState::Error) => match self.aftermath {
                Aftermath::WrapUp => ("AfterCallWork", "system"),
                Aftermath::Missed => ("MissedCallAgent", "error"),
                Aftermath::LineEngaged => ("LineEngagedCustomer", "error"),
                Aftermath::NotReached => ("FailedConnectCustomer", "error"),
            },
        })
    }

    /// As snapshots have it.
    pub(super) fn json(&self, now: Timestamp) -> Value {
        let duration = now.saturating_duration_since(self.began).as_secs();
        let number = |number: Option<&String>| number.map(|n| instance::endpoint(Some(n)));
        let own = self.kind != Kind::Monitoring;
        let attributes: serde_json::Map<_, _> = self
            .attributes
            .iter()
            .map(|(name, value)| (name.clone(), json!({ "name": name, "value": value })))
            .collect();
        json!({
            "contactId": self.id,
            "initialContactId": own.then_some(&self.id),
            "type": if self.kind == Kind::Callback { "queue_callback" } else { "voice" },
            "initiationMethod": self.kind.initiation(),
            "name": null,
            "description": null,
            "state": self.state.json(),
            "queue": own.then(instance::contact_queue),
            "queueTimestamp": own.then(|| self.began.to_string()),
            "contactDuration": duration.to_string(),
            "attributes": attributes,
            "contactFeatures": {
                "attachmentsEnabled": null,
                "messagingMarkdownEnabled": null,
                "multiPartyConferenceEnabled": self.many,
            },
            "agentContactHandlingConfig": { "autoAccept": false },
            "customerEndpoint": number(self.numbers.as_ref().map(|(customer, _)| customer)),
            "connectSystemEndpoint": number(self.numbers.as_ref().map(|(_, amazon)| amazon)),
            "contactAssociationId": null,
            "relatedContactId": null,
            "segmentAttributes": {},
            "references": null,
            "channelContext": null,
            "connections": self.connections.iter().map(Connection::json).collect::<Vec<_>>(),
        })
    }
}

impl Connection {
    pub(super) fn is_live(&self) -> bool {
        self.state.kind != ConnectionState::Disconnected
    }

    fn json(&self) -> Value {
        let monitoring = self.kind == ConnectionKind::Monitoring;
        json!({
            "connectionId": self.id,
            "type": match self.kind {
                ConnectionKind::Agent => "agent",
                ConnectionKind::Inbound => "inbound",
                ConnectionKind::Outbound => "outbound",
                ConnectionKind::Monitoring => "monitoring",
            },
            "initial": self.initial,
            "state": self.state.json(),
            "endpoint": self.endpoint,
            "softphoneMediaInfo": self.media.map(|kind| json!({
                "callType": kind,
                "autoAccept": false,
                "mediaLegContextToken": "redacted",
                "callContextToken": "redacted",
                "callConfigJson": "{}",
            })),
            "chatMediaInfo": null,
            "mute": (!monitoring).then_some(self.mute),
            "forcedMute": self.forced_mute,
            "quickConnectName": self.endpoint["name"],
            "monitorStatus": null,
            "monitorCapabilities": null,
            "monitoringInfo": null,
            "capabilities": null,
        })
    }
}

impl Kind {
    fn initiation(self) -> Option<&'static str> {
        match self {
            Self::Inbound => Some("inbound"),
            Self::Outbound => Some("outbound"),
            Self::Callback => Some("callback"),
            Self::Monitoring => None,
        }
    }
}

impl State<ContactState> {
    fn json(self) -> Value {
        let kind = match self.kind {
            ContactState::Incoming => "incoming",
            ContactState::Connecting => "connecting",
            ContactState::Connected => "connected",
            ContactState::Ended => "ended",
            ContactState::Error => "error",
        };
        json!({ "type": kind, "timestamp": self.since.to_string() })
    }
}

impl State<ConnectionState> {
    fn json(self) -> Value {
        let kind = match self.kind {
            ConnectionState::Connecting => "connecting",
            ConnectionState::Connected => "connected",
            ConnectionState::Hold => "hold",
            ConnectionState::Disconnected => "disconnected",
        };
        json!({ "type": kind, "timestamp": self.since.to_string() })
    }
}
