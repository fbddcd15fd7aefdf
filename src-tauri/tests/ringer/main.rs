//! The ringtone against a sound server of the test's own.
//!
//! A sound server is found through the environment, so this program starts itself again with an
//! environment in which only its own server is found.

#[cfg(target_os = "linux")]
mod hearing;
#[cfg(target_os = "linux")]
mod server;

#[cfg(target_os = "linux")]
fn main() {
    let mut arguments = libtest_mimic::Arguments::from_args();
    if std::env::var_os(server::OWN_SERVER).is_none() {
        let home = tempfile::tempdir().expect("there is room for a folder");
        let status = server::environment(home.path())
            .args(std::env::args_os().skip(1))
            .status()
            .expect("this program starts");
        drop(home);
        std::process::exit(status.code().unwrap_or(1));
    }
    arguments.test_threads = Some(1);
    libtest_mimic::run(&arguments, hearing::tests()).exit();
}

/// Only here is there a sound server that a test can play.
#[cfg(not(target_os = "linux"))]
fn main() {
    libtest_mimic::run(&libtest_mimic::Arguments::from_args(), Vec::new()).exit();
}
