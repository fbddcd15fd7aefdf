//! The desk against an owner that remembers everything it ever said.

use offhook_practice::{Practice, Scenario};
use offhook_protocol::{
    AgentRequest, ButtonState, Buttons, CallRequest, ConnectionStatus, Request, SyncLeg,
};
use proptest::{collection::vec, prelude::*, sample::Index};

use super::*;
use crate::Subject;

fn at(millis: i64) -> Timestamp {
    Timestamp::from_millis(millis)
}

/// Something published, and the picture that it belongs to.
#[derive(Clone)]
struct Said {
    place: Place,
    payload: Vec<u8>,
}

/// An agent's phone, whose practice centre gets calls, at the broker.
struct Owner {
    practice: Practice,
    now: Timestamp,
    epoch: Epoch,
    seq: u64,
    published: [Option<Envelope>; 3],
    /// What was so after each event.
    history: Vec<Picture>,
}

impl Owner {
    fn new() -> Self {
        let scenario = Scenario::built_in("busy-hour").unwrap();
        let mut owner = Self {
            practice: Practice::new(scenario, 7, at(0)),
            now: at(0),
            epoch: Epoch::new(at(0), 0),
            seq: 0,
            published: [None, None, None],
            history: Vec::new(),
        };
        owner.history.push(owner.picture());
        owner
    }

    fn picture(&self) -> Picture {
        let mut picture = Picture::default();
        for envelope in self.practice.snapshot() {
            picture.take(&Event::read(&envelope).unwrap());
        }
        picture.seen()
    }

    /// What it publishes when this much time has gone by and the agent has done that.
    fn live(&mut self, span: Duration, request: &Request) -> Vec<Said> {
        self.now = self.now + span;
        self.practice.handle(&request.envelope("app"), self.now);
        let mut said = Vec::new();
        while let Some(envelope) = self.practice.poll_output() {
            self.seq += 1;
            said.push(self.say(Place::Event, envelope));
        }
        // Between the events of one step nobody can look, so what was so then is not known.
        let now = self.picture();
        self.history.resize(self.seq as usize, Picture::default());
        self.history.push(now);
        let states = self.practice.snapshot();
        for (published, state) in self.published.clone().iter().zip(&states) {
            if published.as_ref() != Some(state) {
                said.push(self.say(Place::State, state.clone()));
            }
        }
        self.published = states.map(Some);
        said
    }

    /// Everything it would say about its state now, under this kind of place.
    fn states(&self, place: impl Fn(Subject) -> Place) -> Vec<Said> {
        let say = |envelope| self.say(&place, envelope);
        self.practice.snapshot().map(say).into()
    }

    fn presence(&self, presence: &Presence) -> Said {
        self.say(|_| Place::Presence, presence.envelope())
    }

    fn say(&self, place: impl Fn(Subject) -> Place, mut envelope: Envelope) -> Said {
        let place = place(Subject::of(&envelope));
        Stamp {
            epoch: Some(self.epoch),
            seq: Some(self.seq),
            ..Stamp::default()
        }
        .write(&mut envelope);
        let payload = envelope.to_text().into_bytes();
        Said { place, payload }
    }
}

impl Desk {
    fn hear_said(&mut self, said: &Said, now: Timestamp) {
        self.hear(&said.place, &said.payload, false, now);
    }

    fn seen(&self) -> Picture {
        self.picture.clone().seen()
    }
}

impl Picture {
    /// As people see it: a state lists a leg that is gone as long as its contact is there, an event takes
    /// it away; and no event tells `queueTimestamp`.
    fn seen(mut self) -> Self {
        let is_there = |leg: &SyncLeg| {
            let enables =
                |buttons: &Buttons| buttons.iter().any(|(_, it)| it == ButtonState::Enable);
            leg.status != ConnectionStatus::Disconnected
                || leg.buttons.as_ref().is_some_and(enables)
        };
        if let Some(calls) = &mut self.calls {
            calls.queue_at = None;
            calls.legs.retain(is_there);
        }
        self
    }

    fn only(mut self, part: Part) -> Self {
        for other in Part::ALL.into_iter().filter(|other| *other != part) {
            self.forget(other);
        }
        self
    }
}

fn online() -> Presence {
    Presence::Online {
        since: at(0),
        program: "Offhook".to_owned(),
    }
}

fn answer(_: Subject) -> Place {
    Place::Answer {
        instance: "me".to_owned(),
    }
}

fn requests() -> impl Strategy<Value = Request> {
    prop_oneof![
        3 => Just(Request::Call(CallRequest::Answer)),
        2 => Just(Request::Call(CallRequest::Hold(None))),
        1 => Just(Request::Call(CallRequest::Resume(None))),
        1 => Just(Request::Call(CallRequest::Reject)),
        2 => Just(Request::Call(CallRequest::Disconnect(None))),
        3 => Just(Request::Call(CallRequest::ClearContact)),
        1 => Just(Request::Agent(AgentRequest::SetReady)),
        1 => Just(Request::Agent(AgentRequest::SetNotReady("Lunch".to_owned()))),
        1 => Just(Request::Agent(AgentRequest::Mute)),
        1 => Just(Request::Agent(AgentRequest::StateSync)),
        1 => Just(Request::Agent(AgentRequest::GetStates)),
    ]
}

/// What becomes of something that was published.
#[derive(Clone, Debug)]
enum Fate {
    Arrives,
    IsLost,
    ArrivesTwice,
    /// Comes in again, or for the first time, somewhere among what came before.
    IsOvertaken(Index),
}

fn fates() -> impl Strategy<Value = Fate> {
    prop_oneof![
        5 => Just(Fate::Arrives),
        2 => Just(Fate::IsLost),
        1 => Just(Fate::ArrivesTwice),
        2 => any::<Index>().prop_map(Fate::IsOvertaken),
    ]
}

/// What arrives, in which order.
fn arrivals(said: Vec<Said>, fates: &[Fate]) -> Vec<Said> {
    let mut arrived = Vec::new();
    for (said, fate) in said.into_iter().zip(fates.iter().cycle()) {
        match fate {
            Fate::Arrives => arrived.push(said),
            Fate::IsLost => {}
            Fate::ArrivesTwice => arrived.extend([said.clone(), said]),
            Fate::IsOvertaken(index) => arrived.insert(index.index(arrived.len() + 1), said),
        }
    }
    arrived
}

/// Whatever is exact is what the owner had after that event.
fn is_true(desk: &Desk, owner: &Owner) -> Result<(), TestCaseError> {
    for (part, exact_at) in &desk.exact_at {
        let then = &owner.history[*exact_at as usize];
        if then.knows(*part) {
            prop_assert_eq!(desk.seen().only(*part), then.clone().only(*part));
        }
    }
    Ok(())
}

proptest! {
    #[test]
    fn whatever_is_lost_doubled_or_overtaken_the_desk_ends_in_the_owners_state(
        steps in vec((0_u64..4_000, requests()), 1..40),
        fates in vec(fates(), 1..60),
    ) {
        let mut owner = Owner::new();
        let mut said = owner.states(Place::State);
        for (millis, request) in &steps {
            said.extend(owner.live(Duration::from_millis(*millis), request));
        }

        let mut desk = Desk::default();
        let mut before = desk.exact_at.clone();
        for said in arrivals(said, &fates) {
            desk.hear_said(&said, owner.now);
            is_true(&desk, &owner)?;
            let grown = before.iter().all(|(part, seq)| desk.exact_at.get(part) >= Some(seq));
            prop_assert!(grown, "older than what was seen");
            before = desk.exact_at.clone();
        }

        desk.hear_said(&owner.presence(&online()), owner.now);
        let due = desk.poll_timeout().unwrap_or(owner.now);
        let asked = desk.poll_ask(due);
        let answers = Part::ALL.into_iter().zip(owner.states(answer));
        for (_, said) in answers.filter(|(part, _)| asked.contains(part)) {
            desk.hear_said(&said, due);
        }
        prop_assert_eq!(desk.seen(), owner.picture());
        prop_assert_eq!(desk.poll_timeout(), None, "nothing is left to ask for");
    }

    #[test]
    fn events_alone_tell_what_a_state_would(steps in vec((0_u64..4_000, requests()), 1..40)) {
        let mut owner = Owner::new();
        let mut desk = Desk::default();
        for said in owner.states(Place::State) {
            desk.hear_said(&said, owner.now);
        }
        for (millis, request) in &steps {
            let said = owner.live(Duration::from_millis(*millis), request);
            for event in said.iter().filter(|said| matches!(said.place, Place::Event(_))) {
                desk.hear_said(event, owner.now);
            }
            prop_assert_eq!(desk.seen(), owner.picture());
        }
    }
}

fn states_of(owner: &Owner) -> Vec<Said> {
    owner.states(Place::State)
}

impl Desk {
    fn hear_retained_set(&mut self, set: &[Said], now: Timestamp) {
        for said in set {
            self.hear(&said.place, &said.payload, true, now);
        }
    }
}

/// An owner whose agent is in a call, and what it published on the way there.
fn in_a_call() -> (Owner, Vec<Said>) {
    let mut owner = Owner::new();
    let mut said = owner.live(Duration::from_secs(1), &Request::AppStateSync);
    let answer = Request::Call(CallRequest::Answer);
    said.extend(owner.live(Duration::from_secs(1), &answer));
    (owner, said)
}

/// What the broker keeps of all this: the last of each state.
fn kept(said: &[Said]) -> Vec<Said> {
    let mut kept: Vec<Said> = Vec::new();
    for said in said
        .iter()
        .filter(|said| matches!(said.place, Place::State(_)))
    {
        kept.retain(|older| older.place != said.place);
        kept.push(said.clone());
    }
    kept
}

#[test]
fn what_the_broker_kept_is_enough_for_one_who_joins() {
    let (owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    assert_eq!(desk.seen(), owner.picture());
    assert_eq!(
        desk.poll_timeout(),
        None,
        "old states of what did not change are as good as new"
    );
}

#[test]
fn what_an_old_broker_kept_is_not_believed() {
    let (mut owner, said) = in_a_call();
    let old = kept(&said);
    let mut desk = Desk::default();
    desk.hear_retained_set(&old, owner.now);
    let hold = Request::Call(CallRequest::Hold(None));
    for said in owner.live(Duration::from_secs(1), &hold) {
        desk.hear_said(&said, owner.now);
    }
    let known = desk.seen();
    desk.interrupted();
    desk.hear_retained_set(&old, owner.now);
    assert_eq!(desk.seen(), known);
}

#[test]
fn what_a_killed_broker_had_not_yet_written_is_not_undone() {
    let (mut owner, mut said) = in_a_call();
    let old = kept(&said);
    let hold = Request::Call(CallRequest::Hold(None));
    said.extend(owner.live(Duration::from_secs(1), &hold));
    let mut desk = Desk::default();
    for said in &said {
        desk.hear_said(said, owner.now);
    }
    let known = desk.seen();
    assert_eq!(known, owner.picture());

    // It had written the newest of the other states, and not that of the calls.
    let is_of_calls = |said: &&Said| matches!(&said.place, Place::State(subject) if Part::named(&subject.topic) == Some(Part::Calls));
    let mut written = states_of(&owner);
    written.retain(|said| !is_of_calls(&said));
    written.extend(old.iter().filter(is_of_calls).cloned());
    desk.interrupted();
    desk.hear_retained_set(&written, owner.now);
    assert_eq!(desk.seen(), known);
}

#[test]
fn what_the_broker_kept_while_nobody_listened_replaces_what_was_known() {
    let (mut owner, mut said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    desk.interrupted();
    for request in [CallRequest::Hold(None), CallRequest::Disconnect(None)] {
        said.extend(owner.live(Duration::from_secs(1), &Request::Call(request)));
    }
    desk.hear_retained_set(&kept(&said), owner.now);
    assert_eq!(desk.seen(), owner.picture());
    assert_eq!(desk.behind().count(), 0);
}

#[test]
fn a_gap_is_asked_about_once_the_owner_had_time_to_close_it_and_then_ever_less_often() {
    let (mut owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    let mute = owner.live(Duration::from_secs(1), &Request::Agent(AgentRequest::Mute));
    owner.live(
        Duration::from_secs(1),
        &Request::Agent(AgentRequest::Unmute),
    );
    let later = owner.live(
        Duration::from_secs(1),
        &Request::Agent(AgentRequest::GetStates),
    );
    let heard_at = owner.now;
    desk.hear_said(&later[0], heard_at);
    assert_eq!(desk.poll_ask(heard_at), []);

    let mut asked_after = Vec::new();
    for _ in 0..7 {
        let due = desk.poll_timeout().unwrap();
        assert_eq!(desk.poll_ask(due), Part::ALL);
        asked_after.push(due.saturating_duration_since(heard_at).as_millis());
    }
    assert_eq!(
        asked_after,
        [500, 1_500, 3_500, 7_500, 15_500, 31_500, 61_500]
    );

    desk.hear_said(&mute[0], heard_at);
    assert!(desk.poll_timeout().is_some(), "one is still missing");
    for said in states_of(&owner) {
        desk.hear_said(&said, heard_at);
    }
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn an_owner_that_went_is_stale_and_not_asked() {
    let (owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_said(&owner.presence(&online()), owner.now);
    desk.hear_said(&said[0], owner.now);
    assert!(!desk.is_stale());
    assert!(desk.poll_timeout().is_some());
    desk.hear_said(&owner.presence(&Presence::Offline), owner.now);
    assert!(desk.is_stale());
    assert_eq!(desk.poll_timeout(), None);
    desk.hear_said(&owner.presence(&online()), owner.now);
    assert!(!desk.is_stale());
    assert!(desk.poll_timeout().is_some());
}

#[test]
fn presence_tells_of_events_that_nobody_heard() {
    let (mut owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    assert_eq!(desk.behind().count(), 0);
    owner.live(Duration::from_secs(1), &Request::Agent(AgentRequest::Mute));
    desk.hear_said(&owner.presence(&online()), owner.now);
    assert_eq!(desk.behind().count(), 3);
}

#[test]
fn another_life_of_the_owner_voids_the_one_before() {
    let (mut owner, said) = in_a_call();
    let mut desk = Desk::default();
    for said in &said {
        desk.hear_said(said, owner.now);
    }
    let first = owner.epoch;
    owner.epoch = Epoch::new(at(60_000), 0);
    owner.seq = 0;
    desk.hear_said(&owner.presence(&online()), owner.now);
    assert_eq!(desk.picture, Picture::default());
    for said in states_of(&owner) {
        desk.hear_said(&said, owner.now);
    }
    assert_eq!(desk.seen(), owner.picture());

    owner.epoch = first;
    owner.seq = 1_000;
    desk.hear_said(&owner.presence(&Presence::Offline), owner.now);
    assert!(!desk.is_stale(), "the earlier life's last will");
    assert_eq!(desk.behind().count(), 0);
}

#[test]
fn a_state_that_was_taken_back_is_not_known() {
    let (owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    for said in states_of(&owner) {
        desk.hear(&said.place, b"", false, owner.now);
    }
    assert_eq!(desk.picture, Picture::default());
    desk.hear(&Place::Presence, b"", false, owner.now);
    assert!(desk.is_stale());
}

#[test]
fn an_owner_that_sends_only_published_fields_is_followed_in_the_order_of_arrival() {
    let mut owner = Owner::new();
    let mut desk = Desk::default();
    let place = Place::Event(Subject {
        topic: "any".to_owned(),
        subtopic: "any".to_owned(),
    });
    for envelope in owner.practice.snapshot() {
        desk.hear(&place, envelope.to_text().as_bytes(), false, owner.now);
    }
    owner.now = at(1_000);
    owner.practice.handle_timeout(owner.now);
    while let Some(envelope) = owner.practice.poll_output() {
        desk.hear(&place, envelope.to_text().as_bytes(), false, owner.now);
    }
    assert_eq!(desk.calls().unwrap().legs.len(), 2, "it rings");
    assert_eq!(desk.seen(), owner.picture());
    assert_eq!(desk.poll_timeout(), None);
}

#[test]
fn what_cannot_be_read_changes_nothing() {
    let (owner, said) = in_a_call();
    let mut desk = Desk::default();
    desk.hear_retained_set(&kept(&said), owner.now);
    let text = String::from_utf8(said[0].payload.clone()).unwrap();
    for payload in ["{", "{}", &text.replace("\"seq\":", "\"seq\":-")] {
        desk.hear(&said[0].place, payload.as_bytes(), false, owner.now);
    }
    assert_eq!(desk.seen(), owner.picture());
    assert_eq!(desk.behind().count(), 0);
}

#[test]
fn what_waits_is_bounded() {
    let (mut owner, _) = in_a_call();
    let mut desk = Desk::default();
    for seq in (1..2_000).chain([u64::MAX]) {
        owner.seq = seq;
        desk.hear_said(
            &owner.say(Place::Event, Envelope::event("X", "Y", true.into())),
            owner.now,
        );
    }
    assert_eq!(desk.waiting.len(), MAX_WAITING);
    for said in states_of(&owner) {
        desk.hear_said(&said, owner.now);
    }
    assert_eq!((desk.waiting.len(), desk.behind().count()), (0, 0));
}
