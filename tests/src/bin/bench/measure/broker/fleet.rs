//! `offhookctl fleet`, and what it says every second.

use std::{fs, process::Command, time::Duration};

use anyhow::{Context, Result, bail};
use offhook_tests::{Process, program};
use serde_json::Value;
use tempfile::TempDir;
use tokio::time::{Instant, sleep};

/// How many connect in a second.
const CONNECT_RATE: &str = "300";
/// All must be online within this.
const DEADLINE: Duration = Duration::from_secs(240);
/// How often to look at what it said.
const LOOK: Duration = Duration::from_millis(100);

/// A running fleet. Killed when this is dropped.
pub(super) struct Fleet {
    agents: u32,
    folder: TempDir,
    _process: Process,
}

/// What it said in some seconds.
pub(super) struct Seconds(Vec<Value>);

impl Fleet {
    pub(super) fn start(url: &str, agents: u32) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = Command::new(program("offhookctl")?);
        command
            .args(["fleet", "--json", "--broker", url])
            .args(["--connect-rate", CONNECT_RATE])
            .args(["--agents", &agents.to_string()]);
        Ok(Self {
            agents,
            _process: Process::start(command, folder.path())?,
            folder,
        })
    }

    /// In which second it is.
    pub(super) fn now(&self) -> Result<f64> {
        let said = self.said()?;
        let last = said.last().context("it has said nothing yet")?;
        number(last, "after")
    }

    /// What it said after this second.
    pub(super) fn since(&self, second: f64) -> Result<Seconds> {
        let mut said = self.said()?;
        said.retain(|it| number(it, "after").is_ok_and(|after| after > second));
        match said.is_empty() {
            true => bail!("it has said nothing since"),
            false => Ok(Seconds(said)),
        }
    }

    /// Waits until all are online who are not, as of this second; returns in which second they are.
    pub(super) async fn until_all_online(&self, second: f64) -> Result<f64> {
        let deadline = Instant::now() + DEADLINE;
        let mut online = 0.0;
        while Instant::now() < deadline {
            let said = self.since(second).map_or(Vec::new(), |since| since.0);
            let all = |it: &Value| it["online"] == self.agents;
            let mut left = said.iter().skip_while(|it| all(it));
            if let Some(back) = left.find(|it| all(it)) {
                return number(back, "after");
            }
            online = said
                .last()
                .map_or(0.0, |it| it["online"].as_f64().unwrap_or(0.0));
            sleep(LOOK).await;
        }
        bail!(
            "after {DEADLINE:?} {online} of {} agents are online",
            self.agents
        )
    }

    fn said(&self) -> Result<Vec<Value>> {
        let text = fs::read_to_string(self.folder.path().join("offhookctl.log"))?;
        let lines = text
            .split_inclusive('\n')
            .filter(|line| line.ends_with('\n'));
        lines
            .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
            .collect()
    }
}

impl Seconds {
    pub(super) fn mean(&self, what: &str) -> f64 {
        let sum: f64 = self.values(what).sum();
        sum / self.0.len() as f64
    }

    pub(super) fn most(&self, what: &str) -> f64 {
        self.values(what).fold(0.0, f64::max)
    }

    fn values(&self, what: &str) -> impl Iterator<Item = f64> {
        self.0.iter().filter_map(move |it| it[what].as_f64())
    }
}

fn number(said: &Value, what: &str) -> Result<f64> {
    said[what]
        .as_f64()
        .with_context(|| format!("{what} is missing in {said}"))
}
