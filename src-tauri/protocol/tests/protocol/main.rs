//! The protocol as the published samples and the odd peers speak it.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test")]

mod agent;
mod app;
mod malformed;
mod quirks;
mod requests;
mod samples;
mod timestamps;

use offhook_protocol::{Envelope, Event, LegEvent};
use serde_json::{Value, json};

/// The envelope around this message.
fn told(topic: &str, subtopic: &str, message: Value) -> Option<Event> {
    Event::read(&Envelope::event(topic, subtopic, message))
}

/// The leg event with this `call`.
fn leg(call: Value) -> Option<LegEvent> {
    match told(
        "InboundCall",
        "InboundCallStateChange",
        json!({ "call": call }),
    ) {
        Some(Event::Leg(leg)) => Some(leg),
        _ => None,
    }
}
