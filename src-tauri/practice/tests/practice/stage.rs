//! A contact centre with a hand-driven clock, and what it says as short lines.

use std::time::Duration;

use offhook_practice::{Practice, Scenario};
use offhook_protocol::{
    Button, ButtonState, Envelope, Event, LegEvent, LegType, Request, Timestamp,
};
use serde_json::{Value, json};

/// 2026-11-21T09:00:00.000Z
pub(crate) const OPENING: i64 = 1_795_251_600_000;

/// One call, a second after the start.
pub(crate) const ONE_CALL: &str = r#"
    about = "One call"
    [[step]]
    after = "1s"
    do = { call = [{ from = "+161081111", to = "+16013261548", queue = "InboundTest" }] }
"#;

/// A scenario that goes on after [`ONE_CALL`].
pub(crate) fn one_call_and(steps: &str) -> String {
    format!("{ONE_CALL}\n{steps}")
}

/// A contact centre, and what was heard of it.
pub(crate) struct Stage {
    practice: Practice,
    pub(crate) now: Timestamp,
    /// The last event of each leg, in the order they came up.
    pub(crate) legs: Vec<LegEvent>,
}

impl Stage {
    /// Opens the centre and swallows what it says at first.
    pub(crate) fn open(scenario: &str) -> Self {
        let mut stage = Self::with(Scenario::parse(scenario).unwrap(), 7);
        stage.drain();
        stage
    }

    pub(crate) fn with(scenario: Scenario, seed: u64) -> Self {
        let now = Timestamp::from_millis(OPENING);
        Self {
            practice: Practice::new(scenario, seed, now),
            now,
            legs: Vec::new(),
        }
    }

    /// A centre whose one call rings.
    pub(crate) fn ringing() -> Self {
        let mut stage = Self::open(ONE_CALL);
        stage.wait(1_000);
        stage
    }

    /// A centre whose one call was answered.
    pub(crate) fn talking() -> Self {
        let mut stage = Self::ringing();
        stage.ask("Answer");
        stage
    }

    /// A call on which a third party was reached.
    pub(crate) fn consulting() -> Self {
        let mut stage = Self::talking();
        stage.ask_with("Consult", json!("+441632960042"));
        stage.wait(3_000);
        stage
    }

    /// A call with two customers joined.
    pub(crate) fn conference() -> Self {
        let mut stage = Self::consulting();
        stage.ask("Conference");
        stage
    }

    /// A request about calls, without an argument.
    pub(crate) fn ask(&mut self, subtopic: &str) -> Vec<String> {
        lines(&self.send(&request("InboundCall", subtopic, None)))
    }

    /// A request about calls.
    pub(crate) fn ask_with(&mut self, subtopic: &str, data: Value) -> Vec<String> {
        lines(&self.send(&request("InboundCall", subtopic, Some(data))))
    }

    /// A request about the agent.
    pub(crate) fn ask_agent(&mut self, subtopic: &str, data: Option<Value>) -> Vec<String> {
        lines(&self.send(&request("Agent", subtopic, data)))
    }

    pub(crate) fn send(&mut self, envelope: &Envelope) -> Vec<Envelope> {
        self.practice.handle(envelope, self.now);
        self.drain()
    }

    /// Lets this many milliseconds pass, waking the centre whenever it asked for it.
    pub(crate) fn wait(&mut self, millis: u64) -> Vec<String> {
        lines(&self.wait_for(millis))
    }

    pub(crate) fn wait_for(&mut self, millis: u64) -> Vec<Envelope> {
        let end = self.now + Duration::from_millis(millis);
        let mut heard = Vec::new();
        while let Some(due) = self.practice.poll_timeout().filter(|due| *due <= end) {
            self.now = due;
            self.practice.handle_timeout(due);
            let after = self.practice.poll_timeout();
            assert!(
                after.is_none_or(|next| next > due),
                "the clock stands still"
            );
            heard.extend(self.drain());
        }
        self.now = end;
        heard
    }

    pub(crate) fn snapshot(&self) -> [Envelope; 3] {
        self.practice.snapshot()
    }

    /// The id of the leg of this kind that came up last.
    pub(crate) fn leg(&self, kind: &LegType) -> Value {
        let leg = self.legs.iter().rfind(|leg| leg.leg == *kind).unwrap();
        json!(leg.connection_id)
    }

    /// The first quick connect of this kind.
    pub(crate) fn quick_connect(&mut self, kind: &str) -> Value {
        let said = self.send(&request("Agent", "GetDirectConnects", None));
        let listed = said[0].message.as_ref().unwrap().as_array().unwrap();
        let first = listed.iter().find(|endpoint| endpoint["type"] == kind);
        first.unwrap().clone()
    }

    /// What was said and not heard yet.
    pub(crate) fn drain(&mut self) -> Vec<Envelope> {
        let heard: Vec<Envelope> = std::iter::from_fn(|| self.practice.poll_output()).collect();
        for envelope in &heard {
            let text = envelope.to_text();
            assert_eq!(Envelope::parse(text.as_bytes()).as_ref(), Ok(envelope));
            assert!(
                Request::read(envelope) == Ok(None),
                "{envelope:?} could be taken for a request"
            );
            if let Some(Event::Leg(event)) = Event::read(envelope) {
                match self
                    .legs
                    .iter_mut()
                    .find(|l| l.connection_id == event.connection_id)
                {
                    Some(leg) => *leg = event,
                    None => self.legs.push(event),
                }
            }
        }
        heard
    }
}

pub(crate) fn request(topic: &str, subtopic: &str, data: Option<Value>) -> Envelope {
    Envelope {
        source: Some("test".to_owned()),
        data,
        ..Envelope::new(topic, subtopic)
    }
}

pub(crate) fn lines(envelopes: &[Envelope]) -> Vec<String> {
    envelopes.iter().map(line).collect()
}

/// What an envelope says, e.g. `agent connecting: answer reject`.
fn line(envelope: &Envelope) -> String {
    match Event::read(envelope).unwrap_or_else(|| panic!("{envelope:?} is no event")) {
        Event::Leg(leg) => format!(
            "{} {}: {}",
            leg.leg.as_str(),
            leg.event.as_str(),
            enabled(leg.buttons.as_ref().unwrap().iter())
        ),
        Event::CallSync(calls) => {
            let legs: Vec<String> = calls
                .legs
                .iter()
                .map(|leg| format!("{} {}", leg.leg.as_str(), leg.status.as_str()))
                .collect();
            format!("calls [{}]", legs.join(", "))
        }
        Event::AgentState(set) => {
            let muted = match set.info.muted {
                Some(true) => ", muted",
                _ => "",
            };
            let next = set
                .next
                .map_or(String::new(), |name| format!(", next {name}"));
            format!("agent is {}{muted}{next}", set.state.name)
        }
        Event::CcpAgentState(state) => format!("ccp {}", state.name),
        Event::AgentSync(sync) => format!("agent sync {:?}", sync.state.map(|state| state.name)),
        Event::LoggedIn(_) => "logged in".to_owned(),
        Event::LoggedOut(_) => "logged out".to_owned(),
        Event::States(states) => {
            let names: Vec<String> = states.into_iter().map(|state| state.label).collect();
            format!("states [{}]", names.join(", "))
        }
        Event::DirectConnects(endpoints) => format!("{} quick connects", endpoints.len()),
        Event::App(app) => format!(
            "{} {}{}",
            envelope.subtopic,
            app.link.unwrap().as_str(),
            app.retry_in_ms
                .map_or(String::new(), |ms| format!(", next attempt in {ms} ms"))
        ),
        Event::Error(error) => {
            format!("{}: {}", error.kind.as_str(), error.error_message.reveal())
        }
    }
}

fn enabled<'a>(buttons: impl Iterator<Item = (&'a Button, ButtonState)>) -> String {
    buttons
        .filter(|(_, state)| *state == ButtonState::Enable)
        .map(|(button, _)| button.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
