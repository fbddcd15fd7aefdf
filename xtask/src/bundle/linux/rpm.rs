//! The .rpm, for Fedora, openSUSE and their family.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Result, bail};
use xshell::cmd;

use super::{super::Bundle, package_version};

/// The one file that an administrator may change.
const AUTOSTART: &str = "/etc/xdg/autostart/io.github.offhook.Offhook.desktop";

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
        "_rpmfilename %%{NAME}-%%{VERSION}-%%{RELEASE}.%%{ARCH}.rpm".to_owned(),
        format!("stage {}", stage.display()),
        format!("package_version {version}"),
    ]
    .into_iter()
    .flat_map(|define| ["--define".to_owned(), define]);
    cmd!(shell, "rpmbuild --quiet -bb {defines...} {spec}")
        .env("SOURCE_DATE_EPOCH", &bundle.epoch)
        .quiet()
        .run()?;
    let package = folder.join(format!("offhook-{version}-1.{}.rpm", env::consts::ARCH));
    check(bundle, &package)?;
    Ok(package)
}

/// Reads the package back: it is whole, runs nothing when it is installed or removed, and keeps what an
/// administrator changes.
fn check(bundle: &Bundle<'_>, package: &Path) -> Result<()> {
    let shell = &bundle.project.shell;
    cmd!(shell, "rpm --checksig --nosignature {package}")
        .quiet()
        .ignore_stdout()
        .run()?;
    let told = |what: &str| {
        cmd!(shell, "rpm --query --package {what} {package}")
            .quiet()
            .read()
    };
    let scripts = [told("--scripts")?, told("--triggers")?].concat();
    if !scripts.is_empty() {
        bail!("the package runs something:\n{scripts}");
    }
    let kept = told("--configfiles")?;
    if kept != AUTOSTART {
        bail!("the package keeps {kept} instead of {AUTOSTART}");
    }
    Ok(())
}
