//! A phone of which only the hub is real: a script answers for the contact centre.

use std::{
    path::Path,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use offhook_bus::{Bus, ConnectionFile, Delivery, Hub, HubConfig, Port, Role};
use offhook_protocol::{
    Access, AgentState, AgentSync, AppState, Button, Buttons, CallEvent, CallRequest, CallSync,
    ConnectionStatus, ContactKind, Envelope, LegEvent, LegType, Link, Request, StateType, SyncLeg,
    Timestamp,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::{Child, ChildStdout, Command},
};

/// 2026-01-02T03:04:05.678Z
const AT: i64 = 1_767_323_045_678;

pub(crate) struct Phone {
    directory: TempDir,
    bus: Bus,
    hub: Hub,
    _file: ConnectionFile,
    asked: Arc<Mutex<Vec<Request>>>,
}

impl Phone {
    /// Starts a phone in this state. `script` says what comes of a request; requests for the state are
    /// answered without it.
    pub(crate) async fn start(
        calls: CallSync,
        mut script: impl FnMut(&Request) -> Vec<Envelope> + Send + 'static,
    ) -> Self {
        let answer = calls.envelope();
        Self::with(calls, move |asked| {
            let mut envelopes = script(asked);
            if *asked == Request::Call(CallRequest::StateSync) {
                envelopes.push(answer.clone());
            }
            envelopes
        })
        .await
    }

    /// Starts a phone whose contact centre does not answer.
    pub(crate) async fn mute(calls: CallSync) -> Self {
        Self::with(calls, |_| Vec::new()).await
    }

    async fn with(
        calls: CallSync,
        script: impl FnMut(&Request) -> Vec<Envelope> + Send + 'static,
    ) -> Self {
        let directory = tempfile::tempdir().unwrap();
        let bus = Bus::new();
        let hub = Hub::start(bus.clone(), HubConfig::default()).await.unwrap();
        let file = ConnectionFile::publish_in(directory.path(), hub.connection()).unwrap();
        let centre = bus
            .join("practice", Access::Control, Role::Connector)
            .unwrap();
        let asked = Arc::default();
        tokio::spawn(connect(centre, calls, script, Arc::clone(&asked)));
        Self {
            directory,
            bus,
            hub,
            _file: file,
            asked,
        }
    }

    /// The requests so far.
    pub(crate) fn asked(&self) -> Vec<Request> {
        self.asked.lock().unwrap().clone()
    }

    pub(crate) async fn run(&self, arguments: &[&str]) -> Ran {
        self.run_with(arguments, "").await
    }

    pub(crate) async fn run_with(&self, arguments: &[&str], stdin: &str) -> Ran {
        run_in(self.directory.path(), arguments, stdin).await
    }

    /// Runs `status` with nothing in its environment but this variable, naming a directory that has the
    /// connection file in this folder below it.
    pub(crate) async fn found_through(&self, variable: &str, folder: &str) -> Ran {
        let top = tempfile::tempdir().unwrap();
        let folder = top.path().join(folder);
        std::fs::create_dir_all(&folder).unwrap();
        std::fs::copy(
            self.directory.path().join("hub.json"),
            folder.join("hub.json"),
        )
        .unwrap();
        let mut command = command(top.path(), &["status"]);
        let output = command.env_clear().env(variable, top.path()).output();
        Ran::from(output.await.unwrap())
    }

    /// Runs a command that goes on until the phone closes.
    pub(crate) async fn run_until_closed(self, arguments: &[&str]) -> Ran {
        let mut running = Running::start(self.directory.path(), arguments);
        running.read_lines(3).await;
        self.ring();
        running.read_lines(1).await;
        self.hub.close().await;
        running.end().await
    }

    /// Runs a command that goes on, until nobody reads what it prints any more.
    pub(crate) async fn run_until_unread(self, arguments: &[&str]) -> Ran {
        let mut running = Running::start(self.directory.path(), arguments);
        running.read_lines(3).await;
        running.stdout = None;
        self.ring();
        running.end().await
    }

    /// Puts something on the bus.
    fn ring(&self) {
        let app = self.bus.join("ringer", Access::Control, Role::App).unwrap();
        app.send(Envelope::event("Chat", "Ring", json!(null)))
            .unwrap();
    }
}

/// The program while it runs, with what it has printed.
struct Running {
    child: Child,
    stdout: Option<BufReader<ChildStdout>>,
    printed: String,
}

impl Running {
    fn start(directory: &Path, arguments: &[&str]) -> Self {
        let mut child = command(directory, arguments).spawn().unwrap();
        Self {
            stdout: child.stdout.take().map(BufReader::new),
            child,
            printed: String::new(),
        }
    }

    async fn read_lines(&mut self, lines: usize) {
        for _ in 0..lines {
            let stdout = self.stdout.as_mut().unwrap();
            stdout.read_line(&mut self.printed).await.unwrap();
        }
    }

    async fn end(mut self) -> Ran {
        if let Some(mut stdout) = self.stdout {
            stdout.read_to_string(&mut self.printed).await.unwrap();
        }
        Ran {
            stdout: self.printed,
            ..Ran::from(self.child.wait_with_output().await.unwrap())
        }
    }
}

async fn connect(
    mut centre: Port,
    calls: CallSync,
    mut script: impl FnMut(&Request) -> Vec<Envelope>,
    log: Arc<Mutex<Vec<Request>>>,
) {
    while let Some(delivery) = centre.recv().await {
        match delivery {
            Delivery::StateWanted { by } => {
                for envelope in [app(), agent(), calls.envelope()] {
                    centre.send_to(by, envelope).unwrap();
                }
            }
            Delivery::Message { envelope, .. } => {
                if let Ok(Some(request)) = Request::read(envelope.envelope()) {
                    for answer in script(&request) {
                        centre.send(answer).unwrap();
                    }
                    log.lock().unwrap().push(request);
                }
            }
            Delivery::Resynced => {}
        }
    }
}

fn app() -> Envelope {
    AppState {
        link: Some(Link::Online),
        connector: Some("practice".to_owned()),
        retry_in_ms: None,
        ..AppState::default()
    }
    .sync_envelope()
}

fn agent() -> Envelope {
    let state = AgentState {
        name: "Busy".to_owned(),
        kind: Some(StateType::System),
        arn: None,
        since: Some(Timestamp::from_millis(AT)),
    };
    AgentSync {
        logged_in: Some(true),
        state: Some(state),
        ..AgentSync::default()
    }
    .envelope("StateSync")
}

pub(crate) fn idle() -> CallSync {
    CallSync::default()
}

pub(crate) fn call<const N: usize>(legs: [SyncLeg; N]) -> CallSync {
    CallSync {
        queue: Some("Sales".to_owned()),
        legs: legs.into(),
        ..CallSync::default()
    }
}

pub(crate) fn leg(
    id: &str,
    kind: LegType,
    status: ConnectionStatus,
    enabled: &[Button],
) -> SyncLeg {
    SyncLeg {
        connection_id: id.into(),
        contact_id: Some("contact".into()),
        kind: ContactKind::Voice,
        phone_number: (kind != LegType::Agent).then(|| "+4930111".into()),
        status,
        at: Some(Timestamp::from_millis(AT)),
        leg: kind,
        buttons: Some(Buttons::enabling(enabled)),
    }
}

pub(crate) fn event(id: &str, kind: LegType, event: CallEvent) -> Envelope {
    LegEvent {
        connection_id: id.into(),
        contact_id: Some("contact".into()),
        kind: ContactKind::Voice,
        event,
        leg: kind,
        status: None,
        previous_status: None,
        at: None,
        phone_number: None,
        queue: None,
        variables: Vec::new(),
        buttons: None,
    }
    .envelope()
}

/// How the program ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Ran {
    pub(crate) code: i32,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Ran {
    pub(crate) fn told(stdout: &str) -> Self {
        Self {
            code: 0,
            stdout: stdout.to_owned(),
            stderr: String::new(),
        }
    }

    pub(crate) fn failed(code: i32, stderr: &str) -> Self {
        Self {
            code,
            stdout: String::new(),
            stderr: stderr.to_owned(),
        }
    }
}

impl From<Output> for Ran {
    fn from(output: Output) -> Self {
        Self {
            code: output.status.code().unwrap(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }
}

/// Runs the program with this runtime directory.
pub(crate) async fn run_in(directory: &Path, arguments: &[&str], stdin: &str) -> Ran {
    let mut child = command(directory, arguments).spawn().unwrap();
    let mut input = child.stdin.take().unwrap();
    // A program that reads nothing may have ended.
    drop(input.write_all(stdin.as_bytes()).await);
    drop(input);
    Ran::from(child.wait_with_output().await.unwrap())
}

fn command(directory: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_offhookctl"));
    command
        .args(arguments)
        .env("OFFHOOK_RUNTIME_DIR", directory)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    command
}
