//! The phone without a display, as a program of its own.

use std::{fs, path::Path};

use anyhow::{Context, Result};
use offhook_bus::Connection;

use crate::{
    environment::{Environment, program},
    process::Process,
    wait::until,
};

/// A running phone. Killed when this is dropped.
#[derive(Debug)]
pub struct Engine {
    /// How programs join its hub.
    pub hub: Connection,
    _process: Process,
}

impl Engine {
    /// Starts it with its files below this home folder, and waits until programs can join its hub.
    /// `scenario` is the name or the file of what the practice centre plays.
    pub async fn start(home: &Path, settings: &str, scenario: &str) -> Result<Self> {
        let folder = home.join("config/offhook");
        fs::create_dir_all(&folder)?;
        fs::write(folder.join("settings.toml"), settings)?;
        fs::create_dir_all(home.join("run"))?;

        let mut command = Environment::new(home).command(program("offhookctl")?);
        command.args(["engine", "--practice", scenario]);
        let process = Process::start(command, home)?;
        let hub = until("the hub", async || {
            Ok(Connection::find_in(&home.join("run/offhook")).ok())
        })
        .await
        .context("the phone does not start")?;
        Ok(Self {
            hub,
            _process: process,
        })
    }
}
