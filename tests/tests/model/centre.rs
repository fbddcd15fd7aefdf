//! A small contact centre that knows the truth: up to two calls, and what is told of them.

use offhook_core::{LegStateView, Phase, View};
use offhook_protocol::{
    AgentState, AgentSync, Button, Buttons, CallEvent, CallSync, ConnectionStatus, ContactKind,
    Event, LegEvent, LegType, SetAgentState, StateType, SyncLeg, Timestamp,
};

/// What can happen to a call, to one of the two places for calls. Nothing happens where it cannot.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Happening {
    Offer,
    Answer,
    Miss,
    Reject,
    Hold,
    Resume,
    Consult,
    ThirdAnswers,
    ThirdLeaves,
    Join,
    Leave,
    Clear,
}

#[derive(Debug)]
struct Leg {
    id: String,
    kind: LegType,
    event: CallEvent,
    at: Timestamp,
}

#[derive(Debug)]
struct Call {
    contact: String,
    agent: Leg,
    customer: Leg,
    third: Option<Leg>,
}

/// The truth.
#[derive(Debug, Default)]
pub(crate) struct Centre {
    calls: [Option<Call>; 2],
    last: i64,
    ids: u32,
    /// The contact of each offer, in order.
    pub(crate) offers: Vec<String>,
}

impl Centre {
    /// Lets something happen, and returns what is told of it.
    pub(crate) fn happen(&mut self, what: Happening, place: usize, now: i64) -> Vec<Event> {
        self.last = now.max(self.last + 1);
        let at = Timestamp::from_millis(self.last);
        let changed = match (what, self.calls[place].is_some()) {
            (Happening::Offer, false) => self.offer(place, at),
            (_, true) => self.change(what, place, at),
            (_, false) => return Vec::new(),
        };
        let contact = self.calls[place].as_ref().map(|call| call.contact.clone());
        let told: Vec<Event> = changed
            .iter()
            .map(|(leg, buttons)| Event::Leg(told(leg, buttons, contact.as_deref())))
            .collect();
        if self.calls[place].as_ref().is_some_and(Call::is_gone) {
            self.calls[place] = None;
        }
        let agent = (!told.is_empty()).then(|| Event::AgentState(self.agent_event(at)));
        told.into_iter().chain(agent).collect()
    }

    fn next_id(&mut self, kind: &str) -> String {
        self.ids += 1;
        format!("{kind}-{}", self.ids)
    }

    fn offer(&mut self, place: usize, at: Timestamp) -> Vec<(Leg, Buttons)> {
        let contact = self.next_id("contact");
        let leg = |id: String, kind, event| Leg {
            id,
            kind,
            event,
            at,
        };
        let call = Call {
            agent: leg(self.next_id("agent"), LegType::Agent, CallEvent::Connecting),
            // To the queue.
            customer: leg(contact.clone(), LegType::Inbound, CallEvent::Connected),
            third: None,
            contact,
        };
        self.offers.push(call.contact.clone());
        let told = call.changed_at(at);
        self.calls[place] = Some(call);
        told
    }

    fn change(&mut self, what: Happening, place: usize, at: Timestamp) -> Vec<(Leg, Buttons)> {
        let fresh = self.next_id("leg");
        let Some(call) = &mut self.calls[place] else {
            return Vec::new();
        };
        let mut superseded = None;
        let third = call.third.as_ref().map(|third| third.event.clone());
        match (what, &call.agent.event, &call.customer.event, &third) {
            (Happening::Offer, CallEvent::Missed | CallEvent::Rejected, ..) => {
                let new = Leg {
                    id: fresh,
                    kind: LegType::Agent,
                    event: CallEvent::Connecting,
                    at,
                };
                let mut old = std::mem::replace(&mut call.agent, new);
                old.become_at(CallEvent::Dropped, at);
                superseded = Some(old);
                call.customer.become_at(CallEvent::Connected, at);
                self.offers.push(call.contact.clone());
            }
            (Happening::Answer, CallEvent::Connecting, ..) => {
                call.agent.become_at(CallEvent::Connected, at);
                call.customer.become_at(CallEvent::Connected, at);
            }
            (Happening::Miss, CallEvent::Connecting, ..) => {
                call.end_for_agent(CallEvent::Missed, at)
            }
            (Happening::Reject, CallEvent::Connecting, ..) => {
                call.end_for_agent(CallEvent::Rejected, at)
            }
            (Happening::Hold, CallEvent::Connected, CallEvent::Connected, None) => {
                call.customer.become_at(CallEvent::Hold, at);
            }
            (Happening::Resume, CallEvent::Connected, CallEvent::Hold, None) => {
                call.customer.become_at(CallEvent::Connected, at);
            }
            (
                Happening::Consult,
                CallEvent::Connected,
                CallEvent::Connected | CallEvent::Hold,
                None,
            ) => {
                call.customer.become_at(CallEvent::Hold, at);
                call.third = Some(Leg {
                    id: fresh,
                    kind: LegType::Outbound,
                    event: CallEvent::Connecting,
                    at,
                });
            }
            (Happening::ThirdAnswers, _, _, Some(CallEvent::Connecting)) => {
                call.third_becomes(CallEvent::Connected, at)
            }
            (Happening::ThirdLeaves, CallEvent::Connected, _, Some(_)) => {
                call.third_becomes(CallEvent::Dropped, at)
            }
            (Happening::Join, _, CallEvent::Hold, Some(CallEvent::Connected)) => {
                call.customer.become_at(CallEvent::Connected, at);
            }
            (Happening::Leave, CallEvent::Connecting, ..) => {
                call.end_for_agent(CallEvent::Dropped, at)
            }
            (Happening::Leave, CallEvent::Connected, ..) => call.end_for_agent(CallEvent::Acw, at),
            (Happening::Clear, CallEvent::Missed | CallEvent::Rejected | CallEvent::Acw, ..) => {
                call.agent.become_at(CallEvent::Dropped, at);
            }
            _ => return Vec::new(),
        }
        let changed = call.changed_at(at);
        call.third
            .take_if(|third| third.event == CallEvent::Dropped);
        let superseded = superseded.map(|leg| (leg, Buttons::enabling(&[])));
        superseded.into_iter().chain(changed).collect()
    }

    pub(crate) fn snapshot(&self) -> CallSync {
        let legs = self.calls.iter().flatten().flat_map(|call| {
            let present = call.legs().filter(|leg| leg.event != CallEvent::Dropped);
            present.map(|leg| SyncLeg {
                connection_id: leg.id.as_str().into(),
                contact_id: Some(call.contact.as_str().into()),
                kind: ContactKind::Voice,
                phone_number: None,
                status: status(&leg.event),
                at: Some(leg.at),
                leg: leg.kind.clone(),
                buttons: Some(call.buttons(leg)),
            })
        });
        CallSync {
            legs: legs.collect(),
            ..CallSync::default()
        }
    }

    pub(crate) fn agent_snapshot(&self) -> AgentSync {
        let event = self.agent_event(Timestamp::from_millis(self.last));
        AgentSync {
            logged_in: Some(true),
            state: Some(event.state),
            ..AgentSync::default()
        }
    }

    fn agent_event(&self, at: Timestamp) -> SetAgentState {
        let state = self
            .calls
            .iter()
            .flatten()
            .next()
            .map(|call| &call.agent.event);
        let (name, kind) = match state {
            Some(CallEvent::Connecting) => ("PendingBusy", StateType::System),
            Some(CallEvent::Connected | CallEvent::Hold) => ("Busy", StateType::System),
            Some(CallEvent::Acw) => ("AfterCallWork", StateType::System),
            Some(CallEvent::Missed | CallEvent::Rejected) => ("MissedCallAgent", StateType::Error),
            Some(CallEvent::Dropped | CallEvent::Other(_)) | None => {
                ("Available", StateType::Routable)
            }
        };
        let state = AgentState {
            name: name.to_owned(),
            kind: Some(kind),
            arn: None,
            since: Some(at),
        };
        SetAgentState {
            state,
            ready: None,
            reason: None,
            next: None,
            info: Default::default(),
            buttons: None,
        }
    }

    /// Panics where a view shows something else than the truth.
    pub(crate) fn assert_shown(&self, view: &View) {
        let shown: Vec<&str> = view
            .contacts
            .iter()
            .map(|contact| contact.id.as_str())
            .collect();
        let calls: Vec<&Call> = self.calls.iter().flatten().collect();
        assert_eq!(
            shown.len(),
            calls.len(),
            "contacts {shown:?}, in truth {calls:#?}"
        );
        for call in calls {
            let contact = view
                .contacts
                .iter()
                .find(|contact| contact.id.as_str() == call.contact);
            let contact = contact.unwrap_or_else(|| panic!("{} is not shown", call.contact));
            assert!(
                call.phases().contains(&contact.phase),
                "{:?}, in truth {call:#?}",
                contact.phase
            );
            let live = contact
                .legs
                .iter()
                .filter(|leg| leg.state != LegStateView::Ended);
            let mut live: Vec<(&str, LegStateView)> =
                live.map(|leg| (leg.id.as_str(), leg.state)).collect();
            live.sort_by_key(|(id, _)| *id);
            assert_eq!(live, call.live_parties(), "legs, in truth {call:#?}");
        }
    }
}

impl Leg {
    fn become_at(&mut self, event: CallEvent, at: Timestamp) {
        self.event = event;
        self.at = at;
    }
}

impl Call {
    fn legs(&self) -> impl Iterator<Item = &Leg> {
        [&self.agent, &self.customer].into_iter().chain(&self.third)
    }

    fn third_becomes(&mut self, event: CallEvent, at: Timestamp) {
        if let Some(third) = &mut self.third {
            third.become_at(event, at);
        }
    }

    fn end_for_agent(&mut self, how: CallEvent, at: Timestamp) {
        self.agent.become_at(how, at);
        self.customer.become_at(CallEvent::Dropped, at);
        self.third_becomes(CallEvent::Dropped, at);
    }

    fn is_gone(&self) -> bool {
        self.agent.event == CallEvent::Dropped
    }

    /// The legs that changed just then, as they are now.
    fn changed_at(&self, at: Timestamp) -> Vec<(Leg, Buttons)> {
        let copy = |leg: &Leg| Leg {
            id: leg.id.clone(),
            kind: leg.kind.clone(),
            event: leg.event.clone(),
            at,
        };
        let changed = self.legs().filter(|leg| leg.at == at);
        changed.map(|leg| (copy(leg), self.buttons(leg))).collect()
    }

    fn buttons(&self, leg: &Leg) -> Buttons {
        let third = self.third.is_some();
        Buttons::enabling(match (&leg.kind, &leg.event) {
            (LegType::Agent, CallEvent::Connecting) => &[Button::Answer, Button::Reject],
            (LegType::Agent, CallEvent::Connected) if third => &[
                Button::Numberpad,
                Button::Swap,
                Button::Transfer,
                Button::Conference,
            ],
            (LegType::Agent, CallEvent::Connected) => &[Button::Consult, Button::Numberpad],
            (LegType::Agent, CallEvent::Acw | CallEvent::Missed | CallEvent::Rejected) => {
                &[Button::ClearContact]
            }
            (LegType::Outbound, CallEvent::Connecting) => &[Button::Disconnect],
            _ if self.agent.event == CallEvent::Connecting => &[],
            (_, CallEvent::Connected) => &[Button::Disconnect, Button::Hold],
            (_, CallEvent::Hold) => &[Button::Disconnect, Button::Resume],
            _ => &[],
        })
    }

    fn live_parties(&self) -> Vec<(&str, LegStateView)> {
        let parties = [&self.customer].into_iter().chain(&self.third);
        let mut live: Vec<(&str, LegStateView)> = parties
            .filter_map(|leg| {
                let state = match leg.event {
                    CallEvent::Connecting => LegStateView::Connecting,
                    CallEvent::Connected => LegStateView::Connected,
                    CallEvent::Hold => LegStateView::OnHold,
                    CallEvent::Missed
                    | CallEvent::Rejected
                    | CallEvent::Acw
                    | CallEvent::Dropped
                    | CallEvent::Other(_) => return None,
                };
                Some((leg.id.as_str(), state))
            })
            .collect();
        live.sort_by_key(|(id, _)| *id);
        live
    }

    /// The phases that are true of it. How an ended call ended may have been lost for good.
    fn phases(&self) -> &'static [Phase] {
        let third = self.third.as_ref().map(|third| &third.event);
        match (&self.agent.event, &self.customer.event, third) {
            (CallEvent::Connecting, ..) => &[Phase::Ringing],
            (CallEvent::Connected, CallEvent::Hold, None) => &[Phase::OnHold],
            (CallEvent::Connected, CallEvent::Connected, None) => &[Phase::Talking],
            (CallEvent::Connected, CallEvent::Connected, Some(CallEvent::Connected)) => {
                &[Phase::Conference]
            }
            (CallEvent::Connected, ..) => &[Phase::Consulting],
            _ => &[Phase::WrapUp, Phase::Missed, Phase::Rejected, Phase::Ended],
        }
    }
}

fn told(leg: &Leg, buttons: &Buttons, contact: Option<&str>) -> LegEvent {
    LegEvent {
        connection_id: leg.id.as_str().into(),
        contact_id: contact.map(Into::into),
        kind: ContactKind::Voice,
        event: leg.event.clone(),
        leg: leg.kind.clone(),
        status: Some(status(&leg.event)),
        previous_status: None,
        at: Some(leg.at),
        phone_number: None,
        queue: None,
        variables: Vec::new(),
        buttons: Some(buttons.clone()),
    }
}

fn status(event: &CallEvent) -> ConnectionStatus {
    match event {
        CallEvent::Connecting => ConnectionStatus::Connecting,
        CallEvent::Connected => ConnectionStatus::Connected,
        CallEvent::Hold => ConnectionStatus::Hold,
        CallEvent::Missed
        | CallEvent::Rejected
        | CallEvent::Acw
        | CallEvent::Dropped
        | CallEvent::Other(_) => ConnectionStatus::Disconnected,
    }
}
