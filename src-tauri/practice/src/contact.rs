//! The contact: its legs, and what may be done with them when.

mod told;

use std::time::Duration;

use offhook_protocol::{ConnectionId, ContactId, LegType, Personal, Timestamp, Variable};

use crate::{
    agent::ForcedState,
    ids::Ids,
    leg::{Leg, LegState},
    scenario::{Call, Response},
};

/// How long the agent's own leg of a dialled call takes to connect.
const OWN_LEG_TAKES: Duration = Duration::from_millis(500);

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
    /// Somebody answered the agent's call, or the agent the customer's.
    reached: bool,
    /// Why the agent's call reached nobody.
    unreached: Option<ForcedState>,
    /// When the agent's own leg of a dialled call connects.
    own_leg_at: Option<Timestamp>,
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
    /// With two other parties, at least one of them on hold.
    Consulting,
    /// With several parties that hear each other.
    Conference {
        /// No further leg fits in.
        full: bool,
    },
    /// With more than two other parties, at least one of them on hold.
    PartlyHeld {
        /// No further leg fits in.
        full: bool,
    },
    /// Wrap-up, missed, rejected or not reached.
    Over,
    /// Cleared.
    Gone,
}

/// Whom a request with or without an id is about.
#[derive(Clone, Copy)]
enum Target {
    Everyone,
    Party(usize),
}

impl Contact {
    /// A customer's call, offered to the agent. The customer's leg is connected, to the queue, before the
    /// agent's is.
    pub(crate) fn offered(call: &Call, ids: &mut Ids, now: Timestamp) -> Self {
        let id = ids.draw();
        let customer = Leg::new(
            ConnectionId::new(&id),
            LegType::Inbound,
            Some(Personal::new(&call.from)),
            LegState::Connected,
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
            reached: false,
            unreached: None,
            own_leg_at: None,
            timer: Some(Timer {
                at: now + call.ring.0,
                due: Due::Missed,
            }),
        }
    }

    /// A call of the agent's.
    pub(crate) fn dialled(
        number: Personal,
        callee: (Response, Duration),
        ids: &mut Ids,
        now: Timestamp,
    ) -> Self {
        let mut contact = Self {
            id: ContactId::new(ids.draw()),
            queue: OUTBOUND_QUEUE.to_owned(),
            variables: call_variables(OWN_NUMBER.into(), number.clone()),
            agent: agent_leg(ids, LegState::Connecting),
            parties: Vec::new(),
            departed: Vec::new(),
            reached: false,
            unreached: None,
            own_leg_at: Some(now + OWN_LEG_TAKES),
            timer: None,
        };
        contact.call(Some(number), callee, ids, now);
        contact
    }

    pub(crate) fn situation(&self) -> Situation {
        let anybody = |state| self.parties.iter().any(|party| party.state == state);
        match self.agent.state {
            LegState::Missed | LegState::Rejected | LegState::Acw => Situation::Over,
            LegState::Dropped => Situation::Gone,
            LegState::Connecting | LegState::Connected | LegState::Hold
                if anybody(LegState::Connecting) =>
            {
                Situation::Dialling
            }
            LegState::Connecting => Situation::Ringing,
            LegState::Connected | LegState::Hold => {
                let full = self.parties.len() + 1 >= MAX_LEGS;
                match (self.parties.len(), anybody(LegState::Hold)) {
                    (0 | 1, _) => Situation::Talking,
                    (2, true) => Situation::Consulting,
                    (_, true) => Situation::PartlyHeld { full },
                    (_, false) => Situation::Conference { full },
                }
            }
        }
    }

    /// The state that it puts the agent in. None once it is gone.
    pub(crate) fn forced_state(&self) -> Option<ForcedState> {
        Some(match self.agent.state {
            LegState::Connecting | LegState::Connected
                if self.situation() == Situation::Dialling && !self.reached =>
            {
                ForcedState::CallingCustomer
            }
            LegState::Connecting => ForcedState::PendingBusy,
            LegState::Connected | LegState::Hold => ForcedState::Busy,
            LegState::Acw => self.unreached.unwrap_or(ForcedState::AfterCallWork),
            LegState::Missed | LegState::Rejected => ForcedState::MissedCallAgent,
            LegState::Dropped => return None,
        })
    }

    pub(crate) fn answer(&mut self) -> Result<(), Refusal> {
        self.require_ringing()?;
        self.timer = None;
        self.reached = true;
        self.agent.state = LegState::Connected;
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

    /// During a consultation one party is talked to at a time: resuming one holds the other.
    pub(crate) fn resume(&mut self, id: Option<&ConnectionId>) -> Result<(), Refusal> {
        let target = self.target(id)?;
        let held = self.select(target, LegState::Hold);
        let first = *held.first().ok_or("No connection in state hold")?;
        if self.situation() == Situation::Consulting {
            self.talk_to(first);
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
            // One after the other, as Amazon Connect has to be asked for it.
            Target::Everyone => {
                while self.parties.len() > 1 {
                    self.leave(0);
                }
                self.end(LegState::Acw);
            }
            Target::Party(index) => self.leave(index),
        }
        Ok(())
    }

    /// Whether digits can be sent: they have no event, so nothing changes.
    pub(crate) fn take_digits(&self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Talking
            | Situation::Consulting
            | Situation::Conference { .. }
            | Situation::PartlyHeld { .. } => Ok(()),
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
            Situation::Talking
            | Situation::Conference { full: false }
            | Situation::PartlyHeld { full: false } => {}
            Situation::Conference { full: true } | Situation::PartlyHeld { full: true } => {
                return Err("Too many connections");
            }
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
        self.call(number, callee, ids, now);
        Ok(())
    }

    /// Talks to who is on hold: the first if both are.
    pub(crate) fn swap(&mut self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Consulting => self.resume(None),
            Situation::Ringing
            | Situation::Dialling
            | Situation::Talking
            | Situation::Conference { .. }
            | Situation::PartlyHeld { .. }
            | Situation::Over
            | Situation::Gone => Err("Not exactly two other parties with one on hold"),
        }
    }

    /// Nobody is on hold any more.
    pub(crate) fn conference(&mut self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Consulting | Situation::PartlyHeld { .. } => {
                for party in &mut self.parties {
                    party.state = LegState::Connected;
                }
                Ok(())
            }
            Situation::Ringing
            | Situation::Dialling
            | Situation::Talking
            | Situation::Conference { .. }
            | Situation::Over
            | Situation::Gone => Err("No third party on hold"),
        }
    }

    /// The agent leaves the others to each other: for the agent they are gone.
    pub(crate) fn transfer(&mut self) -> Result<(), Refusal> {
        match self.situation() {
            Situation::Consulting | Situation::Conference { .. } | Situation::PartlyHeld { .. } => {
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

    /// The customer hangs up. Who gives up before the agent answers cannot be told from one who was
    /// missed.
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
            Situation::Ringing => self.end(LegState::Missed),
            Situation::Dialling
            | Situation::Talking
            | Situation::Consulting
            | Situation::Conference { .. }
            | Situation::PartlyHeld { .. } => self.leave(index),
            Situation::Over | Situation::Gone => {}
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        let timer = self.timer.as_ref().map(|timer| timer.at);
        self.own_leg_at.into_iter().chain(timer).min()
    }

    /// What the contact waited for happens.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        if self.own_leg_at.take_if(|at| *at <= now).is_some() {
            self.agent.state = LegState::Connected;
        }
        match self.timer.take_if(|timer| timer.at <= now) {
            Some(Timer {
                due: Due::Missed, ..
            }) => self.end(LegState::Missed),
            Some(Timer {
                due: Due::Callee(response),
                ..
            }) => self.callee_responds(response),
            None => {}
        }
    }

    fn callee_responds(&mut self, response: Response) {
        let callee = self.parties.len() - 1;
        let unreached = match response {
            Response::Answers => {
                self.parties[callee].state = LegState::Connected;
                self.agent.state = LegState::Connected;
                self.own_leg_at = None;
                self.reached = true;
                return;
            }
            Response::Busy => ForcedState::LineEngagedCustomer,
            Response::NoAnswer => ForcedState::FailedConnectCustomer,
        };
        if !self.reached {
            self.unreached = Some(unreached);
        }
        self.leave(callee);
    }

    /// Takes a leg out. The last one ends the call.
    fn leave(&mut self, index: usize) {
        if self.parties.len() == 1 {
            return self.end(LegState::Acw);
        }
        let mut leg = self.parties.remove(index);
        if leg.state == LegState::Connecting {
            self.timer = None;
        }
        leg.state = LegState::Dropped;
        self.departed.push(leg);
    }

    fn end(&mut self, agent: LegState) {
        self.agent.state = agent;
        for party in &mut self.parties {
            party.state = LegState::Dropped;
        }
        self.own_leg_at = None;
        self.timer = None;
    }

    fn call(
        &mut self,
        number: Option<Personal>,
        (response, after): (Response, Duration),
        ids: &mut Ids,
        now: Timestamp,
    ) {
        self.parties.push(Leg::new(
            ConnectionId::new(ids.draw()),
            LegType::Outbound,
            number,
            LegState::Connecting,
        ));
        self.timer = Some(Timer {
            at: now + after,
            due: Due::Callee(response),
        });
    }

    /// Connects this party and holds everybody else.
    fn talk_to(&mut self, index: usize) {
        for (other, party) in self.parties.iter_mut().enumerate() {
            party.state = match other == index {
                true => LegState::Connected,
                false => LegState::Hold,
            };
        }
    }

    fn require_ringing(&self) -> Result<(), Refusal> {
        match self.situation() == Situation::Ringing {
            true => Ok(()),
            false => Err("No contact in state connecting"),
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
