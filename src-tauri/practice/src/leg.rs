//! One leg: its state in both vocabularies, and what was last said about it.

use std::time::Duration;

use offhook_protocol::{
    Button, Buttons, CallEvent, ConnectionId, ConnectionStatus, LegType, Personal, Timestamp,
};

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

/// One leg of the contact.
pub(crate) struct Leg {
    pub(crate) id: ConnectionId,
    pub(crate) kind: LegType,
    pub(crate) number: Option<Personal>,
    pub(crate) state: LegState,
    said: Option<Said>,
    /// Say it again even if nothing changed.
    pub(crate) repeat: bool,
}

/// What the bus last heard about a leg.
#[derive(Clone)]
pub(crate) struct Said {
    pub(crate) state: LegState,
    pub(crate) buttons: &'static [Button],
    pub(crate) at: Timestamp,
    /// The last connection status that was another one.
    pub(crate) previous: Option<ConnectionStatus>,
}

impl Leg {
    pub(crate) fn new(
        id: ConnectionId,
        kind: LegType,
        number: Option<Personal>,
        state: LegState,
    ) -> Self {
        Self {
            id,
            kind,
            number,
            state,
            said: None,
            repeat: false,
        }
    }

    /// What is to be said about the leg now that it enables these buttons, if that is news.
    ///
    /// A wrap-up leg that is dropped is news although its status stays `disconnected`. Two events of
    /// one leg never carry the same time, so that the later one can be told.
    pub(crate) fn news(&mut self, buttons: &'static [Button], now: Timestamp) -> Option<Said> {
        let repeat = std::mem::take(&mut self.repeat);
        let (at, previous) = match &self.said {
            Some(said) if !repeat && said.state == self.state && said.buttons == buttons => {
                return None;
            }
            Some(said) => (
                now.max(said.at + Duration::from_millis(1)),
                match said.state.status() == self.state.status() {
                    true => said.previous.clone(),
                    false => Some(said.state.status()),
                },
            ),
            None => (now, None),
        };
        self.said = Some(Said {
            state: self.state,
            buttons,
            at,
            previous,
        });
        self.said.clone()
    }

    /// What was last said, for a snapshot.
    pub(crate) fn said(&self) -> Option<&Said> {
        self.said.as_ref()
    }
}

impl Said {
    pub(crate) fn buttons(&self) -> Buttons {
        Buttons::enabling(self.buttons)
    }
}
