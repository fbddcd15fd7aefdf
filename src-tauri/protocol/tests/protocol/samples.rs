//! Every published sample, in its published form with no-break spaces and in a plain one.

use offhook_protocol::{
    Button, Buttons, CallEvent, CallRequest, CallSync, ConnectionStatus, ContactKind, Envelope,
    Event, LegEvent, LegType, Personal, Request, SyncLeg, Timestamp, Variable,
};
use serde_json::Value;

macro_rules! sample {
    ($name:literal) => {
        Sample {
            name: $name,
            plain: include_str!(concat!(
                "../../../../tests/fixtures/samples/",
                $name,
                ".json"
            )),
            published: include_str!(concat!(
                "../../../../tests/fixtures/samples/",
                $name,
                ".as-published.txt"
            )),
        }
    };
}

struct Sample {
    name: &'static str,
    plain: &'static str,
    published: &'static str,
}

impl Sample {
    fn event(&self) -> Event {
        Event::read(&self.envelope()).unwrap()
    }

    fn envelope(&self) -> Envelope {
        Envelope::parse(self.published.as_bytes()).unwrap()
    }
}

const SAMPLES: [Sample; 8] = [
    sample!("incoming-call.event"),
    sample!("answer.request"),
    sample!("answer.event"),
    sample!("clear-contact.request"),
    sample!("clear-contact.agent.event"),
    sample!("clear-contact.inbound.event"),
    sample!("state-sync.request"),
    sample!("state-sync.response"),
];

fn at(text: &str) -> Option<Timestamp> {
    Some(Timestamp::parse(text).unwrap())
}

fn variables() -> Vec<Variable> {
    [("ANI", "+161081111"), ("DNIS", "+16013261548")]
        .map(|(name, value)| Variable {
            name: name.to_owned(),
            value: value.into(),
        })
        .into()
}

#[test]
fn the_published_form_says_the_same_as_the_plain_one() {
    for sample in SAMPLES {
        assert!(
            serde_json::from_str::<Value>(sample.published).is_err(),
            "{} has no-break spaces, or it proves nothing",
            sample.name
        );
        let plain = Envelope::parse(sample.plain.as_bytes()).unwrap();
        assert_eq!(sample.envelope(), plain, "{}", sample.name);
    }
}

#[test]
fn each_envelope_is_written_as_it_was_read() {
    for sample in SAMPLES {
        let written: Value = serde_json::from_str(&sample.envelope().to_text()).unwrap();
        let read: Value = serde_json::from_str(sample.plain).unwrap();
        assert_eq!(written, read, "{}", sample.name);
    }
}

#[test]
fn an_incoming_call_is_read() {
    let expected = LegEvent {
        connection_id: "4bbfa29b-d5a8-4876-9276-09872a748397".into(),
        contact_id: Some("d675473e-7dbc-4a9b-ad92-b78f26e70b3b".into()),
        kind: ContactKind::Voice,
        event: CallEvent::Connecting,
        leg: LegType::Agent,
        status: Some(ConnectionStatus::Connecting),
        previous_status: None,
        at: at("2020-04-09T08:37:12.701Z"),
        phone_number: None,
        queue: Some("InboundTest".to_owned()),
        variables: variables(),
        buttons: Some(Buttons::enabling(&[Button::Answer, Button::Reject])),
    };
    assert_eq!(sample!("incoming-call.event").event(), Event::Leg(expected));
}

#[test]
fn an_answered_call_is_read() {
    let expected = LegEvent {
        connection_id: "1233dc5f-6d09-4752-85a0-cfca6fc445e7".into(),
        contact_id: Some("836c56f3-07c2-418f-99e7-2565b75b575c".into()),
        kind: ContactKind::Voice,
        event: CallEvent::Connected,
        leg: LegType::Agent,
        status: Some(ConnectionStatus::Connected),
        previous_status: Some(ConnectionStatus::Connecting),
        at: at("2020-04-09T09:14:58.955Z"),
        phone_number: None,
        queue: Some("InboundTest".to_owned()),
        variables: variables(),
        buttons: Some(Buttons::enabling(&[Button::Consult, Button::Numberpad])),
    };
    assert_eq!(sample!("answer.event").event(), Event::Leg(expected));
}

#[test]
fn both_legs_of_a_cleared_contact_are_read() {
    let agent = LegEvent {
        connection_id: "48a09a0b-b73d-4d03-a77d-7c36132de226".into(),
        contact_id: Some("bcdb2ec7-bca2-423a-bd64-1688c173d529".into()),
        kind: ContactKind::Voice,
        event: CallEvent::Dropped,
        leg: LegType::Agent,
        status: Some(ConnectionStatus::Disconnected),
        previous_status: Some(ConnectionStatus::Connected),
        at: at("2020-04-09T12:52:16.344Z"),
        phone_number: None,
        queue: Some("InboundTest".to_owned()),
        variables: variables(),
        buttons: Some(Buttons::enabling(&[])),
    };
    let inbound = LegEvent {
        connection_id: "bcdb2ec7-bca2-423a-bd64-1688c173d529".into(),
        leg: LegType::Inbound,
        phone_number: Some("+161081111".into()),
        ..agent.clone()
    };
    assert_eq!(
        sample!("clear-contact.agent.event").event(),
        Event::Leg(agent)
    );
    assert_eq!(
        sample!("clear-contact.inbound.event").event(),
        Event::Leg(inbound)
    );
}

#[test]
fn the_whole_state_is_read() {
    let leg = |id: &str, leg, number: Option<&str>, buttons: &[Button]| SyncLeg {
        connection_id: id.into(),
        contact_id: Some("4f9d6eda-8df1-481b-a2e6-e4379b7401f4".into()),
        kind: ContactKind::Voice,
        phone_number: number.map(Personal::from),
        status: ConnectionStatus::Connected,
        at: at("2020-04-09T14:00:02.485Z"),
        leg,
        buttons: Some(Buttons::enabling(buttons)),
    };
    let expected = CallSync {
        variables: variables(),
        queue: Some("InboundTest".to_owned()),
        queue_at: at("2020-04-09T14:00:18.485Z"),
        legs: vec![
            leg(
                "71707025-ca65-4693-84b0-d05d80bbccbc",
                LegType::Agent,
                None,
                &[Button::Consult, Button::Numberpad],
            ),
            leg(
                "4f9d6eda-8df1-481b-a2e6-e4379b7401f4",
                LegType::Inbound,
                Some("+161081111"),
                &[Button::Disconnect, Button::Hold],
            ),
        ],
    };
    assert_eq!(
        sample!("state-sync.response").event(),
        Event::CallSync(expected)
    );
}

#[test]
fn requests_are_read_and_written_as_published() {
    for (sample, request) in [
        (sample!("answer.request"), CallRequest::Answer),
        (sample!("clear-contact.request"), CallRequest::ClearContact),
        (sample!("state-sync.request"), CallRequest::StateSync),
    ] {
        let envelope = sample.envelope();
        let request = Request::Call(request);
        assert_eq!(request.envelope("myapp"), envelope);
        assert_eq!(Request::read(&envelope), Ok(Some(request)));
        assert_eq!(Event::read(&envelope), None, "a request is no event");
    }
}

#[test]
fn events_are_written_as_published() {
    for sample in [
        sample!("answer.event"),
        sample!("clear-contact.agent.event"),
        sample!("clear-contact.inbound.event"),
    ] {
        let Event::Leg(leg) = sample.event() else {
            panic!("{} is a leg event", sample.name);
        };
        assert_eq!(leg.envelope(), sample.envelope(), "{}", sample.name);
        assert_eq!(Request::read(&sample.envelope()), Ok(None));
    }
    let sample = sample!("state-sync.response");
    let Event::CallSync(sync) = sample.event() else {
        panic!("a snapshot");
    };
    assert_eq!(sync.envelope(), sample.envelope());
    assert_eq!(
        Request::read(&sample.envelope()),
        Ok(None),
        "nobody answers a response"
    );
}

#[test]
fn the_button_map_is_written_in_the_published_order() {
    let text = sample!("answer.event").envelope().to_text();
    let positions: Vec<usize> = Button::KNOWN
        .iter()
        .map(|button| text.find(&format!("\"{}\":", button.as_str())).unwrap())
        .collect();
    assert!(positions.is_sorted());
}
