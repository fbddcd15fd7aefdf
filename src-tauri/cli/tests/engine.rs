//! The built program as an engine, in a home of its own.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test may panic")]

use std::{
    fs,
    io::{BufRead, BufReader, Read},
    os::unix::fs::PermissionsExt,
    path::PathBuf,
    process::{Child, ChildStdout, Command, Output, Stdio},
};

use rustix::process::{Pid, Signal, kill_process};
use serde_json::{Value, json};
use tempfile::TempDir;

struct Home(TempDir);

impl Home {
    fn new() -> Self {
        Self(tempfile::tempdir().unwrap())
    }

    fn path(&self, below: &str) -> PathBuf {
        self.0.path().join(below)
    }

    fn write(&self, below: &str, text: &str) -> PathBuf {
        let path = self.path(below);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, text).unwrap();
        path
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_offhookctl"));
        command
            .args(arguments)
            .env_clear()
            .env("HOME", self.0.path())
            .env("XDG_CONFIG_HOME", self.path("config"))
            .env("XDG_STATE_HOME", self.path("state"))
            .env("OFFHOOK_RUNTIME_DIR", self.path("run"))
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        command
    }

    fn run(&self, arguments: &[&str]) -> Output {
        self.command(arguments).output().unwrap()
    }

    fn start(&self, arguments: &[&str]) -> Engine {
        Engine::start(&mut self.command(arguments))
    }

    fn logged(&self) -> String {
        let files = fs::read_dir(self.path("state/offhook")).unwrap();
        files
            .map(|file| fs::read_to_string(file.unwrap().path()).unwrap())
            .collect()
    }
}

/// A running engine, killed at the end of a test that fails.
struct Engine {
    child: Child,
    stdout: BufReader<ChildStdout>,
    ready: Value,
}

impl Engine {
    /// Returns when it says that it is ready.
    fn start(command: &mut Command) -> Self {
        let mut child = command.spawn().unwrap();
        let mut stdout = BufReader::new(child.stdout.take().unwrap());
        let mut line = String::new();
        stdout.read_line(&mut line).unwrap();
        Self {
            child,
            stdout,
            ready: serde_json::from_str(&line).unwrap(),
        }
    }

    /// Ends it with this signal. Returns its exit code, the rest of its standard output, and its
    /// standard error.
    fn end(mut self, signal: Signal) -> (Option<i32>, String, String) {
        let pid = i32::try_from(self.child.id()).ok().and_then(Pid::from_raw);
        kill_process(pid.unwrap(), signal).unwrap();
        let (mut rest, mut said) = (String::new(), String::new());
        self.stdout.read_to_string(&mut rest).unwrap();
        let mut stderr = self.child.stderr.take().unwrap();
        stderr.read_to_string(&mut said).unwrap();
        (self.child.wait().unwrap().code(), rest, said)
    }
}

impl Drop for Engine {
    fn drop(&mut self) {
        // It has ended already unless the test has failed.
        drop(self.child.kill());
    }
}

fn text(bytes: &[u8]) -> &str {
    std::str::from_utf8(bytes).unwrap()
}

#[test]
fn it_is_found_while_it_runs_and_gone_when_it_was_told_to_leave() {
    for signal in [Signal::TERM, Signal::INT] {
        let home = Home::new();
        let engine = home.start(&["engine", "--practice", "idle"]);
        let file = home.path("run/hub.json");
        let found: Value = serde_json::from_str(&fs::read_to_string(&file).unwrap()).unwrap();
        assert_eq!(engine.ready, json!({ "url": found["url"] }));
        let mode = fs::metadata(&file).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);

        let status = home.run(&["status"]);
        assert!(status.status.success(), "{status:?}");
        let said = text(&status.stdout);
        assert!(said.starts_with("Link:    online (practice)\n"), "{said}");

        let (code, rest, _) = engine.end(signal);
        assert_eq!((code, rest.as_str()), (Some(0), ""));
        assert!(!file.exists());
        assert_eq!(home.run(&["status"]).status.code(), Some(3));
    }
}

#[test]
fn the_settings_choose_the_connector() {
    let home = Home::new();
    home.write("config/offhook/settings.toml", "connector = \"none\"\n");
    let engine = home.start(&["engine"]);
    let status = home.run(&["status", "--json"]);
    let status: Value = serde_json::from_slice(&status.stdout).unwrap();
    assert_eq!(status["connector"], "none");
    assert_eq!(engine.end(Signal::TERM).0, Some(0));
}

#[test]
fn a_broken_settings_file_is_told_by_line_and_left_alone() {
    let home = Home::new();
    let broken = "[ringing]\nsound = maybe\n";
    let file = home.write("config/offhook/settings.toml", broken);
    let (code, _, said) = home.start(&["engine"]).end(Signal::TERM);
    assert_eq!(code, Some(0));
    assert!(
        said.contains("settings.toml") && said.contains("line=2"),
        "{said}"
    );
    assert_eq!(fs::read_to_string(file).unwrap(), broken);
}

#[test]
fn an_unknown_scenario_is_answered_with_those_there_are() {
    let ran = Home::new().run(&["engine", "--practice", "nowhere"]);
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), ""));
    for name in ["\"nowhere\"", "default", "idle", "busy-hour"] {
        assert!(text(&ran.stderr).contains(name), "{ran:?}");
    }
}

#[test]
fn a_broken_scenario_is_told_by_line_and_column() {
    let home = Home::new();
    let file = home.write("day.toml", "about = \"A day.\"\n\n[[step]]\nafter = 4\n");
    let file = file.to_str().unwrap();
    let ran = home.run(&["engine", "--practice", file]);
    assert_eq!((ran.status.code(), text(&ran.stdout)), (Some(2), ""));
    let said = text(&ran.stderr);
    assert!(
        said.contains(file) && said.contains("line 4, column 9"),
        "{said}"
    );
}

#[test]
fn the_log_is_written_and_a_weeks_files_are_kept() {
    let home = Home::new();
    for day in 1..=9 {
        home.write(&format!("state/offhook/offhook.2026-01-0{day}.log"), "");
    }
    let (_, _, said) = home.start(&["engine"]).end(Signal::TERM);
    assert!(said.contains("the hub listens"), "{said}");
    assert!(home.logged().contains("the hub listens"));
    let kept = fs::read_dir(home.path("state/offhook")).unwrap().count();
    assert_eq!(kept, 7);
}

#[test]
fn the_levels_of_the_log_can_be_chosen() {
    let home = Home::new();
    let mut command = home.command(&["engine"]);
    let engine = Engine::start(command.env("OFFHOOK_LOG", "off,offhook_bus=debug"));
    let (_, _, said) = engine.end(Signal::TERM);
    for said in [said, home.logged()] {
        assert!(said.contains("joined the bus"), "{said}");
        assert!(
            said.lines().all(|line| line.contains(" offhook_bus")),
            "{said}"
        );
    }
}

#[test]
fn levels_that_are_none_are_told_and_the_usual_ones_are_in_force() {
    let home = Home::new();
    let mut command = home.command(&["engine"]);
    let engine = Engine::start(command.env("OFFHOOK_LOG", "offhook=loud"));
    let (code, _, said) = engine.end(Signal::TERM);
    assert_eq!(code, Some(0));
    assert!(said.contains("OFFHOOK_LOG is not understood"), "{said}");
    assert!(said.contains("the hub listens"), "{said}");
}

#[test]
fn a_folder_that_takes_no_log_is_told_and_the_phone_runs() {
    let home = Home::new();
    home.write("state", "in the way");
    let (code, _, said) = home.start(&["engine"]).end(Signal::TERM);
    assert_eq!(code, Some(0));
    let folder = home.path("state/offhook");
    let told = format!("no log file can be written in {}: ", folder.display());
    assert!(said.contains(&told), "{said}");
    assert!(said.contains("the hub listens"), "{said}");
}

#[test]
fn a_first_start_has_nothing_to_complain_about() {
    let home = Home::new();
    let (_, _, said) = home.start(&["engine"]).end(Signal::TERM);
    assert!(said.lines().all(|line| line.contains(" INFO ")), "{said}");
}

#[test]
fn amazon_connect_needs_a_display() {
    let home = Home::new();
    home.write(
        "config/offhook/settings.toml",
        "connector = \"amazon\"\n[amazon]\ninstance = \"https://example.my.connect.aws\"\n",
    );
    let refused = home.run(&["engine"]);
    assert_eq!(refused.status.code(), Some(1));
    assert_eq!(text(&refused.stdout), "");
    let said = text(&refused.stderr);
    assert!(said.contains("needs a display"), "{said}");

    let practising = home.start(&["engine", "--practice", "idle"]);
    assert_eq!(practising.end(Signal::TERM).0, Some(0));
}
