//! A real keychain keeps the broker's password and the hub's key: the keyring of GNOME, on a session bus of its own.
#![cfg(target_os = "linux")]

use std::{
    env, fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use offhook_engine::{
    Handle, Headless, HubState, KeptIn, Options,
    settings::{Places, SettingsChange},
};

/// Set for the test that runs on a bus of its own, to its folder.
const HOME: &str = "OFFHOOK_TEST_HOME";

/// A broker that need not be there: its password is looked for before it is.
const BROKER: &str =
    "[broker]\nurl = \"mqtt://127.0.0.1:1\"\ntenant = \"acme\"\nusername = \"erin\"\n";

/// Which bus a process is on stands in its environment: this test starts itself again on another.
#[test]
fn a_password_is_in_the_keychain_and_in_no_file() {
    let Some(home) = env::var_os(HOME) else {
        return on_a_bus_of_its_own("a_password_is_in_the_keychain_and_in_no_file");
    };
    unlock_keyring();
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(keep_and_forget(Path::new(&home)));
}

async fn keep_and_forget(home: &Path) {
    let engine = start(home);
    let kept = engine.set_broker_password("sesame".into()).await;
    kept.expect("the keychain takes it");
    assert_eq!(engine.settings().broker.password, Some(KeptIn::Keychain));
    assert!(!home.join("data").exists(), "no file of ours");
    let keyrings = fs::read_dir(home.join("share/keyrings")).expect("its files");
    for file in keyrings {
        let kept = fs::read(file.expect("a file").path()).expect("a file");
        assert!(!kept.windows(6).any(|bytes| bytes == b"sesame"), "in clear");
    }

    fs::write(home.join("settings.toml"), BROKER).expect("settings");
    let mut engine = start(home);
    while engine.settings().broker.password != Some(KeptIn::Keychain) {
        engine.next_view().await.expect("it is looked for");
    }
    let forgotten = engine.set_broker_password("".into()).await;
    forgotten.expect("the keychain forgets it");
    assert_eq!(engine.settings().broker.password, None);
    let again = engine.set_broker_password("".into()).await;
    again.expect("nothing to forget");
}

#[test]
fn a_keychain_that_can_be_used_later_lets_web_pages_in() {
    let Some(home) = env::var_os(HOME) else {
        return on_a_bus_of_its_own("a_keychain_that_can_be_used_later_lets_web_pages_in");
    };
    run(&["gnome-keyring-daemon", "--start", "--components=secrets"]);
    let home = Path::new(&home);
    fs::write(home.join("policy.toml"), "[hub]\nports = [0]\n").expect("a policy");
    let engine = start(home);
    let is_closed = |why: &str| why.contains("no default collection") && !why.contains("SS ");
    wait_until(|| matches!(engine.apps().hub, HubState::Closed { why } if is_closed(&why)));

    run(&[
        "dbus-send",
        "--session",
        "--print-reply",
        "--dest=org.freedesktop.secrets",
        "/org/freedesktop/secrets",
        "org.freedesktop.Secret.Service.SetAlias",
        "string:default",
        "objpath:/org/freedesktop/secrets/collection/session",
    ]);
    tokio::runtime::Builder::new_current_thread()
        .build()
        .unwrap()
        .block_on(engine.change_settings(SettingsChange::default()))
        .expect("nothing to save");
    wait_until(|| engine.apps().kept_in == Some(KeptIn::Keychain));
    assert!(!matches!(engine.apps().hub, HubState::Closed { .. }));
}

fn run(command: &[&str]) {
    let status = Command::new(command[0])
        .args(&command[1..])
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .status()
        .expect("it is installed");
    assert!(status.success(), "{command:?}: {status}");
}

fn wait_until(is_so: impl Fn() -> bool) {
    let began = Instant::now();
    while !is_so() {
        assert!(began.elapsed() < Duration::from_secs(20), "in time");
        thread::sleep(Duration::from_millis(10));
    }
}

fn on_a_bus_of_its_own(test: &str) {
    let home = tempfile::tempdir().expect("a folder");
    let status = Command::new("dbus-run-session")
        .arg("--")
        .arg(env::current_exe().expect("this program"))
        .args(["--exact", "--nocapture", test])
        .env(HOME, home.path())
        .env("HOME", home.path())
        .env("XDG_DATA_HOME", home.path().join("share"))
        .env("XDG_RUNTIME_DIR", home.path())
        .status()
        .expect("dbus-run-session is installed");
    assert!(status.success(), "{status}");
}

/// Starts a keyring that asks nobody. It ends with the bus.
fn unlock_keyring() {
    let mut keyring = Command::new("gnome-keyring-daemon")
        .args(["--unlock", "--components=secrets"])
        .stdin(Stdio::piped())
        .stdout(Stdio::null())
        .spawn()
        .expect("gnome-keyring-daemon is installed");
    let mut password = keyring.stdin.take().expect("a way to it");
    password.write_all(b"login").expect("it reads");
    drop(password);
    let status = keyring.wait().expect("it goes on by itself");
    assert!(status.success(), "{status}");
}

fn start(home: &Path) -> Handle {
    let options = Options {
        practice: Some(Some("idle".to_owned())),
        seed: Some(1),
        places: Some(Places {
            settings: home.join("settings.toml"),
            policy: home.join("policy.toml"),
            logs: home.join("logs"),
            data: home.join("data"),
            keychain: true,
            runtime: None,
        }),
    };
    offhook_engine::start(options, Headless).expect("an engine")
}
