//! The person's own entry among what the system starts at login.
//!
//! An installation for all users brings an entry for everybody, and then there is no need for an own one.
//! Both run `offhook --at-login`, which ends at once where the setting is off.

#[cfg(all(unix, not(target_os = "macos")))]
#[path = "login/freedesktop.rs"]
mod entry;

#[cfg(target_os = "macos")]
#[path = "login/macos.rs"]
mod entry;

#[cfg(windows)]
#[path = "login/windows.rs"]
mod entry;

use std::path::PathBuf;
#[cfg(unix)]
use std::{fs, io, path::Path};

use offhook_engine::settings::SettingsProblem;
use tauri::Env;

/// What the system is to start the program with.
const AT_LOGIN: &str = "--at-login";

/// Has the system start this program at login, or not.
///
/// # Errors
/// Where the entry is, and why it could not be made or removed, or has no effect.
pub(crate) fn follow(env: &Env, on: bool) -> Result<(), SettingsProblem> {
    let wanted = if on { "start" } else { "stop starting" };
    tauri::process::current_binary(env)
        .map_err(|error| Problem::new("", error))
        .and_then(|program| entry::follow(&program, on))
        .map_err(|Problem { place, why }| SettingsProblem {
            path: place.display().to_string(),
            line: None,
            text: format!(
                "The system does not {wanted} Offhook at login: {why}. Offhook tries it again when it \
                 starts, and when you change a setting."
            ),
        })
}

/// Why an entry does not follow.
#[derive(Debug)]
struct Problem {
    place: PathBuf,
    why: String,
}

impl Problem {
    fn new(place: impl Into<PathBuf>, why: impl ToString) -> Self {
        Self {
            place: place.into(),
            why: why.to_string(),
        }
    }
}

/// Removing what is not there is no error.
#[cfg(unix)]
fn remove(entry: &Path) -> io::Result<()> {
    match fs::remove_file(entry) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}
