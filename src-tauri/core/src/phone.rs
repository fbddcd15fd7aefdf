//! The phone: what is known, what is under way, and what follows from each input.

use std::collections::VecDeque;

use offhook_protocol::{
    AgentRequest, AgentSync, ApiError, CallRequest, CallSync, ConnectionId, ContactId, Endpoint,
    ErrorType, Event, LegEvent, LegType, Personal, Request, SyncLeg,
};

use crate::{
    agent::Agent,
    contact::{Contact, Merged},
    effect::{Act, Effect},
    gone::{Gone, Past},
    input::{Input, Preferences},
    leg::LegState,
    link::{Link, LinkChange},
    notice::{Board, NoticeCode, Notification, NotificationKey},
    pending::{Awaits, PATIENCE, Pending, Stage},
    recent::Recent,
    requirements::{self, Plan},
    ringing::{Ringing, blind_until},
    snapshot,
    time::Time,
    view::{AgentCan, AgentKind, Command, Intent, LinkState, Phase, StateChoice, View},
    words,
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
    pub(crate) agent: Agent,
    contacts: Vec<Contact>,
    quick_connects: Vec<Endpoint>,
    pub(crate) pending: Vec<Pending>,
    ringing: Ringing,
    pub(crate) board: Board,
    pub(crate) recent: Recent,
    gone: Gone,
    pub(crate) quit_asked: bool,
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
            agent: Agent::default(),
            contacts: Vec::new(),
            quick_connects: Vec::new(),
            pending: Vec::new(),
            ringing: Ringing::default(),
            board: Board::default(),
            recent: Recent::default(),
            gone: Gone::default(),
            quit_asked: false,
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
            Input::Timeout => {}
        }
        self.settle_pending();
        self.let_time_pass();
        self.ring();
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
        [reply, sync, notice, blind].into_iter().flatten().min()
    }

    /// All that can be seen of the phone.
    pub fn view(&self) -> View {
        crate::project::view(self)
    }

    fn hear(&mut self, event: Event) {
        let now = self.now;
        match event {
            Event::Leg(event) => self.hear_leg(&event),
            Event::CallSync(sync) => self.hear_calls(&sync),
            Event::AgentState(event) => {
                self.agent.set(event, now);
                self.hear_agent();
            }
            Event::CcpAgentState(state) => {
                self.agent.set_name(state, now);
                self.hear_agent();
            }
            Event::AgentSync(sync) | Event::LoggedIn(sync) | Event::LoggedOut(sync) => {
                self.sync_agent(sync);
            }
            Event::States(states) => self.agent.choices = states,
            Event::DirectConnects(endpoints) => self.quick_connects = endpoints,
            Event::App(state) => match self.link.told(state, now) {
                LinkChange::CameUp => self.come_up(),
                LinkChange::Ended => self.forget(),
                LinkChange::Nothing => {}
            },
            Event::Error(error) => self.hear_error(&error),
        }
    }

    /// The link is up: learn everything, and let it decide what was under way.
    fn come_up(&mut self) {
        let now = self.now;
        self.pending.iter_mut().for_each(|pending| pending.ask(now));
        self.ask_state();
        self.ask_choices();
    }

    /// Nobody speaks for a contact centre any more, so nobody will tell how its calls end.
    fn forget(&mut self) {
        let contacts = std::mem::take(&mut self.contacts);
        self.retire(contacts);
        self.agent = Agent::default();
        self.quick_connects.clear();
        self.give_up(|_| true);
    }

    /// Asks for what an agent can choose from. It may be another agent's now.
    fn ask_choices(&mut self) {
        self.send(Request::Agent(AgentRequest::GetStates));
        self.send(Request::Agent(AgentRequest::GetDirectConnects));
    }

    /// Asks for the whole state, where somebody can answer. If not, the link's coming up asks.
    fn ask_state(&mut self) {
        if !self.link.is_reachable() {
            return;
        }
        self.asked = Some(self.inputs);
        self.link.asked(self.now);
        self.send(Request::Agent(AgentRequest::StateSync));
        self.send(Request::Call(CallRequest::StateSync));
    }

    fn sync_agent(&mut self, sync: AgentSync) {
        let was_out = self.agent.logged_in == Some(false);
        self.agent.sync(sync, self.now);
        self.hear_agent();
        self.decide_pending(|pending| {
            pending.contact.is_none() && pending.command != Command::Dial
        });
        if was_out && self.agent.is_logged_in() && self.link.is_reachable() {
            self.ask_choices();
        }
    }

    fn hear_leg(&mut self, event: &LegEvent) {
        let id = self.contact_of(&event.connection_id, event.contact_id.as_ref());
        let Some(index) = self.contacts.iter().position(|contact| contact.id == id) else {
            return self.hear_new_contact(id, event);
        };
        let contact = &mut self.contacts[index];
        if contact.merge(event, self.now) == Merged::Changed {
            contact.heard = self.inputs;
            self.retire_gone();
        }
    }

    fn hear_new_contact(&mut self, id: ContactId, event: &LegEvent) {
        let agent = event.leg == LegType::Agent;
        match LegState::after(&event.event, event.status.as_ref(), agent) {
            // An event nobody can place.
            None => return,
            // The end of something unknown is no news; its beginning may still come, and is none either.
            Some(LegState::Gone) => {
                if agent {
                    self.gone.remember(Past {
                        id,
                        legs: vec![event.connection_id.clone()],
                        last: event.at,
                        went: self.inputs,
                    });
                }
                return;
            }
            Some(
                LegState::Connecting | LegState::Connected | LegState::OnHold | LegState::Over(_),
            ) => {}
        }
        if self.contacts.len() == MAX_CONTACTS {
            return;
        }
        let revived = self.gone.went(&id).is_some();
        if revived && !(agent && self.gone.is_news(&id, &event.connection_id, event.at)) {
            return;
        }
        let mut contact = self.new_contact(id);
        contact.merge(event, self.now);
        contact.heard = self.inputs;
        self.contacts.push(contact);
        if revived {
            self.ask_state();
        }
    }

    /// A contact that may be the one that the agent is dialling.
    fn new_contact(&self, id: ContactId) -> Contact {
        let dialling = self
            .pending
            .iter()
            .find(|pending| pending.command == Command::Dial);
        let mut contact = Contact::new(id, self.now);
        contact.calling = dialling.and_then(Pending::quick_connect);
        contact
    }

    /// Legs of one contact share its id. Where an event does not carry it, a known leg does.
    fn contact_of(&self, leg: &ConnectionId, contact: Option<&ContactId>) -> ContactId {
        let owner = || {
            self.contacts
                .iter()
                .find(|contact| contact.leg(leg).is_some())
        };
        contact
            .cloned()
            .or_else(|| owner().map(|contact| contact.id.clone()))
            .unwrap_or_else(|| ContactId::new(leg.as_str()))
    }

    /// A snapshot replaces what it is newer than.
    fn hear_calls(&mut self, sync: &CallSync) {
        let mut present: Vec<(ContactId, Vec<&SyncLeg>)> = Vec::new();
        for leg in &sync.legs {
            let id = self.contact_of(&leg.connection_id, leg.contact_id.as_ref());
            match present.iter_mut().find(|(known, _)| *known == id) {
                Some((_, legs)) => legs.push(leg),
                None => present.push((id, vec![leg])),
            }
        }
        let doubted = self.doubts(&present);
        let alone = present.len() == 1;
        for (id, legs) in &present {
            self.hear_contact(id, legs, sync, alone);
        }
        self.drop_absent(&present);
        self.retire_gone();
        self.asked = None;
        self.link.synced(self.now);
        self.decide_pending(|pending| {
            pending.contact.is_some() || pending.command == Command::Dial
        });
        if doubted {
            self.ask_state();
        }
    }

    /// Whether a snapshot contradicts what was heard since it was asked for: it may be the older one of
    /// the two.
    fn doubts(&self, present: &[(ContactId, Vec<&SyncLeg>)]) -> bool {
        let back = |(id, _): &(ContactId, Vec<&SyncLeg>)| {
            self.contact(id).is_none()
                && self
                    .gone
                    .went(id)
                    .is_some_and(|went| !self.was_asked_after(went))
        };
        let lacks = |contact: &Contact| {
            let told = present.iter().find(|(id, _)| *id == contact.id);
            told.is_none_or(|(_, legs)| contact.has_others_than(legs))
        };
        let unsure = |contact: &Contact| !self.was_asked_after(contact.heard) && lacks(contact);
        present.iter().any(back) || self.contacts.iter().any(unsure)
    }

    /// Whether the snapshot was asked for when this input had been heard.
    fn was_asked_after(&self, input: u64) -> bool {
        self.asked.is_some_and(|asked| input <= asked)
    }

    fn hear_contact(&mut self, id: &ContactId, legs: &[&SyncLeg], sync: &CallSync, alone: bool) {
        let known = self.contacts.iter().position(|contact| contact.id == *id);
        let mut contact = match known {
            Some(index) => self.contacts.remove(index),
            None if !self.is_believed_back(id) || self.contacts.len() == MAX_CONTACTS => return,
            None => self.new_contact(id.clone()),
        };
        for leg in legs {
            let before = contact.leg(&leg.connection_id).map(|leg| leg.state);
            contact.merge_snapshot(
                leg,
                snapshot::state_of(leg, before, self.agent.ending()),
                self.now,
            );
        }
        if self.was_asked_after(contact.heard) {
            contact.keep_only(legs, self.now);
        }
        // The variables stand beside the legs, so with several contacts nobody knows whose they are.
        if alone {
            if !sync.variables.is_empty() {
                contact.variables.clone_from(&sync.variables);
            }
            contact.queue = sync.queue.clone().or(contact.queue.take());
        }
        contact.settle(self.now);
        match known {
            Some(index) => self.contacts.insert(index, contact),
            // The end of something unknown is no news.
            None if contact.is_gone() => {}
            None => self.contacts.push(contact),
        }
    }

    /// A contact that went is back only if the snapshot was asked for after it went.
    fn is_believed_back(&self, id: &ContactId) -> bool {
        self.gone
            .went(id)
            .is_none_or(|went| self.was_asked_after(went))
    }

    /// Drops the contacts that a snapshot does not have, if it was asked for after the last news of
    /// them.
    fn drop_absent(&mut self, present: &[(ContactId, Vec<&SyncLeg>)]) {
        let asked = self.asked;
        let (gone, kept) = self.contacts.drain(..).partition(|contact| {
            present.iter().all(|(id, _)| *id != contact.id)
                && asked.is_some_and(|asked| contact.heard <= asked)
        });
        self.contacts = kept;
        self.retire(gone);
    }

    fn retire_gone(&mut self) {
        let (gone, kept) = self.contacts.drain(..).partition(Contact::is_gone);
        self.contacts = kept;
        self.retire(gone);
    }

    /// Remembers contacts that are over.
    fn retire(&mut self, contacts: Vec<Contact>) {
        for mut contact in contacts {
            contact.rejected |= self.is_pending(&contact.id, Command::Reject);
            contact.ended = contact.ended.or(Some(self.now));
            self.gone.remember(Past {
                id: contact.id.clone(),
                legs: contact.legs().iter().map(|leg| leg.id.clone()).collect(),
                last: contact.legs().iter().filter_map(|leg| leg.at).max(),
                went: self.inputs,
            });
            self.recent.remember(&contact, self.now);
        }
    }

    /// The agent's state may tell how a call ended, which a snapshot does not.
    fn hear_agent(&mut self) {
        let Some(ending) = self.agent.ending() else {
            return;
        };
        for contact in self
            .contacts
            .iter_mut()
            .filter(|contact| contact.ended_somehow())
        {
            contact.ended_as(ending, self.now);
        }
    }

    fn hear_error(&mut self, error: &ApiError) {
        if error.kind == ErrorType::WebsocketError {
            return self.link.failed(self.now);
        }
        let (commands, code) = words::blamed(&error.kind);
        let blamed = self
            .pending
            .iter()
            .position(|pending| commands.contains(&pending.command));
        match blamed {
            Some(index) => drop(self.pending.remove(index)),
            // Another app's request; the link's state is shown anyway.
            None if matches!(code, NoticeCode::LinkDown | NoticeCode::NoConnector) => return,
            None => {}
        }
        let said = Some(error.error_message.clone()).filter(|text| !text.reveal().is_empty());
        self.say(code, said);
    }

    fn wish(&mut self, intent: Intent) {
        match intent {
            Intent::Press {
                contact,
                button,
                leg,
            } => {
                self.attempt(requirements::press(self, &contact, &button, leg.as_ref()));
            }
            Intent::Consult { contact, target } => {
                self.attempt(requirements::consult(self, &contact, &target))
            }
            Intent::Dial { target } => self.attempt(requirements::dial(self, &target)),
            Intent::Ready => self.attempt(requirements::ready(self)),
            Intent::NotReady { reason } => {
                self.attempt(requirements::not_ready(self, reason.as_deref()))
            }
            Intent::Mute => self.attempt(requirements::mute(self, true)),
            Intent::Unmute => self.attempt(requirements::mute(self, false)),
            Intent::Digits { contact, digits } => {
                match requirements::digits(self, &contact, &digits) {
                    Ok(request) => self.send(request),
                    Err(code) => self.say(code, None),
                }
            }
            Intent::Resync => {
                self.send(Request::AppStateSync);
                self.ask_state();
            }
            Intent::DismissNotice { id } => self.board.dismiss(id),
            Intent::Show => self.act(Act::Show),
            Intent::Quit if self.contacts.iter().any(Contact::is_live) => {
                self.quit_asked = true;
                self.act(Act::Show);
            }
            Intent::Quit => self.act(Act::Quit),
            Intent::QuitAnswer { yes } => {
                if yes && self.quit_asked {
                    self.act(Act::Quit);
                }
                self.quit_asked = false;
            }
        }
    }

    /// Sends what was planned, unless the same is under way already. Two different requests about one
    /// contact, or about the agent, would race.
    fn attempt(&mut self, plan: Result<Plan, NoticeCode>) {
        let plan = match plan {
            Ok(plan) => plan,
            Err(code) => return self.say(code, None),
        };
        let racing = self
            .pending
            .iter()
            .find(|pending| pending.contact == plan.contact);
        match racing {
            Some(pending) if pending.request == plan.request => {}
            Some(_) => self.say(NoticeCode::StillWaiting, None),
            None => {
                self.send(plan.request.clone());
                let pending = Pending {
                    request: plan.request,
                    command: plan.command,
                    contact: plan.contact,
                    leg: plan.leg,
                    awaits: plan.awaits,
                    stage: Stage::Sent {
                        until: self.now + PATIENCE,
                    },
                };
                let called = self.contacts.iter_mut();
                for contact in
                    called.filter(|contact| pending.contact.as_ref() == Some(&contact.id))
                {
                    contact.calling = pending.quick_connect();
                }
                self.pending.push(pending);
            }
        }
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
        if self.link.ask_again_at().is_some_and(|at| at <= now) {
            self.ask_state();
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

    fn settle_pending(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.retain(|pending| !self.is_settled(pending));
        self.pending = pending;
    }

    /// A snapshot was heard: what it was asked about and does not show did not happen.
    fn decide_pending(&mut self, concerns: impl Fn(&Pending) -> bool) {
        self.settle_pending();
        self.give_up(|pending| pending.is_asked() && concerns(pending));
    }

    fn give_up(&mut self, hopeless: impl Fn(&Pending) -> bool) {
        let before = self.pending.len();
        self.pending.retain(|pending| !hopeless(pending));
        if self.pending.len() < before {
            self.say(NoticeCode::NoReply, None);
        }
    }

    fn is_settled(&self, pending: &Pending) -> bool {
        let about = pending.contact.as_ref().map(|id| self.contact(id));
        match (&pending.awaits, about) {
            (Awaits::AnyContact, _) => !self.contacts.is_empty(),
            (Awaits::AgentState { wanted, left }, _) => {
                let there = match wanted {
                    Some(name) => self.agent.state_name() == name,
                    None => self.agent.kind() == AgentKind::Ready,
                };
                there || self.agent.state_name() != left
            }
            (Awaits::Muted(muted), _) => self.agent.info.muted == Some(*muted),
            (_, Some(None)) => true,
            (awaits, Some(Some(contact))) => is_fulfilled(awaits, contact),
            (_, None) => false,
        }
    }

    fn is_pending(&self, contact: &ContactId, command: Command) -> bool {
        self.pending
            .iter()
            .any(|pending| pending.contact.as_ref() == Some(contact) && pending.command == command)
    }

    /// Brings tone, notifications and window in line with what rings.
    fn ring(&mut self) {
        let blind =
            self.link.state != LinkState::Online && blind_until(self.link.since) <= self.now;
        let ringing: Vec<ContactId> = self
            .contacts
            .iter()
            .filter(|contact| contact.phase == Phase::Ringing)
            .map(|contact| contact.id.clone())
            .collect();
        for id in std::mem::take(&mut self.ringing.contacts) {
            if !ringing.contains(&id) {
                self.stop_notifying(&id);
                self.tell_if_missed(id);
            }
        }
        for id in &ringing {
            match blind {
                true => self.stop_notifying(id),
                false => self.ring_first_time(id),
            }
        }
        let talking = self
            .contacts
            .iter()
            .any(|contact| contact.is_live() && contact.phase != Phase::Ringing);
        let tone = ringing
            .first()
            .filter(|_| self.preferences.sound && !blind && !talking)
            .cloned();
        if tone != self.ringing.tone {
            self.act(tone.clone().map_or(Act::StopRing, Act::Ring));
            self.ringing.tone = tone;
        }
        self.ringing.contacts = ringing;
    }

    fn ring_first_time(&mut self, id: &ContactId) {
        let contact = self.contacts.iter().find(|contact| contact.id == *id);
        if !contact.is_some_and(|contact| self.ringing.is_first(contact)) {
            return;
        }
        // It was missed before, and is offered again.
        self.withdraw_unseen(&NotificationKey::Missed(id.clone()));
        if self.preferences.notify {
            let notification = crate::project::ringing_notification(self, id);
            self.ringing.notified.push(id.clone());
            notification
                .into_iter()
                .for_each(|notification| self.act(Act::Notify(notification)));
        }
        if self.preferences.raise {
            self.act(Act::Raise);
        }
    }

    fn stop_notifying(&mut self, id: &ContactId) {
        if self.ringing.notified.contains(id) {
            self.ringing.notified.retain(|notified| notified != id);
            self.act(Act::Withdraw(NotificationKey::Ringing(id.clone())));
        }
    }

    /// A call that rang and was lost is told of, unless the person sees it in the window.
    fn tell_if_missed(&mut self, id: ContactId) {
        let (missed, body) = match self.contact(&id) {
            Some(contact) => (
                contact.phase == Phase::Missed,
                crate::project::caller_line(self, contact),
            ),
            None => self.recent.missed(&id),
        };
        if missed && !self.window_visible && self.preferences.notify {
            let title = words::phase(Phase::Missed).to_owned();
            self.notify_unseen(Notification {
                key: NotificationKey::Missed(id),
                title,
                body,
                actions: false,
            });
        }
    }

    /// A notice in the window, and a notification as well if nobody sees the window.
    fn say(&mut self, code: NoticeCode, detail: Option<Personal>) {
        if !self.window_visible {
            let title = code.text().to_owned();
            let body = detail.clone().unwrap_or_default();
            self.notify_unseen(Notification {
                key: NotificationKey::Failure,
                title,
                body,
                actions: false,
            });
        }
        self.board.post(code, detail, self.now);
    }

    fn withdraw_unseen(&mut self, key: &NotificationKey) {
        if let Some(index) = self.unseen.iter().position(|unseen| unseen == key) {
            self.act(Act::Withdraw(key.clone()));
            self.unseen.remove(index);
        }
    }

    fn notify_unseen(&mut self, notification: Notification) {
        const MOST: usize = 8;
        self.unseen.retain(|key| *key != notification.key);
        if self.unseen.len() == MOST {
            let oldest = self.unseen.remove(0);
            self.act(Act::Withdraw(oldest));
        }
        self.unseen.push(notification.key.clone());
        self.act(Act::Notify(notification));
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
        crate::project::agent_can(self)
    }

    pub(crate) fn state_choices(&self) -> Vec<StateChoice> {
        crate::project::state_choices(self)
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

fn is_fulfilled(awaits: &Awaits, contact: &Contact) -> bool {
    let leg_is = |id: &ConnectionId, state| contact.leg(id).is_some_and(|leg| leg.state == state);
    match awaits {
        Awaits::NotRinging => contact.phase != Phase::Ringing,
        Awaits::Held(id) => !leg_is(id, LegState::Connected),
        Awaits::OffHold(id) => !leg_is(id, LegState::OnHold),
        Awaits::Ended(Some(id)) => {
            !contact.is_live() || contact.leg(id).is_none_or(|leg| !leg.is_live())
        }
        Awaits::Ended(None) => !contact.is_live(),
        Awaits::LegBesides(known) => {
            !contact.is_live() || contact.legs().iter().any(|leg| !known.contains(&leg.id))
        }
        Awaits::HeldOthers(before) => {
            contact.phase != Phase::Consulting || requirements::held(contact) != *before
        }
        Awaits::Joined => contact.phase == Phase::Conference || contact.live_parties().count() < 2,
        // Settled when the contact is gone, or by what is not about a contact.
        Awaits::Cleared | Awaits::AnyContact | Awaits::AgentState { .. } | Awaits::Muted(_) => {
            false
        }
    }
}
