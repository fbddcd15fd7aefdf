//! Other apps: asked about, listed, limited, revoked, and remembered.

use std::time::Duration;

use futures_util::{SinkExt, StreamExt};
use offhook_bus::Client;
use offhook_protocol::{ApiError, ErrorType, Hello, Pair, PairPending, Paired, Personal};
use tokio::net::TcpStream;
use tokio_tungstenite::{
    WebSocketStream, client_async,
    tungstenite::{ClientRequestBuilder, Error, Message},
};

use super::*;
use crate::{AppView, AppsView, HubState, KeptIn, settings::AllowedOrigin};

const ORIGIN: &str = "https://crm.example.com";

/// A web page, and how it was greeted.
struct Page {
    socket: WebSocketStream<TcpStream>,
    hello: Hello,
}

impl Page {
    async fn open(rig: &Rig) -> Self {
        Self::try_open(&rig.handle).await.unwrap()
    }

    /// An error is the HTTP status.
    async fn try_open(handle: &Handle) -> Result<Self, u16> {
        let url = handle.hub().unwrap();
        let address = url.strip_prefix("ws://").unwrap();
        let address = address.strip_suffix("/v1").unwrap();
        let stream = TcpStream::connect(address).await.unwrap();
        let request = ClientRequestBuilder::new(url.parse().unwrap())
            .with_sub_protocol("offhook.v1")
            .with_header("Origin", ORIGIN);
        let mut socket = match client_async(request, stream).await {
            Ok((socket, _)) => socket,
            Err(Error::Http(response)) => return Err(response.status().as_u16()),
            Err(other) => panic!("{other}"),
        };
        let hello = Hello::read(&recv(&mut socket).await).unwrap();
        Ok(Self { socket, hello })
    }

    async fn ask(&mut self, access: Access) {
        let pair = Pair { version: 1, access };
        let pair = Envelope {
            source: Some("crm".to_owned()),
            ..pair.envelope()
        };
        let text = Message::text(pair.to_text());
        self.socket.send(text).await.unwrap();
    }

    async fn recv(&mut self) -> Envelope {
        recv(&mut self.socket).await
    }

    async fn error(&mut self) -> ErrorType {
        match Event::read(&self.recv().await) {
            Some(Event::Error(ApiError { kind, .. })) => kind,
            other => panic!("{other:?}"),
        }
    }
}

async fn recv(socket: &mut WebSocketStream<TcpStream>) -> Envelope {
    match socket.next().await {
        Some(Ok(Message::Text(text))) => Envelope::parse(text.as_bytes()).unwrap(),
        other => panic!("{other:?}"),
    }
}

impl Rig {
    /// Whose hub has the key.
    async fn ready(settings: &str) -> Self {
        let mut rig = Self::with_settings(settings).await;
        rig.until_apps(|apps| apps.kept_in.is_some()).await;
        rig
    }

    /// Whose key cannot be had.
    async fn without_key() -> Self {
        let rig = Self::ready("").await;
        let secrets = rig.secrets_file();
        std::fs::create_dir_all(secrets.parent().unwrap()).unwrap();
        std::fs::write(&secrets, "broken").unwrap();
        let mut rig = rig.restart().await;
        let told = |apps: &AppsView| matches!(&apps.hub, HubState::Closed { why } if why.contains("secrets.json"));
        rig.until_apps(told).await;
        rig
    }

    /// Pairs a page that wants control, and gives its secret.
    async fn pair(&mut self, allowed: Access) -> Personal {
        let mut page = Page::open(self).await;
        page.ask(Access::Control).await;
        let pending = PairPending::read(&page.recv().await).unwrap();
        let question = self.question().await;
        assert_eq!(question.code, pending.code);
        self.handle.answer(question.id, Some(allowed));
        let paired = Paired::read(&page.recv().await).unwrap();
        assert_eq!(paired.access, allowed);
        self.until_withdrawn().await;
        self.until_apps(|apps| apps.apps == [crm(allowed)]).await;
        paired.secret
    }

    async fn until_withdrawn(&mut self) {
        while self.question.is_some() {
            self.said().await;
        }
    }
}

fn crm(access: Access) -> AppView {
    AppView {
        origin: Some(ORIGIN.to_owned()),
        name: "crm".to_owned(),
        access,
        connected: false,
        fixed: false,
    }
}

#[tokio::test]
async fn a_page_that_the_person_lets_in_is_listed_and_remembered() {
    let mut rig = Rig::ready("").await;
    let secret = rig.pair(Access::Observe).await;
    assert_eq!(rig.apps.apps, [crm(Access::Observe)]);
    assert_eq!(rig.apps.kept_in, Some(KeptIn::File));
    let greeted = Page::open(&rig).await.hello.hub_id;

    let mut rig = rig.restart().await;
    rig.until_apps(|apps| apps.kept_in.is_some()).await;
    assert_eq!(rig.handle.apps().apps, [crm(Access::Observe)]);
    assert_eq!(Page::open(&rig).await.hello.hub_id, greeted);
    assert_eq!(rig.pair(Access::Control).await, secret);
}

#[tokio::test]
async fn a_page_can_be_limited_and_revoked() {
    let mut rig = Rig::ready("").await;
    let secret = rig.pair(Access::Control).await;
    rig.handle.limit_app(ORIGIN, "crm", Access::Observe);
    rig.until_apps(|apps| apps.apps == [crm(Access::Observe)])
        .await;
    rig.handle.revoke_app(ORIGIN, "crm");
    rig.until_apps(|apps| apps.apps.is_empty()).await;

    let mut rig = rig.restart().await;
    rig.until_apps(|apps| apps.kept_in.is_some()).await;
    assert!(rig.apps.apps.is_empty());
    assert_ne!(rig.pair(Access::Control).await, secret);
}

#[tokio::test]
async fn a_refused_page_is_not_listed() {
    let mut rig = Rig::ready("").await;
    let mut page = Page::open(&rig).await;
    page.ask(Access::Control).await;
    page.recv().await;
    let question = rig.question().await;
    rig.handle.answer(question.id, None);
    assert_eq!(page.error().await, ErrorType::PairingRefused);
    rig.until_withdrawn().await;
    assert!(rig.handle.apps().apps.is_empty());
}

#[tokio::test]
async fn where_nobody_can_be_asked_pages_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    let options = Options {
        places: Some(rig::places(&folder)),
        ..Options::default()
    };
    std::fs::write(folder.path().join("policy.toml"), "[hub]\nports = [0]\n").unwrap();
    let (engine, handle) = Engine::new(options, Headless).await.unwrap();
    let running = tokio::spawn(engine.run());
    let mut page = loop {
        match Page::try_open(&handle).await {
            Ok(page) => break page,
            Err(status) => assert_eq!(status, 503),
        }
    };
    page.ask(Access::Observe).await;
    assert_eq!(page.recv().await.subtopic, "PairPending");
    assert_eq!(page.error().await, ErrorType::PairingRefused);
    handle.stop();
    running.await.unwrap();
}

#[tokio::test]
async fn what_the_administrator_lists_is_paired_unasked_and_fixed() {
    let rig = Rig::ready("").await;
    let policy = format!(
        "[hub]\nports = [0]\npairing = false\nallowed_origins = [{{ origin = \"{ORIGIN}\", access = \"observe\" }}]\n"
    );
    std::fs::write(rig.policy_file(), policy).unwrap();
    let mut rig = rig.restart().await;
    rig.until_apps(|apps| apps.kept_in.is_some()).await;
    let mut page = Page::open(&rig).await;
    page.ask(Access::Control).await;
    let paired = Paired::read(&page.recv().await).unwrap();
    assert_eq!(paired.access, Access::Observe);

    let fixed = AppView {
        fixed: true,
        ..crm(Access::Observe)
    };
    rig.until_apps(|apps| apps.apps == [fixed.clone()]).await;
    rig.handle.revoke_app(ORIGIN, "crm");
    rig.handle.limit_app(ORIGIN, "crm", Access::Control);
    // Wishes are heard in order.
    let nothing = SettingsChange::default();
    rig.handle.change_settings(nothing).await.unwrap();
    assert_eq!(rig.handle.apps().apps, [fixed]);
}

async fn join(rig: &Rig) -> Client {
    let found = std::fs::read(rig.connection_file()).unwrap();
    let connection = serde_json::from_slice(&found).unwrap();
    Client::connect(&connection, "cli", Access::Control)
        .await
        .unwrap()
}

#[tokio::test]
async fn programs_are_listed_while_they_are_connected() {
    let mut rig = Rig::ready("").await;
    let program = join(&rig).await;
    let listed = AppView {
        origin: None,
        name: "cli".to_owned(),
        access: Access::Control,
        connected: true,
        fixed: false,
    };
    rig.until_apps(|apps| apps.apps == [listed.clone()]).await;
    drop(program);
    rig.until_apps(|apps| apps.apps.is_empty()).await;
}

#[tokio::test]
async fn changed_settings_are_in_force_at_once() {
    let rig = Rig::ready("[hub]\npairing = false\n").await;
    assert_eq!(Page::try_open(&rig.handle).await.err(), Some(403));
    let change = SettingsChange {
        allowed_origins: Some(vec![AllowedOrigin {
            origin: ORIGIN.to_owned(),
            access: Access::Observe,
        }]),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(change).await.unwrap();
    Page::open(&rig).await;
}

#[tokio::test]
async fn without_the_key_pages_stay_out_and_programs_come_in() {
    let rig = Rig::without_key().await;
    assert_eq!(Page::try_open(&rig.handle).await.err(), Some(503));
    join(&rig).await;
}

#[tokio::test(start_paused = true)]
async fn a_key_that_can_be_had_later_is_found() {
    let mut rig = Rig::without_key().await;
    std::fs::remove_file(rig.secrets_file()).unwrap();
    rig.until_apps(|apps| apps.kept_in.is_some()).await;
    assert!(!matches!(rig.apps.hub, HubState::Closed { .. }));
}

#[tokio::test]
async fn a_missing_key_is_looked_for_when_settings_change() {
    let mut rig = Rig::without_key().await;
    std::fs::remove_file(rig.secrets_file()).unwrap();
    let change = SettingsChange {
        sound: Some(false),
        ..SettingsChange::default()
    };
    rig.handle.change_settings(change).await.unwrap();
    let asked = tokio::time::Instant::now();
    rig.until_apps(|apps| apps.kept_in.is_some()).await;
    assert!(asked.elapsed() < Duration::from_secs(15), "not in its turn");
    Page::open(&rig).await;
}

#[tokio::test]
async fn a_port_that_pages_try_is_told_from_one_that_they_do_not() {
    let mut rig = Rig::ready("").await;
    let port = rig.handle.hub().unwrap().to_owned();
    let told = |apps: &AppsView| match apps.hub {
        HubState::Elsewhere { port: told } => port == format!("ws://127.0.0.1:{told}/v1"),
        HubState::Open { .. } | HubState::Closed { .. } => false,
    };
    rig.until_apps(told).await;
}
