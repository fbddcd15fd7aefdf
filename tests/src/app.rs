//! The real phone on a virtual desktop.

use std::{fs, net::TcpListener, path::Path};

use anyhow::{Context, Result};
use fantoccini::{Client, ClientBuilder, error::NewSessionError};
use hyper_util::client::legacy::connect::HttpConnector;
use offhook_bus::Connection;
use rustix::process::{Pid, Signal, kill_process};
use serde_json::json;
use tokio::{net::TcpStream, task::JoinHandle, time::timeout};

use crate::{
    environment::program,
    process::Process,
    session::Session,
    wait::{DEADLINE, holds, until},
    window::Window,
};

/// A running phone. Ends when this is dropped.
#[derive(Debug)]
pub struct App<'s> {
    session: &'s Session,
    /// How to join its hub, and its process id.
    pub hub: Connection,
    /// Completes when the phone has a window.
    client: JoinHandle<Result<Client, NewSessionError>>,
    _driver: Process,
}

impl<'s> App<'s> {
    /// What the phone prints ends up with what its driver prints.
    pub(crate) const LOG: &'static str = "WebKitWebDriver.log";

    /// Starts the phone with these arguments, and waits until programs can join its hub.
    pub async fn start(session: &'s Session, arguments: &[&str]) -> Result<Self> {
        Self::start_program(session, &program("offhook")?, &[], arguments).await
    }

    /// As [`start`](Self::start), with a program that starts the phone and with more environment variables.
    pub async fn start_program(
        session: &'s Session,
        program: &Path,
        variables: &[(&str, &str)],
        arguments: &[&str],
    ) -> Result<Self> {
        let port = TcpListener::bind("127.0.0.1:0")?.local_addr()?.port();
        let mut driver = session.command("WebKitWebDriver");
        driver
            .arg(format!("--port={port}"))
            // Without it the phone's window refuses the driver, which then waits for ever.
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .envs(variables.iter().copied());
        let driver = Process::start(driver, session.logs())?;
        until("the driver", async || {
            Ok(holds(TcpStream::connect(("127.0.0.1", port)).await.is_ok()))
        })
        .await?;

        let options = json!({ "binary": program, "args": arguments });
        let client = tokio::spawn(async move {
            ClientBuilder::new(HttpConnector::new())
                .capabilities(
                    [("webkitgtk:browserOptions".to_owned(), options)]
                        .into_iter()
                        .collect(),
                )
                .connect(&format!("http://127.0.0.1:{port}"))
                .await
        });
        let hub = session
            .until("the phone's hub", async || {
                Ok(Connection::find_in(&session.hub_folder()).ok())
            })
            .await?;
        Ok(Self {
            session,
            hub,
            client,
            _driver: driver,
        })
    }

    /// Whether it has not ended by itself.
    pub fn is_running(&self) -> bool {
        Connection::find_in(&self.session.hub_folder()).is_ok()
    }

    /// Waits until the phone has printed this.
    pub async fn wait_log(&self, words: &str) -> Result<()> {
        let log = self.session.logs().join(Self::LOG);
        self.session
            .until(&format!("{words:?} in the log"), async || {
                Ok(holds(fs::read_to_string(&log)?.contains(words)))
            })
            .await
    }

    /// Waits until the phone has ended and another process of it runs in its place. Returns what that one
    /// was started with.
    pub async fn restarted(&mut self) -> Result<Vec<String>> {
        let session = self.session;
        let before = self.hub.pid;
        self.hub = session
            .until("another process of the phone", async || {
                let hub = Connection::find_in(&session.hub_folder()).ok();
                Ok(hub.filter(|hub| hub.pid != before))
            })
            .await?;
        let line = fs::read_to_string(format!("/proc/{}/cmdline", self.hub.pid))?;
        let arguments = line.split_terminator('\0').skip(1);
        Ok(arguments.map(str::to_owned).collect())
    }

    /// Waits for the window to be there for the first time.
    pub async fn window(&mut self) -> Result<Window<'s>> {
        let client = timeout(DEADLINE, &mut self.client)
            .await
            .context("the phone opens no window")??
            .context("the phone does not start")?;
        Window::new(self.session, client).await
    }
}

impl Drop for App<'_> {
    fn drop(&mut self) {
        // It is the driver's child, not ours, and lives on without it.
        if self.is_running()
            && let Some(pid) = i32::try_from(self.hub.pid).ok().and_then(Pid::from_raw)
        {
            // Fails only if it has ended meanwhile.
            let _ = kill_process(pid, Signal::KILL);
        }
    }
}
