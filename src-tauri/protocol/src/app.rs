//! Topic `App`: registration with the hub, and the link to the contact centre. Ours, in the
//! envelope's style; `App`/`StateSync` with `initState` is family.

use serde::{Deserialize, Serialize};
use serde_json::{Value, json};

use crate::{Envelope, Personal, leg::text, set_up::Check};

/// The connection between the connector and the contact centre, as told on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Link {
    /// No contact centre is configured.
    None,
    /// Being connected for the first time.
    Connecting,
    /// Live.
    Online,
    /// Lost.
    Lost,
}

impl Link {
    const WORDS: [(Self, &'static str); 4] = [
        (Self::None, "none"),
        (Self::Connecting, "connecting"),
        (Self::Online, "online"),
        (Self::Lost, "lost"),
    ];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        Self::WORDS
            .iter()
            .find(|(link, _)| *link == self)
            .map_or("", |(_, word)| word)
    }

    fn parse(word: &str) -> Option<Self> {
        Self::WORDS
            .iter()
            .find(|(_, known)| *known == word)
            .map(|(link, _)| *link)
    }
}

/// `App`/`StateSync` response and `App`/`LinkStateChange` event:
/// `{initState: "Loaded", link, connector, retryInMs?, sessionEndsInMs?, check?}`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppState {
    /// The link. Absent from peers that only know `initState`.
    pub link: Option<Link>,
    /// Who speaks for the contact centre: `practice`, `amazon`, `none`.
    pub connector: Option<String>,
    /// In how many milliseconds the next attempt to connect is due.
    pub retry_in_ms: Option<u64>,
    /// In how many milliseconds the session with the contact centre ends at the latest.
    pub session_ends_in_ms: Option<u64>,
    /// The connector's set-up check, step by step. Empty where there is nothing to set up.
    pub check: Vec<Check>,
}

impl AppState {
    pub(crate) fn read(message: &Value) -> Self {
        Self {
            link: text(message.get("link")).and_then(Link::parse),
            connector: text(message.get("connector")).map(str::to_owned),
            retry_in_ms: message.get("retryInMs").and_then(Value::as_u64),
            session_ends_in_ms: message.get("sessionEndsInMs").and_then(Value::as_u64),
            check: message
                .get("check")
                .and_then(Value::as_array)
                .map(|steps| steps.iter().filter_map(Check::read).collect())
                .unwrap_or_default(),
        }
    }

    fn wire(&self) -> Value {
        let mut message = json!({ "initState": "Loaded", "link": self.link.map(Link::as_str), "connector": self.connector });
        if let Some(millis) = self.retry_in_ms {
            message["retryInMs"] = json!(millis);
        }
        if let Some(millis) = self.session_ends_in_ms {
            message["sessionEndsInMs"] = json!(millis);
        }
        if !self.check.is_empty() {
            message["check"] = self.check.iter().map(Check::wire).collect();
        }
        message
    }

    /// The response to `App`/`StateSync`.
    pub fn sync_envelope(&self) -> Envelope {
        Envelope::event("App", "StateSync", self.wire())
    }

    /// The event that the link changed.
    pub fn change_envelope(&self) -> Envelope {
        Envelope::event("App", "LinkStateChange", self.wire())
    }
}

/// What an app may do on the bus.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Access {
    /// See everything, ask for state.
    Observe,
    /// Also send requests that change something.
    Control,
}

/// `App`/`Hello`, hub to app, the first frame of a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Hello {
    /// Versions of the handshake that the hub speaks. Now `[1]`.
    pub versions: Vec<u32>,
    /// Name and version of the hub's program.
    pub hub: String,
    /// 32 random bytes, hexadecimal; new for each connection.
    pub nonce: String,
    /// To a web page: which phone this is, in 32 hexadecimal digits. The same for this installation and
    /// this origin, and another one for every other origin.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hub_id: Option<String>,
}

/// `App`/`Pair`, web page to hub, with the page's name in the envelope's `source`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Pair {
    /// The version of the handshake that the page speaks.
    pub version: u32,
    /// What the page wants to do.
    pub access: Access,
}

/// `App`/`PairPending`, hub to web page: the person is being asked.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PairPending {
    /// Four digits for the page to show, so that the person sees which page is asking.
    pub code: String,
    /// Until when there must be an answer, in seconds.
    pub expires_in_sec: u64,
}

/// `App`/`Paired`, hub to web page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Paired {
    /// What the page may do.
    pub access: Access,
    /// What the page proves from now on that it knows: 32 bytes, hexadecimal. Not personal, but as little
    /// for the log.
    pub secret: Personal,
}

/// `App`/`Register`, app to hub, with the app's name in the envelope's `source`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Register {
    /// The version of the handshake that the app speaks.
    pub version: u32,
    /// What the app wants to do.
    pub access: Access,
    /// 32 random bytes, hexadecimal.
    pub client_nonce: String,
    /// Proof that the app knows the secret.
    pub proof: String,
}

/// `App`/`Registered`, hub to app.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Registered {
    /// What the app may do.
    pub access: Access,
    /// Proof that the hub knows the secret too.
    pub proof: String,
    /// The hub sends a WebSocket ping this often, in seconds.
    pub heartbeat_sec: u64,
}

macro_rules! payload {
    ($type:ident, $subtopic:literal) => {
        impl $type {
            /// The envelope without a `source`.
            pub fn envelope(&self) -> Envelope {
                Envelope::event("App", $subtopic, json!(self))
            }

            /// Reads it. `None` if the envelope is another message or lacks a key.
            pub fn read(envelope: &Envelope) -> Option<Self> {
                let addressed = envelope.topic == "App" && envelope.subtopic == $subtopic;
                serde_json::from_value(envelope.message.clone().filter(|_| addressed)?).ok()
            }
        }
    };
}

payload!(Hello, "Hello");
payload!(Pair, "Pair");
payload!(PairPending, "PairPending");
payload!(Paired, "Paired");
payload!(Register, "Register");
payload!(Registered, "Registered");
