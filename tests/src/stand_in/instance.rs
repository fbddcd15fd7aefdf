//! What is set up in the contact centre: who the agent is, states, queues, quick connects.

use serde_json::{Value, json};

/// What every name of the instance begins with.
const ARN: &str =
    "arn:aws:connect:eu-central-1:123456789012:instance/8d1f5c1e-0000-4000-8000-2f1d2a3b4c5d";

pub(super) const QUEUE: &str = "BasicQueue";

/// The quick connects of a page, whatever more the library would take.
const PAGE: usize = 2;

/// How the agent hears and speaks.
#[derive(Clone, Debug, PartialEq)]
pub(super) enum Phone {
    Soft,
    /// With its number.
    Desk(String),
}

/// The part `configuration` of an `agent::update`.
pub(super) fn configuration(phone: &Phone) -> Value {
    let (softphone, extension) = match phone {
        Phone::Soft => (true, ""),
        Phone::Desk(number) => (false, number.as_str()),
    };
    json!({
        "name": "Jane Doe",
        "username": "jane.doe",
        "agentARN": format!("{ARN}/agent/a1"),
        "extension": extension,
        "softphoneEnabled": softphone,
        "softphoneAutoAccept": false,
        "softphonePersistentConnection": false,
        "voiceEnhancementMode": "NONE",
        "permissions": ["outboundCall", "voice", "audioDeviceSettings"],
        "dialableCountries": ["de", "gb", "us"],
        "agentStates": states(),
        "agentPreferences": { "LANGUAGE": "en_US", "locale": "en_US" },
        "routingProfile": {
            "name": "Basic Routing Profile",
            "routingProfileARN": format!("{ARN}/routing-profile/r1"),
            "routingProfileId": format!("{ARN}/routing-profile/r1"),
            "channelConcurrencyMap": { "VOICE": 1 },
            "defaultOutboundQueue": queue(Some(QUEUE), "queue/q1"),
            // The agent's own queue has no name.
            "queues": [queue(Some(QUEUE), "queue/q1"), queue(None, "queue/agent/a1")],
        },
    })
}

/// A contact's queue.
pub(super) fn contact_queue() -> Value {
    queue(Some(QUEUE), "queue/q1")
}

fn queue(name: Option<&str>, id: &str) -> Value {
    let arn = format!("{ARN}/{id}");
    json!({ "name": name, "queueARN": arn, "queueId": arn })
}

pub(super) fn default_queue() -> String {
    format!("{ARN}/queue/q1")
}

/// The names of all queues that the agent serves.
pub(super) fn queues() -> [String; 2] {
    [default_queue(), format!("{ARN}/queue/agent/a1")]
}

/// The states that the agent may choose.
pub(super) fn states() -> [Value; 4] {
    [
        ("Available", "routable"),
        ("Break", "not_routable"),
        ("Training", "not_routable"),
        ("Offline", "offline"),
    ]
    .map(|(name, kind)| {
        json!({
            "agentStateARN": format!("{ARN}/agent-state/{}", name.to_lowercase()),
            "name": name,
            "type": kind,
            "startTimestamp": null,
        })
    })
}

/// The quick connects from where a page's token says, and the next page's token.
///
/// `None` if it never gave such a token.
pub(super) fn quick_connects(
    token: Option<&str>,
    most: usize,
) -> Option<(Vec<Value>, Option<String>)> {
    let all = all_quick_connects();
    let from = match token {
        None => 0,
        Some(token) => token.strip_prefix("from-")?.parse().ok()?,
    };
    let to = all.len().min(from + most.clamp(1, PAGE));
    let page = all.get(from..to)?.to_vec();
    Some((page, (to < all.len()).then(|| format!("from-{to}"))))
}

pub(super) fn all_quick_connects() -> [Value; 3] {
    [
        quick_connect(
            "t1",
            "Support line",
            json!({ "type": "phone_number", "phoneNumber": "+442079460001" }),
        ),
        quick_connect("t2", "Sales", json!({ "type": "queue", "queue": "Sales" })),
        quick_connect(
            "t3",
            "John Smith",
            json!({ "type": "agent", "agentLogin": "john.smith" }),
        ),
    ]
}

fn quick_connect(id: &str, name: &str, kind: Value) -> Value {
    let mut quick_connect = endpoint(None);
    quick_connect["endpointARN"] = format!("{ARN}/transfer-destination/{id}").into();
    quick_connect["name"] = name.into();
    for (field, value) in kind.as_object().into_iter().flatten() {
        quick_connect[field] = value.clone();
    }
    quick_connect
}

/// A phone number as an endpoint, as `connect.Endpoint.byPhoneNumber` makes it.
pub(super) fn endpoint(number: Option<&str>) -> Value {
    json!({
        "type": "phone_number",
        "phoneNumber": number,
        "name": null,
        "endpointARN": null,
        "agentLogin": null,
        "queue": null,
    })
}
