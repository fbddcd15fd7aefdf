//! What must be seen before a call to Amazon counts as done.

use offhook_protocol::StateType;
use serde::Deserialize;

use crate::{
    leg::LegState,
    page::Call,
    situation::{self, Situation},
    snapshot::{AgentState, Connection, Contact, Snapshot},
};

/// What a call is to bring about.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Goal {
    /// The contact does not ring any more.
    Answered { contact: String },
    /// The contact is over or gone.
    Over { contact: String },
    /// The contact is gone.
    Gone { contact: String },
    /// The connection is gone.
    Destroyed { contact: String, connection: String },
    /// The connection is on hold.
    Held { contact: String, connection: String },
    /// The connection is off hold.
    Resumed { contact: String, connection: String },
    /// The contact has another connection than these.
    Joined { contact: String, known: Vec<String> },
    /// Others than these are on hold.
    Swapped { contact: String, held: Vec<String> },
    /// Nobody is on hold.
    Together { contact: String },
    /// There is another contact with somebody who was called than these.
    Dialled { known: Vec<String> },
    /// The agent is in this state, or will be.
    State(AgentState),
    /// The microphone of this softphone is muted, or not.
    Muted(bool),
    /// The agent is muted by Amazon, or not.
    ParticipantMuted { contact: String, muted: bool },
    /// The panel says that the agent is logged out.
    LoggedOut,
    /// The answer itself is what was wanted.
    Answer,
}

/// How far a goal is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outlook {
    /// Reached.
    Reached,
    /// Not yet.
    Open,
    /// What it was about is gone: it cannot be reached, and nobody misses it.
    Moot,
}

/// What goals are judged by.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Sight<'a> {
    pub(crate) snapshot: &'a Snapshot,
    /// Whether the softphone said that it is muted.
    pub(crate) muted: bool,
}

impl Goal {
    /// What this call is to bring about, after this snapshot.
    pub(crate) fn of(call: &Call, snapshot: &Snapshot) -> Self {
        let seen = |id: &str| {
            let contacts = &mut snapshot.contacts.iter();
            contacts.find(|contact| contact.contact_id == id)
        };
        match call.clone() {
            Call::Accept {
                contact_id: contact,
            } => Self::Answered { contact },
            Call::Reject {
                contact_id: contact,
            } => Self::Over { contact },
            Call::Clear {
                contact_id: contact,
            } => Self::Gone { contact },
            Call::Destroy {
                contact_id: contact,
                connection_id: connection,
            } => Self::Destroyed {
                contact,
                connection,
            },
            Call::Hold {
                contact_id: contact,
                connection_id: connection,
            } => Self::Held {
                contact,
                connection,
            },
            Call::Resume {
                contact_id: contact,
                connection_id: connection,
            } => Self::Resumed {
                contact,
                connection,
            },
            Call::AddConnection {
                contact_id: contact,
                ..
            } => {
                let connections = seen(&contact)
                    .into_iter()
                    .flat_map(|seen| &seen.connections);
                let known = connections.map(|c| c.connection_id.clone()).collect();
                Self::Joined { contact, known }
            }
            Call::ToggleActiveConnections {
                contact_id: contact,
            } => {
                let held = seen(&contact).map(held_parties).unwrap_or_default();
                Self::Swapped { contact, held }
            }
            Call::ConferenceConnections {
                contact_id: contact,
            } => Self::Together { contact },
            Call::Connect { .. } => {
                let contacts = snapshot.contacts.iter();
                let known = contacts.map(|contact| contact.contact_id.clone()).collect();
                Self::Dialled { known }
            }
            Call::SetState { state, .. } => {
                AgentState::deserialize(state).map_or(Self::Answer, Self::State)
            }
            Call::Mute => Self::Muted(true),
            Call::Unmute => Self::Muted(false),
            Call::MuteParticipant {
                contact_id: contact,
                ..
            } => Self::ParticipantMuted {
                contact,
                muted: true,
            },
            Call::UnmuteParticipant {
                contact_id: contact,
                ..
            } => Self::ParticipantMuted {
                contact,
                muted: false,
            },
            Call::Terminate => Self::LoggedOut,
            // What these do is in no snapshot.
            Call::SendDigits { .. } | Call::GetEndpoints | Call::Refresh => Self::Answer,
        }
    }

    pub(crate) fn outlook(&self, sight: Sight<'_>) -> Outlook {
        match self {
            Self::Answered { contact } => sight.of(contact, |contact| {
                let ringing = matches!(Situation::of(contact), Situation::Ringing { here: true });
                reached(!ringing)
            }),
            Self::Over { contact } => match sight.of(contact, |_| Outlook::Open) {
                Outlook::Open => Outlook::Open,
                Outlook::Moot | Outlook::Reached => Outlook::Reached,
            },
            Self::Gone { contact } => reached(sight.contact(contact).is_none()),
            Self::Destroyed {
                contact,
                connection,
            } => match sight.of_connection(contact, connection, |_| Outlook::Open) {
                Outlook::Open => Outlook::Open,
                Outlook::Moot | Outlook::Reached => Outlook::Reached,
            },
            Self::Held {
                contact,
                connection,
            } => sight.of_connection(contact, connection, |state| {
                reached(state == Some(LegState::Hold))
            }),
            Self::Resumed {
                contact,
                connection,
            } => sight.of_connection(contact, connection, |state| {
                reached(state == Some(LegState::Connected))
            }),
            Self::Joined { contact, known } => sight.of(contact, |contact| {
                let mut ids = contact.connections.iter().map(|c| &c.connection_id);
                reached(ids.any(|id| !known.contains(id)))
            }),
            Self::Swapped { contact, held } => {
                sight.of(contact, |contact| reached(held_parties(contact) != *held))
            }
            Self::Together { contact } => {
                sight.of(contact, |contact| reached(held_parties(contact).is_empty()))
            }
            Self::Dialled { known } => {
                let mut contacts = sight.snapshot.contacts.iter();
                reached(contacts.any(|contact| {
                    situation::is_dialled(contact) && !known.contains(&contact.contact_id)
                }))
            }
            Self::State(state) => reached(is_or_will_be(sight.snapshot, state)),
            Self::Muted(muted) => reached(sight.muted == *muted),
            Self::ParticipantMuted { contact, muted } => sight.of(contact, |contact| {
                reached(situation::own(contact).is_some_and(|own| own.mute == *muted))
            }),
            Self::LoggedOut | Self::Answer => Outlook::Open,
        }
    }

    /// Whether the answer alone settles it.
    pub(crate) fn is_answer(&self) -> bool {
        *self == Self::Answer
    }

    /// Whether the answer says nothing, because the library knows none and the script made it up.
    pub(crate) fn has_no_answer(&self) -> bool {
        matches!(self, Self::Muted(_))
    }
}

impl<'a> Sight<'a> {
    fn contact(self, id: &str) -> Option<&'a Contact> {
        let contacts = &mut self.snapshot.contacts.iter();
        contacts.find(|contact| contact.contact_id == id)
    }

    fn of(self, id: &str, judge: impl FnOnce(&Contact) -> Outlook) -> Outlook {
        match self.contact(id) {
            Some(contact) if Situation::of(contact).is_live() => judge(contact),
            Some(_) | None => Outlook::Moot,
        }
    }

    fn of_connection(
        self,
        contact: &str,
        id: &str,
        judge: impl FnOnce(Option<LegState>) -> Outlook,
    ) -> Outlook {
        let state = |connection: &Connection| LegState::of(&connection.state.kind);
        self.of(contact, |contact| {
            let connections = &mut contact.connections.iter();
            match connections.find(|connection| connection.connection_id == id) {
                Some(connection) if state(connection) != Some(LegState::Dropped) => {
                    judge(state(connection))
                }
                Some(_) | None => Outlook::Moot,
            }
        })
    }
}

/// The parties that are on hold, in the order of the snapshot.
fn held_parties(contact: &Contact) -> Vec<String> {
    situation::parties(contact)
        .filter(|party| LegState::of(&party.state.kind) == Some(LegState::Hold))
        .map(|party| party.connection_id.clone())
        .collect()
}

/// To be available after a contact is what happens anyway, so that is not queued but cancels what is.
fn is_or_will_be(snapshot: &Snapshot, wanted: &AgentState) -> bool {
    let is_wanted = |state: &AgentState| match &wanted.arn {
        Some(arn) => state.arn.as_ref() == Some(arn),
        None => state.name.trim() == wanted.name.trim(),
    };
    let nothing_queued = snapshot.next_state.is_none();
    let cancels = wanted.kind() == Some(StateType::Routable);
    is_wanted(&snapshot.state) && nothing_queued
        || snapshot.next_state.as_ref().is_some_and(is_wanted)
        || cancels && nothing_queued && has_live_contact(snapshot)
}

fn has_live_contact(snapshot: &Snapshot) -> bool {
    let mut calls = snapshot.contacts.iter().filter(|c| situation::is_call(c));
    calls.any(|contact| Situation::of(contact).is_live())
}

fn reached(yes: bool) -> Outlook {
    match yes {
        true => Outlook::Reached,
        false => Outlook::Open,
    }
}
