//! The requests of the library, by method and parameters.

use serde::Deserialize;
use serde_json::{Value, json};

use crate::stand_in::{AmazonError, instance};

/// The requests that are understood. Amazon refuses fields that it does not know, so they are too.
#[derive(Deserialize)]
#[serde(
    tag = "method",
    content = "params",
    rename_all = "camelCase",
    rename_all_fields = "camelCase",
    deny_unknown_fields
)]
pub(super) enum Request {
    AcceptContact {
        contact_id: String,
    },
    RejectContact {
        contact_id: String,
    },
    ClearContact {
        contact_id: String,
    },
    CompleteContact {
        contact_id: String,
    },
    DestroyConnection {
        contact_id: String,
        connection_id: String,
    },
    HoldConnection {
        contact_id: String,
        connection_id: String,
    },
    ResumeConnection {
        contact_id: String,
        connection_id: String,
    },
    MuteParticipant {
        contact_id: String,
        connection_id: String,
    },
    UnmuteParticipant {
        contact_id: String,
        connection_id: String,
    },
    SendDigits {
        contact_id: String,
        connection_id: String,
        digits: String,
    },
    CreateAdditionalConnection {
        contact_id: String,
        endpoint: Endpoint,
    },
    ToggleActiveConnections {
        contact_id: String,
        connection_id: String,
    },
    ConferenceConnections {
        contact_id: String,
    },
    CreateOutboundContact {
        endpoint: Endpoint,
        #[serde(rename = "queueARN")]
        queue: String,
    },
    PutAgentState {
        state: Value,
        #[serde(default)]
        enqueue_next_state: bool,
    },
    GetEndpoints {
        #[serde(rename = "queueARNs")]
        queues: Vec<String>,
        next_token: Option<String>,
        max_results: usize,
    },
    UpdateAgentConfiguration {
        configuration: Value,
    },
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct Endpoint {
    #[serde(rename = "type")]
    kind: String,
    pub(super) phone_number: Option<String>,
    name: Option<String>,
    #[serde(rename = "endpointARN")]
    arn: Option<String>,
    agent_login: Option<String>,
    queue: Option<String>,
}

impl Endpoint {
    /// As connections have it.
    pub(super) fn resolve(&self) -> Result<Value, AmazonError> {
        let bad = |why| AmazonError::new("BadEndpointException", why);
        if let Some(arn) = &self.arn {
            let known = instance::all_quick_connects()
                .into_iter()
                .find(|q| q["endpointARN"] == **arn);
            return known
                .filter(|known| {
                    known["type"] == *self.kind
                        && known["name"] == json!(self.name)
                        && known["phoneNumber"] == json!(self.phone_number)
                        && known["agentLogin"] == json!(self.agent_login)
                        && known["queue"] == json!(self.queue)
                })
                .ok_or_else(|| bad("No such quick connect."));
        }
        let is_number = self.kind == "phone_number"
            && self
                .phone_number
                .as_deref()
                .and_then(|n| n.strip_prefix('+'))
                .is_some_and(|digits| {
                    (3..=15).contains(&digits.len()) && digits.bytes().all(|b| b.is_ascii_digit())
                });
        match is_number {
            true => Ok(instance::endpoint(self.phone_number.as_deref())),
            false => Err(bad("Not a phone number in E.164.")),
        }
    }
}
