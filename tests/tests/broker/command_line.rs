//! `offhookctl` as a client of the broker.

use std::{
    fs,
    path::Path,
    process::{Command, Output},
};

use anyhow::{Context, Result};
use offhook_tests::{
    Process,
    broker::{Broker, OpenBroker, Setup, Way, password_of},
    program, until,
};
use serde_json::Value;

const AGENTS: u64 = 50;

fn offhookctl(arguments: &[&str]) -> Result<Command> {
    let mut command = Command::new(program("offhookctl")?);
    command.args(arguments);
    Ok(command)
}

/// Runs it to its end.
async fn run(mut command: Command) -> Result<Output> {
    Ok(tokio::task::spawn_blocking(move || command.output()).await??)
}

fn said(output: &Output) -> (Option<i32>, String) {
    let text = String::from_utf8_lossy(&output.stderr).trim().to_owned();
    (output.status.code(), text)
}

/// A program that watches, and what it has printed so far.
struct Watch {
    folder: tempfile::TempDir,
    _process: Process,
}

impl Watch {
    fn start(url: &str, more: &[&str]) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let mut command = offhookctl(&["watch", "--json", "--broker", url])?;
        command.args(more);
        Ok(Self {
            _process: Process::start(command, folder.path())?,
            folder,
        })
    }

    /// The first row that is so.
    fn row(&self, so: impl Fn(&Value) -> bool) -> Result<Option<Value>> {
        let rows = rows(&self.folder.path().join("offhookctl.log"))?;
        Ok(rows.into_iter().find(so))
    }

    /// Waits until it tells that it has a connection, or has none; returns the reason.
    async fn until_connected(&self, is: bool) -> Result<Value> {
        let row = until("word of the connection", async || {
            self.row(|row| row["connected"] == is)
        });
        Ok(row.await?["error"].clone())
    }
}

/// A fleet that logs in as one who may only read.
async fn run_fleet(broker: &Broker, password: &str, duration: &str) -> Result<Output> {
    let url = format!("mqtt://{}", broker.socket(Way::Tcp));
    let mut command = offhookctl(&["fleet", "--broker", &url, "--agents", "20"])?;
    command
        .args(["--tenant", "acme", "--username", "wallboard"])
        .args(["--duration", duration])
        .env("OFFHOOK_BROKER_PASSWORD", password);
    run(command).await
}

/// The last line on standard error: before it, a fleet says every second how it goes.
fn last_words(output: &Output) -> (Option<i32>, String) {
    let (code, said) = said(output);
    let last = said.lines().next_back().unwrap_or_default();
    (code, last.to_owned())
}

/// The lines that are whole.
fn rows(log: &Path) -> Result<Vec<Value>> {
    let text = fs::read_to_string(log)?;
    let lines = text
        .split_inclusive('\n')
        .filter(|line| line.ends_with('\n'));
    lines
        .map(|line| serde_json::from_str(line).with_context(|| line.to_owned()))
        .collect()
}

#[tokio::test]
async fn a_fleet_holds_its_calls_and_who_watches_sees_them_ring() -> Result<()> {
    let broker = OpenBroker::start().await?;
    let url = broker.url();
    let watch = Watch::start(&url, &[])?;
    let watch_one = Watch::start(&url, &["--agent", "agent-7", "--show-numbers"])?;
    let agents = AGENTS.to_string();
    let fleet = run(offhookctl(&[
        "fleet",
        "--json",
        "--broker",
        &url,
        "--agents",
        &agents,
        "--calls-per-hour",
        "360",
        "--duration",
        "15",
    ])?);
    let see = async {
        let rings = |row: &Value| row["call"]["phase"] == "ringing";
        let row = until("a ringing call", async || watch.row(rings)).await?;
        assert_eq!(row["presence"], "online");
        assert_eq!(row["state"], "PendingBusy");
        let named = watch.row(|row| row["call"].get("number").is_some())?;
        assert_eq!(named, None);
        // The agent's own leg, which has no number, may be seen before the caller's.
        let rings_with_number = |row: &Value| rings(row) && row["call"]["number"].is_string();
        let row = until("a caller", async || watch_one.row(rings_with_number)).await?;
        assert_eq!(row["agent"], "agent-7");
        anyhow::Ok(())
    };
    let (fleet, seen) = tokio::join!(fleet, see);
    seen?;

    let fleet = fleet?;
    let printed = String::from_utf8(fleet.stdout)?;
    let summary: Value = serde_json::from_str(printed.lines().last().context("a summary")?)?;
    assert_eq!(fleet.status.code(), Some(0), "{summary}");
    assert_eq!(summary["mostOnline"], AGENTS, "{summary}");
    assert_eq!(summary["errors"], 0, "{summary}");
    assert_eq!(summary["reconnects"], 0, "{summary}");
    assert!(summary["calls"].as_u64() >= Some(AGENTS), "{summary}");

    let left = |row: &Value| row["presence"] == "offline";
    let row = until("the good-bye", async || watch_one.row(left)).await?;
    assert_eq!(row["call"], Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_broker_that_is_not_there_is_told_from_one_that_says_no() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let url = format!("mqtt://{}", broker.socket(Way::Tcp));
    let mut wrong = offhookctl(&["watch", "--broker", &url, "--username", "supervisor"])?;
    wrong.env("OFFHOOK_BROKER_PASSWORD", "guessed");
    let refused = "The broker does not accept the user name or password.";
    assert_eq!(said(&run(wrong).await?), (Some(1), refused.to_owned()));

    drop(broker);
    let output = run(offhookctl(&["watch", "--broker", &url])?).await?;
    let (code, sentence) = said(&output);
    assert_eq!(code, Some(3));
    assert!(
        sentence.starts_with("The broker cannot be reached:"),
        "{sentence}"
    );
    Ok(())
}

#[tokio::test]
async fn a_fleet_ends_as_soon_as_its_password_is_refused() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let output = run_fleet(&broker, "guessed", "3600").await?;
    let refused = "The broker does not accept the user name or password.";
    assert_eq!(last_words(&output), (Some(1), refused.to_owned()));
    Ok(())
}

#[tokio::test]
async fn a_fleet_that_may_publish_nothing_has_failed() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let output = run_fleet(&broker, &password_of("wallboard"), "3").await?;
    let refused = "The broker refused: it is not allowed.";
    assert_eq!(last_words(&output), (Some(1), refused.to_owned()));
    let (_, said) = said(&output);
    let before = said.lines().rev().nth(1).context("a second")?;
    assert!(!before.contains(" 0 errors"), "{before}");
    assert!(before.contains(" 0.0 calls/s"), "{before}");
    Ok(())
}

#[tokio::test]
async fn a_fleet_without_a_broker_has_failed() -> Result<()> {
    let mut broker = Broker::start(Setup::FORGETFUL).await?;
    broker.stop()?;
    let (code, sentence) = last_words(&run_fleet(&broker, "", "1").await?);
    assert_eq!(code, Some(3));
    assert!(
        sentence.starts_with("The broker cannot be reached:"),
        "{sentence}"
    );
    Ok(())
}

#[tokio::test]
async fn who_watches_is_told_when_the_connection_is_lost_and_when_it_is_back() -> Result<()> {
    let mut broker = OpenBroker::start().await?;
    let url = broker.url();
    let fleet = tempfile::tempdir()?;
    let _fleet = Process::start(
        offhookctl(&["fleet", "--broker", &url, "--agents", "1"])?,
        fleet.path(),
    )?;
    let watch = Watch::start(&url, &[])?;
    until("an agent", async || {
        watch.row(|row| row["presence"] == "online")
    })
    .await?;
    broker.stop()?;
    let reason = watch.until_connected(false).await?;
    assert!(reason.is_string(), "{reason}");
    broker.start_again().await?;
    assert_eq!(watch.until_connected(true).await?, Value::Null);
    Ok(())
}

#[tokio::test]
async fn a_certificate_that_is_not_accepted_is_told_once_and_whose_it_is() -> Result<()> {
    let broker = Broker::start(Setup::FORGETFUL).await?;
    let other = Broker::start(Setup::FORGETFUL).await?;
    let url = format!("mqtts://localhost:{}", broker.socket(Way::Tls).port());
    let mut command = offhookctl(&["watch", "--broker", &url, "--ca"])?;
    command.arg(other.authority());
    let (code, sentence) = said(&run(command).await?);
    assert_eq!(code, Some(1));
    let begin = "There is something wrong with a certificate: the broker's is not accepted (";
    assert!(sentence.starts_with(begin), "{sentence}");
    Ok(())
}

#[tokio::test]
async fn a_way_that_others_can_listen_to_is_not_taken() -> Result<()> {
    let output = run(offhookctl(&[
        "watch",
        "--broker",
        "mqtt://broker.example.com",
    ])?)
    .await?;
    let sentence = "The broker cannot be used like this: the way to the broker is not encrypted.";
    assert_eq!(said(&output), (Some(2), sentence.to_owned()));
    Ok(())
}

#[tokio::test]
async fn a_fleet_that_does_not_fit_is_refused_with_how_many_would() -> Result<()> {
    let command = offhookctl(&["fleet", "--broker", "mqtt://127.0.0.1:1", "--agents", "200"])?;
    let mut limited = Command::new("sh");
    limited
        .args(["-c", "ulimit -n 164; exec \"$@\"", "sh"])
        .arg(command.get_program())
        .args(command.get_args());
    let (code, sentence) = said(&run(limited).await?);
    assert_eq!(code, Some(1));
    assert!(sentence.contains("enough for 100 agents"), "{sentence}");
    Ok(())
}
