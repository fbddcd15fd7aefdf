//! Who hears what on the in-process bus, in which order, and what becomes of those who do not listen.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use offhook_bus::{
    Bus, Delivery, JoinError, MAX_QUEUED, MAX_QUEUED_BYTES, MAX_SOURCE_CHARS, Port, Refused, Role,
};
use offhook_protocol::{
    Access, AgentSync, CallRequest, CallSync, Envelope, ErrorType, Event, Link, Request,
};
use serde_json::json;

fn app(bus: &Bus, source: &str) -> Port {
    bus.join(source, Access::Control, Role::App).unwrap()
}

fn connector(bus: &Bus) -> Port {
    bus.join("practice", Access::Control, Role::Connector)
        .unwrap()
}

fn event(number: u64) -> Envelope {
    Envelope::event("InboundCall", "Counted", json!(number))
}

fn answer() -> Envelope {
    Request::Call(CallRequest::Answer).envelope("whoever")
}

/// What waits in a queue, without waiting for more.
async fn waiting(port: &mut Port) -> Vec<Delivery> {
    let mut waiting = Vec::new();
    loop {
        tokio::select! {
            biased;
            delivery = port.recv() => waiting.extend(delivery),
            () = std::future::ready(()) => return waiting,
        }
    }
}

async fn envelopes(port: &mut Port) -> Vec<Envelope> {
    let envelope = |delivery| match delivery {
        Delivery::Message { envelope, .. } => Some(envelope.envelope().clone()),
        Delivery::StateWanted { .. } | Delivery::Resynced => None,
    };
    waiting(port)
        .await
        .into_iter()
        .filter_map(envelope)
        .collect()
}

async fn events(port: &mut Port) -> Vec<Event> {
    envelopes(port)
        .await
        .iter()
        .filter_map(Event::read)
        .collect()
}

/// Answers whoever wants the state, as a connector must.
async fn answer_state(connector: &mut Port) -> usize {
    let mut answered = 0;
    for delivery in waiting(connector).await {
        if let Delivery::StateWanted { by } = delivery {
            let app = Envelope::event("App", "StateSync", json!({"link": "online"}));
            let agent = AgentSync::default().envelope("StateSync");
            for envelope in [app, agent, CallSync::default().envelope()] {
                connector.send_to(by, envelope).unwrap();
            }
            answered += 1;
        }
    }
    answered
}

#[tokio::test]
async fn everybody_but_the_sender_hears_it_in_order() {
    let bus = Bus::new();
    let (mut phone, mut crm) = (app(&bus, "phone"), app(&bus, "crm"));
    let mut connector = connector(&bus);
    answer_state(&mut connector).await;
    envelopes(&mut phone).await;
    envelopes(&mut crm).await;

    connector.send(event(1)).unwrap();
    connector.send(event(2)).unwrap();
    crm.send(answer()).unwrap();

    let request = Request::Call(CallRequest::Answer).envelope("crm");
    assert_eq!(
        envelopes(&mut phone).await,
        [event(1), event(2), request.clone()]
    );
    assert_eq!(envelopes(&mut crm).await, [event(1), event(2)]);
    assert_eq!(envelopes(&mut connector).await, [request]);
}

#[tokio::test]
async fn a_message_names_its_sender() {
    let bus = Bus::new();
    let (mut phone, crm) = (app(&bus, "phone"), app(&bus, "crm"));
    crm.send(answer()).unwrap();
    let from = match phone.recv().await {
        Some(Delivery::Message { from, .. }) => from,
        other => panic!("{other:?}"),
    };
    assert_eq!(from, crm.id());
}

#[tokio::test]
async fn what_this_version_does_not_know_passes_unharmed() {
    let bus = Bus::new();
    let (mut phone, crm) = (app(&bus, "phone"), app(&bus, "crm"));
    let text = r#"{"channel":"Amazon","topic":"OutboundCall","subtopic":"Preview","source":"crm","data":{"a":[1]},"later":true}"#;
    crm.send(Envelope::parse(text.as_bytes()).unwrap()).unwrap();
    assert_eq!(envelopes(&mut phone).await[0].to_text(), text);
}

#[tokio::test]
async fn an_observer_may_ask_but_not_change() {
    let bus = Bus::new();
    let wallboard = bus.join("wallboard", Access::Observe, Role::App).unwrap();
    let mut phone = app(&bus, "phone");
    let sync = Request::Call(CallRequest::StateSync).envelope("wallboard");
    wallboard.send(sync.clone()).unwrap();

    let unknown = Envelope::new("Agent", "SelfDestruct");
    let chat = Envelope::event("Chat", "Said", json!("hello"));
    for envelope in [answer(), unknown, chat] {
        let refused = wallboard.send(envelope).unwrap_err();
        assert_eq!(refused.api_error().kind, ErrorType::AccessDenied);
    }
    assert_eq!(envelopes(&mut phone).await, [sync]);
}

#[tokio::test]
async fn an_app_cannot_fake_an_event() {
    let bus = Bus::new();
    let crm = app(&bus, "crm");
    let mut phone = app(&bus, "phone");
    for topic in ["App", "Agent", "InboundCall", "OutboundCall", "Error"] {
        let faked = Envelope::event(topic, "StateSync", json!({}));
        let expected = Refused::EventFromApp {
            topic: topic.to_owned(),
        };
        assert_eq!(crm.send(faked.clone()), Err(expected));
        assert!(crm.send_to(phone.id(), faked).is_err());
    }
    let error_by_data = Envelope {
        data: Some(json!({"errorType": "LINK_DOWN"})),
        ..Envelope::new("Error", "ApiError")
    };
    assert!(crm.send(error_by_data).is_err());
    assert!(envelopes(&mut phone).await.is_empty());
}

#[tokio::test]
async fn an_argument_that_makes_no_sense_is_refused() {
    let bus = Bus::new();
    let (crm, mut phone) = (app(&bus, "crm"), app(&bus, "phone"));
    let digits = Envelope {
        data: Some(json!("one")),
        ..Envelope::new("InboundCall", "SendDTMF")
    };
    let refused = crm.send(digits).unwrap_err();
    assert_eq!(refused.api_error().kind, ErrorType::BadRequest);
    assert!(envelopes(&mut phone).await.is_empty());
}

#[tokio::test]
async fn one_connector_at_a_time() {
    let bus = Bus::new();
    let first = connector(&bus);
    let second = bus.join("other", Access::Control, Role::Connector);
    assert_eq!(second.unwrap_err(), JoinError::ConnectorTaken);
    drop(first);
    connector(&bus);
}

#[test]
fn a_source_is_a_printable_name() {
    let bus = Bus::new();
    let long = "x".repeat(65);
    for source in ["", "two\nlines", &long] {
        let refused = bus.join(source, Access::Control, Role::App).unwrap_err();
        assert_eq!(refused, JoinError::BadSource, "{source:?}");
    }
}

#[tokio::test]
async fn without_a_connector_the_bus_answers_for_itself() {
    let bus = Bus::new();
    let mut phone = app(&bus, "phone");
    phone.want_state();
    let state = events(&mut phone).await;
    match state.as_slice() {
        [
            Event::App(app),
            Event::AgentSync(agent),
            Event::CallSync(calls),
        ] => {
            assert_eq!(app.link, Some(Link::None));
            assert_eq!(agent.logged_in, Some(false));
            assert!(calls.legs.is_empty());
        }
        other => panic!("{other:?}"),
    }

    let sync = Request::Call(CallRequest::StateSync).envelope("phone");
    phone.send(sync).unwrap();
    phone.send(answer()).unwrap();
    match events(&mut phone).await.as_slice() {
        [Event::CallSync(_), Event::Error(error)] => assert_eq!(error.kind, ErrorType::NoConnector),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_connector_that_comes_or_goes_brings_everybody_up_to_date() {
    let bus = Bus::new();
    let mut phone = app(&bus, "phone");
    let mut connector = connector(&bus);
    assert_eq!(answer_state(&mut connector).await, 1);
    assert_eq!(link(&events(&mut phone).await), Some(Link::Online));

    drop(connector);
    assert_eq!(link(&events(&mut phone).await), Some(Link::None));
}

fn link(events: &[Event]) -> Option<Link> {
    match events {
        [Event::App(app), Event::AgentSync(_), Event::CallSync(_)] => app.link,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn no_event_overtakes_the_state_it_belongs_to() {
    let bus = Bus::new();
    let mut connector = connector(&bus);
    let mut late = bus.join_with_state("late", Access::Observe).unwrap();
    connector.want_state();
    connector.send(event(1)).unwrap();
    answer_state(&mut connector).await;
    connector.send(event(2)).unwrap();

    let got: Vec<_> = envelopes(&mut late)
        .await
        .into_iter()
        .map(|envelope| envelope.subtopic)
        .collect();
    assert_eq!(got, ["StateSync", "StateSync", "StateSync", "Counted"]);
}

#[tokio::test]
async fn a_sample_of_the_state_stands_between_the_events_before_and_after_it() {
    let bus = Bus::new();
    let mut uplink = app(&bus, "uplink");
    let mut connector = connector(&bus);
    answer_state(&mut connector).await;
    envelopes(&mut uplink).await;

    uplink.sample_state();
    connector.send(event(1)).unwrap();
    assert_eq!(answer_state(&mut connector).await, 1);
    connector.send(event(2)).unwrap();

    let got: Vec<_> = envelopes(&mut uplink)
        .await
        .into_iter()
        .map(|envelope| envelope.subtopic)
        .collect();
    let expected = ["Counted", "StateSync", "StateSync", "StateSync", "Counted"];
    assert_eq!(got, expected);
}

#[tokio::test]
async fn an_app_that_is_elsewhere_is_named_as_the_source() {
    let bus = Bus::new();
    let uplink = app(&bus, "uplink");
    let mut phone = app(&bus, "phone");
    uplink.send_for("wallboard", answer()).unwrap();
    let request = Request::Call(CallRequest::Answer).envelope("wallboard");
    assert_eq!(envelopes(&mut phone).await, [request]);

    for source in ["", "two\nlines", &"x".repeat(MAX_SOURCE_CHARS + 1)] {
        assert_eq!(uplink.send_for(source, answer()), Err(Refused::BadSource));
    }
    let event = Envelope::event("Agent", "SetAgentState", json!({}));
    assert!(uplink.send_for("wallboard", event).is_err());
    let observer = bus.join("observer", Access::Observe, Role::App).unwrap();
    let refused = observer.send_for("wallboard", answer()).unwrap_err();
    assert_eq!(refused.api_error().kind, ErrorType::AccessDenied);
    assert!(connector(&bus).send_for("wallboard", answer()).is_err());
}

#[tokio::test]
async fn a_slow_port_is_resynced_and_holds_up_nobody() {
    let bus = Bus::new();
    let (mut slow, mut quick) = (app(&bus, "slow"), app(&bus, "quick"));
    let mut connector = connector(&bus);
    answer_state(&mut connector).await;
    events(&mut slow).await;
    events(&mut quick).await;

    for number in 0..3 * MAX_QUEUED as u64 {
        connector.send(event(number)).unwrap();
        assert_eq!(envelopes(&mut quick).await, [event(number)]);
    }

    assert!(matches!(waiting(&mut slow).await[..], [Delivery::Resynced]));
    assert_eq!(answer_state(&mut connector).await, 1);
    assert_eq!(link(&events(&mut slow).await), Some(Link::Online));
    connector.send(event(0)).unwrap();
    assert_eq!(envelopes(&mut slow).await, [event(0)]);
}

#[tokio::test]
async fn a_queue_is_bounded_in_bytes_too() {
    let bus = Bus::new();
    let mut slow = app(&bus, "slow");
    let mut connector = connector(&bus);
    answer_state(&mut connector).await;
    envelopes(&mut slow).await;

    let half = Envelope::event(
        "InboundCall",
        "Long",
        json!("x".repeat(MAX_QUEUED_BYTES / 2)),
    );
    connector.send(half.clone()).unwrap();
    connector.send(half).unwrap();
    assert!(matches!(waiting(&mut slow).await[..], [Delivery::Resynced]));

    let whole = Envelope::event("InboundCall", "Long", json!("x".repeat(MAX_QUEUED_BYTES)));
    assert!(matches!(
        connector.send(whole),
        Err(Refused::TooLong { .. })
    ));
}

#[tokio::test]
async fn a_slow_connector_is_asked_for_everybodys_state() {
    let bus = Bus::new();
    let phone = app(&bus, "phone");
    let mut connector = connector(&bus);
    answer_state(&mut connector).await;
    for _ in 0..=MAX_QUEUED {
        phone.send(answer()).unwrap();
    }
    match waiting(&mut connector).await.as_slice() {
        [Delivery::Resynced, Delivery::StateWanted { by }] => assert_eq!(*by, phone.id()),
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_closed_bus_delivers_what_waits_and_ends() {
    let bus = Bus::new();
    let (mut phone, crm) = (app(&bus, "phone"), app(&bus, "crm"));
    crm.send(Envelope::new("Chat", "Hello")).unwrap();
    bus.close();
    assert!(phone.recv().await.is_some());
    assert!(phone.recv().await.is_none());
    assert_eq!(crm.send(answer()), Err(Refused::Closed));
    let join = bus.join("late", Access::Control, Role::App);
    assert_eq!(join.unwrap_err(), JoinError::Closed);
}
