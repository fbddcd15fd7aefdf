//! The `Run` keys of the registry.

use std::path::Path;

use windows_registry::{CURRENT_USER, LOCAL_MACHINE};

use super::{AT_LOGIN, Problem};

const RUN: &str = r"Software\Microsoft\Windows\CurrentVersion\Run";
const VALUE: &str = "Offhook";

/// How the registry says that there is no such value: `ERROR_FILE_NOT_FOUND` as an `HRESULT`. As an
/// `io::Error` it is of no kind.
const NO_VALUE: i32 = 0x8007_0002_u32.cast_signed();

pub(super) fn follow(program: &Path, on: bool) -> Result<(), Problem> {
    change(program, on).map_err(|error| Problem::new(format!(r"HKEY_CURRENT_USER\{RUN}"), error))
}

fn change(program: &Path, on: bool) -> windows_registry::Result<()> {
    let for_all = LOCAL_MACHINE
        .open(RUN)
        .and_then(|key| key.get_string(VALUE));
    let own = CURRENT_USER.create(RUN)?;
    if on && for_all.is_err() {
        return own.set_string(VALUE, format!("\"{}\" {AT_LOGIN}", program.display()));
    }
    match own.remove_value(VALUE) {
        Err(error) if error.code().0 == NO_VALUE => Ok(()),
        removed => removed,
    }
}
