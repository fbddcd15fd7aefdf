//! What a connected app meets, over an in-memory stream and on paused time.

mod hostile;
mod pairing;
mod rig;

use std::time::Duration;

use futures_util::SinkExt;
use offhook_protocol::{Access, CallRequest, Envelope, ErrorType, Hello, Registered, Request};
use serde_json::json;
use tokio::{
    io::AsyncWriteExt,
    time::{Instant, sleep},
};
use tokio_tungstenite::tungstenite::{
    Message,
    protocol::frame::{
        Frame,
        coding::{Data, OpCode},
    },
};

use super::super::*;
use crate::MAX_QUEUED;
use rig::{Rig, answer, event, registration, state_sync};

#[tokio::test(start_paused = true)]
async fn registration_is_followed_by_the_state_at_once() {
    let rig = Rig::new();
    let mut peer = rig.dial().await;
    let registered = peer.register(rig.secret(), "crm", Access::Control).await;
    assert_eq!(registered.access, Access::Control);
    assert_eq!(registered.heartbeat_sec, 15);
    for topic in ["App", "Agent", "InboundCall"] {
        let state = peer.recv().await;
        assert_eq!(
            (state.topic.as_str(), state.subtopic.as_str()),
            (topic, "StateSync")
        );
    }
}

#[tokio::test(start_paused = true)]
async fn nothing_is_taken_before_registration() {
    let rig = Rig::new();
    let mut centre = rig.centre();
    let mut peer = rig.dial().await;
    let start = Instant::now();
    peer.recv().await;
    for envelope in [state_sync(), answer()] {
        peer.send(&envelope).await;
        assert_eq!(peer.error().await.kind, ErrorType::NotRegistered);
    }
    assert_eq!(peer.error().await.kind, ErrorType::NotRegistered);
    assert_eq!(peer.close_code().await, 4001);
    assert_eq!(start.elapsed().as_secs(), 5);

    let mut other = rig.join("other", Access::Control).await;
    other.send(&answer()).await;
    let first = centre.asked.recv().await.unwrap();
    assert_eq!(first.source.as_deref(), Some("other"));
}

#[tokio::test(start_paused = true)]
async fn a_wrong_registration_is_denied() {
    let rig = Rig::new();
    let good = |nonce: &str| registration(rig.secret(), "crm", Access::Control, nonce);
    let with = |key: &str, value, envelope: Envelope| {
        let mut envelope = envelope;
        envelope.message.as_mut().unwrap()[key] = value;
        envelope
    };
    let from = |source: Option<&str>, envelope| Envelope {
        source: source.map(str::to_owned),
        ..envelope
    };
    type Spoil<'a> = Box<dyn Fn(&str) -> Envelope + 'a>;
    let spoilt: Vec<(&str, Spoil<'_>)> = vec![
        (
            "proof",
            Box::new(|nonce| with("proof", json!("00"), good(nonce))),
        ),
        (
            "proof",
            Box::new(|nonce| with("access", json!("observe"), good(nonce))),
        ),
        ("proof", Box::new(|nonce| from(Some("other"), good(nonce)))),
        ("source", Box::new(|nonce| from(None, good(nonce)))),
        ("proof", Box::new(|_| good(&"0".repeat(64)))),
        (
            "version 1",
            Box::new(|nonce| with("version", json!(2), good(nonce))),
        ),
        (
            "clientNonce",
            Box::new(|nonce| with("clientNonce", json!("\n"), good(nonce))),
        ),
        (
            "source",
            Box::new(|nonce| registration(rig.secret(), "", Access::Control, nonce)),
        ),
    ];
    for (why, spoil) in spoilt {
        let mut peer = rig.dial().await;
        let hello = Hello::read(&peer.recv().await).unwrap();
        peer.send(&spoil(&hello.nonce)).await;
        let error = peer.error().await;
        assert_eq!(error.kind, ErrorType::RegistrationDenied);
        assert!(error.error_message.reveal().contains(why), "{why}");
        assert_eq!(peer.close_code().await, 4003);
    }
}

#[tokio::test(start_paused = true)]
async fn an_incomplete_registration_may_be_repeated() {
    let rig = Rig::new();
    let mut peer = rig.dial().await;
    let hello = Hello::read(&peer.recv().await).unwrap();
    let incomplete = Envelope::event("App", "Register", json!({"version": 1}));
    peer.send(&incomplete).await;
    assert_eq!(peer.error().await.kind, ErrorType::BadRequest);

    let complete = registration(rig.secret(), "crm", Access::Observe, &hello.nonce);
    peer.send(&complete).await;
    assert!(Registered::read(&peer.recv().await).is_some());
}

#[tokio::test(start_paused = true)]
async fn one_app_too_many_is_told_and_closed() {
    let rig = Rig::new();
    let mut peers = Vec::new();
    for _ in 0..limits::APPS {
        peers.push(rig.join("crm", Access::Observe).await);
    }
    let mut late = rig.dial().await;
    let hello = Hello::read(&late.recv().await).unwrap();
    let register = registration(rig.secret(), "late", Access::Observe, &hello.nonce);
    late.send(&register).await;
    assert_eq!(late.error().await.kind, ErrorType::TooManyApps);
    assert_eq!(late.close_code().await, 4013);
}

#[tokio::test(start_paused = true)]
async fn a_request_bears_the_registered_name() {
    let rig = Rig::new();
    let mut centre = rig.centre();
    let mut peer = rig.join("crm", Access::Control).await;
    let foreign = Request::Call(CallRequest::Answer).envelope("somebody else");
    peer.send(&foreign).await;
    let request = centre.asked.recv().await.unwrap();
    assert_eq!(request.source.as_deref(), Some("crm"));
}

#[tokio::test(start_paused = true)]
async fn what_is_refused_is_told_to_the_sender_alone() {
    let rig = Rig::new();
    let mut wallboard = rig.join("wallboard", Access::Observe).await;
    let mut crm = rig.join("crm", Access::Control).await;
    let digits = Envelope {
        data: Some(json!("one")),
        ..Envelope::new("InboundCall", "SendDTMF")
    };
    let faked = Envelope::event("InboundCall", "InboundCallStateChange", json!({}));

    wallboard.send(&answer()).await;
    assert_eq!(wallboard.error().await.kind, ErrorType::AccessDenied);
    for envelope in [digits, faked] {
        crm.send(&envelope).await;
        assert_eq!(crm.error().await.kind, ErrorType::BadRequest);
    }

    crm.send(&state_sync()).await;
    assert_eq!(crm.recv().await.subtopic, "StateSync");
    assert_eq!(wallboard.recv().await, {
        let mut request = state_sync();
        request.source = Some("crm".to_owned());
        request
    });
}

#[tokio::test(start_paused = true)]
async fn an_unreadable_message_is_answered_with_the_reason() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    let deep = format!(
        r#"{{"channel":"Amazon","topic":"T","subtopic":"S","data":{}{}}}"#,
        "[".repeat(40),
        "]".repeat(40)
    );
    let cases = [
        ("nonsense", "not JSON"),
        ("[]", "kind"),
        (r#"{"channel":"Amazon","topic":"App"}"#, "subtopic"),
        (
            r#"{"channel":"Other","topic":"App","subtopic":"S"}"#,
            "channel",
        ),
        (deep.as_str(), "deeper"),
    ];
    for (text, why) in cases {
        peer.send_text(text).await;
        let error = peer.error().await;
        assert_eq!(error.kind, ErrorType::UnreadableMessage);
        assert!(error.error_message.reveal().contains(why), "{error:?}");
    }
    peer.0
        .send(Message::binary(answer().to_text()))
        .await
        .unwrap();
    assert_eq!(peer.error().await.kind, ErrorType::UnreadableMessage);

    peer.send(&state_sync()).await;
    assert_eq!(peer.recv().await.subtopic, "StateSync");
}

#[tokio::test(start_paused = true)]
async fn text_that_is_not_utf8_ends_the_connection() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    let latin = Frame::message(vec![b'"', 0xe9, b'"'], OpCode::Data(Data::Text), true);
    peer.0.send(Message::Frame(latin)).await.unwrap();
    assert_eq!(peer.error().await.kind, ErrorType::UnreadableMessage);
    assert_eq!(peer.close_code().await, 1007);
}

#[tokio::test(start_paused = true)]
async fn fragments_count_together() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    let part = vec![b'x'; limits::MESSAGE_BYTES / 2];
    let first = Frame::message(part.clone(), OpCode::Data(Data::Text), false);
    let second = Frame::message(part, OpCode::Data(Data::Continue), false);
    let third = Frame::message("x", OpCode::Data(Data::Continue), true);
    for frame in [first, second, third] {
        peer.0.send(Message::Frame(frame)).await.unwrap();
    }
    assert_eq!(peer.error().await.kind, ErrorType::MessageTooLong);
    assert_eq!(peer.close_code().await, 1009);
}

#[tokio::test(start_paused = true)]
async fn what_is_not_websocket_ends_the_connection() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    peer.0.get_mut().write_all(&[0xff; 16]).await.unwrap();
    assert_eq!(peer.close_code().await, 1002);
}

#[tokio::test(start_paused = true)]
async fn the_longest_message_is_taken() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    let mut other = rig.join("other", Access::Observe).await;
    let mut chat = Envelope::new("Chat", "Said");
    chat.source = Some("crm".to_owned());
    chat.data = Some(json!(""));
    let room = limits::MESSAGE_BYTES - chat.to_text().len();
    chat.data = Some(json!("x".repeat(room)));
    assert_eq!(chat.to_text().len(), limits::MESSAGE_BYTES);
    peer.send(&chat).await;
    assert_eq!(other.recv().await, chat);
}

#[tokio::test(start_paused = true)]
async fn too_many_messages_are_refused_and_then_end_the_connection() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    // Registering has taken one.
    sleep(Duration::from_secs(1)).await;
    for _ in 0..40 {
        peer.send(&state_sync()).await;
        assert_eq!(peer.recv().await.subtopic, "StateSync");
    }
    peer.send(&state_sync()).await;
    assert_eq!(peer.error().await.kind, ErrorType::RateLimited);

    sleep(Duration::from_secs(1)).await;
    for _ in 0..20 {
        peer.send(&state_sync()).await;
        assert_eq!(peer.recv().await.subtopic, "StateSync");
    }
    for _ in 0..40 {
        peer.send(&state_sync()).await;
        assert_eq!(peer.error().await.kind, ErrorType::RateLimited);
    }
    peer.send(&state_sync()).await;
    assert_eq!(peer.close_code().await, 4029);
}

#[tokio::test(start_paused = true)]
async fn commands_have_a_rate_of_their_own() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Control).await;
    for _ in 0..10 {
        peer.send(&answer()).await;
        assert_eq!(peer.error().await.kind, ErrorType::NoConnector);
    }
    peer.send(&answer()).await;
    assert_eq!(peer.error().await.kind, ErrorType::RateLimited);
    peer.send(&state_sync()).await;
    assert_eq!(peer.recv().await.subtopic, "StateSync");
}

#[tokio::test(start_paused = true)]
async fn a_slow_app_is_resynced_while_others_go_on() {
    let rig = Rig::new();
    let centre = rig.centre();
    let mut slow = rig.join("slow", Access::Observe).await;
    let mut quick = rig.join("quick", Access::Observe).await;
    for number in 0..4 * MAX_QUEUED {
        centre.tell.send(event(number)).unwrap();
        assert_eq!(quick.recv().await, event(number));
    }

    let mut seen = Vec::new();
    while !seen.ends_with(&["App", "Agent", "InboundCall"].map(str::to_owned)) {
        let envelope = slow.recv().await;
        seen.push(envelope.topic);
    }
    assert!(seen.len() < MAX_QUEUED, "{}", seen.len());
    centre.tell.send(event(0)).unwrap();
    assert_eq!(slow.recv().await, event(0));
}

#[tokio::test(start_paused = true)]
async fn an_app_that_takes_nothing_is_dropped() {
    let rig = Rig::new();
    let centre = rig.centre();
    let mut slow = rig.join("slow", Access::Observe).await;
    let mut quick = rig.join("quick", Access::Observe).await;
    // More than the stream holds, so that the hub is held up in the middle of a message.
    let long = Envelope::event("InboundCall", "Long", json!("x".repeat(8192)));
    centre.tell.send(long.clone()).unwrap();
    assert_eq!(quick.recv().await, long);

    sleep(limits::SLOW + limits::LINGER / 2).await;
    assert_eq!(slow.close_code().await, 4008);
    centre.tell.send(event(0)).unwrap();
    assert_eq!(quick.recv().await, event(0));
}

#[tokio::test(start_paused = true)]
async fn an_app_that_leaves_pings_unanswered_is_dropped() {
    let rig = Rig::new();
    let mut alive = rig.join("alive", Access::Observe).await;
    let mut mute = rig.join("mute", Access::Observe).await;
    let start = Instant::now();
    let reads = tokio::spawn(async move { alive.close_code().await });
    sleep(Duration::from_secs(31)).await;
    assert_eq!(mute.close_code().await, 4008);
    assert!(start.elapsed() < Duration::from_secs(46));

    sleep(Duration::from_secs(120)).await;
    assert!(!reads.is_finished());
    drop(rig.hub);
    assert_eq!(reads.await.unwrap(), 1001);
}

#[tokio::test(start_paused = true)]
async fn a_closed_bus_ends_the_connections() {
    let rig = Rig::new();
    let mut peer = rig.join("crm", Access::Observe).await;
    rig.hub.lobby.bus.close();
    assert_eq!(peer.close_code().await, 1001);
}

proptest::proptest! {
    #![proptest_config(proptest::test_runner::Config::with_cases(64))]

    #[test]
    fn whatever_an_app_sends_disturbs_nobody_else(
        bytes: Vec<u8>,
        text in r#"([{}\[\]",:a-z\\\PC]|"message"|"topic")*"#,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_time()
            .start_paused(true)
            .build()
            .unwrap();
        runtime.block_on(async {
            let rig = Rig::new();
            let mut other = rig.join("other", Access::Control).await;
            let mut hostile = rig.join("hostile", Access::Control).await;
            hostile.send_text(&text).await;
            assert_eq!(hostile.error().await.kind, ErrorType::UnreadableMessage);
            hostile.0.get_mut().write_all(&bytes).await.unwrap();
            drop(hostile);

            other.send(&state_sync()).await;
            assert_eq!(other.recv().await.subtopic, "StateSync");
        });
    }
}
