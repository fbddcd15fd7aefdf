//! What always holds, looked at after every input.

use std::{
    collections::{BTreeMap, BTreeSet},
    time::Duration,
};

use offhook_core::{
    Act, AgentKind, Command, Effect, Input, LinkState, NoticeCode, NotificationKey, Phase, Phone,
    Preferences, Time, UpdateOrder, View,
};
use offhook_protocol::ContactId;

/// A request may wait five seconds for its event, and five more for the snapshot.
const LONGEST_PENDING: Duration = Duration::from_secs(10);

/// How long a call rings on a link that is not up.
const BLIND: Duration = Duration::from_secs(20);

/// What is remembered from input to input.
#[derive(Debug, Default)]
pub(crate) struct Watch {
    input: Seen,
    clicked: bool,
    link_before: Option<LinkState>,
    last_notice: u64,
    preferences: Preferences,
    window: bool,
    tone: Option<ContactId>,
    notified: BTreeMap<ContactId, usize>,
    raised: usize,
    shown: BTreeSet<NotificationKey>,
    pending: BTreeMap<(Option<ContactId>, Command), Time>,
    came_up: Option<Time>,
}

/// The kind of the input that is being handled.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Seen {
    #[default]
    Other,
    Intent,
    Timeout,
}

impl Watch {
    /// The next intent comes from the tray.
    pub(crate) fn clicked(&mut self) {
        self.clicked = true;
    }

    pub(crate) fn before(&mut self, input: &Input, view: &View) {
        self.link_before = Some(view.link.state);
        let ids = view.notices.iter().map(|notice| notice.id);
        self.last_notice = ids.max().unwrap_or(0).max(self.last_notice);
        self.input = match input {
            Input::Intent(_) => Seen::Intent,
            Input::Timeout => Seen::Timeout,
            Input::Event(_) | Input::Broker(_) | Input::Updates(_) | Input::Update(_) => {
                Seen::Other
            }
            Input::Window { visible } => {
                self.window = *visible;
                Seen::Other
            }
            Input::Preferences(preferences) => {
                self.preferences = *preferences;
                Seen::Other
            }
        };
    }

    pub(crate) fn after(
        &mut self,
        effects: &[Effect],
        phone: &Phone,
        now: Time,
        offers: &[String],
    ) {
        let view = phone.view();
        for effect in effects {
            self.note(effect);
        }
        let sent = self.sends_once(effects, &view);
        self.rings_once(offers);
        self.sounds_as_it_should(&view, now);
        self.shows_only_what_is_true(&view);
        self.settles(&view, sent, now);
        self.offers_what_is_accepted(&view);
        spares_calls(effects, &view);
        is_bounded(&view);
        if let Some((due, why)) = phone.poll_timeout() {
            assert!(due > now, "{why:?} was due at {due:?}, and it is {now:?}");
        }
        self.clicked = false;
    }

    fn note(&mut self, effect: &Effect) {
        match effect {
            Effect::Send(_)
            | Effect::RetryBroker
            | Effect::Act(Act::Show | Act::ShowPanel | Act::Update(_) | Act::Quit) => {}
            Effect::Act(Act::Ring(contact)) => self.tone = Some(contact.clone()),
            Effect::Act(Act::StopRing) => self.tone = None,
            Effect::Act(Act::Raise) => self.raised += 1,
            Effect::Act(Act::Notify(notification)) => {
                if let NotificationKey::Ringing(contact) = &notification.key {
                    *self.notified.entry(contact.clone()).or_default() += 1;
                }
                self.shown.insert(notification.key.clone());
            }
            Effect::Act(Act::Withdraw(key)) => {
                self.shown.remove(key);
            }
        }
    }

    /// A request that changes something is sent only because a person asked for it, one at a time, and
    /// where somebody can hear it. Whether one was.
    fn sends_once(&self, effects: &[Effect], view: &View) -> bool {
        let command =
            |effect: &&Effect| matches!(effect, Effect::Send(request) if request.is_command());
        let commands = effects.iter().filter(command).count();
        let allowed = self.input == Seen::Intent && view.link.state == LinkState::Online;
        assert!(
            commands <= usize::from(allowed),
            "{commands} commands were sent: {effects:?}"
        );
        commands > 0
    }

    fn rings_once(&self, offers: &[String]) {
        assert!(
            self.raised <= offers.len(),
            "the window came up {} times for {} offers",
            self.raised,
            offers.len()
        );
        for (contact, times) in &self.notified {
            let offered = offers
                .iter()
                .filter(|offer| *offer == contact.as_str())
                .count();
            assert!(
                *times <= offered,
                "{contact} was told of {times} times and offered {offered} times"
            );
        }
    }

    fn sounds_as_it_should(&self, view: &View, now: Time) {
        let rings = |contact: &ContactId| {
            view.contacts
                .iter()
                .any(|shown| shown.id == *contact && shown.phase == Phase::Ringing)
        };
        let busy = view
            .contacts
            .iter()
            .any(|contact| is_live(contact.phase) && contact.phase != Phase::Ringing);
        let blind = view.link.state != LinkState::Online && now.since(view.link.since) >= BLIND;
        let any = view
            .contacts
            .iter()
            .any(|contact| contact.phase == Phase::Ringing);
        let expected = any && !busy && !blind && self.preferences.sound;
        assert_eq!(self.tone.is_some(), expected, "the tone, in {view:#?}");
        assert!(
            self.tone.iter().all(rings),
            "the tone is for a call that rings"
        );
    }

    fn shows_only_what_is_true(&self, view: &View) {
        for key in &self.shown {
            match key {
                NotificationKey::Ringing(contact) => assert!(
                    view.contacts
                        .iter()
                        .any(|shown| shown.id == *contact && shown.phase == Phase::Ringing),
                    "{contact} does not ring, and its notification is out"
                ),
                NotificationKey::Missed(_) | NotificationKey::Failure | NotificationKey::SetUp => {
                    assert!(!self.window, "{key:?} is out, and the window is seen");
                }
            }
        }
    }

    /// No request waits for ever, and none is given up in silence.
    fn settles(&mut self, view: &View, sent: bool, now: Time) {
        if self.link_before != Some(LinkState::Online) && view.link.state == LinkState::Online {
            self.came_up = Some(now);
        }
        let of_contacts = view
            .contacts
            .iter()
            .filter_map(|contact| Some((Some(contact.id.clone()), contact.pending?)));
        let of_agent = view.agent.pending.map(|command| (None, command));
        let waiting: BTreeSet<_> = of_contacts.chain(of_agent).collect();
        let new = waiting
            .iter()
            .any(|request| !self.pending.contains_key(request));
        assert!(
            new || !sent,
            "a command was sent again, or nobody waits for its outcome"
        );
        let settled = self.pending.keys().any(|known| !waiting.contains(known));
        if settled && self.input == Seen::Timeout {
            assert!(
                self.said(view, NoticeCode::NoReply),
                "a request was given up in silence: {:?}",
                self.pending
            );
        }
        self.pending.retain(|known, _| waiting.contains(known));
        for request in waiting {
            let since = *self.pending.entry(request.clone()).or_insert(now);
            let since = since.max(self.came_up.unwrap_or(since));
            assert!(
                now.since(since) < LONGEST_PENDING,
                "{request:?} waits since {since:?}, and it is {now:?}"
            );
        }
    }

    /// Whether the input that was just handled was answered so.
    fn said(&self, view: &View, code: NoticeCode) -> bool {
        let mut new = view
            .notices
            .iter()
            .filter(|notice| notice.id > self.last_notice);
        new.any(|notice| notice.code == code)
    }

    /// A menu that knew better does not offer what is then refused. What a lost event hides from the
    /// menu (a party that left, say) may be.
    fn offers_what_is_accepted(&self, view: &View) {
        let avoidable = [
            NoticeCode::LinkDown,
            NoticeCode::NoConnector,
            NoticeCode::NotLoggedIn,
            NoticeCode::ContactGone,
            NoticeCode::NotOffered,
            NoticeCode::StillWaiting,
            NoticeCode::UnknownReason,
        ];
        if self.clicked {
            let refused: Vec<_> = avoidable
                .into_iter()
                .filter(|code| self.said(view, *code))
                .collect();
            assert!(
                refused.is_empty(),
                "the tray offered it, and it was refused: {refused:?}"
            );
        }
    }
}

/// Nothing is installed, and nothing starts anew, while there is a call that it could disturb.
fn spares_calls(effects: &[Effect], view: &View) {
    let disturbs = |effect: &Effect| {
        matches!(
            effect,
            Effect::Act(Act::Update(
                UpdateOrder::Install | UpdateOrder::Restart { .. }
            ))
        )
    };
    let engaged = matches!(
        view.agent.kind,
        AgentKind::PendingBusy | AgentKind::Busy | AgentKind::AfterCallWork
    );
    let call = !view.contacts.is_empty() || engaged || view.agent.pending == Some(Command::Dial);
    assert!(
        !(call && effects.iter().any(disturbs)),
        "{effects:?} in {view:#?}"
    );
}

fn is_bounded(view: &View) {
    assert!(view.contacts.len() <= 8, "{} contacts", view.contacts.len());
    assert!(
        view.contacts.iter().all(|contact| contact.legs.len() <= 6),
        "more than six legs"
    );
    assert!(
        view.notices.len() <= offhook_core::MAX_NOTICES,
        "{} notices",
        view.notices.len()
    );
    assert!(view.recent.len() <= 50, "{} past calls", view.recent.len());
}

fn is_live(phase: Phase) -> bool {
    match phase {
        Phase::Ringing
        | Phase::Dialing
        | Phase::Talking
        | Phase::OnHold
        | Phase::Consulting
        | Phase::Conference => true,
        Phase::WrapUp | Phase::Missed | Phase::Rejected | Phase::Ended => false,
    }
}
