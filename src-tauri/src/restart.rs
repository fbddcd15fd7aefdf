//! Ending this process and starting the program anew, which may be a newer one by then.

#[cfg(not(target_os = "macos"))]
use std::process::Command;
use std::{ffi::OsString, io};

use tauri::{AppHandle, Env, Manager};

/// The program is to be started anew when it has ended.
struct Wanted {
    hidden: bool,
}

/// Ends the program in its usual way and starts it anew.
pub(crate) fn restart(app: &AppHandle, hidden: bool) {
    app.manage(Wanted { hidden });
    app.exit(0);
}

/// Starts the program anew, if that is wanted. To be called last.
pub(crate) fn if_wanted(app: &AppHandle, practice: Option<&Option<String>>) {
    let Some(wanted) = app.try_state::<Wanted>() else {
        return;
    };
    let mut environment = app.env();
    // Not those of this process: it may have been started at login, or with a link.
    environment.args_os.truncate(1);
    environment.args_os.extend(practice.map(practising));
    environment.args_os.extend(arguments(wanted.hidden));
    // Among others, the new process could not be the single one.
    app.cleanup_before_exit();
    if let Err(error) = start(&environment) {
        tracing::error!(%error, "the program is not started anew");
    }
}

/// Not by tauri's restart, which keeps to itself what went wrong.
#[cfg(not(target_os = "macos"))]
fn start(environment: &Env) -> io::Result<()> {
    let program = tauri::process::current_binary(environment)?;
    let mut command = Command::new(program);
    command.args(environment.args_os.iter().skip(1));
    command.spawn().map(drop)
}

/// By tauri, which has the system start the bundle, apart from this process.
#[cfg(target_os = "macos")]
fn start(environment: &Env) -> io::Result<()> {
    tauri::process::restart(environment)
}

/// With which the new one looks as this one did.
fn arguments(hidden: bool) -> Option<OsString> {
    hidden.then(|| "--hidden".into())
}

fn practising(scenario: &Option<String>) -> OsString {
    match scenario {
        Some(scenario) => format!("--practice={scenario}").into(),
        None => "--practice".into(),
    }
}
