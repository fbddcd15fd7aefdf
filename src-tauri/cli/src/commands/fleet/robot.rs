//! What an agent of the fleet does: begin some time, then answer, talk, hang up, clear.

use std::time::Duration;

use offhook_protocol::{AgentRequest, Button, CallRequest, ConnectionId, Event, Request};
use tokio::time::Instant;

use crate::state::State;

/// Nobody answers sooner, nor clears, in milliseconds.
const QUICK: u64 = 1_000;
/// Nobody takes longer, in milliseconds.
const SLOW: u64 = 3_000;
/// What a call takes beside the talk: until it rings, until it is answered, until it is cleared.
const BESIDE: Duration = Duration::from_secs(5);
/// Nobody talks for less.
const SHORTEST_TALK: Duration = Duration::from_secs(1);

/// The practice centre's state for those who have not begun.
const BREAK: &str = "Break";

/// See the module.
pub(super) struct Robot {
    state: State,
    shift: Shift,
    /// From one call to the next.
    cycle: Duration,
    talk: Duration,
    planned: Option<(Instant, Act)>,
    rng: fastrand::Rng,
}

/// Agents who came at the same time do not begin at the same time: their calls would go in step.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Shift {
    Arrived,
    OnBreak,
    Begun,
}

#[derive(Clone, Debug, PartialEq, Eq)]
enum Act {
    TakeBreak,
    Begin,
    Answer,
    HangUp(ConnectionId),
    Clear,
}

impl Robot {
    pub(super) fn new(calls_per_hour: u32, seed: u64) -> Self {
        let cycle = Duration::from_secs(3600) / calls_per_hour;
        Self {
            state: State::default(),
            shift: Shift::Arrived,
            cycle,
            talk: cycle.saturating_sub(BESIDE).max(SHORTEST_TALK),
            planned: None,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// Takes in what happened, and plans what to do about it.
    pub(super) fn hear(&mut self, event: &Event, now: Instant) {
        self.state.take(event);
        let planned = self.planned.take();
        self.planned = self.next_act().map(|act| match planned {
            Some((due, same)) if same == act => (due, act),
            Some(_) | None => (now + self.reaction(&act), act),
        });
    }

    /// When to [`act`](Self::act).
    pub(super) fn due(&self) -> Option<Instant> {
        self.planned.as_ref().map(|(due, _)| *due)
    }

    /// What it does now.
    pub(super) fn act(&mut self) -> Option<Request> {
        let (_, act) = self.planned.take()?;
        Some(match act {
            Act::TakeBreak => {
                self.shift = Shift::OnBreak;
                Request::Agent(AgentRequest::SetNotReady(BREAK.to_owned()))
            }
            Act::Begin => {
                self.shift = Shift::Begun;
                Request::Agent(AgentRequest::SetReady)
            }
            Act::Answer => Request::Call(CallRequest::Answer),
            Act::HangUp(leg) => Request::Call(CallRequest::Disconnect(Some(leg))),
            Act::Clear => Request::Call(CallRequest::ClearContact),
        })
    }

    fn next_act(&self) -> Option<Act> {
        match self.shift {
            Shift::Arrived => Some(Act::TakeBreak),
            Shift::OnBreak => Some(Act::Begin),
            Shift::Begun => self.next_act_on_a_call(),
        }
    }

    fn next_act_on_a_call(&self) -> Option<Act> {
        let leg = |button| self.state.offering(&button);
        if leg(Button::Answer).is_some() {
            Some(Act::Answer)
        } else if leg(Button::ClearContact).is_some() {
            Some(Act::Clear)
        } else {
            leg(Button::Disconnect).map(|leg| Act::HangUp(leg.id.clone()))
        }
    }

    fn reaction(&mut self, act: &Act) -> Duration {
        match act {
            Act::TakeBreak => Duration::ZERO,
            Act::Begin => self.cycle.mul_f64(self.rng.f64()),
            Act::Answer | Act::Clear => Duration::from_millis(self.rng.u64(QUICK..=SLOW)),
            // So that calls that began together do not end together.
            Act::HangUp(_) => self.talk.mul_f64(0.5 + self.rng.f64()),
        }
    }
}

#[cfg(test)]
mod tests {
    use offhook_practice::{Practice, Scenario};
    use offhook_protocol::Timestamp;

    use super::*;

    /// Plays this long with a practice centre; returns the names of what the robot did, and when.
    fn play(calls_per_hour: u32, seed: u64, lasting: Duration) -> Vec<(String, Duration)> {
        let began = Instant::now();
        let at = |elapsed: Duration| Timestamp::from_millis(0) + elapsed;
        let scenario = Scenario::built_in("busy-hour").unwrap();
        let mut practice = Practice::new(scenario, seed, at(Duration::ZERO));
        let mut robot = Robot::new(calls_per_hour, seed);
        for known in practice.snapshot() {
            robot.hear(&Event::read(&known).unwrap(), began);
        }
        let mut done = Vec::new();
        let mut elapsed = Duration::ZERO;
        while elapsed < lasting {
            practice.handle_timeout(at(elapsed));
            if robot.due().is_some_and(|due| due <= began + elapsed) {
                let request = robot.act().unwrap().envelope("robot");
                practice.handle(&request, at(elapsed));
                done.push((request.subtopic, elapsed));
            }
            while let Some(said) = practice.poll_output() {
                if let Some(event) = Event::read(&said) {
                    assert!(!matches!(event, Event::Error(_)), "{event:?}");
                    robot.hear(&event, began + elapsed);
                }
            }
            let robot = robot.due().map(|due| due - began);
            let centre = practice
                .poll_timeout()
                .map(|due| due.saturating_duration_since(at(Duration::ZERO)));
            elapsed = robot.into_iter().chain(centre).min().unwrap_or(lasting);
        }
        done
    }

    #[test]
    fn one_call_follows_the_other() {
        let done = play(60, 1, Duration::from_secs(600));
        let round = ["Answer", "Disconnect", "ClearContact"];
        // At first it takes a break and ends it.
        for (index, (what, _)) in done.iter().skip(2).enumerate() {
            assert_eq!(what, round[index % 3]);
        }
        assert!(done.len() > 5);
    }

    #[test]
    fn the_calls_are_about_as_many_as_were_asked_for() {
        for calls_per_hour in [6, 60, 360] {
            let done = play(calls_per_hour, 1, Duration::from_secs(2 * 3600));
            let answered = done.iter().filter(|(what, _)| what == "Answer").count();
            let wanted = f64::from(calls_per_hour) * 2.0;
            let ratio = answered as f64 / wanted;
            assert!((0.7..1.3).contains(&ratio), "{answered} of {wanted}");
        }
    }

    #[test]
    fn the_first_calls_are_spread_over_the_usual_gap() {
        let first_call = |seed| {
            let done = play(60, seed, Duration::from_secs(120));
            let answer = done.into_iter().find(|(what, _)| what == "Answer");
            answer.unwrap().1.as_secs()
        };
        let mut in_each_quarter = [0; 5];
        for seed in 0..200 {
            in_each_quarter[usize::try_from(first_call(seed) / 15).unwrap()] += 1;
        }
        // It takes two to four seconds until a call is answered, so a few fall behind the last quarter.
        let [first, second, third, fourth, _] = in_each_quarter;
        for quarter in [first, second, third, fourth] {
            assert!((25..75).contains(&quarter), "{in_each_quarter:?}");
        }
    }
}
