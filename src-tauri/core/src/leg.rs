//! One leg of a contact.
//!
//! ```text
//!   Connecting --> Connected <--> OnHold
//!        |             |            |
//!        +-------------+------------+--> Over(how)      agent's leg: waits to be cleared
//!                                   '--> gone           any other leg; the agent's leg when cleared
//! ```

use offhook_protocol::{
    Buttons, CallEvent, ConnectionId, ConnectionStatus, LegType, Personal, Timestamp,
};

use crate::time::Time;

/// One leg.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Leg {
    pub(crate) id: ConnectionId,
    pub(crate) kind: LegType,
    pub(crate) state: LegState,
    /// Since when it is in this state, by our clock.
    pub(crate) since: Time,
    /// When it last changed, by the contact centre's clock: what decides which of two events is newer.
    pub(crate) at: Option<Timestamp>,
    pub(crate) number: Option<Personal>,
    /// Of the quick connect that it was reached through.
    pub(crate) name: Option<Personal>,
    pub(crate) buttons: Buttons,
}

/// Where a leg is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LegState {
    Connecting,
    Connected,
    OnHold,
    /// Ended for the agent, who still has to clear it.
    Over(Ending),
    /// Ended and of no more use.
    Gone,
}

/// How a call ended in the agent's eyes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Ending {
    WrapUp,
    Missed,
    Rejected,
    /// A snapshot does not say; the agent's state may, later.
    Unknown,
}

impl Leg {
    pub(crate) fn is_agent(&self) -> bool {
        self.kind == LegType::Agent
    }

    /// Connected to the contact centre in any way.
    pub(crate) fn is_live(&self) -> bool {
        match self.state {
            LegState::Connecting | LegState::Connected | LegState::OnHold => true,
            LegState::Over(_) | LegState::Gone => false,
        }
    }

    /// Moves to `state` if that is news; `since` is kept otherwise.
    pub(crate) fn become_state(&mut self, state: LegState, since: Time) {
        if self.state != state {
            self.state = state;
            self.since = since;
        }
    }
}

impl LegState {
    /// How far along its life a leg is: an event of the same moment never leads back.
    pub(crate) const fn rank(self) -> u8 {
        match self {
            Self::Connecting => 0,
            Self::Connected | Self::OnHold => 1,
            Self::Over(_) => 2,
            Self::Gone => 3,
        }
    }

    /// The state that an event leads to. `None` for an event that this version does not know and whose
    /// status says nothing either: the leg stays as it is.
    pub(crate) fn after(
        event: &CallEvent,
        status: Option<&ConnectionStatus>,
        agent: bool,
    ) -> Option<Self> {
        let over = |ending| {
            if agent {
                Self::Over(ending)
            } else {
                Self::Gone
            }
        };
        Some(match event {
            CallEvent::Connecting => Self::Connecting,
            CallEvent::Connected => Self::Connected,
            CallEvent::Hold => Self::OnHold,
            CallEvent::Acw => over(Ending::WrapUp),
            CallEvent::Missed => over(Ending::Missed),
            CallEvent::Rejected => over(Ending::Rejected),
            CallEvent::Dropped => Self::Gone,
            CallEvent::Other(_) => match status? {
                ConnectionStatus::Connecting => Self::Connecting,
                ConnectionStatus::Connected => Self::Connected,
                ConnectionStatus::Hold => Self::OnHold,
                ConnectionStatus::Disconnected | ConnectionStatus::Other(_) => return None,
            },
        })
    }
}
