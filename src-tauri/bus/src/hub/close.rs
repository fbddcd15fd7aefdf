//! Why the hub ends a connection.

use tokio_tungstenite::tungstenite::protocol::{CloseFrame, frame::coding::CloseCode};

/// A reason to close, with its code on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Close {
    GoingAway = 1001,
    NotWebSocket = 1002,
    NotUtf8 = 1007,
    MessageTooLong = 1009,
    NotRegistered = 4001,
    Denied = 4003,
    Slow = 4008,
    PairingBusy = 4009,
    AccessChanged = 4010,
    TooManyApps = 4013,
    TooManyMessages = 4029,
}

impl Close {
    pub(crate) fn frame(self) -> CloseFrame {
        let reason = match self {
            Self::GoingAway => "Offhook is closing",
            Self::NotWebSocket => "not WebSocket",
            Self::NotUtf8 => "text frame is not UTF-8",
            Self::MessageTooLong => "message too long",
            Self::NotRegistered => "not registered in time",
            Self::Denied => "registration denied",
            Self::Slow => "messages or pings not taken in time",
            Self::PairingBusy => "the person is being asked about another page",
            Self::AccessChanged => "access changed, connect again",
            Self::TooManyApps => "too many apps",
            Self::TooManyMessages => "too many messages",
        };
        CloseFrame {
            code: CloseCode::from(self as u16),
            reason: reason.into(),
        }
    }
}

/// How a connection ends.
#[derive(Debug)]
pub(crate) enum End {
    /// The app has gone.
    Gone,
    /// The hub closes.
    Close(Close),
}

impl From<Close> for End {
    fn from(close: Close) -> Self {
        Self::Close(close)
    }
}
