//! Why an app is turned away before it has joined.

use offhook_protocol::ErrorType;
use tokio::io::{AsyncRead, AsyncWrite};
use tracing::info;

use super::{
    close::{Close, End},
    socket::Socket,
};

/// A reason to turn an app away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Denied {
    /// This was wrong about its registration.
    Registration(&'static str),
    NotPaired,
    /// The person refused, as this says.
    Refused(&'static str),
    PairingBusy,
    LockedOut,
    /// There is no room, as this says.
    TooMany(&'static str),
}

impl Denied {
    /// Tells the app, and ends the connection.
    pub(crate) async fn turn_away<S: AsyncRead + AsyncWrite + Unpin>(
        self,
        socket: &mut Socket<S>,
    ) -> End {
        let (kind, why, close) = match self {
            Self::Registration(why) => (ErrorType::RegistrationDenied, why, Close::Denied),
            Self::NotPaired => (
                ErrorType::NotPaired,
                "this origin and name are not paired",
                Close::Denied,
            ),
            Self::Refused(why) => (ErrorType::PairingRefused, why, Close::Denied),
            Self::PairingBusy => (
                ErrorType::PairingBusy,
                "one question at a time",
                Close::PairingBusy,
            ),
            Self::LockedOut => (
                ErrorType::LockedOut,
                "five failures within a minute; wait for 60 seconds",
                Close::Denied,
            ),
            Self::TooMany(why) => (ErrorType::TooManyApps, why, Close::TooManyApps),
        };
        info!(kind = kind.as_str(), why, "turned an app away");
        match socket.refuse(kind, why).await {
            Ok(()) => close.into(),
            Err(end) => end,
        }
    }
}
