//! The launch agents of launchd.

use std::{
    fs,
    path::{Path, PathBuf},
};

use plist::{Dictionary, Value};

use super::{AT_LOGIN, Problem, remove};

const LABEL: &str = "io.github.offhook.Offhook";

pub(super) fn follow(program: &Path, on: bool) -> Result<(), Problem> {
    let own = entry_in(&std::env::home_dir().unwrap_or_default());
    let followed = if on && !entry_in(Path::new("/")).exists() {
        write(&own, program)
    } else {
        remove(&own).map_err(|error| error.to_string())
    };
    followed.map_err(|why| Problem::new(own, why))
}

fn entry_in(root: &Path) -> PathBuf {
    root.join(format!("Library/LaunchAgents/{LABEL}.plist"))
}

fn write(entry: &Path, program: &Path) -> Result<(), String> {
    let program = program
        .to_str()
        .ok_or("the path of the program is not UTF-8")?;
    let command = [program, AT_LOGIN].map(|word| Value::from(word.to_owned()));
    let agent = Dictionary::from_iter([
        ("Label", Value::from(LABEL.to_owned())),
        ("ProgramArguments", Value::Array(command.into())),
        ("RunAtLoad", Value::Boolean(true)),
        ("ProcessType", Value::from("Interactive".to_owned())),
    ]);
    fs::create_dir_all(entry.parent().unwrap_or(Path::new(".")))
        .map_err(|error| error.to_string())?;
    plist::to_file_xml(entry, &agent).map_err(|error| error.to_string())
}
