//! Scenario files: what happens by itself, and when.

use std::{collections::BTreeMap, time::Duration};

use serde::Deserialize;
use thiserror::Error;
use toml::Spanned;

use crate::command::Command;

/// A repeating scenario takes at least this long per round, so that it cannot flood the bus.
const SHORTEST_ROUND: Duration = Duration::from_secs(1);

/// A script for the contact centre. `docs/practice.md` describes the file format.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Scenario {
    /// What it is good for, in a sentence.
    about: String,
    /// Start over after the last step.
    #[serde(default = "once")]
    pub(crate) repeat: Spanned<bool>,
    #[serde(default, rename = "step")]
    pub(crate) steps: Vec<Step>,
}

/// One thing that happens.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Step {
    /// How long after the step before, or after `when` came true.
    pub(crate) after: Span,
    /// Up to this much later, drawn from the seed.
    #[serde(default)]
    pub(crate) jitter: Span,
    /// In how many per cent of the rounds it happens.
    #[serde(default = "always")]
    pub(crate) chance: Spanned<u8>,
    pub(crate) when: Option<When>,
    #[serde(rename = "do")]
    pub(crate) action: Action,
}

/// What a step waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum When {
    /// The agent is available and has no contact.
    Ready,
    Ringing,
    Dialling,
    Talking,
    /// With two other parties, at least one of them on hold.
    Consulting,
    /// With two other parties that hear each other, or with more.
    Conference,
    /// Wrap-up, missed, rejected or not reached.
    Over,
}

/// What a step does.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Action {
    /// One of these calls, drawn from the seed, is offered as soon as the agent is ready.
    Call(Spanned<Vec<Call>>),
    CustomerHangsUp,
    ThirdPartyHangsUp,
    /// How called parties respond from now on.
    CalledParty {
        response: Response,
        after: Option<Span>,
    },
    FailNext {
        request: Command,
        text: String,
    },
    IgnoreNext(Command),
    LinkLost(Span),
    RepeatLastEvent,
    DelayNextEvent(Span),
}

/// A customer's call.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub(crate) struct Call {
    pub(crate) from: String,
    pub(crate) to: String,
    pub(crate) queue: String,
    #[serde(default = "usual_ring")]
    pub(crate) ring: Span,
    #[serde(default)]
    pub(crate) variables: BTreeMap<String, String>,
}

/// What a called party does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(crate) enum Response {
    Answers,
    Busy,
    NoAnswer,
}

impl Response {
    pub(crate) fn usual_delay(self) -> Duration {
        Duration::from_secs(match self {
            Self::Answers => 3,
            Self::Busy => 2,
            Self::NoAnswer => 20,
        })
    }
}

/// A length of time as a person writes it: `3s`, `1m 30s`, `500ms`.
#[derive(Clone, Copy, Debug, Default, Deserialize)]
#[serde(transparent)]
pub(crate) struct Span(
    #[serde(with = "jiff::fmt::serde::unsigned_duration::friendly::compact::required")]
    pub(crate)  Duration,
);

fn usual_ring() -> Span {
    Span(Duration::from_secs(20))
}

fn once() -> Spanned<bool> {
    Spanned::new(0..0, false)
}

fn always() -> Spanned<u8> {
    Spanned::new(0..0, 100)
}

/// Why a scenario cannot be played: where, and what is wrong there.
#[derive(Debug, Error, PartialEq, Eq)]
#[error("line {line}, column {column}: {what}")]
pub struct ScenarioError {
    /// From 1.
    pub line: usize,
    /// From 1, in characters.
    pub column: usize,
    /// What is wrong and, where it can be known, what would be right.
    pub what: String,
}

macro_rules! built_in {
    ($($name:literal),* $(,)?) => {
        const BUILT_IN: &[(&str, &str)] = &[$((
            $name,
            include_str!(concat!("../scenarios/", $name, ".toml")),
        )),*];
        const NAMES: &[&str] = &[$($name),*];
    };
}

built_in!(
    "default",
    "idle",
    "random",
    "busy-hour",
    "missed",
    "hang-up",
    "refused",
    "no-reply",
    "link-lost",
    "repeats",
    "outbound-unanswered",
    "consult-refused",
);

impl Scenario {
    /// Reads a scenario file.
    pub fn parse(text: &str) -> Result<Self, ScenarioError> {
        let error = |at: usize, what: &str| {
            let before = &text[..text.floor_char_boundary(at)];
            let line_start = before.rfind('\n').map_or(0, |newline| newline + 1);
            ScenarioError {
                line: before.matches('\n').count() + 1,
                column: before[line_start..].chars().count() + 1,
                what: what.to_owned(),
            }
        };
        let scenario: Self = toml::from_str(text).map_err(|e| {
            error(
                e.span().map_or(0, |span| span.start),
                e.message().trim_end(),
            )
        })?;
        for step in &scenario.steps {
            if *step.chance.get_ref() > 100 {
                return Err(error(
                    step.chance.span().start,
                    "a chance is 0 to 100 per cent",
                ));
            }
            if let Action::Call(calls) = &step.action {
                let at = calls.span().start;
                if calls.get_ref().is_empty() {
                    return Err(error(at, "name at least one call"));
                }
                if step.when.is_some() {
                    let what = "a call waits by itself until the agent is ready: leave `when` out";
                    return Err(error(at, what));
                }
            }
        }
        let round: Duration = scenario
            .steps
            .iter()
            .fold(Duration::ZERO, |sum, step| sum.saturating_add(step.after.0));
        if *scenario.repeat.get_ref() && round < SHORTEST_ROUND {
            return Err(error(
                scenario.repeat.span().start,
                "a scenario that repeats must take a second or more: give a step a longer `after`",
            ));
        }
        Ok(scenario)
    }

    /// One of the scenarios that come with the program. `None` if there is none of that name.
    pub fn built_in(name: &str) -> Option<Self> {
        let (_, text) = BUILT_IN.iter().find(|(known, _)| *known == name)?;
        Some(Self::parse(text).unwrap_or_else(|error| unreachable!("scenario {name}: {error}")))
    }

    /// The names of the scenarios that come with the program.
    pub fn names() -> &'static [&'static str] {
        NAMES
    }

    /// What the scenario is good for, in a sentence.
    pub fn about(&self) -> &str {
        &self.about
    }
}
