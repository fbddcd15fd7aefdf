//! Privacy by owner and mode.

use std::{
    fs::{DirBuilder, File},
    io,
    os::unix::fs::{DirBuilderExt, MetadataExt},
    path::Path,
};

use rustix::{
    io::Errno,
    process::{Pid, getuid, test_kill_process},
};

use super::FindError;

/// Looks at the open file, not at its path, so that it cannot be exchanged in between.
pub(super) fn check(file: &File, path: &Path) -> Result<(), FindError> {
    let metadata = file.metadata().map_err(|error| FindError::Unreadable {
        path: path.to_owned(),
        error,
    })?;
    if metadata.uid() != getuid().as_raw() {
        return Err(FindError::NotOurs(path.to_owned()));
    }
    if metadata.mode() & 0o077 != 0 {
        return Err(FindError::Exposed(path.to_owned()));
    }
    Ok(())
}

/// Makes it private if it is new. One that is there is left as it is: it may be anybody's, and the file
/// in it is private all the same.
pub(super) fn create_directory(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

pub(super) fn is_running(pid: u32) -> bool {
    let pid = i32::try_from(pid).ok().and_then(Pid::from_raw);
    // A process that may not be signalled is there all the same.
    pid.is_some_and(|pid| matches!(test_kill_process(pid), Ok(()) | Err(Errno::PERM)))
}
