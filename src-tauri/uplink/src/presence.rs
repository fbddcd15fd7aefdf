//! Whether an agent's phone is there: the payload of the retained `…/st/presence`.

use offhook_protocol::{Envelope, Timestamp};
use serde::{Deserialize, Serialize};
use serde_json::json;

const TOPIC: &str = "App";
const SUBTOPIC: &str = "Presence";

/// Whether an agent's phone is there. The envelope's [`Stamp`](crate::Stamp) tells epoch and sequence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Presence {
    /// It is, and what is retained about the agent is kept up to date.
    Online {
        /// Since then, by the phone's clock.
        since: Timestamp,
        /// The phone's program and version.
        program: String,
    },
    /// It is not, and what is retained about the agent is stale.
    Offline,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "presence", rename_all = "lowercase")]
enum Wire {
    Online { since: String, program: String },
    Offline,
}

impl Presence {
    /// The envelope, without a stamp: `App`/`Presence` with `message: {presence, since, program}`.
    pub fn envelope(&self) -> Envelope {
        let wire = match self {
            Self::Online { since, program } => Wire::Online {
                since: since.to_string(),
                program: program.clone(),
            },
            Self::Offline => Wire::Offline,
        };
        Envelope::event(TOPIC, SUBTOPIC, json!(wire))
    }

    /// Reads it. `None` if it is another message, or lacks something.
    pub fn read(envelope: &Envelope) -> Option<Self> {
        if (envelope.topic.as_str(), envelope.subtopic.as_str()) != (TOPIC, SUBTOPIC) {
            return None;
        }
        match Wire::deserialize(envelope.message.as_ref()?).ok()? {
            Wire::Online { since, program } => Some(Self::Online {
                since: Timestamp::parse(&since)?,
                program,
            }),
            Wire::Offline => Some(Self::Offline),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn presence_reads_back() {
        let online = Presence::Online {
            since: Timestamp::from_millis(1_000),
            program: "Offhook/0.1.0".to_owned(),
        };
        let since = "1970-01-01T00:00:01.000Z";
        assert_eq!(
            online.envelope().message,
            Some(json!({"presence": "online", "since": since, "program": "Offhook/0.1.0"}))
        );
        assert_eq!(
            Presence::Offline.envelope().message,
            Some(json!({"presence": "offline"}))
        );
        for presence in [online, Presence::Offline] {
            assert_eq!(Presence::read(&presence.envelope()), Some(presence));
        }
    }

    #[test]
    fn half_a_presence_is_none() {
        for message in [
            json!(null),
            json!({}),
            json!({"presence": "away"}),
            json!({"presence": "online", "since": "soon", "program": "x"}),
            json!({"presence": "online", "program": "x"}),
        ] {
            let envelope = Envelope::event(TOPIC, SUBTOPIC, message);
            assert_eq!(Presence::read(&envelope), None);
        }
        let other = Envelope::event(TOPIC, "StateSync", json!({"presence": "offline"}));
        assert_eq!(Presence::read(&other), None);
    }
}
