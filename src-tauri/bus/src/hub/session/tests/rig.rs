//! A hub over in-memory streams, and what connects to it.

use std::{collections::BTreeMap, sync::Arc};

use futures_util::{SinkExt, StreamExt};
use offhook_protocol::{
    Access, ApiError, CallRequest, Envelope, Event, Hello, Register, Registered, Request,
};
use serde_json::json;
use tokio::{
    io::{DuplexStream, duplex},
    sync::mpsc,
};
use tokio_tungstenite::{
    WebSocketStream,
    tungstenite::{Message, protocol::Role as Side},
};

use super::super::{super::*, serve};
use crate::{
    Delivery, Port, Role,
    proof::{self, Claim},
};

/// Where the hub would listen.
const PORT: u16 = 28_711;

pub(super) const ORIGIN: &str = "https://crm.example.com";

/// Not listed.
pub(super) const STRANGER: &str = "https://other.example";

/// A hub without its sockets.
pub(super) struct Rig {
    pub(super) hub: Hub,
}

impl Rig {
    /// Pages of [`ORIGIN`] may observe, and others ask.
    pub(super) fn new() -> Self {
        let admission = Admission {
            listed: [(ORIGIN.to_owned(), Access::Observe)].into(),
            fixed: false,
            pairing: true,
        };
        let hub = Hub::without_listener(Bus::new(), admission, PORT).unwrap();
        hub.know(Secret::random().unwrap(), BTreeMap::new());
        Self { hub }
    }

    /// What programs prove that they know.
    pub(super) fn secret(&self) -> &Secret {
        &self.hub.lobby.secret
    }

    /// A connection of which only as much is on its way as a real socket's buffers hold.
    pub(super) async fn dial_from(&self, origin: Option<&str>) -> Peer {
        let (near, far) = duplex(4096);
        let stream =
            WebSocketStream::from_raw_socket(far, Side::Server, Some(socket::config())).await;
        let lobby = self.hub.lobby.clone();
        let origin = origin.map(str::to_owned);
        let permit = Arc::clone(&lobby.unregistered);
        let permit = permit.acquire_owned().await.unwrap();
        tokio::spawn(serve(stream, origin, lobby, permit));
        Peer(WebSocketStream::from_raw_socket(near, Side::Client, None).await)
    }

    pub(super) async fn dial(&self) -> Peer {
        self.dial_from(None).await
    }

    /// A registered app that has read its first state.
    pub(super) async fn join(&self, source: &str, access: Access) -> Peer {
        let mut peer = self.dial().await;
        peer.register(self.secret(), source, access).await;
        for topic in ["App", "Agent", "InboundCall"] {
            assert_eq!(peer.recv().await.topic, topic);
        }
        peer
    }

    pub(super) fn centre(&self) -> Centre {
        let bus = &self.hub.lobby.bus;
        let port = bus
            .join("practice", Access::Control, Role::Connector)
            .unwrap();
        let (tell, told) = mpsc::unbounded_channel();
        let (asks, asked) = mpsc::unbounded_channel();
        tokio::spawn(connect(port, told, asks));
        Centre { tell, asked }
    }
}

/// A connector: tells what it is told to, hears requests, and answers whoever wants the state.
pub(super) struct Centre {
    pub(super) tell: mpsc::UnboundedSender<Envelope>,
    pub(super) asked: mpsc::UnboundedReceiver<Envelope>,
}

async fn connect(
    mut port: Port,
    mut told: mpsc::UnboundedReceiver<Envelope>,
    asks: mpsc::UnboundedSender<Envelope>,
) {
    loop {
        tokio::select! {
            Some(event) = told.recv() => port.send(event).unwrap(),
            delivery = port.recv() => match delivery {
                Some(Delivery::Message { envelope, .. }) => {
                    asks.send(envelope.envelope().clone()).unwrap();
                }
                Some(Delivery::StateWanted { by }) => {
                    for topic in ["App", "Agent", "InboundCall"] {
                        let state = Envelope::event(topic, "StateSync", json!({}));
                        port.send_to(by, state).unwrap();
                    }
                }
                Some(Delivery::Resynced) => {}
                None => return,
            },
            else => return,
        }
    }
}

/// The far end.
pub(super) struct Peer(pub(super) WebSocketStream<DuplexStream>);

impl Peer {
    pub(super) async fn send(&mut self, envelope: &Envelope) {
        self.send_text(&envelope.to_text()).await;
    }

    pub(super) async fn send_text(&mut self, text: &str) {
        self.0.send(Message::text(text)).await.unwrap();
    }

    pub(super) async fn recv(&mut self) -> Envelope {
        loop {
            match self.0.next().await.unwrap().unwrap() {
                Message::Text(text) => return Envelope::parse(text.as_bytes()).unwrap(),
                Message::Ping(_) => {}
                other @ (Message::Binary(_)
                | Message::Pong(_)
                | Message::Close(_)
                | Message::Frame(_)) => panic!("{other:?}"),
            }
        }
    }

    pub(super) async fn error(&mut self) -> ApiError {
        match Event::read(&self.recv().await) {
            Some(Event::Error(error)) => error,
            other => panic!("{other:?}"),
        }
    }

    /// Reads on to the close.
    pub(super) async fn close_code(&mut self) -> u16 {
        loop {
            if let Message::Close(frame) = self.0.next().await.unwrap().unwrap() {
                return frame.unwrap().code.into();
            }
        }
    }

    pub(super) async fn register(
        &mut self,
        secret: &Secret,
        source: &str,
        access: Access,
    ) -> Registered {
        let hello = Hello::read(&self.recv().await).unwrap();
        self.send(&registration(secret, source, access, &hello.nonce))
            .await;
        Registered::read(&self.recv().await).unwrap()
    }
}

pub(super) fn registration(
    secret: &Secret,
    source: &str,
    access: Access,
    hub_nonce: &str,
) -> Envelope {
    let client_nonce = proof::nonce().unwrap();
    let claim = Claim {
        version: VERSION,
        port: PORT,
        access,
        source,
        hub_nonce,
        client_nonce: &client_nonce,
    };
    let register = Register {
        version: VERSION,
        access,
        proof: secret.prove(proof::Side::App, &claim),
        client_nonce: client_nonce.clone(),
    };
    Envelope {
        source: Some(source.to_owned()),
        ..register.envelope()
    }
}

pub(super) fn answer() -> Envelope {
    Request::Call(CallRequest::Answer).envelope("app")
}

pub(super) fn state_sync() -> Envelope {
    Request::Call(CallRequest::StateSync).envelope("app")
}

pub(super) fn event(number: usize) -> Envelope {
    Envelope::event("InboundCall", "Counted", json!(number))
}
