//! A clean Debian system below a folder, made by debootstrap once and copied for every run.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, ensure};
use xshell::cmd;

use crate::{
    setup::as_root,
    steps::{Project, announce},
};

/// One suite's folders, in `target/install-test`.
pub(super) struct System<'a> {
    project: &'a Project,
    suite: &'a str,
    /// What to put before a command so that root runs it.
    root: &'static str,
    /// As debootstrap leaves it.
    clean: PathBuf,
    /// The copy that is used.
    used: PathBuf,
    pictures: PathBuf,
}

impl<'a> System<'a> {
    pub(super) fn new(project: &'a Project, suite: &'a str) -> Result<Self> {
        let folder = project.target.join("install-test");
        fs::create_dir_all(&folder)?;
        Ok(Self {
            project,
            suite,
            root: as_root(&project.shell)?,
            clean: folder.join(suite),
            used: folder.join(format!("{suite}.used")),
            pictures: folder.join("pictures").join(suite),
        })
    }

    /// Leaves nothing of the copy behind, unless the package fails in it.
    pub(super) fn try_package(&self, package: &Path, mirror: Option<&str>) -> Result<()> {
        if !self.clean.exists() {
            self.bootstrap(mirror)?;
        }
        let Self {
            root,
            clean,
            used,
            pictures,
            ..
        } = self;
        let shell = &self.project.shell;
        self.remove(used)?;
        cmd!(shell, "{root} cp --archive --reflink=auto {clean} {used}")
            .quiet()
            .run()?;

        // Whatever is mounted or started ends with the namespaces, however the test ends.
        let own = ["--mount", "--pid", "--fork", "--kill-child", "--mount-proc"];
        let test = self.project.binary("install_test");
        cmd!(
            shell,
            "{root} unshare {own...} {test} {used} {package} {pictures}"
        )
        .quiet()
        .run()
        .with_context(|| format!("see above; the system is left in {}", used.display()))?;
        self.remove(used)
    }

    /// Makes the clean system, whole or not at all.
    fn bootstrap(&self, mirror: Option<&str>) -> Result<()> {
        let Self {
            root, suite, clean, ..
        } = self;
        let shell = &self.project.shell;
        announce(&format!("making a clean {suite} with debootstrap"));
        let unfinished = clean.with_extension("unfinished");
        self.remove(&unfinished)?;
        cmd!(
            shell,
            "{root} debootstrap --variant=minbase {suite} {unfinished} {mirror...}"
        )
        .quiet()
        .ignore_stdout()
        .run()
        .with_context(|| {
            format!(
                "debootstrap could not make {suite}: is there a network, and does the mirror have \
                 that release? `--mirror URL` names another; its log is {}",
                unfinished.join("debootstrap/debootstrap.log").display()
            )
        })?;
        Ok(cmd!(shell, "{root} mv {unfinished} {clean}")
            .quiet()
            .run()?)
    }

    /// Removes a system, unless something of this machine is mounted in it, which would go with it.
    fn remove(&self, folder: &Path) -> Result<()> {
        let mounts = fs::read_to_string("/proc/self/mountinfo")?;
        let name = folder
            .to_str()
            .context("the target folder has a plain name")?;
        ensure!(
            !mounts.contains(name),
            "something is mounted in {name}: unmount it first"
        );
        let Self { root, .. } = self;
        Ok(cmd!(
            self.project.shell,
            "{root} rm -rf --one-file-system {folder}"
        )
        .quiet()
        .run()?)
    }
}
