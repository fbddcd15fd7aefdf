//! How soon the engine answers and decides, in this process and without a desktop.

use std::{
    io::{self, Read, Write},
    net, thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result};
use offhook_bus::{Client, Connection};
use offhook_core::{Act, NotificationKey, View, tray::Tray};
use offhook_engine::{
    Handle, Options, Shell,
    settings::{Places, SettingsView},
};
use offhook_protocol::{Access, CallRequest, Event, Request};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    sync::mpsc,
    time::sleep,
};

use super::{
    budget,
    calls::{Calls, scenario},
    report::Report,
};

pub(super) const CALLS: usize = 250;
pub(super) const RING: Duration = Duration::from_millis(20);

const ROUND_TRIPS: usize = 250;
/// The first ones find cold caches, and answers to the phone's own questions.
const WARM_UP: usize = 20;
/// The hub takes twenty frames a second from an app.
const PACE: Duration = Duration::from_millis(60);

const SOURCE: &str = "bench";

pub(crate) async fn measure(report: &mut Report) -> Result<()> {
    round_trips(report).await?;
    let (times, ()) = decisions(|| Ok(())).await?;
    report.percentiles(
        "ring: bus frame to the effect to notify",
        &times,
        Some(budget::DECISION),
    );
    Ok(())
}

/// A question and its answer through the hub, beside the same bytes there and back again.
async fn round_trips(report: &mut Report) -> Result<()> {
    let (asked, _) = mpsc::unbounded_channel();
    let engine = start("idle", Recorder(asked))?;
    let mut client = Client::connect(&Connection::find()?, SOURCE, Access::Observe).await?;
    let question = Request::Call(CallRequest::StateSync).envelope(SOURCE);
    let mut echo = Echo::start().await?;
    let bytes = question.to_text().into_bytes();

    let (mut through_hub, mut bare) = (Vec::new(), Vec::new());
    for _ in 0..WARM_UP + ROUND_TRIPS {
        sleep(PACE).await;
        let started = Instant::now();
        client.send(&question).await?;
        wait_answer(&mut client).await?;
        through_hub.push(started.elapsed());

        sleep(PACE).await;
        let started = Instant::now();
        echo.there_and_back(&bytes).await?;
        bare.push(started.elapsed());
    }
    stop(engine).await;
    report.percentiles(
        "hub: StateSync asked and answered",
        &through_hub[WARM_UP..],
        None,
    );
    report.percentiles(
        "hub: the bytes echoed by a bare socket",
        &bare[WARM_UP..],
        None,
    );
    Ok(())
}

async fn wait_answer(client: &mut Client) -> Result<()> {
    loop {
        let envelope = client.recv().await?.context("the engine has ended")?;
        if matches!(Event::read(&envelope), Some(Event::CallSync(_))) {
            return Ok(());
        }
    }
}

/// From a frame to the hub until the phone decides to notify. `meanwhile` is begun before, and kept until
/// all are timed.
pub(crate) async fn decisions<T>(
    meanwhile: impl FnOnce() -> Result<T>,
) -> Result<(Vec<Duration>, T)> {
    let scenario = scenario(CALLS, RING)?;
    let path = scenario.path().to_str().context("a plain name")?;
    let (decided, mut decisions) = mpsc::unbounded_channel();
    let engine = start(path, Recorder(decided))?;
    let mut calls = Calls::join(&Connection::find()?).await?;
    let mut times = Vec::new();
    decisions.recv().await.context("the first call rings")?;
    let meanwhile = meanwhile()?;
    for _ in 0..CALLS {
        let sent = calls.ring_next().await?;
        let decided = decisions.recv().await.context("the engine has ended")?;
        times.push(decided.duration_since(sent.at));
    }
    stop(engine).await;
    Ok((times, meanwhile))
}

pub(super) fn start(practice: &str, shell: Recorder) -> Result<Handle> {
    let nowhere = tempfile::tempdir()?;
    let options = Options {
        practice: Some(Some(practice.to_owned())),
        seed: Some(1),
        places: Some(Places {
            settings: nowhere.path().join("settings.toml"),
            policy: nowhere.path().join("policy.toml"),
            logs: nowhere.path().to_owned(),
            data: nowhere.path().to_owned(),
            keychain: false,
            ..Places::default()
        }),
    };
    Ok(offhook_engine::start(options, shell)?)
}

pub(super) async fn stop(mut engine: Handle) {
    engine.stop();
    while engine.next_view().await.is_some() {}
}

/// A shell that tells when it is to notify of a ringing call.
pub(super) struct Recorder(pub(super) mpsc::UnboundedSender<Instant>);

impl Shell for Recorder {
    fn show(&mut self, _view: &View, _tray: &Tray) {}

    fn act(&mut self, act: Act) {
        if let Act::Notify(notification) = act
            && let NotificationKey::Ringing(_) = notification.key
        {
            // Nobody listens where only round trips are measured.
            let _ = self.0.send(Instant::now());
        }
    }

    fn settings(&mut self, _settings: &SettingsView) {}
}

/// A socket of the hub's kind with nothing behind it, in a thread of its own as the engine is.
pub(super) struct Echo(TcpStream);

impl Echo {
    pub(super) async fn start() -> Result<Self> {
        let listener = net::TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        thread::spawn(move || -> io::Result<()> {
            let (mut stream, _) = listener.accept()?;
            stream.set_nodelay(true)?;
            let mut buffer = [0; 4096];
            loop {
                let length = stream.read(&mut buffer)?;
                stream.write_all(&buffer[..length])?;
            }
        });
        let stream = TcpStream::connect(address).await?;
        stream.set_nodelay(true)?;
        Ok(Self(stream))
    }

    pub(super) async fn there_and_back(&mut self, bytes: &[u8]) -> Result<()> {
        self.0.write_all(bytes).await?;
        let mut back = vec![0; bytes.len()];
        self.0.read_exact(&mut back).await?;
        Ok(())
    }
}
