//! The hub and its client over real sockets.
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{collections::BTreeMap, time::Duration};

use offhook_bus::{
    Admission, Bus, Client, ConnectError, Connection, Delivery, Disconnected, Hub, HubConfig, Port,
    Role, Secret,
};
use offhook_protocol::{Access, CallRequest, Envelope, ErrorType, Event, Request};
use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::{TcpListener, TcpStream},
    time::{Instant, timeout},
};

const ORIGIN: &str = "https://crm.example.com";

async fn hub(bus: &Bus) -> Hub {
    let origins = [(ORIGIN.to_owned(), Access::Control)];
    let config = HubConfig {
        admission: Admission {
            listed: origins.into(),
            ..Admission::default()
        },
        ..HubConfig::default()
    };
    let hub = Hub::start(bus.clone(), config).await.unwrap();
    hub.know(Secret::random().unwrap(), BTreeMap::new());
    hub
}

fn address(hub: &Hub) -> &str {
    hub.url()
        .strip_prefix("ws://")
        .and_then(|rest| rest.strip_suffix("/v1"))
        .unwrap()
}

async fn joined(hub: &Hub, source: &str, access: Access) -> Client {
    let mut client = Client::connect(hub.connection(), source, access)
        .await
        .unwrap();
    for topic in ["App", "Agent", "InboundCall"] {
        assert_eq!(client.recv().await.unwrap().unwrap().topic, topic);
    }
    client
}

type Header<'a> = (&'a str, &'a str);

/// The status line's code that a request with these headers gets.
async fn status(hub: &Hub, path: &str, headers: &[Header<'_>]) -> String {
    let mut stream = TcpStream::connect(address(hub)).await.unwrap();
    let mut request = format!("GET {path} HTTP/1.1\r\n");
    for (name, value) in headers {
        request += &format!("{name}: {value}\r\n");
    }
    request += "Connection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\n";
    request += "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    stream.write_all(request.as_bytes()).await.unwrap();
    let mut line = [0; 12];
    stream.read_exact(&mut line).await.unwrap();
    String::from_utf8(line.to_vec()).unwrap()
}

#[tokio::test]
async fn only_a_proper_request_becomes_a_websocket() {
    let hub = hub(&Bus::new()).await;
    let host = ("Host", address(&hub));
    let ours = ("Sec-WebSocket-Protocol", "offhook.v1");
    let evil = ("Origin", "https://evil.example");
    let cases: [(&str, &[Header<'_>], &str); 7] = [
        ("/v1", &[host, ours], "101"),
        ("/v1", &[host, ours, ("Origin", ORIGIN)], "101"),
        ("/v1", &[("Host", "attacker.example"), ours], "421"),
        ("/v1?x=1", &[host, ours], "404"),
        ("/v1", &[host, ours, evil], "403"),
        ("/v1", &[host, ours, ("Origin", "null")], "403"),
        ("/v1", &[host], "400"),
    ];
    for (path, headers, expected) in cases {
        let line = status(&hub, path, headers).await;
        assert_eq!(line, format!("HTTP/1.1 {expected}"), "{path} {headers:?}");
    }
}

#[tokio::test]
async fn anything_but_an_upgrade_is_hung_up_on() {
    let hub = hub(&Bus::new()).await;
    for request in [
        "GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n",
        "\x16\x03\x01\r\n\r\n",
    ] {
        let mut stream = TcpStream::connect(address(&hub)).await.unwrap();
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = Vec::new();
        // A reset is as good as an end.
        stream.read_to_end(&mut answer).await.unwrap_or_default();
        assert!(answer.is_empty());
    }
}

#[tokio::test(start_paused = true)]
async fn a_connection_that_says_nothing_ends_after_three_seconds() {
    let hub = hub(&Bus::new()).await;
    let mut stream = TcpStream::connect(address(&hub)).await.unwrap();
    let start = Instant::now();
    let read = stream.read_u8().await;
    assert!(read.is_err());
    assert_eq!(start.elapsed().as_secs(), 3);
}

#[tokio::test]
async fn requests_go_in_and_events_come_out() {
    let bus = Bus::new();
    let hub = hub(&bus).await;
    let mut crm = joined(&hub, "crm", Access::Control).await;
    let mut centre = bus
        .join("practice", Access::Control, Role::Connector)
        .unwrap();
    state_for_everybody(&mut centre).await;
    for _ in 0..3 {
        crm.recv().await.unwrap().unwrap();
    }

    let request = Request::Call(CallRequest::Answer).envelope("crm");
    crm.send(&request).await.unwrap();
    match centre.recv().await {
        Some(Delivery::Message { envelope, .. }) => assert_eq!(*envelope.envelope(), request),
        other => panic!("{other:?}"),
    }
    let events = [1, 2, 3].map(|n| Envelope::event("InboundCall", "Counted", json!(n)));
    for event in &events {
        centre.send(event.clone()).unwrap();
    }
    for event in events {
        assert_eq!(crm.recv().await.unwrap(), Some(event));
    }
}

async fn state_for_everybody(centre: &mut Port) {
    match centre.recv().await {
        Some(Delivery::StateWanted { by }) => {
            for topic in ["App", "Agent", "InboundCall"] {
                let state = Envelope::event(topic, "StateSync", json!({}));
                centre.send_to(by, state).unwrap();
            }
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn the_documented_frames_are_those_of_the_hub() {
    let hub = hub(&Bus::new()).await;
    let mut wallboard = Client::connect(hub.connection(), "wallboard", Access::Observe)
        .await
        .unwrap();
    let refused = Request::Call(CallRequest::Answer).envelope("wallboard");
    wallboard.send(&refused).await.unwrap();
    for _ in 0..4 {
        let frame = wallboard.recv().await.unwrap().unwrap().to_text();
        let mut documented = include_str!("../../../docs/hub.md").lines();
        assert!(documented.any(|line| line == frame), "{frame}");
    }
}

#[tokio::test]
async fn an_app_that_sends_a_megabyte_reads_why_it_is_closed() {
    let bus = Bus::new();
    let hub = hub(&bus).await;
    let mut client = joined(&hub, "crm", Access::Control).await;
    let mut other = joined(&hub, "other", Access::Control).await;
    let mut long = Envelope::new("Chat", "Said");
    long.data = Some(json!("x".repeat(8 * 1024 * 1024)));
    client.send(&long).await.unwrap();

    let said = client.recv().await.unwrap().unwrap();
    match Event::read(&said) {
        Some(Event::Error(error)) => assert_eq!(error.kind, ErrorType::MessageTooLong),
        other => panic!("{other:?}"),
    }
    match client.recv().await.unwrap_err() {
        Disconnected::Closed { code, .. } => assert_eq!(code, 1009),
        other @ (Disconnected::Broken(_) | Disconnected::Unreadable(_)) => panic!("{other}"),
    }

    let sync = Request::Call(CallRequest::StateSync).envelope("other");
    other.send(&sync).await.unwrap();
    assert_eq!(other.recv().await.unwrap().unwrap().subtopic, "StateSync");
}

#[tokio::test]
async fn a_closing_hub_says_goodbye() {
    let hub = hub(&Bus::new()).await;
    let connection = hub.connection().clone();
    let mut client = joined(&hub, "crm", Access::Observe).await;
    let (closed, received) = tokio::join!(hub.close(), async {
        let received = client.recv().await;
        drop(client);
        received
    });
    assert_eq!(closed, ());
    assert_eq!(received.unwrap(), None);
    let again = Client::connect(&connection, "crm", Access::Observe).await;
    assert!(matches!(again, Err(ConnectError::Unreachable(_))));
}

#[tokio::test(start_paused = true)]
async fn a_closing_hub_waits_for_nobody_who_says_nothing() {
    let hub = hub(&Bus::new()).await;
    let mut mute = TcpStream::connect(address(&hub)).await.unwrap();
    let start = Instant::now();
    hub.close().await;
    assert!(start.elapsed() < Duration::from_secs(1));
    assert!(mute.read_u8().await.is_err());
}

#[tokio::test]
async fn a_dropped_hub_closes_too() {
    let hub = hub(&Bus::new()).await;
    let mut client = joined(&hub, "crm", Access::Observe).await;
    drop(hub);
    assert_eq!(client.recv().await.unwrap(), None);
}

#[tokio::test]
async fn who_does_not_know_the_secret_is_denied() {
    let (ours, other) = (hub(&Bus::new()).await, hub(&Bus::new()).await);
    let confused = Connection {
        secret: other.connection().secret.clone(),
        ..ours.connection().clone()
    };
    match Client::connect(&confused, "crm", Access::Observe).await {
        Err(ConnectError::Denied(why)) => assert!(why.reveal().contains("proof")),
        other => panic!("{other:?}"),
    }
}

/// A program that took the port of a hub that has ended: it relays the handshake's shape, and cannot
/// prove anything.
#[tokio::test]
async fn an_impostor_is_found_out() {
    let real = hub(&Bus::new()).await;
    let squatter = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let url = format!("ws://{}/v1", squatter.local_addr().unwrap());
    tokio::spawn(impersonate(squatter));
    let fooled = Connection {
        url,
        ..real.connection().clone()
    };
    let result = Client::connect(&fooled, "crm", Access::Observe).await;
    assert!(matches!(result, Err(ConnectError::Impostor)), "{result:?}");
}

async fn impersonate(listener: TcpListener) {
    use futures_util::{SinkExt, StreamExt};
    use tokio_tungstenite::tungstenite::{Message, handshake::server};

    let (stream, _) = listener.accept().await.unwrap();
    #[expect(clippy::result_large_err, reason = "the library's signature")]
    let ours = |_: &server::Request, mut response: server::Response| {
        let ours = "offhook.v1".parse().unwrap();
        response
            .headers_mut()
            .insert("Sec-WebSocket-Protocol", ours);
        Ok(response)
    };
    let mut socket = tokio_tungstenite::accept_hdr_async(stream, ours)
        .await
        .unwrap();
    let hello = json!({"versions": [1], "hub": "Offhook/0", "nonce": "0".repeat(64)});
    let registered = json!({"access": "observe", "proof": "0".repeat(64), "heartbeatSec": 15});
    for (subtopic, message) in [("Hello", hello), ("Registered", registered)] {
        let text = Envelope::event("App", subtopic, message).to_text();
        socket.send(Message::text(text)).await.unwrap();
        socket.next().await;
    }
}

#[tokio::test(start_paused = true)]
async fn a_hub_that_says_nothing_is_late() {
    let mute = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let real = hub(&Bus::new()).await;
    let connection = Connection {
        url: format!("ws://{}/v1", mute.local_addr().unwrap()),
        ..real.connection().clone()
    };
    let result = Client::connect(&connection, "crm", Access::Observe).await;
    assert!(matches!(result, Err(ConnectError::Late)), "{result:?}");
}

#[tokio::test]
async fn connections_that_never_register_do_not_keep_others_out() {
    let hub = hub(&Bus::new()).await;
    let mut idle = Vec::new();
    for _ in 0..20 {
        idle.push(TcpStream::connect(address(&hub)).await.unwrap());
    }
    let joining = joined(&hub, "crm", Access::Observe);
    timeout(Duration::from_secs(2), joining).await.unwrap();
}

#[tokio::test]
async fn pages_wait_until_the_hub_knows_the_key() {
    let config = HubConfig {
        admission: Admission {
            pairing: true,
            ..Admission::default()
        },
        ..HubConfig::default()
    };
    let hub = Hub::start(Bus::new(), config).await.unwrap();
    let headers = [
        ("Host", address(&hub)),
        ("Sec-WebSocket-Protocol", "offhook.v1"),
        ("Origin", "https://other.example"),
    ];
    assert_eq!(status(&hub, "/v1", &headers).await, "HTTP/1.1 503");
    hub.know(Secret::random().unwrap(), BTreeMap::new());
    assert_eq!(status(&hub, "/v1", &headers).await, "HTTP/1.1 101");
}

#[tokio::test]
async fn the_hub_takes_the_first_free_port_and_says_where_it_is_not_expected() {
    let start = async |ports: &[u16]| {
        let config = HubConfig {
            ports: ports.to_vec(),
            ..HubConfig::default()
        };
        Hub::start(Bus::new(), config).await.unwrap()
    };
    let taken = start(&[0]).await;
    assert!(!taken.is_where_expected());
    let free = start(&[]).await;
    let port = free.port();
    free.close().await;

    let second = start(&[taken.port(), port]).await;
    assert_eq!(second.port(), port);
    assert!(second.is_where_expected());
    let elsewhere = start(&[taken.port(), port]).await;
    assert!(![taken.port(), port].contains(&elsewhere.port()));
    assert!(!elsewhere.is_where_expected());
    joined(&elsewhere, "crm", Access::Observe).await;
}

#[tokio::test]
async fn a_hub_without_a_listener_serves_the_streams_it_is_given() {
    let hub = Hub::without_listener(Bus::new(), Admission::default(), 7000).unwrap();
    let (near, far) = tokio::io::duplex(4096);
    let serving = tokio::spawn(hub.serve(far));
    let client = Client::connect_over(near, hub.connection(), "crm", Access::Control).await;
    assert_eq!(client.unwrap().access(), Access::Control);
    serving.await.unwrap();
}
