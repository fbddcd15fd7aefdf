//! The connector: the contact centre behind a link, with a script that makes things happen.

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{ApiError, BadArgument, Envelope, ErrorType, Request, Timestamp};

use crate::{
    centre::Centre,
    disturbance::{Disturbances, Fate},
    ids::Ids,
    link::Link,
    scenario::{Action, Scenario},
    script::Script,
};

/// A simulated contact centre and the connector to it.
pub struct Practice {
    centre: Centre,
    link: Link,
    script: Script,
    disturbances: Disturbances,
    outputs: VecDeque<Envelope>,
    /// The latest time that was heard of.
    now: Timestamp,
}

impl Practice {
    /// A contact centre that just opened: the link is up, the agent is logged in and available.
    pub fn new(scenario: Scenario, seed: u64, now: Timestamp) -> Self {
        let mut rng = fastrand::Rng::with_seed(seed);
        let mut practice = Self {
            centre: Centre::new(Ids::new(rng.fork()), now),
            link: Link::Up,
            script: Script::new(scenario, rng),
            disturbances: Disturbances::default(),
            outputs: VecDeque::new(),
            now,
        };
        let opened = practice.link.state(now).change_envelope();
        practice.outputs.push_back(opened);
        practice.carry(now);
        practice.play(now);
        practice
    }

    /// Takes an envelope from the bus. Whatever is no request that a contact centre knows is ignored.
    pub fn handle(&mut self, envelope: &Envelope, now: Timestamp) {
        self.handle_timeout(now);
        match Request::read(envelope) {
            Ok(Some(Request::AppStateSync)) => self.app_state_sync(now),
            Ok(Some(request)) => self.serve(&request, now),
            Ok(None) => {}
            Err(bad) => self.complain(&bad),
        }
        self.play(now);
    }

    /// Lets happen what is due, in the order it is due. Calling it early or late does no harm.
    pub fn handle_timeout(&mut self, now: Timestamp) {
        while let Some(due) = self.poll_timeout().filter(|due| *due <= now) {
            self.centre.handle_timeout(due);
            self.carry(due);
            if self.link.is_up() {
                self.outputs.extend(self.disturbances.handle_timeout(due));
            } else {
                // What is late is lost like everything else.
                self.disturbances.handle_timeout(due);
            }
            self.outputs.extend(self.link.handle_timeout(due));
            self.play(due);
        }
        self.now = self.now.max(now);
    }

    /// Plays another scenario from now on. What was not played of the one before is dropped; the
    /// contact, if there is one, stays as it is.
    pub fn follow(&mut self, scenario: Scenario, now: Timestamp) {
        self.script.follow(scenario);
        self.play(now);
    }

    /// What is to be broadcast next.
    pub fn poll_output(&mut self) -> Option<Envelope> {
        self.outputs.pop_front()
    }

    /// When [`handle_timeout`](Self::handle_timeout) is due. `None`: not before the next request.
    pub fn poll_timeout(&self) -> Option<Timestamp> {
        [
            self.centre.poll_timeout(),
            self.link.poll_timeout(),
            self.script.poll_timeout(),
            self.disturbances.poll_timeout(),
        ]
        .into_iter()
        .flatten()
        .min()
    }

    /// The `StateSync` responses of `App`, `Agent` and `InboundCall` as they would be answered now.
    /// While the link is lost the latter two say what was known when it was lost.
    ///
    /// `retryInMs` counts from the last time that was passed in.
    pub fn snapshot(&self) -> [Envelope; 3] {
        let app = self.link.state(self.now).sync_envelope();
        let [agent, calls] = match &self.link {
            Link::Up => self.centre_snapshot(),
            Link::Cut(cut) => cut.known.clone(),
        };
        [app, agent, calls]
    }

    /// Answered by the connector itself. While the link is lost it is the wish to try now.
    fn app_state_sync(&mut self, now: Timestamp) {
        self.outputs.extend(self.link.attempt(now));
        let answer = self.link.state(now).sync_envelope();
        self.outputs.push_back(answer);
    }

    fn serve(&mut self, request: &Request, now: Timestamp) {
        if !self.link.is_up() {
            let error = ApiError::new(ErrorType::LinkDown, "The connection is lost");
            self.outputs.push_back(error.envelope());
            return;
        }
        match self.disturbances.fate_of(request) {
            Fate::Served => {
                self.centre.handle(request, now);
                self.carry(now);
            }
            Fate::Ignored => {}
            Fate::Refused(error) => self.outputs.push_back(error.envelope()),
        }
    }

    fn complain(&mut self, bad: &BadArgument) {
        let error = ApiError::new(ErrorType::BadRequest, bad.to_string());
        self.outputs.push_back(error.envelope());
    }

    /// Brings what the centre said to the bus, if the link lets it.
    fn carry(&mut self, now: Timestamp) {
        for envelope in self.centre.take_news() {
            if self.link.is_up() {
                self.outputs.extend(self.disturbances.pass(envelope, now));
            }
        }
    }

    /// Plays the steps that are due.
    fn play(&mut self, now: Timestamp) {
        while let Some(action) = self.script.next_action(&self.centre, now) {
            self.act(action, now);
            self.carry(now);
        }
    }

    fn act(&mut self, action: Action, now: Timestamp) {
        match action {
            Action::Call(calls) => {
                if let Some(call) = self.script.choose(calls.get_ref()) {
                    self.centre.offer(call, now);
                }
            }
            Action::CustomerHangsUp => self.centre.customer_hangs_up(now),
            Action::ThirdPartyHangsUp => self.centre.third_party_hangs_up(now),
            Action::CalledParty { response, after } => {
                let after = after.map_or(response.usual_delay(), |after| after.0);
                self.centre.set_callee(response, after);
            }
            Action::FailNext { request, text } => self.disturbances.fail_next(request, &text),
            Action::IgnoreNext(request) => self.disturbances.ignore_next(request),
            Action::LinkLost(lasting) => self.cut_link(lasting.0, now),
            Action::RepeatLastEvent => {
                if self.link.is_up() {
                    self.outputs.extend(self.disturbances.last_leg_event());
                }
            }
            Action::DelayNextEvent(delay) => self.disturbances.delay_next(delay.0),
        }
    }

    fn cut_link(&mut self, lasting: Duration, now: Timestamp) {
        if self.link.is_up() {
            self.link = Link::cut(now, lasting, self.centre_snapshot());
            let lost = self.link.state(now).change_envelope();
            self.outputs.push_back(lost);
        }
    }

    fn centre_snapshot(&self) -> [Envelope; 2] {
        [self.centre.agent_snapshot(), self.centre.call_snapshot()]
    }
}
