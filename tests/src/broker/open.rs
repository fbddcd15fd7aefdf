//! A broker for as many as there are, without names, passwords and access rules.

use std::{
    fs,
    net::{Ipv4Addr, TcpStream},
    process::Command,
};

use anyhow::{Context, Result};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use tempfile::TempDir;

use super::ports;
use crate::{
    process::Process,
    wait::{holds, until},
};

/// A running broker. Ends when this is dropped.
#[derive(Debug)]
pub struct OpenBroker {
    folder: TempDir,
    port: u16,
    process: Option<Process>,
}

impl OpenBroker {
    /// Starts one and waits until it listens.
    pub async fn start() -> Result<Self> {
        let mut broker = Self {
            folder: tempfile::tempdir()?,
            port: ports::free()?,
            process: None,
        };
        fs::write(
            broker.folder.path().join("mosquitto.conf"),
            broker.configuration(),
        )?;
        allow_many_files();
        broker.start_again().await?;
        Ok(broker)
    }

    /// Where it listens.
    pub fn url(&self) -> String {
        format!("mqtt://127.0.0.1:{}", self.port)
    }

    /// Asks it to end, and waits until it has: its clients are told.
    pub fn stop(&mut self) -> Result<()> {
        self.process.take().context("it runs")?.end()
    }

    /// Starts it again on the same port. It has forgotten everything.
    pub async fn start_again(&mut self) -> Result<()> {
        let folder = self.folder.path();
        let mut command = Command::new("mosquitto");
        command
            .arg("-c")
            .arg(folder.join("mosquitto.conf"))
            // Not on every PATH: it lives among the system's own programs.
            .env("PATH", "/usr/sbin:/usr/bin:/sbin:/bin");
        self.process = Some(Process::start(command, folder)?);
        let port = self.port;
        until("the broker", async || {
            Ok(holds(
                TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_ok(),
            ))
        })
        .await
    }

    /// Subscribers that hear of everybody get much at once.
    fn configuration(&self) -> String {
        format!(
            "listener {} 127.0.0.1\nallow_anonymous true\nset_tcp_nodelay true\nmax_queued_messages 200000\n",
            self.port
        )
    }
}

/// Each client is an open file of the broker, which inherits the limit. What is not allowed stays as it is.
fn allow_many_files() {
    let limit = getrlimit(Resource::Nofile);
    let raised = Rlimit {
        current: limit.maximum,
        ..limit
    };
    let _ = setrlimit(Resource::Nofile, raised);
}
