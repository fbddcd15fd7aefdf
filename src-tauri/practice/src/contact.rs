//! The contact: its legs, and what may be done with them when.

mod told;

use std::time::Duration;

use offhook_protocol::{
    ApiError, ConnectionId, ContactId, ErrorType, LegType, Personal, Timestamp, Variable,
};

use crate::{
    ids::Ids,
    leg::{Leg, LegState},
    scenario::{Call, Response},
};

/// How many legs a contact may have, the agent's own included.
const MAX_LEGS: usize = 6;

/// The queue that the agent's own calls are counted in.
const OUTBOUND_QUEUE: &str = "Outbound";
/// The number that the agent's own calls come from (from Ofcom's range for fiction).
const OWN_NUMBER: &str = "+442079460100";

/// Why a request is refused, as Amazon Connect would put it.
pub(crate) type Refusal = &'static str;

/// One contact.
pub(crate) struct Contact {
    id: ContactId,
    queue: String,
    variables: Vec<Variable>,
    agent: Leg,
    /// Everybody else in the order they joined, the customer first.
    parties: Vec<Leg>,
    /// Who left a call that goes on and whose going was not told yet.
    departed: Vec<Leg>,
    /// The party that is being consulted and not yet joined to the others.
    consulted: Option<ConnectionId>,
    timer: Option<Timer>,
}

/// What happens to a contact that is left alone.
struct Timer {
    at: Timestamp,
    due: Due,
}

enum Due {
    /// The agent did not answer.
    Missed,
    /// The called party, which is the last one, responds.
    Callee(Response),
}

/// Where the contact is in its life.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Situation {
    /// Offered to the agent.
    Ringing,
    /// Somebody is being called.
    Dialling,
    /// With one other party.
    Talking,
    /// With a party that the others don't hear.
    Consulting,
    /// With several parties that hear each other.
    Conference {
        /// No further leg fits in.
        full: bool,
    },
    /// Wrap-up, missed or rejected.
    Over,
    /// Cleared, or given up by the customer before it was answered.
    Gone,
}

/// Whom a request with or without an id is about.
#[derive(Clone, Copy)]
enum Target {
    Everyone,
    Party(usize),
}

/// The two sides of a consultation.
#[derive(Clone, Copy, PartialEq)]
enum Side {
    Main,
    Consulted,
}

impl Contact {
    /// A customer's call, offered to the agent.
    pub(crate) fn offered(call: &Call, ids: &mut Ids, now: Timestamp) -> Self {
        let id = ids.draw();
        let customer = Leg::new(
            ConnectionId::new(&id),
            LegType::Inbound,
            Some(Personal::new(&call.from)),
            LegState::Connecting,
        );
        let mut variables = call_variables(call.from.as_str().into(), call.to.as_str().into());
        variables.extend(call.variables.iter().map(|(name, value)| Variable {
            name: name.clone(),
            value: value.as_str().into(),
        }));
        Self {
            id: ContactId::new(id),
            queue: call.queue.clone(),
            variables,
            agent: agent_leg(ids, LegState::Connecting),
            parties: vec![customer],
            departed: Vec::new(),
            consulted: None,
            timer: Some(Timer {
                at: now + call.ring.0,
                due: Due::Missed,
            }),
        }
    }

    /// A call of the agent's. The agent's own leg is connected from the start, as in Amazon Connect.
    pub(crate) fn dialled(
        number: Option<Personal>,
        callee: (Response, Duration),
        ids: &mut Ids,
        now: Timestamp,
    ) -> Self {
        let dialled = number.clone().unwrap_or_default();
        let mut contact = Self {
            id: ContactId::new(ids.draw()),
            queue: OUTBOUND_QUEUE.to_owned(),
            variables: call_variables(OWN_NUMBER.into(), dialled),
            agent: agent_leg(ids, LegState::Connected),
            parties: Vec::new(),
            departed: Vec::new(),
            consulted: None,
            timer: None,
        };
        contact.call(number, callee, ids, now);
        contact
    }

    pub(crate) fn situation(&self) -> Situation {
        let dialling = || self.parties.iter().any(|p| p.state == LegState::Connecting);
        match self.agent.state {
            LegState::Connecting => Situation::Ringing,
            LegState::Missed | LegState::Rejected | LegState::Acw => Situation::Over,
            LegState::Dropped => Situation::Gone,
            LegState::Connected | LegState::Hold if dialling() => Situation::Dialling,
            LegState::Connected | LegState::Hold if self.consulted.is_some() => {
                Situation::Consulting
            }
            LegState::Connected | LegState::Hold => match self.parties.len() {
                0 | 1 => Situation::Talking,
                others => Situation::Conference {
                    full: others + 1 >= MAX_LEGS,
                },
            },
        }
    }

    /// How the agent's own leg stands.
    pub(crate) fn agent_leg(&self) -> LegState {
        self.agent.state
    }

    pub(crate) fn answer(&mut self) -> Result<(), Refusal> {
        self.require_ringing()?;
        self.timer = None;
        self.agent.state = LegState::Connected;
        for party in &mut self.parties {
            party.state = LegState::Connected;
        }
        Ok(())
    }

    pub(crate) fn reject(&mut self) -> Result<(), Refusal> {
        self.require_ringing()?;
        self.end(LegState::Rejected);
        Ok(())
    }

    /// Every leg that was there to the end is dropped, and says so even if it was before.
    pub(crate) fn clear(&mut self) -> Result<(), Refusal> {
        if self.situation() != Situation::Over {
            return Err("No contact in state ended, missed or rejected");
        }
        self.drop_all();
        Ok(())
    }

    /// Drops the contact, whatever state it is in.
    pub(crate) fn drop_all(&mut self) {
        self.end(LegState::Dropped);
        for party in &mut self.parties {
            party.repeat = true;
        }
    }

    pub(crate) fn hold(&mut self, id: Option<&ConnectionId>) -> Result<(), Refusal> {
        let target = self.target(id)?;
        let connected = self.select(target, LegState::Connected);
        if connected.is_empty() || self.situation() == Situation::Ringing {
            return Err("No connection in state connected");
        }
        for index in connected {
            self.parties[index].state = LegState::Hold;
        }
        Ok(())
    }

    /// During a consultation one side is talked to at a time: resuming one holds the other.
    pub(crate) fn resume(&mut self, id: Option<&ConnectionId>) -> Result<(), Refusal> {
        let target = self.target(id)?;
        let held = self.select(target, LegState::Hold);
        let first = *held.first().ok_or("No connection in state hold")?;
        if self.consulted.is_some() {
            self.talk_to(self.side(first));
        } else {
            for index in held {
                self.parties[index].state = LegState::Connected;
            }
        }
        Ok(())
    }

    /// The agent's own leg, the contact or no id at all: the whole call. A party's leg: that one.
    pub(crate) fn disconnect(&mut self, id: Option<&ConnectionId>) -> Result<(), Refusal> {
        let target = self.target(id)?;
        if matches!(self.situation(), Situation::Ringing | Situation::Over) {
            return Err("No active connection");
        }
        match target {
            Target::Everyone => self.end(LegState::Acw),
            Target::Party(index) => self.leave(index),
        }
        Ok(())
    }

    /// Whether digits can be sent: they have no event, so nothing changes.
    pub(crate) fn take_digits(&self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Talking | Situation::Consulting | Situation::Conference { .. } => Ok(()),
            Situation::Ringing | Situation::Dialling | Situation::Over | Situation::Gone => {
                Err("No active connection")
            }
        }
    }

    pub(crate) fn consult(
        &mut self,
        number: Option<Personal>,
        callee: (Response, Duration),
        ids: &mut Ids,
        now: Timestamp,
    ) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Talking | Situation::Conference { full: false } => {}
            Situation::Conference { full: true } => return Err("Too many connections"),
            Situation::Dialling | Situation::Consulting => {
                return Err("There is a third party already");
            }
            Situation::Ringing | Situation::Over | Situation::Gone => {
                return Err("No contact in state connected");
            }
        }
        for party in &mut self.parties {
            party.state = LegState::Hold;
        }
        self.consulted = Some(self.call(number, callee, ids, now));
        Ok(())
    }

    pub(crate) fn swap(&mut self) -> Result<(), Refusal> {
        self.require_consulting()?;
        let with_consulted = self
            .parties
            .iter()
            .any(|p| Some(&p.id) == self.consulted.as_ref() && p.state == LegState::Connected);
        self.talk_to(match with_consulted {
            true => Side::Main,
            false => Side::Consulted,
        });
        Ok(())
    }

    pub(crate) fn conference(&mut self) -> Result<(), Refusal> {
        self.require_consulting()?;
        self.consulted = None;
        for party in &mut self.parties {
            party.state = LegState::Connected;
        }
        Ok(())
    }

    /// The agent leaves the others to each other: for the agent they are gone.
    pub(crate) fn transfer(&mut self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Consulting | Situation::Conference { .. } => {
                self.end(LegState::Acw);
                Ok(())
            }
            Situation::Ringing
            | Situation::Dialling
            | Situation::Talking
            | Situation::Over
            | Situation::Gone => Err("No third party in state connected"),
        }
    }

    /// The customer hangs up, if there is one.
    pub(crate) fn customer_hangs_up(&mut self) {
        self.party_hangs_up(0);
    }

    /// The party that joined last hangs up, if it is not the customer.
    pub(crate) fn third_party_hangs_up(&mut self) {
        if self.parties.len() > 1 {
            self.party_hangs_up(self.parties.len() - 1);
        }
    }

    fn party_hangs_up(&mut self, index: usize) {
        match self.situation() {
            Situation::Ringing => self.end(LegState::Dropped),
            Situation::Dialling
            | Situation::Talking
            | Situation::Consulting
            | Situation::Conference { .. } => self.leave(index),
            Situation::Over | Situation::Gone => {}
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.timer.as_ref().map(|timer| timer.at)
    }

    /// What the contact waited for happens. The error is the called party's.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> Option<ApiError> {
        match self.timer.take_if(|timer| timer.at <= now)?.due {
            Due::Missed => {
                self.end(LegState::Missed);
                None
            }
            Due::Callee(response) => self.callee_responds(response),
        }
    }

    fn callee_responds(&mut self, response: Response) -> Option<ApiError> {
        let callee = self.parties.len() - 1;
        let failure = match self.consulted {
            Some(_) => ErrorType::ConsultCallFailed,
            None => ErrorType::MakeCallFailed,
        };
        match response {
            Response::Answers => {
                self.parties[callee].state = LegState::Connected;
                if self.consulted.is_some() {
                    self.talk_to(Side::Consulted);
                }
                None
            }
            Response::NoAnswer => {
                self.leave(callee);
                None
            }
            Response::Busy => {
                self.leave(callee);
                Some(ApiError::new(failure, "Line engaged"))
            }
        }
    }

    /// Takes a leg out. The last one ends the call; one left of a consultation is an ordinary party.
    fn leave(&mut self, index: usize) {
        if self.parties.len() == 1 {
            return self.end(LegState::Acw);
        }
        let mut leg = self.parties.remove(index);
        if leg.state == LegState::Connecting {
            self.timer = None;
        }
        if self.parties.len() == 1 || self.consulted.as_ref() == Some(&leg.id) {
            self.consulted = None;
        }
        leg.state = LegState::Dropped;
        self.departed.push(leg);
    }

    fn end(&mut self, agent: LegState) {
        self.agent.state = agent;
        for party in &mut self.parties {
            party.state = LegState::Dropped;
        }
        self.consulted = None;
        self.timer = None;
    }

    fn call(
        &mut self,
        number: Option<Personal>,
        (response, after): (Response, Duration),
        ids: &mut Ids,
        now: Timestamp,
    ) -> ConnectionId {
        let id = ConnectionId::new(ids.draw());
        self.parties.push(Leg::new(
            id.clone(),
            LegType::Outbound,
            number,
            LegState::Connecting,
        ));
        self.timer = Some(Timer {
            at: now + after,
            due: Due::Callee(response),
        });
        id
    }

    /// Connects one side of a consultation and holds the other. Who is still being called stays so.
    fn talk_to(&mut self, side: Side) {
        for index in 0..self.parties.len() {
            let talking = self.side(index) == side;
            let party = &mut self.parties[index];
            if party.state != LegState::Connecting {
                party.state = match talking {
                    true => LegState::Connected,
                    false => LegState::Hold,
                };
            }
        }
    }

    fn side(&self, index: usize) -> Side {
        match self.consulted.as_ref() == Some(&self.parties[index].id) {
            true => Side::Consulted,
            false => Side::Main,
        }
    }

    fn require_ringing(&self) -> Result<(), Refusal> {
        match self.situation() == Situation::Ringing {
            true => Ok(()),
            false => Err("No contact in state connecting"),
        }
    }

    fn require_consulting(&self) -> Result<(), Refusal> {
        match self.situation() == Situation::Consulting {
            true => Ok(()),
            false => Err("No third party in state connected"),
        }
    }

    /// A plain inbound leg has the contact's id; it counts as the leg's.
    fn target(&self, id: Option<&ConnectionId>) -> Result<Target, Refusal> {
        let Some(id) = id else {
            return Ok(Target::Everyone);
        };
        match self.parties.iter().position(|party| party.id == *id) {
            Some(index) => Ok(Target::Party(index)),
            None if self.agent.id == *id || self.id.as_str() == id.as_str() => Ok(Target::Everyone),
            None => Err("Connection not found"),
        }
    }

    fn select(&self, target: Target, state: LegState) -> Vec<usize> {
        let targeted = |index| match target {
            Target::Everyone => true,
            Target::Party(party) => party == index,
        };
        (0..self.parties.len())
            .filter(|&index| targeted(index) && self.parties[index].state == state)
            .collect()
    }
}

fn agent_leg(ids: &mut Ids, state: LegState) -> Leg {
    Leg::new(ConnectionId::new(ids.draw()), LegType::Agent, None, state)
}

/// The two variables that every sample carries.
fn call_variables(from: Personal, to: Personal) -> Vec<Variable> {
    [("ANI", from), ("DNIS", to)]
        .map(|(name, value)| Variable {
            name: name.to_owned(),
            value,
        })
        .into()
}
