//! Playing a scenario.

use offhook_protocol::Timestamp;

use crate::{
    centre::Centre,
    contact::Situation,
    scenario::{Action, Scenario, Step, When},
};

/// A scenario and how far it was played.
pub(crate) struct Script {
    scenario: Scenario,
    rng: fastrand::Rng,
    next: usize,
    /// When the next step is due; absent while it waits for its condition.
    due: Option<Timestamp>,
}

impl Script {
    pub(crate) fn new(scenario: Scenario, rng: fastrand::Rng) -> Self {
        Self {
            scenario,
            rng,
            next: 0,
            due: None,
        }
    }

    /// Starts another scenario at its first step.
    pub(crate) fn follow(&mut self, scenario: Scenario) {
        self.scenario = scenario;
        self.next = 0;
        self.due = None;
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.due
    }

    /// The next action, if its time has come. Looks at the condition of the next step, so it is to be
    /// asked after every change until it says `None`.
    pub(crate) fn next_action(&mut self, centre: &Centre, now: Timestamp) -> Option<Action> {
        loop {
            let step = self.scenario.steps.get(self.next)?;
            if !step.may_happen(centre) {
                self.due = None;
                return None;
            }
            let rng = &mut self.rng;
            let due = *self.due.get_or_insert_with(|| {
                now + step
                    .after
                    .0
                    .saturating_add(step.jitter.0.mul_f64(rng.f64()))
            });
            if now < due {
                return None;
            }
            let happens = rng.u8(0..100) < *step.chance.get_ref();
            let action = step.action.clone();
            self.advance();
            if happens {
                return Some(action);
            }
        }
    }

    /// One of several, by the seed.
    pub(crate) fn choose<'a, T>(&mut self, from: &'a [T]) -> Option<&'a T> {
        self.rng.choice(from)
    }

    fn advance(&mut self) {
        self.due = None;
        self.next += 1;
        if self.next == self.scenario.steps.len() && *self.scenario.repeat.get_ref() {
            self.next = 0;
        }
    }
}

impl Step {
    fn may_happen(&self, centre: &Centre) -> bool {
        let when = match matches!(self.action, Action::Call(_)) {
            true => Some(When::Ready),
            false => self.when,
        };
        when.is_none_or(|when| when.holds(centre))
    }
}

impl When {
    fn holds(self, centre: &Centre) -> bool {
        let situation = centre.situation();
        match self {
            Self::Ready => centre.is_ready(),
            Self::Ringing => situation == Some(Situation::Ringing),
            Self::Dialling => situation == Some(Situation::Dialling),
            Self::Talking => situation == Some(Situation::Talking),
            Self::Consulting => situation == Some(Situation::Consulting),
            Self::Conference => matches!(
                situation,
                Some(Situation::Conference { .. } | Situation::PartlyHeld { .. })
            ),
            Self::Over => situation == Some(Situation::Over),
        }
    }
}
