//! A connector with a hand-driven clock and panel, and what it says as short lines.

use std::time::Duration;

use offhook_amazon::{
    Amazon, Order, Output, Seen, Setup, Update, Way,
    page::{Opaque, Permission, Said},
};
use offhook_protocol::{
    AgentSync, AppState, Button, ButtonState, Envelope, Event, Progress, Request, Timestamp,
};
use serde_json::{Value, json};
use url::Url;

use crate::streams::{self, AVAILABLE, State};

/// 2026-11-21T09:00:00.000Z
pub(crate) const OPENING: i64 = 1_795_251_600_000;

pub(crate) struct Stage {
    pub(crate) amazon: Amazon,
    pub(crate) now: Timestamp,
    pub(crate) configuration: Value,
    /// The panel acknowledges while time passes.
    pub(crate) alive: bool,
    /// The ids of the calls that were asked for, in order.
    asked: Vec<u64>,
}

pub(crate) fn instance() -> Url {
    Url::parse("https://example.my.connect.aws").unwrap()
}

/// The panel's page.
pub(crate) fn panel() -> Url {
    Url::parse("https://example.my.connect.aws/ccp-v2/").unwrap()
}

impl Stage {
    /// A connector whose panel has not loaded yet, with what it said first.
    pub(crate) fn raw(way: Way) -> (Self, Vec<String>) {
        let now = Timestamp::from_millis(OPENING);
        let instance = instance();
        let mut stage = Self {
            amazon: Amazon::new(Setup { instance, way }, now),
            now,
            configuration: streams::configuration(),
            alive: true,
            asked: Vec::new(),
        };
        let heard = stage.drain();
        (stage, heard)
    }

    /// A connector whose agent is available.
    pub(crate) fn open() -> Self {
        let (mut stage, _) = Self::raw(Way::Panel);
        stage.seen(Seen::Loading(panel()));
        stage.hello();
        stage.said(Said::Streams);
        stage.said(Said::Acknowledged);
        stage.seen(Seen::Loaded(panel()));
        stage.update(AVAILABLE, &[]);
        stage
    }

    /// A connector with this contact.
    pub(crate) fn with(agent: State, contact: Value) -> Self {
        let mut stage = Self::open();
        stage.update(agent, &[contact]);
        stage
    }

    /// A connector whose one call rings.
    pub(crate) fn ringing() -> Self {
        Self::with(streams::RINGING, streams::ringing())
    }

    /// A connector whose one call was answered.
    pub(crate) fn talking() -> Self {
        let mut stage = Self::ringing();
        stage.talk(&[streams::caller("connected")]);
        stage
    }

    /// The call has these parties now.
    pub(crate) fn talk(&mut self, parties: &[Value]) -> Vec<String> {
        self.update(streams::BUSY, &[streams::talking(parties)])
    }

    pub(crate) fn hello(&mut self) -> Vec<String> {
        self.said(Said::Hello {
            web_rtc: true,
            microphone: Some(Permission::Granted),
        })
    }

    pub(crate) fn update(&mut self, agent: State, contacts: &[Value]) -> Vec<String> {
        self.take(streams::snapshot(agent, contacts))
    }

    pub(crate) fn take(&mut self, snapshot: Value) -> Vec<String> {
        lines(&self.take_for(snapshot))
    }

    pub(crate) fn take_for(&mut self, snapshot: Value) -> Vec<Output> {
        let update = Update {
            snapshot: Opaque(snapshot),
            configuration: Opaque(self.configuration.clone()),
        };
        self.amazon.said(Said::Update(Box::new(update)), self.now);
        self.outputs()
    }

    pub(crate) fn said(&mut self, said: Said) -> Vec<String> {
        self.amazon.said(said, self.now);
        self.drain()
    }

    pub(crate) fn seen(&mut self, seen: Seen) -> Vec<String> {
        self.amazon.seen(seen, self.now);
        self.drain()
    }

    /// A request about calls, without an argument.
    pub(crate) fn ask(&mut self, subtopic: &str) -> Vec<String> {
        self.send(&request("InboundCall", subtopic, None))
    }

    /// A request about calls.
    pub(crate) fn ask_with(&mut self, subtopic: &str, data: Value) -> Vec<String> {
        self.send(&request("InboundCall", subtopic, Some(data)))
    }

    /// A request about the agent.
    pub(crate) fn ask_agent(&mut self, subtopic: &str, data: Option<Value>) -> Vec<String> {
        self.send(&request("Agent", subtopic, data))
    }

    pub(crate) fn send(&mut self, envelope: &Envelope) -> Vec<String> {
        self.amazon.handle(envelope, self.now);
        self.drain()
    }

    /// The call that was asked for last succeeds, as far as the panel is concerned.
    pub(crate) fn returned(&mut self) -> Vec<String> {
        let id = self.last_asked();
        self.said(Said::Returned { id, data: None })
    }

    /// The call that was asked for last gives this back.
    pub(crate) fn returned_with(&mut self, data: Value) -> Vec<String> {
        let id = self.last_asked();
        let data = Some(Opaque(data));
        self.said(Said::Returned { id, data })
    }

    /// The call that was asked for last fails with this.
    pub(crate) fn failed(&mut self, error: &str) -> Vec<String> {
        let id = self.last_asked();
        self.fail(id, error)
    }

    pub(crate) fn fail(&mut self, id: u64, error: &str) -> Vec<String> {
        let error = error.into();
        self.said(Said::Failed { id, error })
    }

    pub(crate) fn last_asked(&self) -> u64 {
        *self.asked.last().unwrap()
    }

    /// Lets this many milliseconds pass, waking the connector whenever it asked for it. A panel that is
    /// alive acknowledges every second.
    pub(crate) fn wait(&mut self, millis: u64) -> Vec<String> {
        lines(&self.wait_for(millis))
    }

    pub(crate) fn wait_for(&mut self, millis: u64) -> Vec<Output> {
        let end = self.now + Duration::from_millis(millis);
        let mut heard = Vec::new();
        let mut tick = self.now + Duration::from_secs(1);
        loop {
            let due = self.amazon.poll_timeout().into_iter();
            let due = due.chain(self.alive.then_some(tick)).min();
            let Some(due) = due.filter(|due| *due <= end) else {
                break;
            };
            self.now = due.max(self.now);
            if self.alive && due == tick {
                self.amazon.said(Said::Acknowledged, self.now);
                tick = tick + Duration::from_secs(1);
            } else {
                self.amazon.handle_timeout(self.now);
            }
            let next = self.amazon.poll_timeout();
            assert!(
                next.is_none_or(|next| next > self.now),
                "the clock stands still"
            );
            heard.extend(self.outputs());
        }
        self.now = end;
        heard
    }

    /// The id of each leg as the bus knows it, the agent's own first.
    pub(crate) fn legs(&self) -> Vec<Value> {
        let calls = self.calls();
        let ids = calls.legs.iter().map(|leg| json!(leg.connection_id));
        ids.collect()
    }

    pub(crate) fn calls(&self) -> offhook_protocol::CallSync {
        let [_, _, calls] = self.amazon.snapshot();
        match Event::read(&calls) {
            Some(Event::CallSync(calls)) => calls,
            other => panic!("no calls: {other:?}"),
        }
    }

    pub(crate) fn agent(&self) -> AgentSync {
        let [_, agent, _] = self.amazon.snapshot();
        match Event::read(&agent) {
            Some(Event::AgentSync(agent)) => agent,
            other => panic!("no agent: {other:?}"),
        }
    }

    pub(crate) fn app(&self) -> AppState {
        let [app, _, _] = self.amazon.snapshot();
        match Event::read(&app) {
            Some(Event::App(app)) => app,
            other => panic!("no link: {other:?}"),
        }
    }

    pub(crate) fn drain(&mut self) -> Vec<String> {
        lines(&self.outputs())
    }

    /// What was said and not heard yet.
    pub(crate) fn outputs(&mut self) -> Vec<Output> {
        let outputs: Vec<Output> = std::iter::from_fn(|| self.amazon.poll_output()).collect();
        for output in &outputs {
            match output {
                Output::Bus(envelope) => {
                    let text = envelope.to_text();
                    assert_eq!(Envelope::parse(text.as_bytes()).as_ref(), Ok(envelope));
                    assert_eq!(Request::read(envelope), Ok(None), "{envelope:?}");
                }
                Output::Ask(asked) => self.asked.push(asked.id),
                Output::Panel(_) => {}
            }
        }
        outputs
    }
}

pub(crate) fn request(topic: &str, subtopic: &str, data: Option<Value>) -> Envelope {
    Envelope {
        source: Some("test".to_owned()),
        data,
        ..Envelope::new(topic, subtopic)
    }
}

pub(crate) fn lines(outputs: &[Output]) -> Vec<String> {
    outputs.iter().map(line).collect()
}

fn line(output: &Output) -> String {
    match output {
        Output::Bus(envelope) => heard(envelope),
        Output::Ask(asked) => asked_for(&json!(asked)),
        Output::Panel(Order::Show) => "show".to_owned(),
        Output::Panel(Order::Hide) => "hide".to_owned(),
        Output::Panel(Order::Reload) => "reload".to_owned(),
        Output::Panel(Order::LogOut) => "log out".to_owned(),
        Output::Panel(Order::Probe) => "probe".to_owned(),
    }
}

/// A call and its arguments, e.g. `ask hold contact caller`; states by their names.
fn asked_for(asked: &Value) -> String {
    let argument = |value: &Value| match (value.as_str(), value.get("name")) {
        (Some(text), _) => text.to_owned(),
        (None, Some(name)) => name.to_string(),
        (None, None) => value.to_string(),
    };
    let named = ["id", "call"];
    let fields = asked.as_object().unwrap().iter();
    let arguments = fields.filter(|(name, _)| !named.contains(&name.as_str()));
    let mut words = vec!["ask".to_owned(), argument(&asked["call"])];
    words.extend(arguments.map(|(_, value)| argument(value)));
    words.join(" ")
}

/// What an envelope says, e.g. `agent connecting: answer reject`.
fn heard(envelope: &Envelope) -> String {
    match Event::read(envelope).unwrap_or_else(|| panic!("{envelope:?} is no event")) {
        Event::Leg(leg) => format!(
            "{} {}: {}",
            leg.leg.as_str(),
            leg.event.as_str(),
            enabled(leg.buttons.as_ref().unwrap().iter())
        ),
        Event::CallSync(calls) => {
            let legs = calls.legs.iter();
            let legs: Vec<String> = legs
                .map(|leg| format!("{} {}", leg.leg.as_str(), leg.status.as_str()))
                .collect();
            format!("calls [{}]", legs.join(", "))
        }
        Event::AgentState(set) => {
            let next = set
                .next
                .map_or(String::new(), |next| format!(", next {next}"));
            let muted = match set.info.muted {
                Some(true) => ", muted",
                _ => "",
            };
            format!("agent is {}{next}{muted}", set.state.name)
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
        Event::App(app) => format!("{} {}", envelope.subtopic, link(&app)),
        Event::Error(error) => {
            format!("{}: {}", error.kind.as_str(), error.error_message.reveal())
        }
    }
}

/// E.g. `lost, panel panelSilent, next attempt in 15000 ms`.
pub(crate) fn link(app: &AppState) -> String {
    let mut parts = vec![app.link.unwrap().as_str().to_owned()];
    let failed = app
        .check
        .iter()
        .filter(|check| check.progress == Progress::Failed);
    parts.extend(failed.map(|check| {
        let problem = check.problem.as_ref().unwrap();
        format!("{} {}", check.step.as_str(), problem.as_str())
    }));
    parts.extend(app.retry_in_ms.map(|ms| format!("next attempt in {ms} ms")));
    parts.join(", ")
}

fn enabled<'a>(buttons: impl Iterator<Item = (&'a Button, ButtonState)>) -> String {
    buttons
        .filter(|(_, state)| *state == ButtonState::Enable)
        .map(|(button, _)| button.as_str())
        .collect::<Vec<_>>()
        .join(" ")
}
