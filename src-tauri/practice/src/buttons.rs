//! Which buttons a leg enables: the one table.

use offhook_protocol::{
    Button::{
        self, Answer, ClearContact, Conference, Consult, Disconnect, Hold, Numberpad, Reject,
        Resume, Swap, Transfer,
    },
    LegType,
};

use crate::{contact::Situation, leg::LegState};

/// The agent's own leg: what concerns the contact as a whole.
pub(crate) fn of_agent(situation: Situation) -> &'static [Button] {
    match situation {
        Situation::Ringing => &[Answer, Reject],
        Situation::Dialling | Situation::Gone => &[],
        Situation::Talking => &[Consult, Numberpad],
        Situation::Consulting => &[Numberpad, Swap, Transfer, Conference],
        Situation::Conference { full: false } => &[Consult, Numberpad, Transfer],
        Situation::Conference { full: true } => &[Numberpad, Transfer],
        Situation::Over => &[ClearContact],
    }
}

/// Anybody else's leg: what concerns this party alone.
pub(crate) fn of_party(kind: &LegType, state: LegState) -> &'static [Button] {
    match state {
        LegState::Connecting if *kind == LegType::Outbound => &[Disconnect],
        LegState::Connected => &[Disconnect, Hold],
        LegState::Hold => &[Disconnect, Resume],
        LegState::Connecting
        | LegState::Missed
        | LegState::Rejected
        | LegState::Acw
        | LegState::Dropped => &[],
    }
}
