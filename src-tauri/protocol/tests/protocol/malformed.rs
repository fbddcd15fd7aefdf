//! What is no envelope, and what nobody meant.

use offhook_protocol::{Envelope, Event, MAX_DEPTH, Request, Unreadable};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

fn refusal(text: &str) -> String {
    Envelope::parse(text.as_bytes()).unwrap_err().to_string()
}

#[test]
fn each_defect_has_its_sentence() {
    for (text, sentence) in [
        ("", "line 1, column 0: the text ends too early"),
        (
            r#"{"channel":"#,
            "line 1, column 11: the text ends too early",
        ),
        ("{\n  nonsense", "line 2, column 3: this is not JSON"),
        (
            r#"{"channel":"Amazon","topic":"App"}"#,
            "line 1, column 34: the key \"subtopic\" is missing",
        ),
        (
            r#"{"channel":"Cisco","topic":"App","subtopic":"StateSync"}"#,
            "the channel must be \"Amazon\"",
        ),
    ] {
        assert_eq!(refusal(text), sentence, "{text}");
    }
    assert_eq!(
        Envelope::parse(b"{\"channel\":\"\xff\"}"),
        Err(Unreadable::Encoding(12))
    );
}

#[test]
fn a_value_of_the_wrong_kind_is_not_quoted() {
    let sentence = refusal(r#"{"channel":"Amazon","topic":161081111,"subtopic":"x"}"#);
    assert!(
        sentence.contains("channel, topic and subtopic are strings"),
        "{sentence}"
    );
    assert!(!sentence.contains("1610"), "{sentence}");
}

#[test]
fn nesting_has_a_limit() {
    let nested = |levels: usize| {
        let (open, close) = ("[".repeat(levels - 1), "]".repeat(levels - 1));
        format!(r#"{{"channel":"Amazon","topic":"[[[[","subtopic":"x","message":{open}{close}}}"#)
    };
    assert!(Envelope::parse(nested(MAX_DEPTH).as_bytes()).is_ok());
    assert_eq!(
        Envelope::parse(nested(MAX_DEPTH + 1).as_bytes()),
        Err(Unreadable::TooDeep)
    );
}

/// Any JSON, with the keys of the protocol more often than not.
fn any_json() -> impl Strategy<Value = Value> {
    let key = prop_oneof![
        prop::sample::select(vec![
            "call",
            "id",
            "event",
            "ButtonStates",
            "items",
            "ResponseActual",
            "buttonStates",
            "statusTimestamp",
            "CallVariables",
            "ResponseFields",
            "MediaProperties",
            "calls",
            "connectionId",
            "status",
            "attributes",
            "rules",
            "data",
            "reasonCode",
            "agentState",
            "name",
            "type",
            "errorType",
            "link",
            "retryInMs",
            "label",
            "phoneNumber",
        ])
        .prop_map(str::to_owned),
        ".{0,6}",
    ];
    let leaf = prop_oneof![
        Just(Value::Null),
        any::<bool>().prop_map(Value::from),
        any::<i64>().prop_map(Value::from),
        ".{0,12}".prop_map(Value::from),
        prop::sample::select(vec![
            "connecting",
            "agent",
            "Enable",
            "2020-04-09T08:37:12.701Z"
        ])
        .prop_map(Value::from),
    ];
    leaf.prop_recursive(5, 48, 6, move |inner| {
        prop_oneof![
            prop::collection::vec(inner.clone(), 0..5).prop_map(Value::from),
            prop::collection::vec((key.clone(), inner), 0..6)
                .prop_map(|pairs| Value::Object(pairs.into_iter().collect::<Map<_, _>>())),
        ]
    })
}

fn address() -> impl Strategy<Value = (&'static str, &'static str)> {
    prop::sample::select(vec![
        ("InboundCall", "InboundCallStateChange"),
        ("InboundCall", "StateSync"),
        ("InboundCall", "Hold"),
        ("InboundCall", "SetMakeCall"),
        ("InboundCall", "SendDTMF"),
        ("Agent", "SetAgentState"),
        ("Agent", "CcpAgentState"),
        ("Agent", "StateSync"),
        ("Agent", "GetStates"),
        ("Agent", "GetDirectConnects"),
        ("Agent", "SetNotReady"),
        ("Agent", "UpdateState"),
        ("App", "LinkStateChange"),
        ("Error", "ApiError"),
    ])
}

proptest! {
    #[test]
    fn no_bytes_make_the_reader_panic(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        if let Ok(envelope) = Envelope::parse(&bytes) {
            prop_assert_eq!(envelope.channel, "Amazon");
        }
    }

    #[test]
    fn a_refusal_quotes_nothing_of_the_text(cut in 0_usize..90) {
        let text = r#"{"channel":"Amazon","topic":"InboundCall","subtopic":{"ANI":"+161081111"},"source":"Ada"}"#;
        let sentence = refusal(&text[..cut.min(text.len())]);
        prop_assert!(!sentence.contains("1610") && !sentence.contains("Ada"), "{}", sentence);
    }

    #[test]
    fn whatever_an_envelope_carries_passes_unharmed(
        (topic, subtopic) in address(),
        message in prop::option::of(any_json()),
        data in prop::option::of(any_json()),
    ) {
        let envelope = Envelope { message, data, ..Envelope::new(topic, subtopic) };
        // Neither of these may panic, whatever they make of it.
        let (event, request) = (Event::read(&envelope), Request::read(&envelope));
        let again = Envelope::parse(envelope.to_text().as_bytes());
        prop_assert_eq!(again.as_ref(), Ok(&envelope));
        prop_assert_eq!(Event::read(&envelope), event);
        prop_assert_eq!(Request::read(&envelope), request);
    }

    #[test]
    fn what_is_understood_of_a_leg_event_survives_writing(call in any_json(), id in "[a-z]{1,8}") {
        let mut call = call;
        if let Value::Object(fields) = &mut call {
            fields.insert("id".to_owned(), json!(id));
            fields.insert("event".to_owned(), json!("hold"));
        }
        if let Some(leg) = crate::leg(call) {
            let Some(Event::Leg(again)) = Event::read(&leg.envelope()) else {
                panic!("not read again");
            };
            prop_assert_eq!(again.connection_id, leg.connection_id);
            prop_assert_eq!(again.event, leg.event);
            prop_assert_eq!(again.buttons.unwrap_or_default(), leg.buttons.unwrap_or_default());
        }
    }
}
