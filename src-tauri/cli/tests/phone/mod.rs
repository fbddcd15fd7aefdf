//! A phone of which only the hub is real: a script answers for the contact centre.

use std::{
    path::Path,
    process::{Output, Stdio},
    sync::{Arc, Mutex},
};

use offhook_bus::{Bus, ConnectionFile, Delivery, Hub, HubConfig, Port, Role};
use offhook_protocol::{
    Access, AgentState, AgentSync, AppState, Button, Buttons, CallEvent, CallRequest, CallSync,
    ConnectionStatus, Envelope, LegEvent, LegType, Link, Request, StateType, SyncLeg, Timestamp,
};
use serde_json::json;
use tempfile::TempDir;
use tokio::{
    io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader},
    process::Command,
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

    /// Runs a command that goes on, puts an event on the bus once it has printed the state, and closes
    /// once it has printed this many lines.
    pub(crate) async fn close_after(self, lines: usize, arguments: &[&str]) -> Ran {
        let mut child = command(self.directory.path(), arguments).spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut printed = String::new();
        for number in 1..=lines {
            stdout.read_line(&mut printed).await.unwrap();
            if number == 3 {
                let app = self.bus.join("ringer", Access::Control, Role::App).unwrap();
                app.send(Envelope::event("Chat", "Ring", json!(null)))
                    .unwrap();
            }
        }
        self.hub.close().await;
        stdout.read_to_string(&mut printed).await.unwrap();
        let output = child.wait_with_output().await.unwrap();
        Ran {
            stdout: printed,
            ..Ran::from(output)
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
