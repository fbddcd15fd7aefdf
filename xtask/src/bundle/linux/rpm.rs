//! The .rpm, for Fedora, openSUSE and their family.

use std::{env, path::PathBuf};

use anyhow::Result;
use xshell::cmd;

use super::{super::Bundle, package_version};

/// Makes the package from the stage and `packaging/linux/offhook.spec`.
pub(super) fn make(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let shell = &bundle.project.shell;
    let spec = bundle.project.packaging().join("linux/offhook.spec");
    let work = bundle.workshop("rpm")?;
    let version = package_version(&bundle.version);
    let (stage, folder) = (bundle.stage(), &bundle.folder);
    let defines = [
        format!("_topdir {}", work.display()),
        format!("_rpmdir {}", folder.display()),
        format!("stage {}", stage.display()),
        format!("package_version {version}"),
    ]
    .into_iter()
    .flat_map(|define| ["--define".to_owned(), define]);
    cmd!(shell, "rpmbuild --quiet -bb {defines...} {spec}")
        .env("SOURCE_DATE_EPOCH", &bundle.epoch)
        .quiet()
        .run()?;
    Ok(folder.join(format!("offhook-{version}-1.{}.rpm", env::consts::ARCH)))
}
