//! An agent in one row.

use std::{cmp::Reverse, time::Duration};

use offhook_protocol::{Event, Personal, Timestamp};
use offhook_uplink::{Desk, Presence, Status};
use serde_json::{Value, json};

use super::super::status::{self, Phase};
use crate::{broker, state::State};

/// What stands for what is not known.
const UNKNOWN: &str = "-";

/// What a supervisor sees of an agent.
#[derive(Debug, PartialEq)]
pub(super) struct Row {
    pub(super) agent: String,
    presence: &'static str,
    state: Option<String>,
    since: Option<Timestamp>,
    call: Option<Call>,
}

#[derive(Debug, PartialEq)]
struct Call {
    phase: Phase,
    queue: Option<String>,
    since: Option<Timestamp>,
    number: Option<Personal>,
}

impl Row {
    pub(super) fn of(agent: &str, desk: &Desk) -> Self {
        let state = desk.agent().and_then(|agent| agent.state.as_ref());
        Self {
            agent: agent.to_owned(),
            presence: match desk.presence() {
                Some(Presence::Online { .. }) => "online",
                Some(Presence::Offline) => "offline",
                None => UNKNOWN,
            },
            state: state.map(|state| state.name.clone()),
            since: state.and_then(|state| state.since),
            call: call(desk),
        }
    }

    pub(super) fn json(&self, numbers: bool) -> Value {
        let moment = |at: Option<Timestamp>| at.map(|at| at.to_string());
        let call = self.call.as_ref().map(|call| {
            let mut said = json!({
                "phase": call.phase.as_str(),
                "queue": call.queue,
                "since": moment(call.since),
            });
            if numbers {
                said["number"] = json!(call.number);
            }
            said
        });
        json!({
            "agent": self.agent,
            "presence": self.presence,
            "state": self.state,
            "since": moment(self.since),
            "call": call,
        })
    }

    /// Whether the agent is on a call, as far as that can be known: what is known of a phone that is away
    /// may be long over.
    fn is_on_call(&self) -> bool {
        let live = self.call.as_ref().is_some_and(|call| call.phase.is_live());
        self.presence == "online" && live
    }

    /// One line about a change, for those who read on.
    pub(super) fn line(&self, now: Timestamp, numbers: bool) -> String {
        let cells = self.cells(now, numbers);
        let words: Vec<_> = cells.iter().filter(|cell| !cell.is_empty()).collect();
        let mut line = now.to_string();
        for word in words {
            line.push_str("  ");
            line.push_str(word);
        }
        line
    }

    fn cells(&self, now: Timestamp, numbers: bool) -> Vec<String> {
        let state = self.state.as_deref().unwrap_or(UNKNOWN);
        let mut cells = vec![
            printable(&self.agent),
            self.presence.to_owned(),
            printable(state),
            lasting(self.since, now),
        ];
        match &self.call {
            Some(call) => cells.extend([
                call.phase.as_str().to_owned(),
                lasting(call.since, now),
                printable(call.queue.as_deref().unwrap_or(UNKNOWN)),
            ]),
            None => cells.extend([const { String::new() }; 3]),
        }
        if numbers {
            let number = self.call.as_ref().and_then(|call| call.number.as_ref());
            cells.push(number.map_or(String::new(), |number| printable(number.reveal())));
        }
        cells
    }
}

fn call(desk: &Desk) -> Option<Call> {
    let mut state = State::default();
    state.take(&Event::CallSync(desk.calls()?.clone()));
    let contacts = status::contacts(&state);
    let legs = contacts.first()?;
    Some(Call {
        phase: status::phase(legs),
        queue: status::queue(legs).map(str::to_owned),
        since: legs.iter().filter_map(|leg| leg.at).max(),
        number: status::number(legs).map(Personal::from),
    })
}

/// The whole table: a line about all, one about the connection, a heading, and the agents. First those who are there, of them first
/// those on calls, of them first those who have been in their state for longest.
pub(super) fn table(rows: &[Row], status: &Status, now: Timestamp, numbers: bool) -> Vec<String> {
    let mut sorted: Vec<_> = rows.iter().collect();
    sorted.sort_by_key(|row| {
        let waited = row.since.map(|since| now.saturating_duration_since(since));
        (
            row.presence == "offline",
            !row.is_on_call(),
            Reverse(waited),
            &row.agent,
        )
    });
    let mut heading = vec!["AGENT", "PHONE", "STATE", "FOR", "CALL", "FOR", "QUEUE"];
    if numbers {
        heading.push("NUMBER");
    }
    let mut grid = vec![heading.into_iter().map(str::to_owned).collect()];
    grid.extend(sorted.iter().map(|row| row.cells(now, numbers)));
    let mut lines = vec![about(rows), connection(status, now)];
    lines.extend(aligned(&grid));
    lines
}

fn about(rows: &[Row]) -> String {
    let online = rows.iter().filter(|row| row.presence == "online").count();
    let calls = rows.iter().filter(|row| row.is_on_call()).count();
    let agents = rows.len();
    format!("{agents} agents, {online} online, {calls} with a call.")
}

/// Nothing while there is one.
fn connection(status: &Status, now: Timestamp) -> String {
    match status {
        Status::Online { .. } => String::new(),
        Status::Connecting { .. } => "Connecting again ...".to_owned(),
        Status::Waiting { until, trouble } => {
            let seconds = until.saturating_duration_since(now).as_secs();
            format!("{} Again in {seconds} s.", broker::sentence(trouble))
        }
        Status::Stopped { trouble } => broker::sentence(trouble),
    }
}

/// Each column as wide as its widest cell.
fn aligned(grid: &[Vec<String>]) -> Vec<String> {
    let columns = grid.first().map_or(0, Vec::len);
    let width = |column: usize| {
        let cells = grid.iter().filter_map(|cells| cells.get(column));
        cells.map(|cell| cell.chars().count()).max().unwrap_or(0)
    };
    let widths: Vec<usize> = (0..columns).map(width).collect();
    let line = |cells: &Vec<String>| {
        let padded = cells.iter().zip(&widths);
        let padded: Vec<_> = padded
            .map(|(cell, width)| format!("{cell:width$}"))
            .collect();
        padded.join("  ").trim_end().to_owned()
    };
    grid.iter().map(line).collect()
}

/// `0:07`, `12:34`, `1:02:03`; nothing if it is not known since when.
fn lasting(since: Option<Timestamp>, now: Timestamp) -> String {
    let Some(since) = since else {
        return UNKNOWN.to_owned();
    };
    let seconds = Duration::as_secs(&now.saturating_duration_since(since));
    let (hours, minutes, seconds) = (seconds / 3600, seconds / 60 % 60, seconds % 60);
    match hours {
        0 => format!("{minutes}:{seconds:02}"),
        _ => format!("{hours}:{minutes:02}:{seconds:02}"),
    }
}

/// Names come from other machines, and some characters give orders to a terminal.
fn printable(text: &str) -> String {
    let plain = |c: char| match c.is_control() {
        true => '\u{fffd}',
        false => c,
    };
    text.chars().map(plain).collect()
}

#[cfg(test)]
mod tests {
    use offhook_protocol::{
        AgentState, AgentSync, Button, Buttons, CallSync, ConnectionStatus, ContactKind, Envelope,
        LegType, SyncLeg,
    };
    use offhook_uplink::{Place, Subject, Trouble};

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    fn hear(desk: &mut Desk, place: &Place, envelope: &Envelope) {
        desk.hear(place, envelope.to_text().as_bytes(), false, at(0));
    }

    fn state_of(envelope: &Envelope) -> Place {
        Place::State(Subject::of(envelope))
    }

    fn online() -> Presence {
        Presence::Online {
            since: at(0),
            program: "Offhook".to_owned(),
        }
    }

    fn desk(presence: &Presence, state: &str, since: i64) -> Desk {
        let agent = AgentSync {
            state: Some(AgentState {
                name: state.to_owned(),
                kind: None,
                arn: None,
                since: Some(at(since)),
            }),
            ..AgentSync::default()
        };
        let agent = agent.envelope("StateSync");
        let mut desk = Desk::default();
        hear(&mut desk, &Place::Presence, &presence.envelope());
        hear(&mut desk, &state_of(&agent), &agent);
        desk
    }

    fn ringing(desk: Desk, since: i64) -> Desk {
        with_call(desk, since, &ConnectionStatus::Connecting, Button::Answer)
    }

    fn with_call(mut desk: Desk, since: i64, status: &ConnectionStatus, button: Button) -> Desk {
        let leg = |id: &str, leg, number: Option<&str>, enabled: &[Button]| SyncLeg {
            connection_id: id.into(),
            contact_id: Some("contact".into()),
            kind: ContactKind::Voice,
            phone_number: number.map(Personal::from),
            status: status.clone(),
            at: Some(at(since)),
            leg,
            buttons: Some(Buttons::enabling(enabled)),
        };
        let calls = CallSync {
            queue: Some("Sales".to_owned()),
            legs: vec![
                leg("a", LegType::Agent, None, &[button]),
                leg("c", LegType::Inbound, Some("+4930111"), &[]),
            ],
            ..CallSync::default()
        };
        let calls = calls.envelope();
        hear(&mut desk, &state_of(&calls), &calls);
        desk
    }

    fn rows() -> Vec<Row> {
        vec![
            Row::of("anna", &desk(&online(), "Available", 4_000)),
            Row::of("ben", &desk(&Presence::Offline, "Offline", 0)),
            Row::of("carla", &desk(&online(), "Lunch", 0)),
            Row::of(
                "dora",
                &ringing(desk(&online(), "PendingBusy", 4_990), 4_990),
            ),
            Row::of("emil", &Desk::default()),
        ]
    }

    #[test]
    fn calls_stand_first_then_who_waits_longest_and_last_who_is_away() {
        let status = Status::Online { since: at(0) };
        assert_eq!(
            table(&rows(), &status, at(5_000), false),
            [
                "5 agents, 3 online, 1 with a call.",
                "",
                "AGENT  PHONE    STATE        FOR      CALL     FOR   QUEUE",
                "dora   online   PendingBusy  0:10     ringing  0:10  Sales",
                "carla  online   Lunch        1:23:20",
                "anna   online   Available    16:40",
                "emil   -        -            -",
                "ben    offline  Offline      1:23:20",
            ]
        );
    }

    #[test]
    fn only_who_is_on_a_call_is_counted() {
        let over = |state| {
            let over = ConnectionStatus::Disconnected;
            with_call(desk(&online(), state, 10), 10, &over, Button::ClearContact)
        };
        let rows = [
            Row::of("anna", &over("AfterCallWork")),
            Row::of("ben", &over("MissedCallAgent")),
            Row::of("carla", &ringing(desk(&online(), "PendingBusy", 15), 15)),
            Row::of("dora", &ringing(desk(&Presence::Offline, "Busy", 15), 15)),
        ];
        let table = table(&rows, &Status::Online { since: at(0) }, at(20), false);
        assert_eq!(table[0], "4 agents, 3 online, 1 with a call.");
        assert!(table[3].starts_with("carla"), "{table:?}");
    }

    #[test]
    fn numbers_are_shown_only_where_that_was_asked_for() {
        let dora = &rows()[3];
        for (numbers, shown) in [(false, false), (true, true)] {
            let table = table(
                &rows(),
                &Status::Online { since: at(0) },
                at(5_000),
                numbers,
            );
            let said = [
                table.concat(),
                dora.line(at(5_000), numbers),
                dora.json(numbers).to_string(),
            ];
            for said in said {
                assert_eq!(said.contains("+4930111"), shown, "{said}");
            }
        }
    }

    #[test]
    fn a_change_is_one_line() {
        let dora = &rows()[3];
        assert_eq!(
            dora.line(at(5_000), false),
            "1970-01-01T01:23:20.000Z  dora  online  PendingBusy  0:10  ringing  0:10  Sales"
        );
        assert_eq!(
            dora.json(false),
            json!({
                "agent": "dora",
                "presence": "online",
                "state": "PendingBusy",
                "since": "1970-01-01T01:23:10.000Z",
                "call": {
                    "phase": "ringing",
                    "queue": "Sales",
                    "since": "1970-01-01T01:23:10.000Z",
                },
            })
        );
    }

    #[test]
    fn a_lost_connection_is_told_above_the_table() {
        let status = Status::Waiting {
            until: at(8),
            trouble: Trouble::Silent,
        };
        let table = table(&[], &status, at(5), false);
        assert_eq!(table[0], "0 agents, 0 online, 0 with a call.");
        let said = "The broker has been silent for too long. Again in 3 s.";
        assert_eq!(table[1], said);
    }

    #[test]
    fn names_give_no_orders_to_the_terminal() {
        let row = Row::of("a\u{1b}[2Jb", &desk(&online(), "c\u{7}\u{9b}d", 0));
        let line = row.line(at(0), true);
        assert!(!line.contains(char::is_control), "{line:?}");
    }
}
