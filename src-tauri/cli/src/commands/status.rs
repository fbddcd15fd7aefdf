//! `status`: the state in words, or as JSON.

use offhook_protocol::{Button, LegType, Link};
use serde_json::{Value, json};

use crate::{
    outcome::Outcome,
    state::{Leg, Stage, State},
};

pub(crate) fn of(state: &State) -> Outcome {
    let mut lines = vec![
        format!("Link:    {}", link(state)),
        format!("Agent:   {}", agent(state)),
    ];
    let contacts = contacts(state);
    for legs in &contacts {
        lines.extend(lines_of(legs));
    }
    if contacts.is_empty() {
        lines.push("Call:    none".to_owned());
    }
    Outcome::told(lines.join("\n"), json(state, &contacts))
}

fn link(state: &State) -> String {
    let app = state.app.as_ref();
    let word = app.and_then(|app| app.link).map_or("unknown", Link::as_str);
    match app.and_then(|app| app.connector.as_deref()) {
        Some(connector) => format!("{word} ({connector})"),
        None => word.to_owned(),
    }
}

fn agent(state: &State) -> String {
    match (&state.agent, state.logged_in) {
        (_, Some(false)) => "logged out".to_owned(),
        (None, _) => "unknown".to_owned(),
        (Some(agent), _) => match agent.since {
            Some(since) => format!("{} since {since}", agent.name),
            None => agent.name.clone(),
        },
    }
}

/// The legs of each contact, in the order they came.
pub(super) fn contacts(state: &State) -> Vec<Vec<&Leg>> {
    let mut contacts: Vec<Vec<&Leg>> = Vec::new();
    for leg in &state.legs {
        match contacts
            .iter_mut()
            .find(|legs| legs[0].contact == leg.contact)
        {
            Some(legs) => legs.push(leg),
            None => contacts.push(vec![leg]),
        }
    }
    contacts
}

fn lines_of(legs: &[&Leg]) -> Vec<String> {
    let since = legs.iter().filter_map(|leg| leg.at).max();
    let since = since.map_or(String::new(), |since| format!(" since {since}"));
    let buttons: Vec<String> = buttons(legs).into_iter().map(String::from).collect();
    let mut lines = vec![format!("Call:    {}{since}", phase(legs).as_str())];
    lines.extend(number(legs).map(|number| format!("Number:  {number}")));
    lines.extend(queue(legs).map(|queue| format!("Queue:   {queue}")));
    lines.push(format!("Buttons: {}", buttons.join(" ")));
    lines
}

/// How far a call is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Phase {
    Ringing,
    Connecting,
    Connected,
    OnHold,
    /// Wrap-up, missed or rejected.
    ToBeCleared,
    Over,
}

impl Phase {
    pub(super) fn as_str(self) -> &'static str {
        match self {
            Self::Ringing => "ringing",
            Self::Connecting => "connecting",
            Self::Connected => "connected",
            Self::OnHold => "on hold",
            Self::ToBeCleared => "over, to be cleared",
            Self::Over => "over",
        }
    }

    /// Whether somebody is still there.
    pub(super) fn is_live(self) -> bool {
        match self {
            Self::Ringing | Self::Connecting | Self::Connected | Self::OnHold => true,
            Self::ToBeCleared | Self::Over => false,
        }
    }
}

pub(super) fn phase(legs: &[&Leg]) -> Phase {
    let enables = |button| legs.iter().any(|leg| leg.buttons.enables(&button));
    let mut others = legs.iter().filter(|leg| leg.kind != LegType::Agent);
    let any = |stage| others.clone().any(|leg| leg.stage == stage);
    if enables(Button::Answer) {
        Phase::Ringing
    } else if enables(Button::ClearContact) {
        Phase::ToBeCleared
    } else if any(Stage::Connected) {
        Phase::Connected
    } else if any(Stage::OnHold) {
        Phase::OnHold
    } else if others.any(|leg| leg.stage == Stage::Connecting) {
        Phase::Connecting
    } else {
        Phase::Over
    }
}

pub(super) fn number<'a>(legs: &[&'a Leg]) -> Option<&'a str> {
    legs.iter()
        .find_map(|leg| leg.number.as_ref())
        .map(|number| number.reveal())
}

pub(super) fn queue<'a>(legs: &[&'a Leg]) -> Option<&'a str> {
    legs.iter().find_map(|leg| leg.queue.as_deref())
}

/// The enabled buttons of all legs, in the published order.
fn buttons(legs: &[&Leg]) -> Vec<Button> {
    let enabled = |button: &&Button| legs.iter().any(|leg| leg.buttons.enables(button));
    Button::KNOWN.iter().filter(enabled).cloned().collect()
}

fn json(state: &State, contacts: &[Vec<&Leg>]) -> Value {
    let app = state.app.as_ref();
    let agent = state.agent.as_ref();
    json!({
        "link": app.and_then(|app| app.link).map(Link::as_str),
        "connector": app.and_then(|app| app.connector.as_deref()),
        "agent": {
            "loggedIn": state.logged_in,
            "state": agent.map(|agent| &agent.name),
            "since": agent.and_then(|agent| agent.since).map(|since| since.to_string()),
        },
        "contacts": contacts.iter().map(|legs| contact(legs)).collect::<Vec<_>>(),
    })
}

fn contact(legs: &[&Leg]) -> Value {
    let leg = |leg: &&Leg| {
        json!({
            "connectionId": leg.id,
            "type": leg.kind.as_str(),
            "state": stage(leg.stage),
            "since": leg.at.map(|at| at.to_string()),
            "number": leg.number,
        })
    };
    json!({
        "contactId": legs[0].contact,
        "phase": phase(legs).as_str(),
        "number": number(legs),
        "queue": queue(legs),
        "buttons": buttons(legs),
        "legs": legs.iter().map(leg).collect::<Vec<_>>(),
    })
}

fn stage(stage: Stage) -> &'static str {
    match stage {
        Stage::Connecting => "connecting",
        Stage::Connected => "connected",
        Stage::OnHold => "hold",
        Stage::Over => "over",
        Stage::Unknown => "unknown",
    }
}
