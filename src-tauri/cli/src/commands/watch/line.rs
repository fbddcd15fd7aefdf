//! Changes, one line each.

use std::collections::BTreeMap;

use offhook_protocol::Timestamp;
use offhook_uplink::{Status, Trouble};
use serde_json::json;

use super::{Look, row::Row};
use crate::broker;

/// What was told already.
pub(super) struct Lines<'a> {
    look: &'a Look,
    connected: bool,
    rows: BTreeMap<String, Row>,
}

impl<'a> Lines<'a> {
    /// The broker was reached, and nothing is known of any agent.
    pub(super) fn new(look: &'a Look) -> Self {
        Self {
            look,
            connected: true,
            rows: BTreeMap::new(),
        }
    }

    /// What is new: of the connection first, because what follows may be out of date without one.
    pub(super) fn about(&mut self, status: &Status, rows: Vec<Row>, now: Timestamp) -> Vec<String> {
        let mut lines = Vec::from_iter(self.about_connection(status, now));
        for row in rows {
            if self.rows.get(&row.agent) != Some(&row) {
                lines.push(match self.look.json {
                    true => row.json(self.look.numbers).to_string(),
                    false => row.line(now, self.look.numbers),
                });
                self.rows.insert(row.agent.clone(), row);
            }
        }
        lines
    }

    fn about_connection(&mut self, status: &Status, now: Timestamp) -> Option<String> {
        let (connected, reason) = match status {
            Status::Online { .. } => (true, None),
            Status::Connecting { after } => (false, after.as_ref()),
            Status::Waiting { trouble, .. } | Status::Stopped { trouble } => (false, Some(trouble)),
        };
        if connected == self.connected {
            return None;
        }
        self.connected = connected;
        Some(match self.look.json {
            true => {
                json!({ "connected": connected, "error": reason.map(broker::sentence) }).to_string()
            }
            false => format!("{now}  {}", sentence(connected, reason)),
        })
    }
}

fn sentence(connected: bool, reason: Option<&Trouble>) -> String {
    match (connected, reason) {
        (true, _) => "Connected to the broker again.".to_owned(),
        (false, Some(reason)) => broker::sentence(reason),
        (false, None) => "There is no connection to the broker.".to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use offhook_uplink::Desk;

    use super::*;

    fn at(seconds: i64) -> Timestamp {
        Timestamp::from_millis(seconds * 1_000)
    }

    /// What is printed while the connection is lost and made again, without a change of any agent.
    fn lines_about_a_lost_connection(json: bool) -> Vec<String> {
        let look = Look {
            json,
            numbers: false,
        };
        let mut lines = Lines::new(&look);
        let anna = || vec![Row::of("anna", &Desk::default())];
        let first = lines.about(&Status::Online { since: at(0) }, anna(), at(0));
        assert_eq!(first.len(), 1, "{first:?}");

        let silent = || Trouble::Silent;
        [
            Status::Waiting {
                until: at(2),
                trouble: silent(),
            },
            Status::Connecting {
                after: Some(silent()),
            },
            Status::Online { since: at(3) },
        ]
        .iter()
        .zip(1..)
        .flat_map(|(status, second)| lines.about(status, anna(), at(second)))
        .collect()
    }

    #[test]
    fn a_lost_connection_is_one_line_and_another_when_it_is_back() {
        assert_eq!(
            lines_about_a_lost_connection(false),
            [
                "1970-01-01T00:00:01.000Z  The broker has been silent for too long.",
                "1970-01-01T00:00:03.000Z  Connected to the broker again.",
            ]
        );
    }

    #[test]
    fn a_lost_connection_is_told_in_json_too() {
        assert_eq!(
            lines_about_a_lost_connection(true),
            [
                r#"{"connected":false,"error":"The broker has been silent for too long."}"#,
                r#"{"connected":true,"error":null}"#,
            ]
        );
    }
}
