//! A system below a folder.

use std::{
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

use anyhow::{Context, Result, ensure};

/// What a login gives to everybody.
const PATH: &str = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

/// The ordinary person.
pub(crate) const PERSON: &str = "erin";

/// A system below a folder: its programs see no other files than its own, and those of folders that are
/// shared with it.
///
/// What is mounted here vanishes with the namespace that this program runs in; nothing unmounts it.
#[derive(Debug)]
pub(crate) struct Root(PathBuf);

impl Root {
    /// Makes the system below the folder usable, with an ordinary person in it.
    pub(crate) fn open(folder: PathBuf) -> Result<Self> {
        let root = Self(folder);
        root.mount("proc", "proc", &root.at("/proc"))?;
        root.mount("tmpfs", "tmpfs", &root.at("/dev/shm"))?;
        fs::copy("/etc/resolv.conf", root.at("/etc/resolv.conf"))
            .context("the system cannot be told how to find Debian's servers")?;
        root.run("useradd", &["--create-home", PERSON])?;
        Ok(root)
    }

    /// Where a file of the system lies outside of it.
    pub(crate) fn at(&self, path: impl AsRef<Path>) -> PathBuf {
        let path = path.as_ref();
        self.0.join(path.strip_prefix("/").unwrap_or(path))
    }

    /// Has a folder from outside at the same place inside.
    pub(crate) fn share(&self, folder: &Path) -> Result<()> {
        let inside = self.at(folder);
        fs::create_dir_all(&inside)?;
        finish(Command::new("mount").arg("--bind").args([folder, &inside]))?;
        Ok(())
    }

    /// Runs a program as root and returns what it prints.
    pub(crate) fn run(&self, program: &str, arguments: &[&str]) -> Result<String> {
        let mut command = Command::new("chroot");
        command
            .env_clear()
            .env("PATH", PATH)
            .env("HOME", "/root")
            .env("LC_ALL", "C.UTF-8")
            .env("DEBIAN_FRONTEND", "noninteractive")
            .arg(&self.0)
            .arg(program)
            .args(arguments);
        finish(&mut command)
    }

    /// A program that is to be run by the ordinary person, with nothing but this in its environment.
    pub(crate) fn as_person<'a>(
        &self,
        environment: impl IntoIterator<Item = (&'a OsStr, &'a OsStr)>,
        program: &str,
    ) -> Command {
        let mut command = Command::new("chroot");
        command
            .env_clear()
            .envs(environment)
            .env("PATH", PATH)
            .env("HOME", format!("/home/{PERSON}"))
            .arg(format!("--userspec={PERSON}:{PERSON}"))
            .arg(&self.0)
            .arg("env")
            .arg(format!("--chdir=/home/{PERSON}"))
            .arg(program);
        command
    }

    fn mount(&self, kind: &str, what: &str, place: &Path) -> Result<()> {
        finish(Command::new("mount").args(["-t", kind, what]).arg(place))?;
        Ok(())
    }
}

/// Runs a command to its end and returns what it prints; if it fails, the error tells that.
pub(crate) fn finish(command: &mut Command) -> Result<String> {
    let output = command.stdin(Stdio::null()).output()?;
    let printed = String::from_utf8_lossy(&output.stdout).into_owned();
    ensure!(
        output.status.success(),
        "{command:?} ended with {}:\n{printed}{}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(printed)
}
