//! What goes between the connector and the script in the panel's page, as JSON.
//!
//! The script only forwards: snapshots, answers and alarms up, calls down.

use offhook_protocol::Personal;
use serde::{Deserialize, Serialize};
use serde_json::Value;

use crate::snapshot::Update;

/// What the script says.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(
    tag = "says",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
pub enum Said {
    /// The script runs in a new document, which knows nothing of what went on before.
    Hello {
        /// The web view has `RTCPeerConnection`.
        web_rtc: bool,
        /// What the web view says about the microphone; absent where it says nothing.
        microphone: Option<Permission>,
    },
    /// The page has the object `connect` with all that the script needs.
    Streams,
    /// The panel acknowledged that it is alive.
    Acknowledged,
    /// The panel has begun to speak. One that is embedded may be loaded anew without its page.
    PanelStarted {
        /// Names the panel since it was loaded.
        panel: String,
    },
    /// The agent's whole state: a snapshot and the configuration.
    Update(Box<Update>),
    /// A call succeeded, as far as the panel is concerned.
    Returned {
        /// [`Asked::id`].
        id: u64,
        /// What the call gave back, for calls that ask for something.
        data: Option<Opaque>,
    },
    /// A call failed.
    Failed {
        /// [`Asked::id`].
        id: u64,
        /// What the library said: an error as JSON text, a word, or the text of an exception.
        error: Personal,
    },
    /// An API response carried this error. The failure callbacks of some calls hide it; it comes
    /// before them.
    ApiError {
        /// Amazon's error as JSON text.
        error: Personal,
    },
    /// The tab that holds the audio muted or unmuted the microphone.
    Muted {
        /// Whether it is muted now.
        muted: bool,
    },
    /// The softphone failed.
    SoftphoneError {
        /// E.g. `microphone_not_shared`.
        error_type: String,
        /// Amazon's text.
        error_message: Option<Personal>,
    },
    /// The panel is not logged in any more.
    AuthFailed,
    /// The agent may not use the panel.
    AccessDenied,
    /// The agent was logged out.
    Terminated,
    /// An embedded panel did not acknowledge in time that it was loaded: the agent has to log in, or it
    /// may not be embedded.
    AckTimeout,
    /// An embedded panel was loaded again and again, in vain.
    RetriesExhausted,
    /// How many panels of this browser share the session.
    Panels {
        /// This one included.
        count: u32,
    },
    /// Something in the script went wrong.
    Thrown {
        /// The exception's text.
        text: Personal,
    },
}

/// Whether the microphone may be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Permission {
    /// Yes.
    Granted,
    /// No.
    Denied,
    /// The web view will ask.
    Prompt,
}

/// A call for the script to make. What comes of it is told with the same id.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Asked {
    /// Names it in [`Said::Returned`] and [`Said::Failed`].
    pub id: u64,
    /// The call.
    #[serde(flatten)]
    pub call: Call,
}

/// The calls of the Streams library that the connector makes, by their names there.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(
    tag = "call",
    rename_all = "camelCase",
    rename_all_fields = "camelCase"
)]
#[expect(
    missing_docs,
    reason = "the Streams documentation describes each by its name"
)]
pub enum Call {
    Accept {
        contact_id: String,
    },
    Reject {
        contact_id: String,
    },
    Clear {
        contact_id: String,
    },
    Destroy {
        contact_id: String,
        connection_id: String,
    },
    Hold {
        contact_id: String,
        connection_id: String,
    },
    Resume {
        contact_id: String,
        connection_id: String,
    },
    SendDigits {
        contact_id: String,
        connection_id: String,
        digits: Personal,
    },
    AddConnection {
        contact_id: String,
        endpoint: Endpoint,
    },
    ToggleActiveConnections {
        contact_id: String,
    },
    ConferenceConnections {
        contact_id: String,
    },
    /// `agent.connect`
    Connect {
        endpoint: Endpoint,
    },
    /// `agent.setState`; `state` is one of the configuration's `agentStates`, as it came.
    SetState {
        state: Value,
        enqueue_next_state: bool,
    },
    /// `agent.getEndpoints` for all queues of the agent; gives back all pages as one list.
    GetEndpoints,
    /// `agent.mute`
    Mute,
    /// `agent.unmute`
    Unmute,
    MuteParticipant {
        contact_id: String,
        connection_id: String,
    },
    UnmuteParticipant {
        contact_id: String,
        connection_id: String,
    },
    /// Ends every panel of the session. The session's cookie stays: see [`Setup::log_out`](crate::Setup::log_out).
    Terminate,
    /// Says the last update again, where there is one.
    Refresh,
}

/// Where a call goes.
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Endpoint {
    /// A number, for `connect.Endpoint.byPhoneNumber`.
    PhoneNumber(Personal),
    /// A quick connect, as `getEndpoints` gave it.
    QuickConnect(Opaque),
}

/// JSON that is handed back as it came. It may carry names and numbers.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Opaque(pub Value);

impl std::fmt::Debug for Opaque {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Opaque(…)")
    }
}
