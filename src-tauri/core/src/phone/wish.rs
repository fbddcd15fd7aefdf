//! What the person wants: sent once, and settled by what comes of it.

use offhook_protocol::{ConnectionId, ContactId, Personal, Request};

use crate::{
    broker::Broker,
    call_link::CallLink,
    contact::Contact,
    effect::{Act, Effect},
    leg::LegState,
    notice::NoticeCode,
    pending::{Awaits, PATIENCE, Pending, Stage},
    phone::Phone,
    requirements::{self, Plan},
    view::{AgentKind, Command, Intent, Phase, PrefillView},
};

impl Phone {
    pub(super) fn wish(&mut self, intent: Intent) {
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
            Intent::RetryBroker => {
                if self.broker.as_ref().is_some_and(Broker::can_be_retried) {
                    self.effects.push_back(Effect::RetryBroker);
                }
            }
            Intent::LookForUpdate => self.look_for_update(),
            Intent::InstallUpdate => self.install_update(),
            Intent::PostponeUpdate => self.update.postpone(self.now),
            Intent::DismissNotice { id } => self.board.dismiss(id),
            Intent::Show => self.act(Act::Show),
            Intent::ShowDial => self.show_dial(None),
            Intent::OpenLink(link) => self.open_link(&link),
            Intent::TakePrefill { id } => {
                self.prefill.take_if(|prefill| prefill.id == id);
            }
            Intent::ShowPanel => self.act(Act::ShowPanel),
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

    /// Shows the link's number. Nothing is dialled: anybody may write a link. What is wrong with it is not
    /// told outside the window, because the window comes up.
    fn open_link(&mut self, link: &Personal) {
        // What was said of the last link is not true of this one.
        self.board.withdraw(&[
            NoticeCode::UnknownCallLink,
            NoticeCode::BadCallLink,
            NoticeCode::CallLinkExtension,
            NoticeCode::CallLinkLocal,
        ]);
        match CallLink::parse(link) {
            Ok(link) => {
                if link.is_local {
                    self.board.post(NoticeCode::CallLinkLocal, None, self.now);
                }
                if link.extension.is_some() {
                    self.board
                        .post(NoticeCode::CallLinkExtension, link.extension, self.now);
                }
                self.show_dial(Some(link.number));
            }
            Err(code) => {
                self.board.post(code, None, self.now);
                self.show_dial(None);
            }
        }
    }

    fn show_dial(&mut self, number: Option<Personal>) {
        self.prefill = Some(PrefillView {
            id: self.inputs,
            number,
        });
        self.act(Act::Show);
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

    pub(super) fn settle_pending(&mut self) {
        let mut pending = std::mem::take(&mut self.pending);
        pending.retain(|pending| !self.is_settled(pending));
        self.pending = pending;
    }

    /// A snapshot was heard: what it was asked about and does not show did not happen.
    pub(super) fn decide_pending(&mut self, concerns: impl Fn(&Pending) -> bool) {
        self.settle_pending();
        self.give_up(|pending| pending.is_asked() && concerns(pending));
    }

    pub(super) fn give_up(&mut self, hopeless: impl Fn(&Pending) -> bool) {
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
                there || self.agent.state_name() != left || self.agent.will_be(wanted.as_deref())
            }
            (Awaits::Muted(muted), _) => self.agent.info.muted == Some(*muted),
            (_, Some(None)) => true,
            (awaits, Some(Some(contact))) => is_fulfilled(awaits, contact),
            (_, None) => false,
        }
    }

    pub(super) fn is_pending(&self, contact: &ContactId, command: Command) -> bool {
        self.pending
            .iter()
            .any(|pending| pending.contact.as_ref() == Some(contact) && pending.command == command)
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
        Awaits::HeldOthers(before) => !contact.is_live() || requirements::held(contact) != *before,
        Awaits::Joined => contact.phase == Phase::Conference || contact.live_parties().count() < 2,
        // Settled when the contact is gone, or by what is not about a contact.
        Awaits::Cleared | Awaits::AnyContact | Awaits::AgentState { .. } | Awaits::Muted(_) => {
            false
        }
    }
}
