//! One contact: its legs, and what they amount to.

use std::time::Duration;

use offhook_protocol::{
    Button, ButtonState, Buttons, ConnectionId, ContactId, ContactKind, LegEvent, LegType,
    Personal, SyncLeg, Timestamp, Variable,
};

use crate::{
    leg::{Ending, Leg, LegState},
    time::Time,
    view::{Direction, Phase},
};

/// How many legs a contact has at most (Amazon Connect: six parties).
pub(crate) const MAX_LEGS: usize = 6;

/// A start time of the contact centre's clock further back than this is not believed.
const LONGEST_CALL: Duration = Duration::from_secs(24 * 60 * 60);

/// One contact.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Contact {
    pub(crate) id: ContactId,
    pub(crate) kind: ContactKind,
    legs: Vec<Leg>,
    pub(crate) variables: Vec<Variable>,
    pub(crate) queue: Option<String>,
    /// The phase and since when, kept up by [`Contact::settle`].
    pub(crate) phase: Phase,
    pub(crate) since: Time,
    /// When the agent began to talk.
    pub(crate) answered: Option<Time>,
    /// When it ended for the agent.
    pub(crate) ended: Option<Time>,
    /// The agent rejected it.
    pub(crate) rejected: bool,
    /// The name of the quick connect that is being called: the next outbound leg is its.
    pub(crate) calling: Option<Personal>,
    /// The number of the input that last said something of it.
    pub(crate) heard: u64,
}

/// Whether an event changed anything.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Merged {
    Changed,
    /// Late, doubled, or one leg too many.
    Ignored,
}

impl Contact {
    pub(crate) fn new(id: ContactId, now: Time) -> Self {
        Self {
            id,
            kind: ContactKind::Voice,
            legs: Vec::new(),
            variables: Vec::new(),
            queue: None,
            phase: Phase::Ended,
            since: now,
            answered: None,
            ended: None,
            rejected: false,
            calling: None,
            heard: 0,
        }
    }

    /// Takes an event about one leg, unless the leg is known to be further along.
    pub(crate) fn merge(&mut self, event: &LegEvent, now: Time) -> Merged {
        let agent = event.leg == LegType::Agent;
        let next = LegState::after(&event.event, event.status.as_ref(), agent);
        let known = self
            .legs
            .iter()
            .position(|leg| leg.id == event.connection_id);
        let index = match known {
            Some(index) if is_late(&self.legs[index], next, event.at) => return Merged::Ignored,
            Some(index) => index,
            // An event nobody can place does not begin a leg. An end does: the beginning may come late.
            None if next.is_none() => return Merged::Ignored,
            None => match self.join(&event.connection_id, event.leg.clone(), now) {
                Some(index) => index,
                None => return Merged::Ignored,
            },
        };
        let leg = &mut self.legs[index];
        leg.number = event.phone_number.clone().or(leg.number.take());
        if let Some(state) = next {
            leg.at = event.at.or(leg.at);
            leg.become_state(state, now);
        }
        if let Some(buttons) = &event.buttons {
            leg.buttons = buttons.clone();
        }
        if !event.variables.is_empty() {
            self.variables.clone_from(&event.variables);
        }
        self.queue = event.queue.clone().or(self.queue.take());
        self.kind = event.kind;
        self.settle(now);
        Merged::Changed
    }

    /// Takes what a snapshot says of one leg, unless a newer event is known.
    pub(crate) fn merge_snapshot(&mut self, leg: &SyncLeg, state: LegState, now: Time) {
        let Some(index) = self
            .legs
            .iter()
            .position(|known| known.id == leg.connection_id)
            .or_else(|| self.join(&leg.connection_id, leg.leg.clone(), began(leg.at, now)))
        else {
            return;
        };
        self.kind = leg.kind;
        let known = &mut self.legs[index];
        if leg
            .at
            .zip(known.at)
            .is_some_and(|(said, known)| said < known)
        {
            return;
        }
        known.become_state(state, began(leg.at, now));
        known.at = leg.at.or(known.at);
        known.number = leg.phone_number.clone().or(known.number.take());
        if let Some(buttons) = &leg.buttons {
            known.buttons = buttons.clone();
        }
    }

    /// Forgets the legs that a snapshot no longer has.
    pub(crate) fn keep_only(&mut self, present: &[&SyncLeg], now: Time) {
        for leg in self.legs.iter_mut().filter(|leg| !is_among(leg, present)) {
            leg.become_state(LegState::Gone, now);
            leg.buttons = Buttons::default();
        }
    }

    /// Whether it has legs that a snapshot does not have.
    pub(crate) fn has_others_than(&self, present: &[&SyncLeg]) -> bool {
        self.legs
            .iter()
            .any(|leg| leg.state != LegState::Gone && !is_among(leg, present))
    }

    /// A place for a new leg: a fresh one, or that of a leg that is gone.
    fn join(&mut self, id: &ConnectionId, kind: LegType, now: Time) -> Option<usize> {
        let name = match kind {
            LegType::Outbound => self.calling.take(),
            LegType::Agent | LegType::Inbound | LegType::Other(_) => None,
        };
        let leg = Leg {
            id: id.clone(),
            kind,
            state: LegState::Connecting,
            since: now,
            at: None,
            number: None,
            name,
            buttons: Buttons::default(),
        };
        if self.legs.len() == MAX_LEGS {
            let gone = self
                .legs
                .iter()
                .position(|leg| leg.state == LegState::Gone)?;
            self.legs.remove(gone);
        }
        self.legs.push(leg);
        Some(self.legs.len() - 1)
    }

    /// Derives the phase from the legs. Called after every change of a leg.
    pub(crate) fn settle(&mut self, now: Time) {
        let phase = self.derive_phase();
        // On a call that the agent dials, the agent's leg is connected before the other's is known.
        let with_somebody = self.parties().next().is_some() || self.phase == Phase::Ringing;
        if phase != self.phase {
            self.phase = phase;
            // The leg that changed last is why.
            self.since = self.legs.iter().map(|leg| leg.since).max().unwrap_or(now);
        }
        if self.is_answered() && with_somebody {
            self.answered = self.answered.or(Some(self.since));
        }
        self.rejected |= phase == Phase::Rejected;
        self.ended = match self.is_live() {
            true => None,
            false => self.ended.or(Some(self.since)),
        };
    }

    fn derive_phase(&self) -> Phase {
        match self.agent_leg().map(|leg| leg.state) {
            Some(LegState::Over(Ending::WrapUp)) => Phase::WrapUp,
            Some(LegState::Over(Ending::Missed)) => Phase::Missed,
            Some(LegState::Over(Ending::Rejected)) => Phase::Rejected,
            Some(LegState::Over(Ending::Unknown) | LegState::Gone) => Phase::Ended,
            Some(LegState::Connecting) if self.caller_gave_up() => Phase::Ended,
            Some(LegState::Connecting) if self.is_offered() => Phase::Ringing,
            Some(LegState::Connecting) => Phase::Dialing,
            Some(LegState::Connected | LegState::OnHold) => self.phase_of_parties(),
            None if self.is_queued() => Phase::Ringing,
            None => self.phase_of_parties(),
        }
    }

    /// Only the caller's leg was heard of, and it still waits: it is connected, but to the queue, as long
    /// as none of its buttons can be pressed.
    fn is_queued(&self) -> bool {
        let in_queue = |leg: &Leg| {
            let mut buttons = leg.buttons.iter();
            !leg.buttons.is_empty() && buttons.all(|(_, state)| state == ButtonState::Hide)
        };
        let waits = |leg: &Leg| match leg.state {
            LegState::Connecting => true,
            LegState::Connected => self.kind != ContactKind::Monitoring && in_queue(leg),
            LegState::OnHold | LegState::Over(_) | LegState::Gone => false,
        };
        let mut parties = self.live_parties();
        let first = parties.next();
        first.is_some_and(|leg| leg.kind != LegType::Outbound && waits(leg))
            && parties.next().is_none()
    }

    /// The phase of a call that the agent is on, from the others' legs.
    fn phase_of_parties(&self) -> Phase {
        let states: Vec<LegState> = self
            .parties()
            .filter(|leg| leg.is_live())
            .map(|leg| leg.state)
            .collect();
        match states.as_slice() {
            [] if self.everybody_else_left() => Phase::Ended,
            // Only the agent's own leg was heard of so far, as in the published answer.
            [] => Phase::Talking,
            [LegState::Connecting] if self.direction() == Direction::Outbound => Phase::Dialing,
            [LegState::OnHold] => Phase::OnHold,
            [_] => Phase::Talking,
            _ if states.iter().all(|state| *state == LegState::OnHold) => Phase::OnHold,
            _ if states.iter().all(|state| *state == LegState::Connected) => Phase::Conference,
            _ => Phase::Consulting,
        }
    }

    /// The agent's leg is being connected because somebody calls, not because the agent does.
    fn is_offered(&self) -> bool {
        let inbound = self.direction() == Direction::Inbound;
        let answerable = |leg: &Leg| leg.buttons.get(&Button::Answer) != ButtonState::Hide;
        match self.agent_leg() {
            Some(leg) if answerable(leg) => true,
            Some(leg) if leg.buttons.is_empty() => inbound,
            Some(_) | None => inbound && self.customer().is_some(),
        }
    }

    /// Whoever is gone went after the contact was offered, and not before an offer that followed.
    fn caller_gave_up(&self) -> bool {
        let told = |leg: Option<&Leg>| leg.and_then(|leg| leg.at);
        self.everybody_else_left() && told(self.customer()) >= told(self.agent_leg())
    }

    fn everybody_else_left(&self) -> bool {
        self.parties().next().is_some() && self.parties().all(|leg| !leg.is_live())
    }

    /// Who started it: the customer's leg tells.
    pub(crate) fn direction(&self) -> Direction {
        match self.customer().map(|leg| &leg.kind) {
            Some(LegType::Outbound) => Direction::Outbound,
            Some(LegType::Agent | LegType::Inbound | LegType::Other(_)) | None => {
                Direction::Inbound
            }
        }
    }

    /// The leg of whoever called, even if it was heard of last; else of whoever was called first.
    pub(crate) fn customer(&self) -> Option<&Leg> {
        let caller = self.parties().find(|leg| leg.kind == LegType::Inbound);
        caller.or_else(|| self.parties().next())
    }

    pub(crate) fn legs(&self) -> &[Leg] {
        &self.legs
    }

    pub(crate) fn leg(&self, id: &ConnectionId) -> Option<&Leg> {
        self.legs.iter().find(|leg| leg.id == *id)
    }

    /// The agent's own leg: the newest, where the contact was offered more than once.
    pub(crate) fn agent_leg(&self) -> Option<&Leg> {
        let agents = self.legs.iter().filter(|leg| leg.is_agent());
        agents.max_by_key(|leg| (leg.at, leg.state != LegState::Gone))
    }

    /// Everybody but the agent, in the order they were heard of.
    pub(crate) fn parties(&self) -> impl DoubleEndedIterator<Item = &Leg> {
        self.legs.iter().filter(|leg| !leg.is_agent())
    }

    /// The others that are on the call, held or not.
    pub(crate) fn live_parties(&self) -> impl DoubleEndedIterator<Item = &Leg> {
        self.parties().filter(|leg| leg.is_live())
    }

    /// A call that quitting would hurt.
    pub(crate) fn is_live(&self) -> bool {
        self.phase.is_live()
    }

    /// The agent is on it with somebody, held or not.
    pub(crate) fn is_answered(&self) -> bool {
        self.is_live() && !matches!(self.phase, Phase::Ringing | Phase::Dialing)
    }

    /// Nothing is left of it: the agent's leg was dropped, or all legs were and the agent's was never
    /// heard of.
    pub(crate) fn is_gone(&self) -> bool {
        match self.agent_leg() {
            Some(leg) => leg.state == LegState::Gone,
            None => self.legs.iter().all(|leg| leg.state == LegState::Gone),
        }
    }

    /// Whether the agent's leg still waits to be cleared, and nobody knows how the call ended.
    pub(crate) fn ended_somehow(&self) -> bool {
        self.agent_leg()
            .is_some_and(|leg| leg.state == LegState::Over(Ending::Unknown))
    }

    /// Learns how it ended.
    pub(crate) fn ended_as(&mut self, ending: Ending, now: Time) {
        let somehow = LegState::Over(Ending::Unknown);
        if let Some(leg) = self.legs.iter_mut().find(|leg| leg.state == somehow) {
            leg.state = LegState::Over(ending);
        }
        self.settle(now);
    }

    /// The buttons of all legs joined: the most that any leg allows. A leg that is gone allows nothing,
    /// nor does one of the agent's that a newer one took the place of, nor anybody else's once it is
    /// over for the agent.
    pub(crate) fn buttons(&self) -> Buttons {
        let agent = self.agent_leg().map(|leg| &leg.id);
        let counts = |leg: &&Leg| match leg.is_agent() {
            true => leg.state != LegState::Gone && agent == Some(&leg.id),
            false => leg.is_live() && (self.is_live() || agent.is_none()),
        };
        let mut union = Buttons::default();
        let legs = self.legs.iter().filter(counts);
        for (button, state) in legs.flat_map(|leg| leg.buttons.iter()) {
            union.set(button.clone(), state.max(union.get(button)));
        }
        union
    }

    /// A call variable by its name, in any case.
    pub(crate) fn variable(&self, name: &str) -> Option<&Personal> {
        let named = self
            .variables
            .iter()
            .find(|variable| variable.name.eq_ignore_ascii_case(name));
        named
            .map(|variable| &variable.value)
            .filter(|value| !value.reveal().trim().is_empty())
    }

    /// How long the agent talked, once it is over; nothing if it was with nobody.
    pub(crate) fn talked(&self) -> Option<Duration> {
        Some(self.ended?.since(self.answered?))
    }
}

fn is_among(leg: &Leg, present: &[&SyncLeg]) -> bool {
    present.iter().any(|told| told.connection_id == leg.id)
}

/// An event older than what is known of the leg; or of the same moment (or without one) and leading
/// back in the leg's life.
fn is_late(leg: &Leg, next: Option<LegState>, at: Option<Timestamp>) -> bool {
    let leads_back = next.is_some_and(|next| next.rank() < leg.state.rank());
    match at.zip(leg.at) {
        Some((said, known)) => said < known || (said == known && leads_back),
        None => leads_back,
    }
}

/// When something that a snapshot tells of began, by our clock: the contact centre's time where it is
/// believable.
fn began(at: Option<Timestamp>, now: Time) -> Time {
    let said = at
        .and_then(|at| u64::try_from(at.as_millis()).ok())
        .map(Time::from_millis);
    said.filter(|said| *said <= now && now.since(*said) <= LONGEST_CALL)
        .unwrap_or(now)
}
