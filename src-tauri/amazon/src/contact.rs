//! One contact: what a snapshot makes of it, and what the bus was told.

mod told;

use std::time::Duration;

use offhook_protocol::{Button, ConnectionId, ContactId, Envelope, LegType, Timestamp};

use crate::{
    buttons,
    leg::{Leg, LegState, Role, Said},
    situation::{self, Situation},
    snapshot::{self, Connection, ConnectionType, ContactState, ContactType},
};

/// A contact that the bus knows of.
#[derive(Clone, Debug)]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    /// The agent's own leg first, then the others in the order they came up.
    legs: Vec<Leg>,
    /// As the last snapshot has it.
    seen: snapshot::Contact,
    situation: Situation,
    /// The agent was on it.
    answered: bool,
    /// The agent dialled it.
    dialled: bool,
    /// This connector asked Amazon to reject it.
    pub(crate) rejected: bool,
    /// Nothing is said of it with an earlier time, if it was there before.
    not_before: Option<Timestamp>,
}

/// Whom a request with or without an id is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Target<'a> {
    /// The contact as a whole.
    Everyone,
    /// One party of it.
    Party(&'a ConnectionId),
}

impl Contact {
    pub(crate) fn new(seen: snapshot::Contact) -> Self {
        Self {
            id: ContactId::new(&seen.contact_id),
            legs: Vec::new(),
            situation: Situation::of(&seen),
            seen,
            answered: false,
            dialled: false,
            rejected: false,
            not_before: None,
        }
    }

    /// A contact that was gone and is there again. It has new legs, because a phone rings once for each;
    /// what is said of them is later than what was said of the former ones, whose ids they may share.
    pub(crate) fn back(self, seen: snapshot::Contact) -> Self {
        let said = self.legs.iter().filter_map(Leg::said);
        let last = said.map(|said| said.at + Duration::from_millis(1)).max();
        Self {
            not_before: last.max(self.not_before),
            ..Self::new(seen)
        }
    }

    /// Whether this is the same contact, which was over and is offered to the agent once more.
    pub(crate) fn is_offered_again(&self, seen: &snapshot::Contact) -> bool {
        self.situation == Situation::Over
            && matches!(Situation::of(seen), Situation::Ringing { .. })
    }

    /// Takes what a newer snapshot says. Returns one event for each leg that has news, the agent's own
    /// first.
    pub(crate) fn follow(&mut self, seen: snapshot::Contact, now: Timestamp) -> Vec<Envelope> {
        self.situation = Situation::of(&seen);
        self.answered |= is_answered(&seen);
        self.dialled |= seen.kind == ContactType::Voice && situation::is_dialled(&seen);
        self.seen = seen;
        self.pair_legs();
        let news: Vec<_> = (0..self.legs.len())
            .filter_map(|index| self.follow_leg(index, now).map(|said| (index, said)))
            .collect();
        news.into_iter()
            .map(|(index, said)| self.event(&self.legs[index], &said))
            .collect()
    }

    /// The contact is gone: every leg that was there to the end is dropped, and says so even if it did
    /// before.
    pub(crate) fn go(&mut self, now: Timestamp) -> Vec<Envelope> {
        self.situation = Situation::Over;
        let mut events = Vec::new();
        for index in 0..self.legs.len() {
            if !self.legs[index].departed && self.legs[index].said().is_some() {
                let said = self.legs[index].say(LegState::Dropped, &[], now);
                events.push(self.event(&self.legs[index], &said));
            }
        }
        events
    }

    /// Gives every connection its leg: a known one by its role, or a new one.
    fn pair_legs(&mut self) {
        for (role, connection) in roles(&self.seen) {
            let id = &connection.connection_id;
            let plays = |leg: &Leg| match role {
                Role::Own | Role::Initial => leg.role == role,
                Role::Third => leg.role == role && leg.connection == *id,
            };
            let known = self.legs.iter().position(plays);
            let index = known.unwrap_or(match role {
                Role::Own => 0,
                Role::Initial | Role::Third => self.legs.len(),
            });
            if known.is_none() {
                let kind = leg_type(role, &self.seen.kind, &connection.kind);
                self.legs.insert(index, Leg::new(id, role, kind));
            }
            let leg = &mut self.legs[index];
            leg.connection.clone_from(id);
            if role != Role::Own {
                leg.number = connection.endpoint.number().or(leg.number.take());
            }
        }
    }

    /// What is to be said of a leg, if anything.
    fn follow_leg(&mut self, index: usize, now: Timestamp) -> Option<Said> {
        let over = self.situation == Situation::Over;
        let connection = self.connection_of(&self.legs[index]);
        let since = connection.and_then(|connection| connection.state.timestamp);
        let at = match over || since.is_none() {
            true => since.max(self.seen.state.timestamp),
            false => since,
        };
        let state = self.state_of(&self.legs[index], connection)?;
        let buttons = match self.legs[index].role {
            Role::Own => buttons::of_agent(self.situation),
            Role::Initial | Role::Third => buttons::of_party(self.situation, state),
        };
        let at = at.unwrap_or(now);
        let at = self.not_before.map_or(at, |earliest| at.max(earliest));
        let leg = &mut self.legs[index];
        if over && leg.departed {
            return None;
        }
        // Who left a call that goes on is told once, and not at all if never heard of.
        let departs = state == LegState::Dropped && !over;
        let unheard = departs && leg.said().is_none();
        leg.departed = departs;
        match unheard {
            true => None,
            false => leg.news(state, buttons, at),
        }
    }

    /// `None` where the snapshot does not tell: what was said of the leg stays.
    fn state_of(&self, leg: &Leg, connection: Option<&Connection>) -> Option<LegState> {
        let own = leg.role == Role::Own;
        if self.situation == Situation::Over {
            return Some(match own {
                true => self.ending(),
                false => LegState::Dropped,
            });
        }
        let state = match connection {
            Some(connection) => LegState::of(&connection.state.kind)?,
            None => LegState::Dropped,
        };
        if own && state == LegState::Dropped {
            // Amazon drops the agent's connection a moment before it ends the contact.
            return None;
        }
        Some(
            match own && state == LegState::Connected && self.is_held() {
                true => LegState::Hold,
                false => state,
            },
        )
    }

    fn ending(&self) -> LegState {
        let answered = match self.seen.state.kind {
            ContactState::Rejected => return LegState::Rejected,
            ContactState::Missed => false,
            ContactState::Error => self.answered || self.dialled,
            ContactState::Ended
            | ContactState::Init
            | ContactState::Incoming
            | ContactState::Pending
            | ContactState::Connecting
            | ContactState::Connected
            | ContactState::Paused
            | ContactState::Other(_) => true,
        };
        match self.rejected {
            _ if answered => LegState::Acw,
            true => LegState::Rejected,
            false => LegState::Missed,
        }
    }

    /// Whether everybody who is there waits on hold.
    fn is_held(&self) -> bool {
        let mut live = situation::parties(&self.seen)
            .filter_map(|party| LegState::of(&party.state.kind))
            .filter(|state| state.is_live())
            .peekable();
        live.peek().is_some() && live.all(|state| state == LegState::Hold)
    }

    fn connection_of(&self, leg: &Leg) -> Option<&Connection> {
        let connections = &mut self.seen.connections.iter();
        connections.find(|connection| connection.connection_id == leg.connection)
    }
}

/// What requests need to know of it.
impl Contact {
    pub(crate) fn situation(&self) -> Situation {
        self.situation
    }

    pub(crate) fn is_live(&self) -> bool {
        self.situation.is_live()
    }

    /// The agent is on it, talking or listening.
    pub(crate) fn is_joined(&self) -> bool {
        let own = self.own();
        self.seen.state.kind == ContactState::Connected
            && own.is_some_and(|own| own.is_in(LegState::Connected) || own.is_in(LegState::Hold))
    }

    /// The agent's own leg.
    pub(crate) fn own(&self) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.role == Role::Own)
    }

    /// The agent's own connection.
    pub(crate) fn own_connection(&self) -> Option<&Connection> {
        self.connection_of(self.own()?)
    }

    /// Everybody else who is on the call or being called, the customer first.
    pub(crate) fn live_parties(&self) -> impl Iterator<Item = &Leg> {
        self.legs
            .iter()
            .filter(|leg| leg.role != Role::Own && !leg.departed && leg.is_live())
    }

    /// Whether its own leg offers this button.
    pub(crate) fn offers(&self, button: &Button) -> bool {
        self.own().is_some_and(|own| own.enables(button))
    }

    /// Whom this id is about. A plain inbound leg may have the contact's id; it counts as the leg's.
    /// `None` if it is none of this contact's.
    pub(crate) fn target<'a>(&'a self, id: Option<&ConnectionId>) -> Option<Target<'a>> {
        let Some(id) = id else {
            return Some(Target::Everyone);
        };
        let leg = self.legs.iter().find(|leg| leg.id == *id);
        match leg {
            Some(leg) if leg.role != Role::Own => Some(Target::Party(&leg.id)),
            Some(_) => Some(Target::Everyone),
            None => (self.id.as_str() == id.as_str()).then_some(Target::Everyone),
        }
    }
}

/// Every connection with its part in the contact, the agent's own first.
fn roles(seen: &snapshot::Contact) -> impl Iterator<Item = (Role, &Connection)> {
    let own = situation::own(seen).map(|own| (Role::Own, own));
    let first = situation::parties(seen).position(|party| party.initial);
    let parties = situation::parties(seen).enumerate();
    let parties = parties.map(move |(index, party)| match Some(index) == first {
        true => (Role::Initial, party),
        false => (Role::Third, party),
    });
    own.into_iter().chain(parties)
}

/// A callback calls its customer, although Amazon keeps the connection as the customer's own call.
fn leg_type(role: Role, contact: &ContactType, connection: &ConnectionType) -> LegType {
    match (contact, connection) {
        _ if role == Role::Own => LegType::Agent,
        (ContactType::QueueCallback, _) => LegType::Outbound,
        (_, ConnectionType::Inbound) => LegType::Inbound,
        // Another agent is somebody who was called.
        (_, ConnectionType::Outbound | ConnectionType::Agent) => LegType::Outbound,
        (_, ConnectionType::Monitoring) => LegType::Other("monitoring".to_owned()),
        (_, ConnectionType::Other(word)) => LegType::Other(word.clone()),
    }
}

/// Whether the agent took the call. Accepting a callback dials its customer.
fn is_answered(seen: &snapshot::Contact) -> bool {
    let callback = seen.kind == ContactType::QueueCallback;
    seen.state.kind == ContactState::Connected
        || callback && seen.state.kind == ContactState::Connecting
}
