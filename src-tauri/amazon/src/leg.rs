//! One leg: what the bus was told about it, and what is news.

use std::time::Duration;

use offhook_protocol::{
    Button, CallEvent, ConnectionId, ConnectionStatus, LegType, Personal, Timestamp,
};

use crate::snapshot::ConnectionState;

/// Where a leg is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegState {
    Connecting,
    Connected,
    Hold,
    Missed,
    Rejected,
    Acw,
    Dropped,
}

impl LegState {
    /// `None` for a state that this version does not know.
    pub(crate) fn of(connection: &ConnectionState) -> Option<Self> {
        Some(match connection {
            ConnectionState::Init | ConnectionState::Connecting => Self::Connecting,
            ConnectionState::Connected
            | ConnectionState::SilentMonitor
            | ConnectionState::Barge => Self::Connected,
            ConnectionState::Hold => Self::Hold,
            ConnectionState::Disconnected => Self::Dropped,
            ConnectionState::Other(_) => return None,
        })
    }

    /// On the call, held or not, or being called.
    pub(crate) fn is_live(self) -> bool {
        match self {
            Self::Connecting | Self::Connected | Self::Hold => true,
            Self::Missed | Self::Rejected | Self::Acw | Self::Dropped => false,
        }
    }

    pub(crate) fn event(self) -> CallEvent {
        match self {
            Self::Connecting => CallEvent::Connecting,
            Self::Connected => CallEvent::Connected,
            Self::Hold => CallEvent::Hold,
            Self::Missed => CallEvent::Missed,
            Self::Rejected => CallEvent::Rejected,
            Self::Acw => CallEvent::Acw,
            Self::Dropped => CallEvent::Dropped,
        }
    }

    pub(crate) fn status(self) -> ConnectionStatus {
        match self {
            Self::Connecting => ConnectionStatus::Connecting,
            Self::Connected => ConnectionStatus::Connected,
            Self::Hold => ConnectionStatus::Hold,
            Self::Missed | Self::Rejected | Self::Acw | Self::Dropped => {
                ConnectionStatus::Disconnected
            }
        }
    }
}

/// Which part a leg has in its contact. It lasts, while Amazon may change the ids.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Role {
    /// The agent's own.
    Own,
    /// The customer's, or whoever was called first.
    Initial,
    /// A further one's.
    Third,
}

/// One leg of a contact.
#[derive(Clone, Debug)]
pub(crate) struct Leg {
    /// The id that the bus knows it by: the first that was seen.
    pub(crate) id: ConnectionId,
    /// The id that Amazon knows it by now.
    pub(crate) connection: String,
    pub(crate) role: Role,
    pub(crate) kind: LegType,
    pub(crate) number: Option<Personal>,
    /// It left while the contact went on, and that was told.
    pub(crate) departed: bool,
    said: Option<Said>,
}

/// What the bus last heard about a leg.
#[derive(Clone, Debug)]
pub(crate) struct Said {
    pub(crate) state: LegState,
    pub(crate) buttons: &'static [Button],
    pub(crate) at: Timestamp,
    /// The last connection status that was another one.
    pub(crate) previous: Option<ConnectionStatus>,
}

impl Leg {
    pub(crate) fn new(connection: &str, role: Role, kind: LegType) -> Self {
        Self {
            id: connection.into(),
            connection: connection.to_owned(),
            role,
            kind,
            number: None,
            departed: false,
            said: None,
        }
    }

    /// What is to be said about the leg now that it is in this state and enables these buttons, if
    /// that is news.
    pub(crate) fn news(
        &mut self,
        state: LegState,
        buttons: &'static [Button],
        at: Timestamp,
    ) -> Option<Said> {
        let told = |said: &Said| said.state == state && said.buttons == buttons;
        match self.said.as_ref().is_some_and(told) {
            true => None,
            false => Some(self.say(state, buttons, at)),
        }
    }

    /// What is to be said about the leg, news or not.
    ///
    /// Two events of one leg never carry the same time, so that the later one can be told.
    pub(crate) fn say(
        &mut self,
        state: LegState,
        buttons: &'static [Button],
        at: Timestamp,
    ) -> Said {
        let (at, previous) = match &self.said {
            Some(said) => (
                at.max(said.at + Duration::from_millis(1)),
                match said.state.status() == state.status() {
                    true => said.previous.clone(),
                    false => Some(said.state.status()),
                },
            ),
            None => (at, None),
        };
        let said = Said {
            state,
            buttons,
            at,
            previous,
        };
        self.said = Some(said.clone());
        said
    }

    /// What was last said.
    pub(crate) fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }

    pub(crate) fn is_in(&self, state: LegState) -> bool {
        self.said.as_ref().is_some_and(|said| said.state == state)
    }

    /// Whether the bus was told that this leg offers this button.
    pub(crate) fn enables(&self, button: &Button) -> bool {
        self.said
            .as_ref()
            .is_some_and(|said| said.buttons.contains(button))
    }

    pub(crate) fn is_live(&self) -> bool {
        self.said.as_ref().is_some_and(|said| said.state.is_live())
    }
}
