//! What a line of a conversation says, and what it becomes on the wire.

use std::time::Duration;

use offhook_core::{
    Input, Intent, Preferences, Time, UpdateNews, UpdateProblem, Updates, UpdatesOff,
};
use offhook_protocol::{
    AgentButtons, AgentInfo, AgentState, AgentSync, ApiError, AppState, Button, ButtonState,
    Buttons, CallEvent, CallSync, Check, ConnectionStatus, ContactId, ContactKind, Envelope,
    ErrorType, Event, LegEvent, LegType, Link, Problem, Progress, SetAgentState, StateType, Step,
    SyncLeg, Timestamp, Variable,
};
use serde::Deserialize;
use serde_json::Value;

/// When every conversation starts: shortly before the published samples do.
const START: u64 = 1_586_421_430_000;

/// The contact of a line that names none.
const CONTACT: &str = "C1";

/// One line: a moment and an input, or expectations, or a remark. `tests/fixtures/README.md` explains
/// each key.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub(crate) struct Line {
    #[serde(rename = "//")]
    _remark: Option<String>,
    #[serde(rename = "fresh")]
    _fresh: Option<bool>,
    pub(crate) at: Option<u64>,

    bus: Option<Value>,
    sample: Option<String>,
    leg: Option<Leg>,
    calls: Option<Vec<Leg>>,
    agent: Option<Agent>,
    login: Option<String>,
    link: Option<String>,
    retry: Option<u64>,
    /// In how many milliseconds the session ends.
    session: Option<u64>,
    /// Steps of the set-up check, e.g. `page passed`, `login failed loginNeeded`.
    check: Option<Vec<String>>,
    error: Option<String>,
    text: Option<String>,
    press: Option<String>,
    contact: Option<String>,
    intent: Option<Intent>,
    /// A `tel:` or `callto:` link.
    opens: Option<String>,
    window: Option<bool>,
    prefer: Option<String>,
    /// Whether new versions are looked for, or what came of an order about one.
    update: Option<String>,
    pub(crate) due: Option<String>,

    pub(crate) effects: Option<Vec<String>>,
    pub(crate) phase: Option<String>,
    pub(crate) buttons: Option<String>,
    pub(crate) notices: Option<Vec<String>>,
    pub(crate) icon: Option<String>,
    pub(crate) tray: Option<Vec<String>>,
    pub(crate) view: Option<Value>,
}

/// A leg, in an event (`is` is type and event) or in a snapshot (type and status).
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Leg {
    is: String,
    id: Option<String>,
    contact: Option<String>,
    number: Option<String>,
    #[serde(default)]
    enable: String,
    told: Option<u64>,
    #[serde(default)]
    untimed: bool,
    #[serde(default)]
    bare: bool,
    status: Option<String>,
    /// `queuedCallback` or `monitoring`.
    kind: Option<String>,
}

/// `SetAgentState`, or the agent's part of a snapshot.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Agent {
    name: String,
    #[serde(rename = "type")]
    kind: Option<String>,
    muted: Option<bool>,
    buttons: Option<String>,
    /// The state that follows when the contact is over.
    next: Option<String>,
    told: Option<u64>,
    #[serde(default)]
    ccp: bool,
    #[serde(default)]
    snapshot: bool,
}

impl Line {
    pub(crate) fn now(&self) -> Option<Time> {
        self.at.map(|at| start() + Duration::from_millis(at))
    }

    /// The input, if the line is one. An envelope that the protocol does not understand is none.
    pub(crate) fn input(&self) -> Option<Input> {
        if let Some(envelope) = self.envelope() {
            // The wire form, there and back.
            let envelope = Envelope::parse(envelope.to_text().as_bytes()).expect("an envelope");
            return Event::read(&envelope).map(Input::Event);
        }
        let intent = self.press.as_ref().map(|button| Intent::Press {
            contact: ContactId::new(self.contact.as_deref().unwrap_or(CONTACT)),
            button: Button::from(button.clone()),
            leg: None,
        });
        let opens = self
            .opens
            .as_deref()
            .map(|link| Intent::OpenLink(link.into()));
        let intent = intent.or(self.intent.clone()).or(opens).map(Input::Intent);
        let window = self.window.map(|visible| Input::Window { visible });
        let preferences = self.prefer.as_ref().map(|words| {
            Input::Preferences(Preferences {
                notify: words.contains("notify"),
                sound: words.contains("sound"),
                raise: words.contains("raise"),
            })
        });
        let update = self.update.as_deref().map(update);
        let due = self.due.as_ref().map(|_| Input::Timeout);
        intent.or(window).or(preferences).or(update).or(due)
    }

    pub(crate) fn is_on_the_bus(&self) -> bool {
        self.envelope().is_some()
    }

    fn envelope(&self) -> Option<Envelope> {
        let at = self.at.unwrap_or_default();
        let written = self.bus.as_ref().map(|bus| {
            Envelope::parse(bus.to_string().as_bytes()).expect("\"bus\" is an envelope")
        });
        written
            .or_else(|| self.sample.as_deref().map(sample))
            .or_else(|| self.leg.as_ref().map(|leg| leg.event(at).envelope()))
            .or_else(|| {
                self.calls
                    .as_ref()
                    .map(|legs| snapshot(legs, at).envelope())
            })
            .or_else(|| self.agent.as_ref().map(|agent| agent.envelope(at)))
            .or_else(|| self.login.as_deref().map(login))
            .or_else(|| self.link.as_deref().map(|link| self.link_change(link)))
            .or_else(|| self.error.as_deref().map(|kind| self.api_error(kind)))
    }

    fn link_change(&self, link: &str) -> Envelope {
        let link = match link {
            "none" => Link::None,
            "connecting" => Link::Connecting,
            "online" => Link::Online,
            "lost" => Link::Lost,
            other => panic!("no link is {other:?}"),
        };
        let state = AppState {
            link: Some(link),
            connector: Some("test".to_owned()),
            retry_in_ms: self.retry,
            session_ends_in_ms: self.session,
            check: self
                .check
                .iter()
                .flatten()
                .map(|words| check(words))
                .collect(),
        };
        state.change_envelope()
    }

    fn api_error(&self, kind: &str) -> Envelope {
        let text = self.text.clone().unwrap_or_default();
        ApiError::new(ErrorType::parse(kind), text).envelope()
    }
}

fn update(words: &str) -> Input {
    let news = match words.split_once(' ') {
        None if words == "on" => {
            let spread = Duration::from_secs(60);
            return Input::Updates(Updates::On { spread });
        }
        None if words == "off" => return Input::Updates(Updates::Off(UpdatesOff::Settings)),
        None if words == "newest" => UpdateNews::Newest,
        None if words == "installed" => UpdateNews::Installed,
        Some(("found", version)) => UpdateNews::Found {
            version: version.to_owned(),
        },
        Some(("downloaded", version)) => UpdateNews::Downloaded {
            version: version.to_owned(),
        },
        Some(("failed", problem)) => UpdateNews::Failed {
            problem: match problem {
                "unreachable" => UpdateProblem::Unreachable,
                "notInstalled" => UpdateProblem::NotInstalled,
                other => panic!("no problem is {other:?}"),
            },
            detail: "no route".to_owned(),
        },
        _ => panic!("nothing about a new version is {words:?}"),
    };
    Input::Update(news)
}

/// The first moment.
pub(crate) fn start() -> Time {
    Time::from_millis(START)
}

/// A published sample.
fn sample(name: &str) -> Envelope {
    let path = format!("{}/fixtures/samples/{name}", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read(&path).unwrap_or_else(|error| panic!("{path}: {error}"));
    Envelope::parse(&text).expect("a published sample is an envelope")
}

fn login(word: &str) -> Envelope {
    let sync = AgentSync {
        logged_in: Some(word == "in"),
        ..AgentSync::default()
    };
    let subtopic = if word == "in" {
        "LoginSuccess"
    } else {
        "LogoutSuccess"
    };
    sync.envelope(subtopic)
}

fn timestamp(millis: u64) -> Timestamp {
    Timestamp::from_millis(i64::try_from(START + millis).expect("a moment in this millennium"))
}

/// The eleven buttons, with just these enabled, and unknown ones if there are any among them.
fn buttons(enabled: &str) -> Buttons {
    let mut buttons = Buttons::enabling(&[]);
    for name in enabled.split_whitespace() {
        buttons.set(Button::from(name.to_owned()), ButtonState::Enable);
    }
    buttons
}

fn variables() -> Vec<Variable> {
    let variable = |(name, value): (&str, &str)| Variable {
        name: name.to_owned(),
        value: value.into(),
    };
    [("ANI", "+441632960011"), ("DNIS", "+448081570001")]
        .map(variable)
        .into()
}

fn snapshot(legs: &[Leg], at: u64) -> CallSync {
    CallSync {
        variables: if legs.is_empty() {
            Vec::new()
        } else {
            variables()
        },
        queue: (!legs.is_empty()).then(|| "Orders".to_owned()),
        queue_at: None,
        legs: legs.iter().map(|leg| leg.in_snapshot(at)).collect(),
    }
}

impl Leg {
    fn words(&self) -> (&str, &str) {
        self.is.split_once(' ').expect("\"is\" has two words")
    }

    fn contact_kind(&self) -> ContactKind {
        match self.kind.as_deref() {
            None => ContactKind::Voice,
            Some("queuedCallback") => ContactKind::QueuedCallback,
            Some("monitoring") => ContactKind::Monitoring,
            Some(other) => panic!("no kind of contact is {other:?}"),
        }
    }

    fn told(&self, at: u64) -> Option<Timestamp> {
        (!self.untimed).then(|| timestamp(self.told.unwrap_or(at)))
    }

    fn event(&self, at: u64) -> LegEvent {
        let (kind, event) = self.words();
        LegEvent {
            connection_id: self.id.as_deref().unwrap_or(kind).into(),
            contact_id: (!self.bare).then(|| self.contact.as_deref().unwrap_or(CONTACT).into()),
            kind: self.contact_kind(),
            event: CallEvent::parse(event),
            leg: LegType::parse(kind),
            status: self.status.as_deref().map(ConnectionStatus::parse),
            previous_status: None,
            at: self.told(at),
            phone_number: self.number.as_deref().map(Into::into),
            queue: Some("Orders".to_owned()),
            variables: variables(),
            buttons: Some(buttons(&self.enable)),
        }
    }

    fn in_snapshot(&self, at: u64) -> SyncLeg {
        let (kind, status) = self.words();
        SyncLeg {
            connection_id: self.id.as_deref().unwrap_or(kind).into(),
            contact_id: Some(self.contact.as_deref().unwrap_or(CONTACT).into()),
            kind: self.contact_kind(),
            phone_number: self.number.as_deref().map(Into::into),
            status: ConnectionStatus::parse(status),
            at: self.told(at),
            leg: LegType::parse(kind),
            buttons: Some(buttons(&self.enable)),
        }
    }
}

impl Agent {
    fn envelope(&self, at: u64) -> Envelope {
        let state = AgentState {
            name: self.name.clone(),
            kind: self.kind.as_deref().and_then(StateType::parse),
            arn: None,
            since: Some(timestamp(self.told.unwrap_or(at))),
        };
        let info = AgentInfo {
            muted: self.muted,
            ..AgentInfo::default()
        };
        if self.ccp {
            return offhook_protocol::ccp_agent_state_envelope(&state);
        }
        if self.snapshot {
            let sync = AgentSync {
                logged_in: Some(true),
                info: Some(info),
                state: Some(state),
                next: self.next.clone(),
                buttons: self.buttons(),
            };
            return sync.envelope("StateSync");
        }
        let event = SetAgentState {
            ready: Some(state.kind == Some(StateType::Routable)),
            reason: None,
            next: self.next.clone(),
            info,
            buttons: self.buttons(),
            state,
        };
        event.envelope()
    }

    fn buttons(&self) -> Option<AgentButtons> {
        let enabled: Vec<&str> = self.buttons.as_deref()?.split_whitespace().collect();
        let is = |name| Some(enabled.contains(&name));
        Some(AgentButtons {
            ready: is("Ready"),
            not_ready: is("NotReady"),
            make_call: is("make_call"),
            mute: is("mute"),
            unmute: is("unmute"),
        })
    }
}

fn check(words: &str) -> Check {
    let mut words = words.split_whitespace();
    let step = Step::parse(words.next().expect("a step"));
    let progress = match words.next() {
        Some("waiting") => Progress::Waiting,
        Some("passed") => Progress::Passed,
        Some("failed") => Progress::Failed,
        other => panic!("no progress is {other:?}"),
    };
    Check {
        step,
        progress,
        problem: words.next().map(Problem::parse),
    }
}
