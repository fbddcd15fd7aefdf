//! Notifications against a daemon on a session bus of the test's own.
//!
//! A session bus is found through the environment, so this program starts itself again under
//! `dbus-run-session`; a daemon owns its name on the bus, so the tests run one after the other.

#[cfg(target_os = "linux")]
mod conversation;
#[cfg(target_os = "linux")]
mod daemon;

#[cfg(target_os = "linux")]
fn main() {
    let mut arguments = libtest_mimic::Arguments::from_args();
    if std::env::var_os(conversation::OWN_BUS).is_none() {
        let status = std::process::Command::new("dbus-run-session")
            .arg(concat!(
                "--config-file=",
                env!("CARGO_MANIFEST_DIR"),
                "/tests/notifier/bus.conf"
            ))
            .arg("--")
            .arg(std::env::current_exe().expect("this program has a path"))
            .args(std::env::args_os().skip(1))
            .env(conversation::OWN_BUS, "yes")
            .status()
            .expect("dbus-run-session is installed");
        std::process::exit(status.code().unwrap_or(1));
    }
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, conversation::tests()).exit();
}

/// Only the freedesktop.org notifications have a daemon that a test can play.
#[cfg(not(target_os = "linux"))]
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}
