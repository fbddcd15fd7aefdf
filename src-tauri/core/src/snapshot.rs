//! What a snapshot means for one leg.

use offhook_protocol::{Button, ConnectionStatus, LegType, SyncLeg};

use crate::leg::{Ending, LegState};

/// The state a leg is in according to a snapshot.
///
/// A snapshot has no event, so wrap-up, missed and rejected all look alike: `disconnected`, with
/// `clearContact` enabled. What was known of the leg decides, then the agent's state (`ending`); where
/// neither tells, the leg is over and the agent's state may still tell later.
pub(crate) fn state_of(leg: &SyncLeg, known: Option<LegState>, ending: Option<Ending>) -> LegState {
    let clearable = leg
        .buttons
        .as_ref()
        .is_some_and(|buttons| buttons.enables(&Button::ClearContact));
    match &leg.status {
        ConnectionStatus::Connecting => LegState::Connecting,
        ConnectionStatus::Connected => LegState::Connected,
        ConnectionStatus::Hold => LegState::OnHold,
        // Monitoring and the like: a live leg, whatever it is.
        ConnectionStatus::Other(_) => known.unwrap_or(LegState::Connected),
        ConnectionStatus::Disconnected if leg.leg != LegType::Agent || !clearable => LegState::Gone,
        ConnectionStatus::Disconnected => LegState::Over(match known {
            Some(LegState::Over(Ending::WrapUp)) | Some(LegState::Connected | LegState::OnHold) => {
                Ending::WrapUp
            }
            Some(LegState::Over(Ending::Missed)) => Ending::Missed,
            Some(LegState::Over(Ending::Rejected)) => Ending::Rejected,
            Some(LegState::Connecting | LegState::Over(Ending::Unknown) | LegState::Gone)
            | None => ending.unwrap_or(Ending::Unknown),
        }),
    }
}
