//! Requests in a few words, and what the bus hears as short lines.

use std::time::Duration;

use offhook_protocol::{
    Button, ButtonState, Buttons, CallSync, ConnectionStatus, Endpoint, Envelope, Event, LegEvent,
    Request,
};
use serde_json::{Value, json};

use crate::subject::{Callee, Happening, Subject};

/// A subject on the stage.
pub(crate) struct Stage {
    subject: Box<dyn Subject>,
    /// The last event of each leg, in the order they came up.
    pub(crate) legs: Vec<LegEvent>,
}

impl Stage {
    pub(crate) fn new(subject: impl Subject + 'static) -> Self {
        Self {
            subject: Box::new(subject),
            legs: Vec::new(),
        }
    }

    /// A request about calls.
    pub(crate) fn ask(&mut self, subtopic: &str) -> Vec<String> {
        self.request("InboundCall", subtopic, None)
    }

    pub(crate) fn ask_with(&mut self, subtopic: &str, data: impl Into<Value>) -> Vec<String> {
        self.request("InboundCall", subtopic, Some(data.into()))
    }

    /// A request about the agent.
    pub(crate) fn ask_agent(&mut self, subtopic: &str, data: Option<Value>) -> Vec<String> {
        self.request("Agent", subtopic, data)
    }

    pub(crate) fn happen(&mut self, happening: Happening) -> Vec<String> {
        let heard = self.subject.happen(happening);
        self.hear(&heard)
    }

    pub(crate) fn wait(&mut self, seconds: u64) -> Vec<String> {
        let heard = self.subject.wait(Duration::from_secs(seconds));
        self.hear(&heard)
    }

    pub(crate) fn callee(&mut self, callee: Callee) {
        self.subject.callee(callee);
    }

    /// A call that was answered.
    pub(crate) fn talk(&mut self) {
        self.happen(Happening::CustomerCalls);
        assert!(!self.ask("Answer").is_empty(), "the call is answered");
    }

    /// A call with a third party that has answered.
    pub(crate) fn consult(&mut self) {
        self.talk();
        self.call_in();
    }

    /// Calls a further party, who answers.
    pub(crate) fn call_in(&mut self) {
        self.ask_with("Consult", "+442079460001");
        self.happen(Happening::CalleeResponds);
    }

    /// The quick connect of this type, as it was told.
    pub(crate) fn quick_connect(&mut self, kind: &str) -> Value {
        let request = envelope("Agent", "GetDirectConnects", None);
        let heard = self.subject.ask(&request);
        let Some(Event::DirectConnects(endpoints)) = Event::read(&heard[0]) else {
            panic!("{heard:?} are no quick connects");
        };
        let of_kind = |endpoint: &&Endpoint| endpoint.kind == kind;
        let endpoint = endpoints.iter().find(of_kind);
        json!(endpoint.expect("there is a quick connect of this type"))
    }

    /// The id of the leg of this type that came up last.
    pub(crate) fn leg(&self, kind: &str) -> Value {
        let mut legs = self.legs.iter();
        let leg = legs.rfind(|leg| leg.leg.as_str() == kind);
        json!(leg.expect("there is such a leg").connection_id)
    }

    fn request(&mut self, topic: &str, subtopic: &str, data: Option<Value>) -> Vec<String> {
        let heard = self.subject.ask(&envelope(topic, subtopic, data));
        self.hear(&heard)
    }

    /// Whatever is said can be read, is no request, and comes later than what was said of the leg before.
    fn hear(&mut self, heard: &[Envelope]) -> Vec<String> {
        for envelope in heard {
            let text = envelope.to_text();
            assert_eq!(Envelope::parse(text.as_bytes()).as_ref(), Ok(envelope));
            assert_eq!(Request::read(envelope), Ok(None), "{envelope:?}");
            if let Some(Event::Leg(event)) = Event::read(envelope) {
                self.hear_leg(event);
            }
        }
        heard.iter().map(line).collect()
    }

    fn hear_leg(&mut self, event: LegEvent) {
        let same = |leg: &&mut LegEvent| leg.connection_id == event.connection_id;
        match self.legs.iter_mut().find(same) {
            Some(leg) => {
                assert!(leg.at < event.at, "{event:?} is not later than {leg:?}");
                *leg = event;
            }
            None => self.legs.push(event),
        }
    }
}

fn envelope(topic: &str, subtopic: &str, data: Option<Value>) -> Envelope {
    Envelope {
        source: Some("test".to_owned()),
        data,
        ..Envelope::new(topic, subtopic)
    }
}

/// What an envelope says, e.g. `agent connected (was connecting): consult numberpad`.
fn line(envelope: &Envelope) -> String {
    match Event::read(envelope).unwrap_or_else(|| panic!("{envelope:?} is no event")) {
        Event::Leg(leg) => leg_line(&leg),
        Event::CallSync(calls) => calls_line(&calls),
        Event::AgentState(set) => {
            let kind = set.state.kind.map_or("", |kind| kind.as_str());
            let muted = match set.info.muted {
                Some(true) => ", muted",
                Some(false) | None => "",
            };
            let next = set.next.map(|next| format!(", then {next}"));
            let next = next.unwrap_or_default();
            let buttons = set.buttons.unwrap_or_default();
            let enabled = [
                ("Ready", buttons.ready),
                ("NotReady", buttons.not_ready),
                ("make_call", buttons.make_call),
                ("mute", buttons.mute),
                ("unmute", buttons.unmute),
            ];
            let enabled = enabled
                .iter()
                .filter(|(_, enabled)| *enabled == Some(true))
                .map(|(name, _)| *name)
                .collect::<Vec<_>>()
                .join(" ");
            format!(
                "agent is {} ({kind}){muted}{next}: {enabled}",
                set.state.name
            )
        }
        Event::CcpAgentState(state) => format!("ccp {}", state.name),
        Event::AgentSync(sync) => {
            let state = sync.state.map(|state| state.name).unwrap_or_default();
            let next = sync.next.map(|next| format!(", then {next}"));
            format!("agent sync {state}{}", next.unwrap_or_default())
        }
        Event::LoggedIn(_) => "logged in".to_owned(),
        Event::LoggedOut(_) => "logged out".to_owned(),
        Event::States(_) => "states".to_owned(),
        Event::DirectConnects(_) => "quick connects".to_owned(),
        Event::App(app) => format!("link {}", app.link.map_or("", |link| link.as_str())),
        // Each has words of its own for why.
        Event::Error(error) => error.kind.as_str().to_owned(),
    }
}

fn leg_line(leg: &LegEvent) -> String {
    let was = leg.previous_status.as_ref().map(ConnectionStatus::as_str);
    let was = was.map(|was| format!(" (was {was})")).unwrap_or_default();
    format!(
        "{} {}{was}: {}",
        leg.leg.as_str(),
        leg.event.as_str(),
        enabled(leg.buttons.as_ref())
    )
}

fn calls_line(calls: &CallSync) -> String {
    let legs = calls.legs.iter().map(|leg| {
        let (kind, status) = (leg.leg.as_str(), leg.status.as_str());
        format!("{kind} {status}: {}", enabled(leg.buttons.as_ref()))
    });
    format!("calls [{}]", legs.collect::<Vec<_>>().join(", "))
}

fn enabled(buttons: Option<&Buttons>) -> String {
    let buttons = buttons.expect("buttons are always told");
    assert_eq!(buttons.len(), Button::KNOWN.len(), "all of them are told");
    let enabled = buttons
        .iter()
        .filter(|(_, state)| *state == ButtonState::Enable);
    let names: Vec<&str> = enabled.map(|(button, _)| button.as_str()).collect();
    names.join(" ")
}
