//! What means harm: it is refused or bounded, and the phone's own port gets every message meanwhile.

use std::time::Duration;

use futures_util::SinkExt;
use offhook_protocol::{Access, Envelope, ErrorType, Hello, Pair};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt, DuplexStream, duplex},
    time::{Instant, advance, sleep, timeout},
};
use tokio_tungstenite::tungstenite::Message;

use super::{
    super::super::*,
    rig::{ORIGIN, Peer, Rig, STRANGER, answer, event, registration, state_sync},
};
use crate::{Delivery, Port};

impl Rig {
    /// The phone's place, after its first state.
    async fn phone(&self) -> Port {
        let bus = &self.hub.lobby.bus;
        let mut phone = bus.join_with_state("offhook", Access::Control).unwrap();
        for _ in 0..3 {
            phone.recv().await.unwrap();
        }
        phone
    }

    /// A connection before its first byte.
    fn connect(&self) -> DuplexStream {
        let (near, far) = duplex(4096);
        tokio::spawn(self.hub.serve(far));
        near
    }

    /// Waits until nobody is on the way to be registered any more.
    async fn all_gone(&self) {
        let unregistered = &self.hub.lobby.unregistered;
        let all = u32::try_from(limits::UNREGISTERED).unwrap();
        drop(unregistered.acquire_many(all).await.unwrap());
    }
}

async fn next_event(phone: &mut Port) -> Envelope {
    match phone.recv().await {
        Some(Delivery::Message { envelope, .. }) => envelope.envelope().clone(),
        other => panic!("{other:?}"),
    }
}

/// Tries to register with a wrong proof.
async fn fail(rig: &Rig, origin: Option<&str>) -> ErrorType {
    let mut peer = rig.dial_from(origin).await;
    peer.recv().await;
    let wrong = registration(rig.secret(), "crm", Access::Observe, &"0".repeat(64));
    peer.send(&wrong).await;
    let kind = peer.error().await.kind;
    assert_eq!(peer.close_code().await, 4003);
    kind
}

#[tokio::test(start_paused = true)]
async fn a_proof_is_good_for_one_connection() {
    let rig = Rig::new();
    let mut peer = rig.dial().await;
    let hello = Hello::read(&peer.recv().await).unwrap();
    let register = registration(rig.secret(), "crm", Access::Control, &hello.nonce);
    peer.send(&register).await;
    peer.recv().await;

    let mut thief = rig.dial().await;
    thief.recv().await;
    thief.send(&register).await;
    let error = thief.error().await;
    assert_eq!(error.kind, ErrorType::RegistrationDenied);
    assert!(error.error_message.reveal().contains("proof"));
}

#[tokio::test(start_paused = true)]
async fn five_wrong_proofs_lock_programs_out_for_a_minute_and_disturb_nobody_else() {
    let rig = Rig::new();
    let mut joined = rig.join("joined", Access::Control).await;
    for _ in 0..5 {
        assert_eq!(fail(&rig, None).await, ErrorType::RegistrationDenied);
    }
    let mut honest = rig.dial().await;
    let hello = Hello::read(&honest.recv().await).unwrap();
    let right = registration(rig.secret(), "crm", Access::Observe, &hello.nonce);
    honest.send(&right).await;
    assert_eq!(honest.error().await.kind, ErrorType::LockedOut);
    assert_eq!(honest.close_code().await, 4003);

    joined.send(&state_sync()).await;
    assert_eq!(joined.recv().await.subtopic, "StateSync");
    assert_eq!(fail(&rig, Some(ORIGIN)).await, ErrorType::NotPaired);

    advance(Duration::from_secs(60)).await;
    rig.join("crm", Access::Observe).await;
}

#[tokio::test(start_paused = true)]
async fn five_wrong_proofs_lock_their_own_origin_out_alone() {
    let rig = Rig::new();
    for _ in 0..5 {
        assert_eq!(fail(&rig, Some(STRANGER)).await, ErrorType::NotPaired);
    }
    assert_eq!(fail(&rig, Some(STRANGER)).await, ErrorType::LockedOut);
    assert_eq!(fail(&rig, Some(ORIGIN)).await, ErrorType::NotPaired);
    rig.join("crm", Access::Observe).await;
}

#[tokio::test(start_paused = true)]
async fn pages_that_nobody_knows_cannot_keep_others_out() {
    let rig = Rig::new();
    let mut strangers = Vec::new();
    for number in 0..limits::STRANGERS {
        let origin = format!("https://{number}.example");
        let mut page = rig.dial_from(Some(&origin)).await;
        assert!(Hello::read(&page.recv().await).is_some());
        strangers.push(page);
    }
    let mut late = rig.dial_from(Some(STRANGER)).await;
    assert_eq!(late.error().await.kind, ErrorType::TooManyApps);
    assert_eq!(late.close_code().await, 4013);
    rig.dial_from(Some(ORIGIN)).await.recv().await;
    rig.join("crm", Access::Observe).await;

    drop(strangers);
    rig.all_gone().await;
    let mut page = rig.dial_from(Some(STRANGER)).await;
    assert!(Hello::read(&page.recv().await).is_some());
}

/// Ten thousand connections that are dropped at every stage: nothing is left of them.
#[tokio::test(start_paused = true)]
async fn ten_thousand_registrations_leave_nothing_behind() {
    let rig = Rig::new();
    let mut phone = rig.phone().await;
    let centre = rig.centre();
    for _ in 0..3 {
        phone.recv().await.unwrap();
    }
    for number in 0..2_000 {
        drop(rig.connect());
        let mut half = rig.connect();
        half.write_all(b"GET /v1 HTTP/1.1\r\nHost: 127")
            .await
            .unwrap();
        drop(half);
        drop(rig.dial().await);
        let mut greeted = rig.dial_from(Some(ORIGIN)).await;
        greeted.recv().await;
        drop(greeted);
        let registered = rig.dial().await.join(&rig).await;
        drop(registered);

        centre.tell.send(event(number)).unwrap();
        assert_eq!(next_event(&mut phone).await, event(number));
        rig.all_gone().await;
    }
    let mut roster = rig.hub.watch();
    let nobody = |roster: &Roster| roster.connected().next().is_none();
    roster.wait_for(nobody).await.unwrap();
    assert_eq!(
        tokio::runtime::Handle::current()
            .metrics()
            .num_alive_tasks(),
        1,
        "the connector's"
    );
}

impl Peer {
    /// Registers, and reads nothing more.
    async fn join(mut self, rig: &Rig) -> Self {
        self.register(rig.secret(), "crm", Access::Observe).await;
        self
    }
}

#[tokio::test(start_paused = true)]
async fn a_request_that_trickles_in_is_cut_off() {
    let rig = Rig::new();
    let mut slow = rig.connect();
    let start = Instant::now();
    let request = b"GET /v1 HTTP/1.1\r\nHost: 127.0.0.1:0\r\n".iter().cycle();
    for byte in request {
        sleep(Duration::from_millis(100)).await;
        if slow.write_all(&[*byte]).await.is_err() {
            break;
        }
    }
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test(start_paused = true)]
async fn headers_without_end_are_cut_off_before_they_fill_the_memory() {
    let rig = Rig::new();
    let mut hostile = rig.connect();
    hostile.write_all(b"GET /v1 HTTP/1.1\r\n").await.unwrap();
    let header = format!("X-Filler: {}\r\n", "x".repeat(1000));
    let mut sent = 0;
    while hostile.write_all(header.as_bytes()).await.is_ok() {
        sent += header.len();
        assert!(sent < 1024 * 1024, "{sent}");
    }
}

/// A frame that is announced and never complete: no ping is answered meanwhile.
#[tokio::test(start_paused = true)]
async fn a_frame_that_trickles_in_is_cut_off() {
    let rig = Rig::new();
    let mut slow = rig.join("slow", Access::Control).await;
    let start = Instant::now();
    // A masked text frame of 60,000 bytes.
    let stream = slow.0.get_mut();
    stream
        .write_all(&[0x81, 0xfe, 0xea, 0x60, 0, 0, 0, 0])
        .await
        .unwrap();
    let mut trickle = async || {
        while stream.write_all(b" ").await.is_ok() {
            sleep(Duration::from_millis(100)).await;
            // What the hub sends is taken, so that only the frame is slow.
            let mut taken = [0; 256];
            let nothing = timeout(Duration::ZERO, stream.read(&mut taken)).await;
            if matches!(nothing, Ok(Ok(0))) {
                break;
            }
        }
    };
    trickle().await;
    let took = start.elapsed();
    assert!(took < Duration::from_secs(50), "{took:?}");
    rig.join("other", Access::Observe).await;
}

#[tokio::test(start_paused = true)]
async fn the_phone_gets_every_message_while_apps_flood_and_read_nothing() {
    let rig = Rig::new();
    let mut phone = rig.phone().await;
    let centre = rig.centre();
    for _ in 0..3 {
        phone.recv().await.unwrap();
    }
    for number in 0..8 {
        let mut hostile = rig.join("hostile", Access::Control).await;
        tokio::spawn(async move {
            let text = match number % 4 {
                0 => answer().to_text(),
                1 => "[".repeat(60_000),
                2 => "nonsense".to_owned(),
                _ => "\u{0}".repeat(60_000),
            };
            while hostile.0.send(Message::text(text.as_str())).await.is_ok() {}
        });
    }
    for number in 0..2_000 {
        centre.tell.send(event(number)).unwrap();
        loop {
            let told = next_event(&mut phone).await;
            // The floods' own requests, as far as they were let through.
            if told.subtopic != "Answer" {
                assert_eq!(told, event(number));
                break;
            }
        }
    }
}

#[tokio::test(start_paused = true)]
async fn a_flood_of_pages_that_want_to_pair_asks_the_person_once() {
    let rig = Rig::new();
    let mut roster = rig.hub.watch();
    let mut pages = Vec::new();
    for number in 0..1_000 {
        let mut page = rig
            .dial_from(Some(&format!("https://{number}.example")))
            .await;
        if Hello::read(&page.recv().await).is_none() {
            continue;
        }
        let pair = Pair {
            version: 1,
            access: Access::Control,
        };
        let pair = Envelope {
            source: Some("crm".to_owned()),
            ..pair.envelope()
        };
        page.send(&pair).await;
        let told = page.recv().await;
        assert_eq!(told.subtopic == "PairPending", number == 0, "{told:?}");
        pages.push(page);
    }
    let question = roster.borrow_and_update().question().cloned();
    assert_eq!(question.unwrap().page.origin, "https://0.example");
}
