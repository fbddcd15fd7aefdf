//! What a contact of a snapshot amounts to for the agent.

use crate::{
    leg::LegState,
    snapshot::{Connection, ConnectionType, Contact, ContactState, ContactType},
};

/// How many legs a contact may have, the agent's own included.
const MAX_LEGS: usize = 6;
/// The same where the instance does not allow conferences of many.
const MAX_LEGS_OF_THREE: usize = 3;

/// Where a contact is in its life, as far as it matters for what can be done.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    /// Offered to the agent.
    Ringing {
        /// It can be answered in this softphone, not only on a desk phone.
        here: bool,
    },
    /// The first party is being called.
    Dialling,
    /// A further party is being called.
    DiallingThird,
    /// Nobody else is there.
    Alone,
    /// With one other party.
    Talking,
    /// With two parties that do not hear each other.
    Consulting,
    /// With several parties that hear each other.
    Conference {
        /// No further leg fits in.
        full: bool,
    },
    /// With more than two parties, some of them on hold.
    PartlyHeld {
        /// No further leg fits in.
        full: bool,
    },
    /// The agent listens to somebody else's call.
    Monitoring,
    /// In a state that says nothing about what can be done.
    Unclear,
    /// Wrap-up, missed or rejected.
    Over,
}

impl Situation {
    pub(crate) fn of(contact: &Contact) -> Self {
        match &contact.state.kind {
            ContactState::Ended
            | ContactState::Missed
            | ContactState::Rejected
            | ContactState::Error => Self::Over,
            _ if is_monitoring(contact) => Self::Monitoring,
            ContactState::Incoming => Self::Ringing {
                here: own_is_connecting(contact),
            },
            ContactState::Connecting if is_dialled(contact) => Self::Dialling,
            ContactState::Connecting => Self::Ringing {
                here: own_is_connecting(contact) && own(contact).is_some_and(|own| own.has_media),
            },
            ContactState::Connected => Self::of_connected(contact),
            ContactState::Init
            | ContactState::Pending
            | ContactState::Paused
            | ContactState::Other(_) => Self::Unclear,
        }
    }

    fn of_connected(contact: &Contact) -> Self {
        let parties: Vec<LegState> = parties(contact)
            .filter_map(|party| LegState::of(&party.state.kind))
            .filter(|state| *state != LegState::Dropped)
            .collect();
        let any = |state| parties.contains(&state);
        let full = parties.len() + 1 >= max_legs(contact);
        match parties.len() {
            0 => Self::Alone,
            1 if any(LegState::Connecting) => Self::Dialling,
            1 => Self::Talking,
            _ if any(LegState::Connecting) => Self::DiallingThird,
            2 if any(LegState::Hold) => Self::Consulting,
            _ if any(LegState::Hold) => Self::PartlyHeld { full },
            _ => Self::Conference { full },
        }
    }

    /// Whether the agent would lose something if the panel were touched now.
    pub(crate) fn is_live(self) -> bool {
        self != Self::Over
    }
}

/// Whether it is for the phone at all.
pub(crate) fn is_call(contact: &Contact) -> bool {
    match contact.kind {
        ContactType::Voice | ContactType::QueueCallback => true,
        ContactType::Other(_) => false,
    }
}

/// The agent's own connection, found as the library finds it.
pub(crate) fn own(contact: &Contact) -> Option<&Connection> {
    contact.connections.iter().find(|c| c.kind.is_own())
}

/// Everybody else's connections.
pub(crate) fn parties(contact: &Contact) -> impl Iterator<Item = &Connection> {
    let own = own(contact);
    contact
        .connections
        .iter()
        .filter(move |connection| !own.is_some_and(|own| std::ptr::eq(own, *connection)))
}

pub(crate) fn is_monitoring(contact: &Contact) -> bool {
    own(contact).is_some_and(|own| own.kind == ConnectionType::Monitoring)
}

/// Whether somebody was called, rather than calling.
pub(crate) fn is_dialled(contact: &Contact) -> bool {
    let first = parties(contact).find(|party| party.initial);
    contact.kind == ContactType::QueueCallback
        || first.is_some_and(|first| first.kind == ConnectionType::Outbound)
}

fn own_is_connecting(contact: &Contact) -> bool {
    own(contact).is_some_and(|own| LegState::of(&own.state.kind) == Some(LegState::Connecting))
}

fn max_legs(contact: &Contact) -> usize {
    match contact.contact_features.multi_party_conference_enabled {
        true => MAX_LEGS,
        false => MAX_LEGS_OF_THREE,
    }
}
