//! A real keychain keeps the broker's password: the keyring of GNOME, on a session bus of its own.
#![cfg(target_os = "linux")]

use std::{
    env, fs,
    io::Write,
    path::Path,
    process::{Command, Stdio},
};

use offhook_engine::{Handle, Headless, KeptIn, Options, settings::Places};

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
