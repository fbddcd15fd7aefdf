//! The calls to Amazon that are under way.
//!
//! The library has no deadlines, and its success means only that Amazon took note. So each call waits
//! for an answer, and then for the snapshot that shows what it was for; a snapshot that shows it settles
//! the call, answer or not.
//!
//! ```text
//!  ask --> Sent ---returned---> Accepted ---seen, or moot---> settled
//!           |  |                    |
//!           |  +--seen--> settled   +--20 s--> told as failed
//!           +--failed, 4.5 s--> told as failed
//! ```

use std::time::Duration;

use offhook_protocol::{ApiError, ErrorType, Personal, Timestamp};

use crate::{
    error_text,
    goal::{Goal, Outlook, Sight},
    page::{Asked, Call, Opaque},
    snapshot::Snapshot,
};

/// An answer must come within this: sooner than the phone gives up.
const ANSWER: Duration = Duration::from_millis(4_500);
/// What was accepted must be seen within this, and lists must be complete.
const OUTCOME: Duration = Duration::from_secs(20);

const NO_ANSWER: &str = "The Amazon Connect panel did not answer in time";
const NO_OUTCOME: &str = "Amazon Connect accepted it, but nothing came of it";

/// See the module.
#[derive(Debug, Default)]
pub(crate) struct Calls {
    last_id: u64,
    last_request: u64,
    in_flight: Vec<InFlight>,
}

#[derive(Debug)]
struct InFlight {
    asked: Asked,
    goal: Goal,
    askers: Vec<Asker>,
    stage: Stage,
    /// The last error of the API that was heard since.
    heard: Option<Personal>,
}

/// Somebody who wants to hear of a failure, once for each request.
#[derive(Clone, Debug, PartialEq)]
struct Asker {
    request: u64,
    failure: ErrorType,
}

#[derive(Clone, Copy, Debug)]
enum Stage {
    Sent { until: Timestamp },
    Accepted { until: Timestamp },
}

/// What came of a call.
#[derive(Debug)]
pub(crate) struct Settled {
    pub(crate) call: Call,
    pub(crate) end: End,
}

/// See [`Settled`].
#[derive(Debug)]
pub(crate) enum End {
    /// It came true, or does not matter any more.
    Done {
        /// What the call gave back.
        data: Option<Opaque>,
    },
    /// It failed.
    Failed {
        /// Amazon said so, rather than nobody anything.
        by_amazon: bool,
        /// One for each request that is to hear of it.
        errors: Vec<ApiError>,
    },
}

impl Calls {
    /// Makes the calls of one request. A call that is under way already is not made again: its outcome
    /// answers both. Returns what is to be asked of the script.
    pub(crate) fn ask(
        &mut self,
        calls: Vec<Call>,
        snapshot: &Snapshot,
        failure: &ErrorType,
        now: Timestamp,
    ) -> Vec<Asked> {
        self.last_request += 1;
        let asker = Asker {
            request: self.last_request,
            failure: failure.clone(),
        };
        let mut new = Vec::new();
        for call in calls {
            let goal = Goal::of(&call, snapshot);
            match self.same_under_way(&call) {
                Some(same) => same.askers.push(asker.clone()),
                None => new.push(self.send(call, goal, asker.clone(), now)),
            }
        }
        new
    }

    fn send(&mut self, call: Call, goal: Goal, asker: Asker, now: Timestamp) -> Asked {
        let patience = match call == Call::GetEndpoints {
            true => OUTCOME,
            false => ANSWER,
        };
        self.last_id += 1;
        let asked = Asked {
            id: self.last_id,
            call,
        };
        self.in_flight.push(InFlight {
            asked: asked.clone(),
            goal,
            askers: vec![asker],
            stage: Stage::Sent {
                until: now + patience,
            },
            heard: None,
        });
        asked
    }

    /// A call of which nothing is expected.
    pub(crate) fn ask_blindly(&mut self, call: Call) -> Asked {
        self.last_id += 1;
        Asked {
            id: self.last_id,
            call,
        }
    }

    /// Digits may be meant twice.
    fn same_under_way(&mut self, call: &Call) -> Option<&mut InFlight> {
        let repeatable = matches!(call, Call::SendDigits { .. });
        let in_flight = &mut self.in_flight.iter_mut();
        in_flight.find(|known| !repeatable && known.asked.call == *call)
    }

    pub(crate) fn returned(
        &mut self,
        id: u64,
        data: Option<Opaque>,
        sight: Option<Sight<'_>>,
        now: Timestamp,
    ) -> Option<Settled> {
        let index = self.place_of(id)?;
        let known = &mut self.in_flight[index];
        if known.goal.has_no_answer() {
            return None;
        }
        let outlook = sight.map_or(Outlook::Open, |sight| known.goal.outlook(sight));
        if known.goal.is_answer() || outlook != Outlook::Open {
            let call = self.in_flight.remove(index).asked.call;
            let end = End::Done { data };
            return Some(Settled { call, end });
        }
        known.stage = Stage::Accepted {
            until: now + OUTCOME,
        };
        None
    }

    pub(crate) fn failed(&mut self, id: u64, error: &Personal) -> Option<Settled> {
        let index = self.place_of(id)?;
        let text = error_text::of(error, self.in_flight[index].heard.as_ref());
        Some(self.fail(index, &text, true))
    }

    /// Remembers an error of the API for the calls that wait for an answer.
    pub(crate) fn hear(&mut self, error: &Personal) {
        for call in &mut self.in_flight {
            if matches!(call.stage, Stage::Sent { .. }) {
                call.heard = Some(error.clone());
            }
        }
    }

    /// Settles the calls whose goals are in sight.
    pub(crate) fn look(&mut self, sight: Sight<'_>) -> Vec<Settled> {
        let settles = |known: &mut InFlight| match (known.goal.outlook(sight), known.stage) {
            (Outlook::Reached, _) | (Outlook::Moot, Stage::Accepted { .. }) => true,
            (Outlook::Moot, Stage::Sent { .. }) | (Outlook::Open, _) => false,
        };
        self.take(settles)
    }

    /// The agent was logged out.
    pub(crate) fn logged_out(&mut self) -> Vec<Settled> {
        self.take(|known| known.goal == Goal::LoggedOut)
    }

    fn take(&mut self, settles: impl FnMut(&mut InFlight) -> bool) -> Vec<Settled> {
        let done = |known: InFlight| Settled {
            call: known.asked.call,
            end: End::Done { data: None },
        };
        self.in_flight.extract_if(.., settles).map(done).collect()
    }

    /// Gives up on what is due. What became moot is given up silently.
    pub(crate) fn handle_timeout(
        &mut self,
        sight: Option<Sight<'_>>,
        now: Timestamp,
    ) -> Vec<Settled> {
        let mut settled = Vec::new();
        while let Some(index) = self.in_flight.iter().position(|known| known.due() <= now) {
            let known = &self.in_flight[index];
            let moot = sight.is_some_and(|sight| known.goal.outlook(sight) == Outlook::Moot);
            settled.push(match known.stage {
                _ if moot => Settled {
                    call: self.in_flight.remove(index).asked.call,
                    end: End::Done { data: None },
                },
                Stage::Sent { .. } => self.fail(index, NO_ANSWER, false),
                Stage::Accepted { .. } => self.fail(index, NO_OUTCOME, false),
            });
        }
        settled
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.in_flight.iter().map(InFlight::due).min()
    }

    /// Tells each request of the failure once, whatever becomes of its other calls.
    fn fail(&mut self, index: usize, text: &str, by_amazon: bool) -> Settled {
        let failed = self.in_flight.remove(index);
        for other in &mut self.in_flight {
            other.askers.retain(|asker| !failed.askers.contains(asker));
        }
        let errors = failed.askers.into_iter();
        Settled {
            call: failed.asked.call,
            end: End::Failed {
                by_amazon,
                errors: errors
                    .map(|asker| ApiError::new(asker.failure, text))
                    .collect(),
            },
        }
    }

    fn place_of(&self, id: u64) -> Option<usize> {
        self.in_flight.iter().position(|known| known.asked.id == id)
    }
}

impl InFlight {
    fn due(&self) -> Timestamp {
        match self.stage {
            Stage::Sent { until } | Stage::Accepted { until } => until,
        }
    }
}
