//! Privacy by place: what is under the person's profile inherits access for the person alone.

use std::{fs, fs::File, io, path::Path};

use super::FindError;

pub(super) fn check(_file: &File, _path: &Path) -> Result<(), FindError> {
    Ok(())
}

pub(super) fn create_directory(path: &Path) -> io::Result<()> {
    fs::create_dir_all(path)
}

/// Not asked: connecting tells.
pub(super) fn is_running(_pid: u32) -> bool {
    true
}
