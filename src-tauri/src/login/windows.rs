//! The `Run` keys of the registry.

use std::{io, path::Path};

use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

use super::{AT_LOGIN, Problem, or_absent};

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const VALUE: &str = "Offhook";

pub(super) fn follow(program: &Path, on: bool) -> Result<(), Problem> {
    change(program, on).map_err(|error| Problem::new(format!(r"HKEY_CURRENT_USER\{RUN}"), error))
}

fn change(program: &Path, on: bool) -> io::Result<()> {
    let for_all = LOCAL_MACHINE
        .open(RUN)
        .and_then(|key| key.get_string(VALUE));
    let own = CURRENT_USER.create(RUN)?;
    if on && for_all.is_err() {
        own.set_string(VALUE, format!("\"{}\" {AT_LOGIN}", program.display()))?;
        return Ok(());
    }
    or_absent(own.remove_value(VALUE).map_err(io::Error::from))
}
