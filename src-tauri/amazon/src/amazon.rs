//! The connector: what goes in, what comes out.

use std::collections::VecDeque;

use offhook_protocol::{
    AgentRequest, ApiError, CallRequest, Envelope, ErrorType, Problem, Request, Timestamp,
    direct_connects_envelope, states_envelope,
};
use tracing::{debug, info, warn};

use crate::{
    agent::{Agent, Circumstances},
    calls::{Calls, End, Settled},
    contact::Contact,
    contacts::Contacts,
    directory::Directory,
    goal::{Goal, Sight},
    health::Health,
    microphone::Microphone,
    page::{Asked, Call, Said},
    panel::{Order, Seen, Setup},
    requests::{Desk, Plan},
    snapshot::{Snapshot, Update},
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
    has_media: bool,
    outputs: VecDeque<Output>,
    /// The latest time that was heard of.
    now: Timestamp,
}

impl Amazon {
    /// A connector whose panel begins to load now.
    pub fn new(setup: Setup, now: Timestamp) -> Self {
        let mut amazon = Self {
            has_media: setup.has_media(),
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
            self.health.poll_timeout(),
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
    pub fn is_on_call(&self) -> bool {
        self.contacts.live().is_some()
    }
}

/// From the page.
impl Amazon {
    fn listen(&mut self, said: Said) {
        let now = self.now;
        match said {
            Said::Hello {
                web_rtc,
                microphone,
            } => {
                let cut_off = self.contacts.live().map(|contact| contact.id.clone());
                self.health.greet(web_rtc, microphone, cut_off, now);
            }
            Said::Streams => self.health.find_streams(),
            Said::Acknowledged => self.health.acknowledge(now),
            Said::Update(update) => self.update(&update),
            Said::Returned { id, data } => {
                let sight = sight(self.snapshot.as_ref(), &self.microphone);
                let settled = self.calls.returned(id, data, sight, now);
                settled.into_iter().for_each(|settled| self.settle(settled));
            }
            Said::Failed { id, error } => {
                let settled = self.calls.failed(id, &error);
                settled.into_iter().for_each(|settled| self.settle(settled));
            }
            Said::ApiError { error } => self.calls.hear(&error),
            Said::Muted { muted } => {
                self.microphone.hear(muted, now);
                self.look();
            }
            Said::SoftphoneError { error_type, .. } => {
                info!(error_type, "the softphone failed");
                if self.has_media {
                    self.health.fail_softphone(&error_type);
                }
            }
            Said::AuthFailed => self.lose_login(Problem::LoginNeeded),
            Said::AccessDenied => {
                self.agent.leave();
                self.health.log_out(Problem::AccessDenied);
            }
            Said::Terminated => self.terminate(),
            Said::AckTimeout | Said::RetriesExhausted => self.health.time_out_ack(),
            Said::Panels { count } => debug!(count, "panels share the session"),
            Said::Thrown { .. } => warn!("something in the panel's script went wrong"),
        }
    }

    fn update(&mut self, update: &Update) {
        let Some((snapshot, configuration)) = update.read() else {
            warn!("an update of the panel cannot be read; the last one stays");
            return;
        };
        let now = self.now;
        let joined: Vec<_> = self.joined().map(|contact| contact.id.clone()).collect();
        let logged_in = self.health.update(now);
        self.agent.follow(&snapshot, configuration);
        let news = self.contacts.follow(&snapshot, now);
        if self.joined().any(|contact| !joined.contains(&contact.id)) {
            self.health.connect();
        }
        if self.has_media && snapshot.state.name.trim() == "MultipleCcpWindows" {
            self.health.lose_audio();
        }
        self.health.follow_calls(|id| {
            let mut contacts = self.contacts.iter();
            contacts.any(|contact| contact.id == *id && contact.is_live())
        });
        self.snapshot = Some(snapshot);
        self.follow_mute();
        self.tell_health();
        if logged_in {
            let welcome = self.agent.snapshot(self.circumstances());
            self.broadcast(welcome.envelope("LoginSuccess"));
        }
        news.into_iter().for_each(|event| self.broadcast(event));
        self.look();
    }

    fn follow_mute(&mut self) {
        let muted = self.joined().filter_map(Contact::own_connection);
        let muted = muted.into_iter().any(|own| own.mute || own.forced_mute);
        let (on_contact, on_call) = (self.is_on_call(), self.joined().next().is_some());
        self.microphone.follow(on_contact, on_call, muted, self.now);
    }

    fn joined(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(|contact| contact.is_joined())
    }

    fn lose_login(&mut self, problem: Problem) {
        self.agent.leave();
        self.health.need_login(problem);
    }

    /// The agent was logged out: as asked, or because the session ended.
    fn terminate(&mut self) {
        let settled = self.calls.logged_out();
        if settled.is_empty() {
            return self.lose_login(Problem::SessionEnded);
        }
        self.agent.leave();
        self.health.log_out(Problem::LoginNeeded);
        let farewell = self.agent.snapshot(self.circumstances());
        self.broadcast(farewell.envelope("LogoutSuccess"));
    }

    /// Settles the calls that are seen to have come true.
    fn look(&mut self) {
        if let Some(sight) = sight(self.snapshot.as_ref(), &self.microphone) {
            for settled in self.calls.look(sight) {
                self.settle(settled);
            }
        }
    }

    fn settle(&mut self, settled: Settled) {
        match (&settled.call, settled.end) {
            (Call::GetEndpoints, End::Done { data }) => {
                if let Some(list) = data {
                    self.directory.take(&list, self.now);
                }
                let known = self.directory.known().unwrap_or_default();
                self.broadcast(direct_connects_envelope(&known));
            }
            (
                Call::SetState { .. }
                | Call::Mute
                | Call::Unmute
                | Call::MuteParticipant { .. }
                | Call::UnmuteParticipant { .. },
                End::Done { .. },
            ) => self.agent_asked = true,
            (_, End::Done { .. }) => {}
            (call, End::Failed { by_amazon, errors }) => {
                if let Call::Reject { contact_id } = call
                    && by_amazon
                    && let Some(contact) = self.contacts.find_mut(contact_id)
                {
                    contact.rejected = false;
                }
                errors.iter().for_each(|error| self.complain(error));
            }
        }
    }
}

/// From the bus.
impl Amazon {
    fn serve(&mut self, request: &Request) {
        match request {
            Request::AppStateSync => {
                let on_call = self.is_on_call();
                self.health.hurry(on_call, self.now);
                self.broadcast(self.health.state(self.now).sync_envelope());
            }
            Request::Call(CallRequest::StateSync) => {
                self.broadcast(self.contacts.snapshot().envelope());
            }
            Request::Agent(AgentRequest::StateSync) => {
                let state = self.agent.snapshot(self.circumstances());
                self.broadcast(state.envelope("StateSync"));
            }
            Request::Agent(AgentRequest::GetStates) => match self.agent.choices() {
                Some(states) => self.broadcast(states_envelope(&states)),
                None => self.refuse_offline(),
            },
            Request::Agent(AgentRequest::GetDirectConnects) => self.list_quick_connects(),
            Request::Agent(AgentRequest::Login) => self.health.show(),
            Request::Call(_) | Request::Agent(_) if !self.health.is_online() => {
                self.refuse_offline();
            }
            Request::Call(_) | Request::Agent(_) => self.carry_out(request),
        }
    }

    fn carry_out(&mut self, request: &Request) {
        let Some((plan, failure)) = self.plan(request).zip(request.failure()) else {
            return;
        };
        match plan {
            Ok(calls) => self.ask(calls, &failure),
            Err(refusal) => self.complain(&refusal.error(failure)),
        }
    }

    fn plan(&self, request: &Request) -> Option<Plan> {
        let desk = Desk {
            snapshot: self.snapshot.as_ref()?,
            contacts: &self.contacts,
            agent: &self.agent,
            microphone: &self.microphone,
            directory: &self.directory,
        };
        Some(desk.plan(request))
    }

    fn ask(&mut self, calls: Vec<(Call, Goal)>, failure: &ErrorType) {
        for (call, _) in &calls {
            if let Call::Reject { contact_id } = call
                && let Some(contact) = self.contacts.find_mut(contact_id)
            {
                contact.rejected = true;
            }
            if matches!(call, Call::Unmute | Call::UnmuteParticipant { .. }) {
                self.microphone.expect_unmute(self.now);
            }
        }
        for asked in self.calls.ask(calls, failure, self.now) {
            self.outputs.push_back(Output::Ask(asked));
        }
    }

    fn list_quick_connects(&mut self) {
        let online = self.health.is_online();
        let known = match online {
            true => self.directory.fresh(self.now),
            false => self.directory.known(),
        };
        match known {
            Some(known) => self.broadcast(direct_connects_envelope(&known)),
            None if online => {
                let call = (Call::GetEndpoints, Goal::Answer);
                self.ask(vec![call], &ErrorType::LinkDown);
            }
            None => self.refuse_offline(),
        }
    }

    fn refuse_offline(&mut self) {
        self.complain(&ApiError::new(
            ErrorType::LinkDown,
            "The connection is lost",
        ));
    }
}

/// To the bus.
impl Amazon {
    /// Tells what changed.
    fn tell(&mut self) {
        self.tell_health();
        let mut news = self.agent.news(self.circumstances());
        if std::mem::take(&mut self.agent_asked) && news.is_empty() {
            news.extend(self.agent.repeat());
        }
        news.into_iter().for_each(|event| self.broadcast(event));
    }

    fn tell_health(&mut self) {
        let news = self.health.news(self.now);
        news.into_iter().for_each(|event| self.broadcast(event));
        let orders = self.health.take_orders().into_iter();
        self.outputs.extend(orders.map(Output::Panel));
    }

    fn circumstances(&self) -> Circumstances {
        Circumstances {
            muted: self.microphone.is_muted(),
            on_contact: self.is_on_call(),
            has_contact: self.contacts.iter().next().is_some(),
        }
    }

    fn complain(&mut self, error: &ApiError) {
        self.broadcast(error.envelope());
    }

    fn broadcast(&mut self, envelope: Envelope) {
        self.outputs.push_back(Output::Bus(envelope));
    }
}

fn sight<'a>(snapshot: Option<&'a Snapshot>, microphone: &Microphone) -> Option<Sight<'a>> {
    Some(Sight {
        snapshot: snapshot?,
        muted: microphone.is_muted_here(),
    })
}
