//! Which buttons a leg enables: the one table.

use offhook_protocol::Button::{
    self, Answer, ClearContact, Conference, Consult, Disconnect, Hold, Numberpad, Reject, Resume,
    Swap, Transfer,
};

use crate::{leg::LegState, situation::Situation};

/// The agent's own leg: what concerns the contact as a whole.
pub(crate) fn of_agent(situation: Situation) -> &'static [Button] {
    match situation {
        Situation::Ringing { here: true } => &[Answer, Reject],
        Situation::Ringing { here: false }
        | Situation::Dialling
        | Situation::DiallingThird
        | Situation::Alone
        | Situation::Monitoring
        | Situation::Unclear => &[],
        Situation::Talking => &[Consult, Numberpad],
        Situation::Consulting => &[Numberpad, Swap, Transfer, Conference],
        Situation::Conference { full: false } => &[Consult, Numberpad, Transfer],
        Situation::Conference { full: true } => &[Numberpad, Transfer],
        Situation::PartlyHeld { full: false } => &[Consult, Numberpad, Transfer, Conference],
        Situation::PartlyHeld { full: true } => &[Numberpad, Transfer, Conference],
        Situation::Over => &[ClearContact],
    }
}

/// Anybody else's leg: what concerns this party alone.
pub(crate) fn of_party(situation: Situation, state: LegState) -> &'static [Button] {
    match situation {
        Situation::Ringing { .. }
        | Situation::Monitoring
        | Situation::Unclear
        | Situation::Over => &[],
        Situation::Dialling if state.is_live() => &[Disconnect],
        Situation::Dialling
        | Situation::DiallingThird
        | Situation::Alone
        | Situation::Talking
        | Situation::Consulting
        | Situation::Conference { .. }
        | Situation::PartlyHeld { .. } => match state {
            LegState::Connecting => &[Disconnect],
            LegState::Connected => &[Disconnect, Hold],
            LegState::Hold => &[Disconnect, Resume],
            LegState::Missed | LegState::Rejected | LegState::Acw | LegState::Dropped => &[],
        },
    }
}
