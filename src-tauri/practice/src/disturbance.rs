//! What a scenario does to messages: refuses or ignores requests, repeats or delays events.

use std::time::Duration;

use offhook_protocol::{ApiError, Envelope, Request, Timestamp};

use crate::command::Command;

/// What becomes of a request.
pub(crate) enum Fate {
    Served,
    /// As if it never arrived.
    Ignored,
    Refused(ApiError),
}

/// Disturbances that wait for their message.
#[derive(Default)]
pub(crate) struct Disturbances {
    requests: Vec<(Command, Option<String>)>,
    delay: Option<Duration>,
    late: Option<(Timestamp, Envelope)>,
    last_leg_event: Option<Envelope>,
}

impl Disturbances {
    /// Refuses the next request of this name with this text.
    pub(crate) fn fail_next(&mut self, command: Command, text: &str) {
        self.requests.push((command, Some(text.to_owned())));
    }

    /// Leaves the next request of this name without any effect or reply.
    pub(crate) fn ignore_next(&mut self, command: Command) {
        self.requests.push((command, None));
    }

    /// Lets the next leg event arrive that much later, behind others.
    pub(crate) fn delay_next(&mut self, delay: Duration) {
        self.delay = Some(delay);
    }

    pub(crate) fn fate_of(&mut self, request: &Request) -> Fate {
        let command = Command::of(request);
        let planned = self
            .requests
            .iter()
            .position(|(planned, _)| Some(*planned) == command);
        let text = planned.map(|index| self.requests.remove(index).1);
        match (text, request.failure()) {
            (Some(Some(text)), Some(failure)) => Fate::Refused(ApiError::new(failure, text)),
            (Some(_), _) => Fate::Ignored,
            (None, _) => Fate::Served,
        }
    }

    /// Lets an event pass, or keeps it for later.
    pub(crate) fn pass(&mut self, event: Envelope, now: Timestamp) -> Option<Envelope> {
        if event.subtopic != "InboundCallStateChange" {
            return Some(event);
        }
        self.last_leg_event = Some(event.clone());
        match self.delay.take_if(|_| self.late.is_none()) {
            Some(delay) => {
                self.late = Some((now + delay, event));
                None
            }
            None => Some(event),
        }
    }

    /// The last leg event once more.
    pub(crate) fn last_leg_event(&self) -> Option<Envelope> {
        self.last_leg_event.clone()
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.late.as_ref().map(|(at, _)| *at)
    }

    /// The late event, once its time has come.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> Option<Envelope> {
        let (_, event) = self.late.take_if(|(at, _)| *at <= now)?;
        Some(event)
    }
}
