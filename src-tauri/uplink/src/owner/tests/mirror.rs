//! What the bus says, as the broker gets it.

use super::*;

const STATES: [&str; 3] = [
    "st/Amazon/App/StateSync",
    "st/Amazon/Agent/StateSync",
    "st/Amazon/InboundCall/StateSync",
];

fn places(published: &[Publication]) -> Vec<&str> {
    published.iter().map(place).collect()
}

fn events(published: &[Publication]) -> Vec<&Publication> {
    let is_event = |p: &&Publication| place(p).starts_with("evt/");
    published.iter().filter(is_event).collect()
}

#[test]
fn a_connection_begins_with_presence_and_the_whole_state() {
    let mut rig = Rig::new(QUIET);
    rig.connect();
    let published = rig.published();
    let [presence, states @ ..] = published.as_slice() else {
        panic!("nothing was published");
    };
    assert_eq!(place(presence), "st/presence");
    assert_eq!(places(states), STATES);
    assert!(published.iter().all(|p| p.retain && p.expires_in.is_none()));

    let expected = Presence::Online {
        since: rig.now,
        program: "Offhook/test".to_owned(),
    };
    assert_eq!(Presence::read(&envelope(presence)), Some(expected));
    for publication in &published {
        let stamp = stamp(publication);
        assert_eq!(stamp.agent.as_deref(), Some("anna"));
        assert_eq!(stamp.epoch, Some(rig.owner.epoch));
        assert_eq!(stamp.at, Some(rig.now));
    }
}

#[test]
fn the_last_will_says_that_the_phone_is_gone() {
    let rig = Rig::new(QUIET);
    let will = rig.owner.will();
    assert_eq!(place(&will), "st/presence");
    assert!(will.retain);
    assert_eq!(Presence::read(&envelope(&will)), Some(Presence::Offline));
    assert_eq!(stamp(&will).epoch, Some(rig.owner.epoch));
}

#[test]
fn a_late_will_of_an_earlier_connection_is_contradicted() {
    let mut rig = Rig::online(QUIET);
    let since = rig.now;
    rig.pass(Duration::from_secs(5));
    let late = Publication {
        retain: false,
        ..rig.owner.will()
    };
    rig.receive(&late);
    let published = rig.published();
    let [presence] = published.as_slice() else {
        panic!("{published:?}");
    };
    let expected = Presence::Online {
        since,
        program: "Offhook/test".to_owned(),
    };
    assert_eq!(Presence::read(&envelope(presence)), Some(expected));

    let own = Publication {
        retain: false,
        ..presence.clone()
    };
    rig.receive(&own);
    let kept = rig.owner.will();
    rig.receive(&kept);
    assert_eq!(places(&rig.published()), [""; 0], "kept from before");
}

/// What another phone of this agent that started then says to the broker.
fn of_another(started: Timestamp, presence: &Presence, retain: bool) -> Publication {
    let mut envelope = presence.envelope();
    Stamp {
        epoch: Some(Epoch::new(started, 0)),
        ..Stamp::default()
    }
    .write(&mut envelope);
    Publication {
        topic: "cc/v1/acme/anna/st/presence".to_owned(),
        response_topic: None,
        retain,
        ..publication(&envelope)
    }
}

#[test]
fn whoever_started_later_keeps_the_branch() {
    let mut rig = Rig::online(QUIET);
    rig.hear_itself();
    let hour = Duration::from_secs(3_600);
    let before = Timestamp::from_millis(rig.now.as_millis() - 3_600_000);
    let later = rig.now + hour;

    rig.receive(&of_another(before, &Presence::Offline, true));
    assert!(!rig.gave_way, "it started earlier");
    for retain in [true, false] {
        rig.gave_way = false;
        rig.receive(&of_another(later, &Presence::Offline, retain));
        assert!(rig.gave_way, "it is thrown off by this one's connecting");
    }
}

#[test]
fn a_phone_that_starts_is_the_later_one_whatever_the_clocks_say() {
    let mut rig = Rig::new(QUIET);
    rig.connect();
    let theirs = of_another(rig.now + Duration::from_secs(60), &Presence::Offline, true);
    rig.receive(&theirs);
    assert!(!rig.gave_way);
    assert!(Some(rig.owner.epoch) > stamp(&theirs).epoch);
    let published = rig.published();
    let last = published.iter().rfind(|p| place(p) == "st/presence");
    assert_eq!(stamp(last.unwrap()).epoch, Some(rig.owner.epoch));

    rig.hear_itself();
    let again = of_another(rig.now + Duration::from_secs(120), &Presence::Offline, true);
    rig.receive(&again);
    assert!(rig.gave_way, "the person sits there now");
    rig.gave_way = false;
    rig.owner.claim();
    rig.connect();
    rig.receive(&again);
    assert!(!rig.gave_way, "the person has come back");
    assert!(Some(rig.owner.epoch) > stamp(&again).epoch);
    let will = stamp(&rig.will).epoch;
    assert_eq!(will, Some(rig.owner.epoch), "nobody passes over it");
}

#[test]
fn events_are_counted_and_the_state_after_them_says_how_many() {
    let mut rig = Rig::online(CALL);
    rig.receive(&call(CallRequest::Answer, "1"));
    let published = rig.published();
    let events = events(&published);
    assert!(!events.is_empty());
    assert!(
        events
            .iter()
            .all(|p| !p.retain && p.expires_in == Some(Duration::from_secs(60)))
    );
    let seqs: Vec<_> = events.iter().filter_map(|event| stamp(event).seq).collect();
    let expected: Vec<_> = (seqs[0]..).take(seqs.len()).collect();
    assert_eq!(seqs, expected, "without a gap");

    let calls = published.iter().rfind(|p| place(p) == STATES[2]).unwrap();
    assert_eq!(stamp(calls).seq, seqs.last().copied());
    match Event::read(&envelope(calls)) {
        Some(Event::CallSync(calls)) => assert_eq!(calls, rig.owner.sight.calls),
        other => panic!("{other:?}"),
    }
}

#[test]
fn a_state_that_did_not_change_is_not_published_again() {
    let mut rig = Rig::online(CALL);
    let calls = rig.practice.snapshot()[2].clone();
    rig.owner.hear(&calls, rig.now);
    rig.drain();
    assert_eq!(places(&rig.published()), [""; 0]);
}

#[test]
fn the_state_follows_an_event_that_changed_nothing() {
    let mut rig = Rig::online(CALL);
    let repeated = Envelope::event("InboundCall", "InboundCallStateChange", json!({}));
    rig.owner.hear(&repeated, rig.now);
    rig.drain();
    let published = rig.published();
    let event = "evt/Amazon/InboundCall/InboundCallStateChange";
    assert_eq!(places(&published), [event, STATES[2]]);
    assert_eq!(stamp(&published[1]).seq, stamp(&published[0]).seq);
}

#[test]
fn a_countdown_alone_is_no_change() {
    let mut rig = Rig::online(QUIET);
    let app = |millis| {
        let message = json!({"link": "lost", "retryInMs": millis});
        Envelope::event("App", "StateSync", message)
    };
    rig.owner.hear(&app(4_000), rig.now);
    rig.owner.hear(&app(3_000), rig.now);
    rig.drain();
    assert_eq!(places(&rig.published()), [STATES[0]]);
}

#[test]
fn events_are_counted_without_a_connection_and_the_state_follows_with_it() {
    let mut rig = Rig::online(CALL);
    let before = rig.owner.seq;
    rig.owner.disconnected();
    rig.pass(Duration::from_secs(30));
    assert_eq!(places(&rig.published()), [""; 0], "the call was missed");

    rig.connect();
    let published = rig.published();
    assert_eq!(places(&published[1..]), STATES);
    for publication in &published {
        let seq = stamp(publication).seq.unwrap();
        assert!(seq > before, "the gap shows: {seq} after {before}");
    }
    let agent = envelope(&published[2]).message.unwrap();
    assert_eq!(agent["agentState"]["name"], "MissedCallAgent");
}

#[test]
fn what_was_not_published_before_a_connection_was_lost_is_not_published_after() {
    let mut rig = Rig::online(QUIET);
    let event = Envelope::event("Agent", "SetAgentState", json!({}));
    rig.owner.hear(&event, rig.now);
    rig.owner.disconnected();
    rig.drain();
    assert_eq!(places(&rig.published()), [""; 0]);
}

#[test]
fn an_overflow_on_the_bus_shows_as_a_gap() {
    let mut rig = Rig::online(QUIET);
    let before = rig.owner.seq;
    rig.owner.missed();
    let event = Envelope::event("Agent", "SetAgentState", json!({}));
    rig.owner.hear(&event, rig.now);
    rig.drain();
    assert_eq!(stamp(&rig.published()[0]).seq, Some(before + 2));
}

#[test]
fn requests_and_what_apps_tell_each_other_stay_on_the_bus() {
    let mut rig = Rig::online(QUIET);
    let chat = Envelope::event("Chat", "Said", json!("hello"));
    let request = Request::Call(CallRequest::Answer).envelope("phone");
    rig.owner.hear(&chat, rig.now);
    rig.owner.hear(&request, rig.now);
    rig.drain();
    assert_eq!(places(&rig.published()), [""; 0]);
}

#[test]
fn what_is_not_known_passes_unharmed() {
    let mut rig = Rig::online(QUIET);
    let text = r#"{"channel":"Amazon","topic":"OutboundCall","subtopic":"Preview","message":{"a":[1]},"later":true}"#;
    let unknown = Envelope::parse(text.as_bytes()).unwrap();
    rig.owner.hear(&unknown, rig.now);
    rig.drain();
    let published = rig.published();
    assert_eq!(place(&published[0]), "evt/Amazon/OutboundCall/Preview");
    let envelope = envelope(&published[0]);
    assert_eq!(envelope.message, unknown.message);
    assert_eq!(envelope.extra["later"], true);
}

#[test]
fn what_the_broker_would_not_take_is_not_published() {
    let mut rig = Rig::online(QUIET);
    let long = Envelope::event("OutboundCall", "Long", json!("x".repeat(MAX_PAYLOAD)));
    rig.owner.hear(&long, rig.now);
    rig.drain();
    assert!(events(&rig.published()).is_empty());
}

#[test]
fn the_farewell_takes_everything_back() {
    let mut rig = Rig::online(CALL);
    rig.owner.farewell(rig.now);
    rig.drain();
    let published = rig.published();
    let [states @ .., presence] = published.as_slice() else {
        panic!("nothing was published");
    };
    assert_eq!(places(states), STATES);
    assert!(states.iter().all(|p| p.retain && p.payload.is_empty()));
    assert_eq!(Presence::read(&envelope(presence)), Some(Presence::Offline));
}
