//! The .tar.gz: for systems without one of the packages, and for one person's own folder.

use std::path::PathBuf;

use anyhow::Result;
use xshell::cmd;

use super::super::Bundle;

/// Packs the stage below a folder that is named for the version.
pub(super) fn make(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let name = format!("offhook-{}", bundle.version);
    let archive = bundle
        .folder
        .join(format!("{name}-linux-{}.tar.gz", std::env::consts::ARCH));
    let stage = bundle.stage();
    let epoch = &bundle.epoch;
    cmd!(
        bundle.project.shell,
        "tar --create --file {archive} --use-compress-program 'gzip --best --no-name'
         --sort=name --format=ustar --mtime=@{epoch} --owner=root:0 --group=root:0
         --directory {stage} --transform s:^[.]:{name}: ."
    )
    .run()?;
    Ok(archive)
}
