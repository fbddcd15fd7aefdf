//! The Streams library and the page's script between the connector and the centre, in Rust.

use offhook_amazon::page::{Asked, Call, Endpoint, Opaque, Said};
use offhook_protocol::Timestamp;
use serde_json::{Value, json};

use super::{AmazonError, Centre, News, instance};

/// The library asks for this many quick connects at once.
const BATCH: usize = 500;

/// What the script says when it is told to make the call, the updates that follow included.
///
/// Nothing if no answer ever comes.
pub fn call(centre: &mut Centre, asked: &Asked, now: Timestamp) -> Vec<Said> {
    let id = asked.id;
    let mut said = match make(centre, &asked.call, now) {
        Ok(data) => vec![Said::Returned {
            id,
            data: data.map(Opaque),
        }],
        Err(Failure::Refused(error)) => {
            let text = error.text();
            // The library's own callback hides why an answer failed.
            let hides = matches!(asked.call, Call::Accept { .. });
            let told = if hides { "error" } else { &text };
            vec![
                Said::ApiError {
                    error: text.as_str().into(),
                },
                Said::Failed {
                    id,
                    error: told.into(),
                },
            ]
        }
        Err(Failure::Thrown(text)) => vec![Said::Failed {
            id,
            error: text.into(),
        }],
        Err(Failure::Unanswered) => Vec::new(),
    };
    if asked.call == Call::Terminate {
        said.push(Said::Terminated);
    }
    said.extend(news(centre));
    said
}

/// What the script says of what happened since the last time.
pub fn news(centre: &mut Centre) -> Vec<Said> {
    let told = std::iter::from_fn(|| centre.poll_news());
    told.map(|news| match news {
        News::Update(update) => Said::Update(Box::new(offhook_amazon::Update {
            snapshot: Opaque(update["snapshot"].clone()),
            configuration: Opaque(update["configuration"].clone()),
        })),
        News::Muted(muted) => Said::Muted { muted },
    })
    .collect()
}

enum Failure {
    Refused(AmazonError),
    /// By the library itself.
    Thrown(String),
    Unanswered,
}

/// Makes the API requests that the library makes, and gives back what its callback gets.
fn make(centre: &mut Centre, call: &Call, now: Timestamp) -> Result<Option<Value>, Failure> {
    let (method, params) = match call {
        Call::Accept { contact_id } => ("acceptContact", json!({ "contactId": contact_id })),
        Call::Reject { contact_id } => ("rejectContact", json!({ "contactId": contact_id })),
        Call::Clear { contact_id } => ("clearContact", json!({ "contactId": contact_id })),
        Call::ConferenceConnections { contact_id } => {
            ("conferenceConnections", json!({ "contactId": contact_id }))
        }
        Call::Destroy {
            contact_id,
            connection_id,
        } => (
            "destroyConnection",
            of_connection(contact_id, connection_id),
        ),
        Call::Hold {
            contact_id,
            connection_id,
        } => ("holdConnection", of_connection(contact_id, connection_id)),
        Call::Resume {
            contact_id,
            connection_id,
        } => ("resumeConnection", of_connection(contact_id, connection_id)),
        Call::MuteParticipant {
            contact_id,
            connection_id,
        } => ("muteParticipant", of_connection(contact_id, connection_id)),
        Call::UnmuteParticipant {
            contact_id,
            connection_id,
        } => (
            "unmuteParticipant",
            of_connection(contact_id, connection_id),
        ),
        Call::SendDigits {
            contact_id,
            connection_id,
            digits,
        } => {
            let mut params = of_connection(contact_id, connection_id);
            params["digits"] = digits.reveal().into();
            ("sendDigits", params)
        }
        Call::ToggleActiveConnections { contact_id } => {
            let connection = connection_to_toggle(centre, contact_id)?;
            (
                "toggleActiveConnections",
                of_connection(contact_id, &connection),
            )
        }
        Call::AddConnection {
            contact_id,
            endpoint,
        } => (
            "createAdditionalConnection",
            json!({ "contactId": contact_id, "endpoint": endpoint_of(endpoint) }),
        ),
        Call::Connect { endpoint } => (
            "createOutboundContact",
            json!({ "endpoint": endpoint_of(endpoint), "queueARN": instance::default_queue() }),
        ),
        Call::SetState {
            state,
            enqueue_next_state,
        } => (
            "putAgentState",
            json!({ "state": state, "enqueueNextState": enqueue_next_state }),
        ),
        Call::GetEndpoints => return quick_connects(centre, now).map(Some),
        // The rest are messages to the panel, which nobody answers.
        Call::Mute => {
            centre.mute(true);
            return Ok(None);
        }
        Call::Unmute => {
            centre.mute(false);
            return Ok(None);
        }
        Call::Terminate => {
            centre.log_out(now);
            return Ok(None);
        }
        Call::Refresh => {
            centre.repeat_update();
            return Ok(None);
        }
    };
    request(centre, method, &params, now).map(|_| None)
}

fn request(
    centre: &mut Centre,
    method: &str,
    params: &Value,
    now: Timestamp,
) -> Result<Value, Failure> {
    let answer = centre.api(method, params, now).ok_or(Failure::Unanswered)?;
    answer.map_err(Failure::Refused)
}

fn of_connection(contact: &str, connection: &str) -> Value {
    json!({ "contactId": contact, "connectionId": connection })
}

/// The library takes the first connection on hold, or else the first that is there.
fn connection_to_toggle(centre: &Centre, contact: &str) -> Result<String, Failure> {
    let update = centre.update();
    let contacts = update["snapshot"]["contacts"].as_array();
    let contact = contacts
        .into_iter()
        .flatten()
        .find(|c| c["contactId"] == contact)
        .ok_or_else(|| {
            Failure::Thrown(format!("StateError: Contact {contact} no longer exists."))
        })?;
    let connections = || contact["connections"].as_array().into_iter().flatten();
    let connection = connections()
        .find(|connection| connection["state"]["type"] == "hold")
        .or_else(|| connections().find(|connection| connection["state"]["type"] != "disconnected"));
    let id = connection.and_then(|connection| connection["connectionId"].as_str());
    Ok(id.unwrap_or_default().to_owned())
}

/// The library takes its own id out of an endpoint before it is sent.
fn endpoint_of(endpoint: &Endpoint) -> Value {
    match endpoint {
        Endpoint::PhoneNumber(number) => instance::endpoint(Some(number.reveal())),
        Endpoint::QuickConnect(Opaque(quick_connect)) => {
            let mut endpoint = quick_connect.clone();
            if let Some(fields) = endpoint.as_object_mut() {
                fields.remove("endpointId");
            }
            endpoint
        }
    }
}

/// Page after page, with the library's own id in each.
fn quick_connects(centre: &mut Centre, now: Timestamp) -> Result<Value, Failure> {
    let mut all = Vec::new();
    let mut token = Value::Null;
    loop {
        let params = json!({
            "queueARNs": instance::queues(),
            "nextToken": token,
            "maxResults": BATCH,
        });
        let page = request(centre, "getEndpoints", &params, now)?;
        for endpoint in page["endpoints"].as_array().into_iter().flatten() {
            let mut endpoint = endpoint.clone();
            endpoint["endpointId"] = endpoint["endpointARN"].clone();
            all.push(endpoint);
        }
        token = page["nextToken"].clone();
        if token.is_null() {
            return Ok(all.into());
        }
    }
}
