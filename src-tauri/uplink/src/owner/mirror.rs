//! From the bus to the broker: events are counted, states compared with what was published.

use std::time::Duration;

use offhook_protocol::{Envelope, Event, Timestamp};
use serde_json::Value;

use super::{Output, Owner, STATE_SYNC, STATE_TOPICS, retained};
use crate::{Answer, Place, Publication, Subject};

/// Topics whose messages come from the contact centre, and are mirrored.
const CENTRE_TOPICS: [&str; 5] = ["App", "Agent", "InboundCall", "OutboundCall", "Error"];
/// Of two states that differ in these alone, the later is no news: they count down by themselves.
const COUNTDOWNS: [&str; 2] = ["retryInMs", "sessionEndsInMs"];

const EVENT_EXPIRES_IN: Duration = Duration::from_secs(60);
/// A state that was asked for and did not come is asked for again after this, with the next event.
const STATE_WITHIN: Duration = Duration::from_secs(5);

impl Owner {
    /// Somebody on the bus said this. Requests of others are not mirrored.
    pub(crate) fn hear(&mut self, envelope: &Envelope, now: Timestamp) {
        if envelope.is_request() || !CENTRE_TOPICS.contains(&envelope.topic.as_str()) {
            return;
        }
        let topic = STATE_TOPICS
            .iter()
            .position(|topic| envelope.topic == *topic);
        match topic {
            Some(topic) if envelope.subtopic == STATE_SYNC => self.hear_state(topic, envelope, now),
            Some(_) | None => self.hear_event(topic, envelope, now),
        }
    }

    /// Something was said on the bus that nobody knows any more. The whole state follows.
    pub(crate) fn missed(&mut self) {
        // The gap in the count tells subscribers.
        self.seq += 1;
    }

    fn hear_event(&mut self, topic: Option<usize>, envelope: &Envelope, now: Timestamp) {
        self.seq += 1;
        if let (Some(online), Some(topic)) = (&mut self.online, topic) {
            // Though the state stay as it was: a subscriber may take a late or repeated event for news.
            online.states[topic] = None;
        }
        let event = Place::Event(Subject::of(envelope));
        let publication = |topic, payload| Publication {
            retain: false,
            expires_in: Some(EVENT_EXPIRES_IN),
            ..retained(topic, payload)
        };
        self.publish(&event, envelope.clone(), now, publication);
        self.tell(envelope, now);
        match Event::read(envelope) {
            Some(Event::Error(error)) => self.fail(&error, now),
            Some(_) | None if self.is_sample_due(now) => self.sample_state(now),
            Some(_) | None => {}
        }
    }

    fn hear_state(&mut self, topic: usize, envelope: &Envelope, now: Timestamp) {
        match Event::read(envelope) {
            Some(Event::CallSync(calls)) => self.sight.calls = calls,
            Some(Event::AgentSync(agent)) => self.sight.agent = agent,
            Some(_) | None => {}
        }
        let state = envelope.message.as_ref().map(without_countdowns);
        if let Some(online) = &mut self.online
            && online.states[topic] != state
        {
            online.states[topic] = state;
            self.retain(&Place::State(Subject::of(envelope)), envelope.clone(), now);
        }
        self.tell(envelope, now);
        // The calls come last.
        if STATE_TOPICS[topic] == "InboundCall" {
            self.sample_asked = None;
            self.judge(now);
        }
    }

    /// Answers those who wait for this.
    fn tell(&mut self, envelope: &Envelope, now: Timestamp) {
        let subject = Subject::of(envelope);
        for question in self
            .ledger
            .take_questions(|question| question.wanted == subject)
        {
            let message = envelope.message.clone().unwrap_or_default();
            self.answer(&question.caller, &Answer::Told(message), now);
        }
    }

    /// An event needs no state of its own while one is on its way: that one stands behind the event.
    fn is_sample_due(&self, now: Timestamp) -> bool {
        self.sample_asked.is_none_or(|at| at + STATE_WITHIN <= now)
    }

    pub(super) fn sample_state(&mut self, now: Timestamp) {
        self.sample_asked = Some(now);
        self.outputs.push_back(Output::SampleState);
    }
}

fn without_countdowns(message: &Value) -> Value {
    let mut message = message.clone();
    if let Value::Object(fields) = &mut message {
        fields.retain(|field, _| !COUNTDOWNS.contains(&field.as_str()));
    }
    message
}
