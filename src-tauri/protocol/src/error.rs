//! `Error`/`ApiError`: something was refused or failed (family grade).

use serde_json::{Value, json};

use crate::{Envelope, Personal, leg::text};

/// Why a request came to nothing. The envelope carries it under `data`, not `message`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ApiError {
    /// `errorType`.
    pub kind: ErrorType,
    /// `errorMessage`: the contact centre's own text. It may name numbers or people.
    pub error_message: Personal,
    /// `msg`: a sentence for the person.
    pub msg: Personal,
}

macro_rules! error_types {
    ($($(#[$doc:meta])* $variant:ident = $wire:literal, $msg:literal;)*) => {
        /// `errorType`.
        #[derive(Clone, Debug, PartialEq, Eq, Hash)]
        pub enum ErrorType {
            $($(#[$doc])* $variant,)*
            /// One that this version does not know, as sent.
            Other(String),
        }

        impl ErrorType {
            /// Every type that this version knows.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Reads the word, in any case.
            pub fn parse(word: &str) -> Self {
                match word.trim().to_ascii_uppercase().as_str() {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(word) => word,
                }
            }

            /// The published sentence for it, or ours where none is published.
            pub fn msg(&self) -> &str {
                match self {
                    $(Self::$variant => $msg,)*
                    Self::Other(_) => "The request failed.",
                }
            }
        }
    };
}

error_types! {
    /// Published.
    AnswerCallFailed = "ANSWER_CALL_FAILED", "Answering call failed.";
    /// Ours.
    RejectCallFailed = "REJECT_CALL_FAILED", "Rejecting call failed.";
    /// Ours.
    ClearContactFailed = "CLEAR_CONTACT_FAILED", "Clearing contact failed.";
    /// Family.
    HoldCallFailed = "HOLD_CALL_FAILED", "Call hold failed.";
    /// Family.
    ResumeCallFailed = "RESUME_CALL_FAILED", "Resuming call failed.";
    /// Family.
    DisconnectCallFailed = "DISCONNECT_CALL_FAILED", "Disconnecting call failed.";
    /// Family.
    MakeCallFailed = "MAKE_CALL_FAILED", "Make call failed.";
    /// Family.
    SendDtmfFailed = "SEND_DTMF_FAILED", "Failed to send DTMF.";
    /// Ours.
    ConsultCallFailed = "CONSULT_CALL_FAILED", "Consulting failed.";
    /// Ours.
    SwapCallFailed = "SWAP_CALL_FAILED", "Swapping calls failed.";
    /// Ours.
    ConferenceCallFailed = "CONFERENCE_CALL_FAILED", "Joining calls failed.";
    /// Ours.
    TransferCallFailed = "TRANSFER_CALL_FAILED", "Transferring call failed.";
    /// Family.
    UpdateAgentStateFailed = "UPDATE_AGENT_STATE_FAILED", "Agent state change failed.";
    /// Family.
    AgentStateNotFound = "AGENT_STATE_NOT_FOUND", "Specified agent state not found.";
    /// Ours.
    MuteFailed = "MUTE_FAILED", "Changing mute failed.";
    /// Ours.
    DirectConnectsFailed = "DIRECT_CONNECTS_FAILED", "Quick connects could not be fetched.";
    /// Ours, an alarm: nobody asked for it.
    MicrophoneOpened = "MICROPHONE_OPENED", "The microphone was opened.";
    /// Ours.
    LoginFailed = "LOGIN_FAILED", "Login failed.";
    /// Family: the connection to the contact centre is being restored.
    WebsocketError = "WEBSOCKET_ERROR", "The connection to the contact centre is being restored.";
    /// Ours: the request cannot be understood.
    BadRequest = "BAD_REQUEST", "The request cannot be understood.";
    /// Ours: no contact centre is connected.
    NoConnector = "NO_CONNECTOR", "No contact centre is configured.";
    /// Ours: the contact centre cannot be reached.
    LinkDown = "LINK_DOWN", "The contact centre cannot be reached.";
    /// Ours, from the hub: something was sent before `Registered`.
    NotRegistered = "NOT_REGISTERED", "Register first.";
    /// Ours, from the hub: the proof or the access was refused.
    RegistrationDenied = "REGISTRATION_DENIED", "The registration was refused.";
    /// Ours, from the hub: this app may only observe.
    AccessDenied = "ACCESS_DENIED", "This app may observe, but not control.";
    /// Ours, from the hub: a frame is not an envelope.
    UnreadableMessage = "UNREADABLE_MESSAGE", "The message cannot be read.";
    /// Ours, from the hub: a frame is longer than 64 KiB.
    MessageTooLong = "MESSAGE_TOO_LONG", "The message is too long.";
    /// Ours, from the hub: too many messages.
    RateLimited = "RATE_LIMITED", "Too many messages. Slow down.";
    /// Ours, from the hub: too many apps.
    TooManyApps = "TOO_MANY_APPS", "Too many apps are connected.";
    /// Ours, from the hub: this page has no pairing, or its pairing was revoked.
    NotPaired = "NOT_PAIRED", "Pair with the phone first.";
    /// Ours, from the hub: the person said no, or nothing for two minutes.
    PairingRefused = "PAIRING_REFUSED", "The pairing was refused.";
    /// Ours, from the hub: the person is being asked about another page.
    PairingBusy = "PAIRING_BUSY", "The phone is asking about another app. Try again later.";
    /// Ours, from the hub: too many failures.
    LockedOut = "LOCKED_OUT", "Too many failures. Try again in a minute.";
    /// Ours, from the uplink: the request came too late and was not carried out.
    RequestExpired = "REQUEST_EXPIRED", "The request came too late.";
    /// Ours, from the uplink: another command for the same contact is under way.
    Busy = "BUSY", "Another command is under way.";
}

impl ApiError {
    /// An error with its standing sentence and this text of the contact centre.
    pub fn new(kind: ErrorType, error_message: impl Into<Personal>) -> Self {
        let msg = kind.msg().into();
        Self {
            kind,
            error_message: error_message.into(),
            msg,
        }
    }

    /// Reads the payload, also wrapped once more in `data` or under `message`, as neighbours do.
    pub(crate) fn read(envelope: &Envelope) -> Option<Self> {
        let payload = envelope.data.as_ref().or(envelope.message.as_ref())?;
        let payload = payload
            .get("data")
            .filter(|_| payload.get("errorType").is_none())
            .unwrap_or(payload);
        let personal = |key| Personal::from(text(payload.get(key)).unwrap_or_default());
        Some(Self {
            kind: ErrorType::parse(text(payload.get("errorType"))?),
            error_message: personal("errorMessage"),
            msg: personal("msg"),
        })
    }

    /// The whole envelope.
    pub fn envelope(&self) -> Envelope {
        let data: Value = json!({
            "errorType": self.kind.as_str(),
            "errorMessage": self.error_message,
            "msg": self.msg,
        });
        Envelope {
            data: Some(data),
            ..Envelope::new("Error", "ApiError")
        }
    }
}
