//! The phone: what is known, what is under way, and what follows from each input.

mod hear;
mod ring;
mod sync;
mod update;
mod wish;

use std::collections::VecDeque;

use offhook_protocol::{ContactId, Endpoint, Request};

use crate::{
    agent::Agent,
    broker::Broker,
    contact::Contact,
    effect::{Act, Effect},
    gone::Gone,
    input::{Input, Preferences},
    link::Link,
    notice::{Board, NoticeCode, NotificationKey},
    pending::Pending,
    project,
    recent::Recent,
    ringing::{Ringing, blind_until},
    time::Time,
    update::Update,
    view::{AgentCan, AgentKind, LinkState, PrefillView, StateChoice, View},
};

/// How many contacts are kept at once. Amazon Connect gives an agent one call, two in special cases.
const MAX_CONTACTS: usize = 8;

/// Why [`Phone::poll_timeout`] wants to be called, for the log.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wake {
    /// A request got no answer in time.
    Reply,
    /// The whole state was asked for and did not come.
    StateSync,
    /// A call rings on a lost link.
    BlindRinging,
    /// A notice was shown long enough.
    Notice,
    /// The session with the contact centre ends soon.
    SessionEnd,
    /// It is time to look for a new version.
    Update,
}

/// The phone. See the [crate's documentation](crate) for how to drive it.
#[derive(Debug)]
pub struct Phone {
    now: Time,
    /// Counts inputs, to tell what was heard before a `StateSync` was asked for.
    inputs: u64,
    /// The input at which the snapshot that is out was asked for.
    asked: Option<u64>,
    pub(crate) link: Link,
    pub(crate) broker: Option<Broker>,
    pub(crate) agent: Agent,
    contacts: Vec<Contact>,
    quick_connects: Vec<Endpoint>,
    pub(crate) pending: Vec<Pending>,
    ringing: Ringing,
    pub(crate) board: Board,
    pub(crate) recent: Recent,
    gone: Gone,
    pub(crate) update: Update,
    pub(crate) quit_asked: bool,
    pub(crate) prefill: Option<PrefillView>,
    window_visible: bool,
    /// Notifications that a look at the window makes needless.
    unseen: Vec<NotificationKey>,
    preferences: Preferences,
    effects: VecDeque<Effect>,
}

impl Phone {
    /// A phone that knows nothing yet. Its first effect asks who is there.
    pub fn new(preferences: Preferences, now: Time) -> Self {
        Self {
            now,
            inputs: 0,
            asked: None,
            link: Link::new(now),
            broker: None,
            agent: Agent::default(),
            contacts: Vec::new(),
            quick_connects: Vec::new(),
            pending: Vec::new(),
            ringing: Ringing::default(),
            board: Board::default(),
            recent: Recent::default(),
            gone: Gone::default(),
            update: Update::default(),
            quit_asked: false,
            prefill: None,
            window_visible: false,
            unseen: Vec::new(),
            preferences,
            effects: VecDeque::from([Effect::Send(Request::AppStateSync)]),
        }
    }

    /// Takes one input. Drain [`poll_effect`](Self::poll_effect) before the next.
    pub fn handle(&mut self, input: Input, now: Time) {
        self.now = self.now.max(now);
        self.inputs += 1;
        match input {
            Input::Event(event) => self.hear(event),
            Input::Intent(intent) => self.wish(intent),
            Input::Window { visible } => self.window(visible),
            Input::Preferences(preferences) => self.preferences = preferences,
            Input::Broker(broker) => self.broker = broker,
            Input::Updates(updates) => self.update.set(updates, self.now),
            Input::Update(news) => self.hear_update(news),
            Input::Timeout => {}
        }
        self.settle_pending();
        self.let_time_pass();
        self.ring();
        self.keep_updates_from_calls();
    }

    /// What is to be done next. `None` when all is done.
    pub fn poll_effect(&mut self) -> Option<Effect> {
        self.effects.pop_front()
    }

    /// When to call [`handle`](Self::handle) with [`Input::Timeout`], and why.
    pub fn poll_timeout(&self) -> Option<(Time, Wake)> {
        let reply = self
            .pending
            .iter()
            .map(Pending::until)
            .min()
            .map(|at| (at, Wake::Reply));
        let sync = self.link.ask_again_at().map(|at| (at, Wake::StateSync));
        let notice = self.board.next_expiry().map(|at| (at, Wake::Notice));
        let sounding = self.ringing.tone.is_some() || !self.ringing.notified.is_empty();
        let blind = (sounding && self.link.state != LinkState::Online)
            .then(|| (blind_until(self.link.since), Wake::BlindRinging));
        let session = self
            .link
            .session_warning_at()
            .map(|at| (at, Wake::SessionEnd));
        let update = self.update.look_at().map(|at| (at, Wake::Update));
        [reply, sync, notice, blind, session, update]
            .into_iter()
            .flatten()
            .min()
    }

    /// All that can be seen of the phone.
    pub fn view(&self) -> View {
        project::view(self)
    }

    fn window(&mut self, visible: bool) {
        self.window_visible = visible;
        if visible {
            for key in std::mem::take(&mut self.unseen) {
                self.act(Act::Withdraw(key));
            }
        }
    }

    fn let_time_pass(&mut self) {
        let now = self.now;
        self.board.expire(now);
        if self.link.warns_of_session(now) {
            self.say(NoticeCode::SessionEndsSoon, None);
        }
        if self.link.ask_again_at().is_some_and(|at| at <= now) {
            self.ask_state();
        }
        if self.update.look_at().is_some_and(|at| at <= now) {
            self.look_for_update();
        }
        let late = |pending: &&mut Pending| pending.until() <= now && !pending.is_asked();
        let mut any_late = false;
        for pending in self.pending.iter_mut().filter(late) {
            pending.ask(now);
            any_late = true;
        }
        if any_late {
            self.ask_state();
        }
        self.give_up(|pending| pending.is_asked() && pending.until() <= now);
    }

    fn send(&mut self, request: Request) {
        self.effects.push_back(Effect::Send(request));
    }

    fn act(&mut self, act: Act) {
        self.effects.push_back(Effect::Act(act));
    }

    pub(crate) fn link_state(&self) -> LinkState {
        self.link.state
    }

    pub(crate) fn agent_kind(&self) -> AgentKind {
        self.agent.kind()
    }

    pub(crate) fn agent_can(&self) -> AgentCan {
        project::agent_can(self)
    }

    pub(crate) fn state_choices(&self) -> Vec<StateChoice> {
        project::state_choices(self)
    }

    pub(crate) fn contacts(&self) -> &[Contact] {
        &self.contacts
    }

    pub(crate) fn contact(&self, id: &ContactId) -> Option<&Contact> {
        self.contacts.iter().find(|contact| contact.id == *id)
    }

    pub(crate) fn quick_connects(&self) -> &[Endpoint] {
        &self.quick_connects
    }
}
