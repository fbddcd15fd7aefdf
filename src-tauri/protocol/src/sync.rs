//! The `InboundCall`/`StateSync` response: every leg at once.

use serde_json::{Value, json};

use crate::{
    Buttons, ConnectionId, ConnectionStatus, ContactId, ContactKind, Envelope, LegType, Personal,
    Timestamp, Variable,
    leg::{text, variables_of},
};

/// All legs of the agent's contacts. Replaces what it is newer than.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CallSync {
    /// The call variables.
    pub variables: Vec<Variable>,
    /// The queue.
    pub queue: Option<String>,
    /// `queueTimestamp`. Later than the connect time in the published sample: never compute a queue
    /// wait from it.
    pub queue_at: Option<Timestamp>,
    /// The legs. None when there is no contact.
    pub legs: Vec<SyncLeg>,
}

/// A leg in a [`CallSync`]. It has no event: wrap-up, missed and rejected are all `disconnected` with
/// `clearContact` enabled, and only what was known before or the agent's state tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SyncLeg {
    /// The leg.
    pub connection_id: ConnectionId,
    /// Its contact.
    pub contact_id: Option<ContactId>,
    /// `contactKind`.
    pub kind: ContactKind,
    /// The other party's number; none on agent legs.
    pub phone_number: Option<Personal>,
    /// The connection's status.
    pub status: ConnectionStatus,
    /// When the leg changed, by the contact centre's clock.
    pub at: Option<Timestamp>,
    /// Whose leg it is.
    pub leg: LegType,
    /// Its buttons.
    pub buttons: Option<Buttons>,
}

impl CallSync {
    /// Reads the response's `message`. Null, `calls: []` and no `calls` all mean: no contact.
    ///
    /// `None` if it has calls that cannot be read: half a snapshot must not replace a whole one.
    pub fn read(message: &Value) -> Option<Self> {
        let legs = match message.get("calls") {
            None | Some(Value::Null) => Vec::new(),
            Some(calls) => calls
                .as_array()?
                .iter()
                .map(SyncLeg::read)
                .collect::<Option<_>>()?,
        };
        Some(Self {
            variables: variables_of(message.get("attributes")),
            queue: text(message.get("queueName")).map(|name| name.trim().to_owned()),
            queue_at: text(message.get("queueTimestamp")).and_then(Timestamp::parse),
            legs,
        })
    }

    /// The whole envelope, key by key as in the published sample. Without legs it has `calls: []`.
    pub fn envelope(&self) -> Envelope {
        let attributes: Vec<Value> = self
            .variables
            .iter()
            .map(|v| json!({ "name": v.name, "value": v.value }))
            .collect();
        let message = json!({
            "attributes": attributes,
            "queueName": self.queue,
            "queueTimestamp": self.queue_at.map(|at| at.to_string()),
            "calls": self.legs.iter().map(SyncLeg::wire).collect::<Vec<_>>(),
        });
        Envelope::event("InboundCall", "StateSync", message)
    }
}

impl SyncLeg {
    fn read(call: &Value) -> Option<Self> {
        Some(Self {
            connection_id: ConnectionId::new(text(call.get("connectionId"))?),
            contact_id: text(call.get("contactId")).map(ContactId::new),
            kind: ContactKind::read(call.get("contactKind")),
            phone_number: text(call.get("phoneNumber")).map(Personal::from),
            status: ConnectionStatus::parse(text(call.get("status"))?),
            at: text(call.get("statusTimestamp")).and_then(Timestamp::parse),
            leg: LegType::parse(text(call.get("type")).unwrap_or_default()),
            buttons: Buttons::read(None, call.get("buttonStates")),
        })
    }

    fn wire(&self) -> Value {
        let mut call = json!({
            "connectionId": self.connection_id,
            "contactId": self.contact_id,
            "phoneNumber": self.phone_number,
            "status": self.status.as_str(),
            "statusTimestamp": self.at.map(|at| at.to_string()),
            "type": self.leg.as_str(),
            "buttonStates": self.buttons.clone().unwrap_or_default().booleans(),
        });
        if let Some(kind) = self.kind.word() {
            call["contactKind"] = json!(kind);
        }
        call
    }
}
