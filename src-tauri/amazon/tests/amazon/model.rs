//! Random snapshots in any order, random requests, and answers that come or do not.
//!
//! A plain reading of each snapshot's JSON stands beside the connector and says what may be told.

use std::{collections::HashMap, time::Duration};

use offhook_amazon::{Output, page::Said};
use offhook_protocol::{
    Button, CallEvent, ConnectionStatus, ErrorType, Event, LegEvent, LegType, SyncLeg,
};
use proptest::{prelude::*, sample::select};
use serde_json::{Value, json};

use crate::{
    stage::{Stage, request},
    streams::{self, AVAILABLE},
};

const CONTACT_STATES: [&str; 11] = [
    "init",
    "incoming",
    "pending",
    "connecting",
    "connected",
    "paused",
    "missed",
    "error",
    "ended",
    "rejected",
    "odd",
];
const OVER: [&str; 4] = ["missed", "error", "ended", "rejected"];

#[derive(Clone, Debug)]
enum Input {
    Snapshot(Vec<Value>),
    /// The last snapshot again.
    Repeat,
    /// A request, with the id of one of the legs if it wants one.
    Ask(
        &'static str,
        &'static str,
        Option<Value>,
        prop::sample::Index,
    ),
    /// The answer to one of the calls so far.
    Return(prop::sample::Index),
    Fail(prop::sample::Index),
    Muted(bool),
    Reload,
    Wait(u64),
}

fn connection_state() -> impl Strategy<Value = &'static str> {
    select(vec![
        "connecting",
        "connected",
        "connected",
        "hold",
        "disconnected",
    ])
}

/// The agent's own, the first party, and third parties. Ids change, and are the same in all contacts.
fn connections() -> impl Strategy<Value = Vec<Value>> {
    let own = (connection_state(), 0..3_u8).prop_map(|(state, id)| {
        streams::with(
            streams::own(state),
            "connectionId",
            json!(format!("own {id}")),
        )
    });
    let first = (connection_state(), 0..3_u8, any::<bool>()).prop_map(|(state, id, inbound)| {
        let first = match inbound {
            true => streams::caller(state),
            false => streams::callee(state),
        };
        streams::with(first, "connectionId", json!(format!("first {id}")))
    });
    let thirds =
        prop::collection::btree_map(0..5_u8, connection_state(), 0..4).prop_map(|thirds| {
            let third = |(id, state): (u8, &str)| streams::third(&format!("third {id}"), state);
            thirds.into_iter().map(third).collect::<Vec<_>>()
        });
    (
        prop::option::weighted(0.9, own),
        prop::option::weighted(0.9, first),
        prop_oneof![2 => Just(Vec::new()), 1 => thirds],
    )
        .prop_map(|(own, first, thirds)| own.into_iter().chain(first).chain(thirds).collect())
}

fn contact() -> impl Strategy<Value = Value> {
    let kind = prop_oneof![6 => Just("voice"), 2 => Just("queue_callback"), 1 => Just("chat")];
    let state = prop_oneof![
        2 => Just("connecting"),
        4 => Just("connected"),
        2 => select(CONTACT_STATES.to_vec()),
    ];
    (0..3_u8, kind, state, connections(), any::<bool>()).prop_map(
        |(id, kind, state, connections, room)| {
            let contact = streams::contact(&format!("contact {id}"), state, &connections);
            let contact = streams::with(contact, "type", json!(kind));
            match room {
                true => streams::roomy(contact),
                false => contact,
            }
        },
    )
}

fn contacts() -> impl Strategy<Value = Vec<Value>> {
    prop::collection::vec(contact(), 0..3).prop_map(|mut contacts| {
        let mut known = Vec::new();
        contacts.retain(|contact| {
            let id = contact["contactId"].clone();
            let new = !known.contains(&id);
            known.push(id);
            new
        });
        contacts
    })
}

fn input() -> impl Strategy<Value = Input> {
    let number = || Some(json!("+441632960042"));
    let requests = vec![
        ("InboundCall", "Answer", None),
        ("InboundCall", "Reject", None),
        ("InboundCall", "ClearContact", None),
        ("InboundCall", "Hold", None),
        ("InboundCall", "Resume", None),
        ("InboundCall", "Disconnect", None),
        ("InboundCall", "Swap", None),
        ("InboundCall", "Conference", None),
        ("InboundCall", "Transfer", None),
        ("InboundCall", "Consult", number()),
        ("InboundCall", "SetMakeCall", number()),
        ("InboundCall", "SendDTMF", Some(json!("5"))),
        ("Agent", "SetReady", Some(Value::Null)),
        (
            "Agent",
            "SetNotReady",
            Some(json!({ "ReasonCodeId": "Lunch" })),
        ),
        ("Agent", "Mute", Some(Value::Null)),
        ("Agent", "Unmute", Some(Value::Null)),
        ("Agent", "GetDirectConnects", Some(Value::Null)),
    ];
    prop_oneof![
        8 => contacts().prop_map(Input::Snapshot),
        1 => Just(Input::Repeat),
        6 => (select(requests), any::<prop::sample::Index>())
            .prop_map(|((topic, subtopic, data), leg)| Input::Ask(topic, subtopic, data, leg)),
        2 => any::<prop::sample::Index>().prop_map(Input::Return),
        1 => any::<prop::sample::Index>().prop_map(Input::Fail),
        1 => any::<bool>().prop_map(Input::Muted),
        1 => Just(Input::Reload),
        3 => (0..10_000_u64).prop_map(Input::Wait),
    ]
}

/// What the bus was told so far.
#[derive(Default)]
struct Told {
    /// The last event of each leg, by contact and leg.
    legs: HashMap<(String, String), LegEvent>,
    errors: usize,
    requests: usize,
    calls: u64,
}

impl Told {
    /// Takes what was said; `seen` are the contacts of the snapshot that it was said of, if any.
    fn hear(&mut self, outputs: &[Output], seen: Option<&[Value]>) -> Result<(), TestCaseError> {
        for output in outputs {
            match output {
                Output::Ask(asked) => self.calls = self.calls.max(asked.id),
                Output::Bus(envelope) => match Event::read(envelope) {
                    Some(Event::Leg(event)) => {
                        let seen = seen.ok_or_else(|| TestCaseError::fail("told unasked"))?;
                        supported(&event, seen)?;
                        self.remember(event)?;
                    }
                    Some(Event::Error(error)) => {
                        self.errors += usize::from(error.kind != ErrorType::MicrophoneOpened);
                    }
                    _ => {}
                },
                Output::Panel(_) => {}
            }
        }
        prop_assert!(
            self.errors <= self.requests,
            "an error that nobody asked for"
        );
        Ok(())
    }

    /// Nothing is told of a leg twice, but that it is gone; and each event is later than the last.
    fn remember(&mut self, event: LegEvent) -> Result<(), TestCaseError> {
        let contact = event.contact_id.as_ref().unwrap().to_string();
        let key = (contact, event.connection_id.to_string());
        if let Some(before) = self.legs.get(&key) {
            prop_assert!(event.at > before.at, "{event:?} is not later");
            let same = event.event == before.event && event.buttons == before.buttons;
            prop_assert!(
                !same || event.event == CallEvent::Dropped,
                "{event:?} again"
            );
        }
        self.legs.insert(key, event);
        Ok(())
    }
}

fn is_call(contact: &Value) -> bool {
    contact["type"] != "chat"
}

fn is_over(contact: &Value) -> bool {
    OVER.contains(&contact["state"]["type"].as_str().unwrap())
}

fn connections_of(contact: &Value) -> &[Value] {
    contact["connections"].as_array().unwrap()
}

/// The states of everybody but the agent who is there.
fn live_parties(contact: &Value) -> Vec<&str> {
    let states = connections_of(contact)
        .iter()
        .filter(|connection| connection["type"] != "agent")
        .map(|connection| connection["state"]["type"].as_str().unwrap());
    let mut states: Vec<&str> = states.filter(|state| *state != "disconnected").collect();
    states.sort_unstable();
    states
}

fn own(contact: &Value) -> Option<&str> {
    let own = connections_of(contact)
        .iter()
        .find(|c| c["type"] == "agent")?;
    own["state"]["type"].as_str()
}

/// Whether the snapshot has a contact and a connection of which this can be said.
fn supported(event: &LegEvent, seen: &[Value]) -> Result<(), TestCaseError> {
    let id = event.contact_id.as_ref().unwrap().as_str();
    let contact = seen
        .iter()
        .find(|contact| contact["contactId"] == id && is_call(contact));
    let agent = event.leg == LegType::Agent;
    let yes = match (contact, &event.event) {
        (None, told) => *told == CallEvent::Dropped,
        (Some(contact), CallEvent::Acw | CallEvent::Missed | CallEvent::Rejected) => {
            agent && is_over(contact)
        }
        (Some(contact), CallEvent::Dropped) => !agent || !is_over(contact),
        (Some(contact), told) if agent => {
            let parties = live_parties(contact);
            let held = !parties.is_empty() && parties.iter().all(|state| *state == "hold");
            let expected = match own(contact) {
                Some("connected") if held => Some("hold"),
                state => state,
            };
            !is_over(contact) && expected == Some(told.as_str())
        }
        (Some(contact), told) => {
            !is_over(contact) && live_parties(contact).contains(&told.as_str())
        }
    };
    prop_assert!(yes, "{event:?} is not in {contact:?}");
    let offered = event.buttons.as_ref().unwrap().enables(&Button::Answer);
    let rings = contact.is_some_and(|contact| {
        let state = &contact["state"]["type"];
        (state == "connecting" || state == "incoming") && own(contact) == Some("connecting")
    });
    prop_assert!(!offered || rings, "{event:?} offers what does not ring");
    Ok(())
}

/// `StateSync` has every live contact of the snapshot with just the legs that are there.
fn in_sync(stage: &Stage, seen: &[Value]) -> Result<(), TestCaseError> {
    let legs = stage.calls().legs;
    let of = |id: &str| -> Vec<&SyncLeg> {
        let is_its = |leg: &&SyncLeg| leg.contact_id.as_ref().unwrap().as_str() == id;
        legs.iter().filter(is_its).collect()
    };
    for leg in &legs {
        let id = leg.contact_id.as_ref().unwrap().as_str();
        let there = seen.iter().any(|c| c["contactId"] == id && is_call(c));
        prop_assert!(there, "a contact that is gone");
    }
    let mut on_call = false;
    for contact in seen
        .iter()
        .filter(|contact| is_call(contact) && !is_over(contact))
    {
        on_call = true;
        let legs = of(contact["contactId"].as_str().unwrap());
        let is_own = |leg: &&&SyncLeg| leg.leg == LegType::Agent;
        let mut told: Vec<&str> = legs
            .iter()
            .filter(|leg| !is_own(leg))
            .map(|leg| leg.status.as_str())
            .collect();
        told.sort_unstable();
        prop_assert_eq!(told, live_parties(contact), "{}", contact);
        let owns: Vec<_> = legs.iter().filter(is_own).collect();
        prop_assert!(owns.len() <= 1);
        if own(contact).is_some_and(|state| state != "disconnected") {
            prop_assert_eq!(owns.len(), 1, "{}", contact);
            prop_assert!(owns[0].status != ConnectionStatus::Disconnected);
        }
    }
    // Who is available already can choose to be so only for after a call.
    let ready = stage.agent().buttons.and_then(|buttons| buttons.ready);
    prop_assert_eq!(ready, Some(on_call));
    Ok(())
}

fn feed(
    stage: &mut Stage,
    input: Input,
    told: &mut Told,
    seen: &mut Vec<Value>,
) -> Result<(), TestCaseError> {
    match input {
        Input::Snapshot(contacts) => *seen = contacts,
        Input::Repeat => {}
        Input::Ask(topic, subtopic, data, leg) => {
            let legs = stage.legs();
            let id = || (!legs.is_empty()).then(|| leg.get(&legs).clone());
            let envelope = request(topic, subtopic, data.or_else(id));
            told.requests += 1;
            stage.amazon.handle(&envelope, stage.now);
            return told.hear(&stage.outputs(), None);
        }
        Input::Return(call) => {
            let id = call.index(usize::try_from(told.calls).unwrap() + 1) as u64;
            stage
                .amazon
                .said(Said::Returned { id, data: None }, stage.now);
            return told.hear(&stage.outputs(), None);
        }
        Input::Fail(call) => {
            let id = call.index(usize::try_from(told.calls).unwrap() + 1) as u64;
            let error = r#"{"type":"InvalidStateException","message":"No"}"#.into();
            stage.amazon.said(Said::Failed { id, error }, stage.now);
            return told.hear(&stage.outputs(), None);
        }
        Input::Muted(muted) => {
            stage.amazon.said(Said::Muted { muted }, stage.now);
            return told.hear(&stage.outputs(), None);
        }
        Input::Reload => {
            stage.hello();
            stage.said(Said::Streams);
            return Ok(());
        }
        Input::Wait(millis) => {
            let outputs = stage.wait_for(millis);
            return told.hear(&outputs, None);
        }
    }
    let outputs = stage.take_for(streams::snapshot(AVAILABLE, seen));
    told.hear(&outputs, Some(seen))?;
    in_sync(stage, seen)?;
    prop_assert_eq!(stage.take_for(streams::snapshot(AVAILABLE, seen)), []);
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    #[test]
    fn whatever_comes_the_bus_hears_what_is_so(inputs in prop::collection::vec(input(), 1..60)) {
        let mut stage = Stage::open();
        let (mut told, mut seen) = (Told::default(), Vec::new());
        for input in inputs {
            feed(&mut stage, input, &mut told, &mut seen)?;
        }
        // Whatever was asked is settled, and nothing is left to wait for but the panel's silence.
        let outputs = stage.wait_for(30_000);
        told.hear(&outputs, None)?;
        let due = stage.amazon.poll_timeout().expect("the panel is watched");
        prop_assert!(due >= stage.now + Duration::from_secs(14), "{:?}", due);
    }
}
