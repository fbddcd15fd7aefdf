//! The connector: what goes in, what comes out.

mod bus;
mod page;

use std::collections::VecDeque;

use offhook_protocol::{ApiError, Envelope, ErrorType, Request, Timestamp};

use crate::{
    agent::Agent,
    calls::Calls,
    contacts::Contacts,
    directory::Directory,
    goal::Sight,
    health::Health,
    microphone::Microphone,
    page::{Asked, Call, Said},
    panel::{Order, Seen, Setup},
    snapshot::Snapshot,
};

/// What the connector wants done.
#[derive(Clone, Debug, PartialEq)]
#[expect(
    clippy::large_enum_variant,
    reason = "nearly all of them are envelopes"
)]
pub enum Output {
    /// To be broadcast on the bus.
    Bus(Envelope),
    /// To be asked of the script in the panel's page.
    Ask(Asked),
    /// To be done with the panel's window.
    Panel(Order),
}

/// The connector to Amazon Connect.
#[derive(Debug)]
pub struct Amazon {
    health: Health,
    /// The last one that could be read.
    snapshot: Option<Snapshot>,
    contacts: Contacts,
    agent: Agent,
    microphone: Microphone,
    directory: Directory,
    calls: Calls,
    /// The agent's state was asked for, so it is told even if it did not change.
    agent_asked: bool,
    outputs: VecDeque<Output>,
    /// The latest time that was heard of.
    now: Timestamp,
}

impl Amazon {
    /// A connector whose panel begins to load now.
    pub fn new(setup: Setup, now: Timestamp) -> Self {
        let mut amazon = Self {
            health: Health::new(setup, now),
            snapshot: None,
            contacts: Contacts::default(),
            agent: Agent::default(),
            microphone: Microphone::default(),
            directory: Directory::default(),
            calls: Calls::default(),
            agent_asked: false,
            outputs: VecDeque::new(),
            now,
        };
        amazon.tell();
        amazon
    }

    /// Takes an envelope from the bus. Whatever is no request that a contact centre knows is ignored.
    pub fn handle(&mut self, envelope: &Envelope, now: Timestamp) {
        self.handle_timeout(now);
        match Request::read(envelope) {
            Ok(Some(request)) => self.serve(&request),
            Ok(None) => {}
            Err(bad) => self.complain(&ApiError::new(ErrorType::BadRequest, bad.to_string())),
        }
        self.tell();
    }

    /// Takes what the page's script says.
    pub fn said(&mut self, said: Said, now: Timestamp) {
        self.handle_timeout(now);
        if self.health.hear(now) {
            let refresh = self.calls.ask_blindly(Call::Refresh);
            self.outputs.push_back(Output::Ask(refresh));
        }
        self.listen(said);
        self.tell();
    }

    /// Takes what the shell reports of the panel's window.
    pub fn seen(&mut self, seen: Seen, now: Timestamp) {
        self.handle_timeout(now);
        self.health.see(seen, now);
        self.tell();
    }

    /// Lets happen what is due. Calling it early or late does no harm.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        self.now = self.now.max(now);
        let now = self.now;
        let on_call = self.is_on_call();
        self.health.handle_timeout(on_call, now);
        let sight = sight(self.snapshot.as_ref(), &self.microphone);
        for settled in self.calls.handle_timeout(sight, now) {
            self.settle(settled);
        }
        if self.microphone.handle_timeout(now) {
            let text = "The microphone was unmuted, and nobody asked for it here";
            self.complain(&ApiError::new(ErrorType::MicrophoneOpened, text));
        }
        self.tell();
    }

    /// What is to be done next.
    pub fn poll_output(&mut self) -> Option<Output> {
        self.outputs.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due. `None`: not before the next input.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        [
            self.health.poll_timeout(self.is_on_call(), self.now),
            self.calls.poll_timeout(),
            self.microphone.poll_timeout(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The `StateSync` responses of `App`, `Agent` and `InboundCall` as they would be answered now.
    /// While the link is lost the latter two say what was known when it was lost.
    ///
    /// Times to come count from the last time that was passed in.
    pub fn snapshot(&self) -> [Envelope; 3] {
        [
            self.health.state(self.now).sync_envelope(),
            self.agent
                .snapshot(self.circumstances())
                .envelope("StateSync"),
            self.contacts.snapshot().envelope(),
        ]
    }

    /// Whether there is a contact that would be hurt if the panel were loaded anew or closed.
    pub(crate) fn is_on_call(&self) -> bool {
        self.contacts.live().is_some()
    }
}

/// What calls are judged by, once there is anything to be seen.
fn sight<'a>(snapshot: Option<&'a Snapshot>, microphone: &Microphone) -> Option<Sight<'a>> {
    Some(Sight {
        snapshot: snapshot?,
        muted: microphone.is_muted_here(),
    })
}
