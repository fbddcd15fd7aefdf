//! What programs on a virtual desktop see of the world, and where the project's own programs lie.

use std::{
    collections::BTreeMap,
    env,
    ffi::{OsStr, OsString},
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

/// The environment variables of a desktop: nothing of the one the tests run on but the
/// search path and what is to be logged.
#[derive(Clone, Debug)]
pub(crate) struct Environment(BTreeMap<&'static str, OsString>);

impl Environment {
    /// Everything that follows from the home folder.
    pub(crate) fn new(home: &Path) -> Self {
        let fixed = [
            ("LANG", "C.UTF-8"),
            ("TZ", "UTC"),
            ("XDG_CURRENT_DESKTOP", "XFCE"),
            ("GDK_BACKEND", "x11"),
            ("NO_AT_BRIDGE", "1"),
            ("LIBGL_ALWAYS_SOFTWARE", "1"),
            // A client would start a sound server of its own.
            ("PULSE_SERVER", "none"),
        ];
        let folders = [
            ("HOME", home.to_owned()),
            ("XDG_CONFIG_HOME", home.join("config")),
            // Not the machine's, where Offhook may be installed.
            ("XDG_CONFIG_DIRS", home.join("shared")),
            ("XDG_DATA_HOME", home.join("data")),
            ("XDG_CACHE_HOME", home.join("cache")),
            ("XDG_RUNTIME_DIR", home.join("run")),
        ];
        let mut variables = BTreeMap::new();
        variables.extend(fixed.map(|(name, value)| (name, value.into())));
        variables.extend(folders.map(|(name, folder)| (name, folder.into())));
        let passed = ["PATH", "OFFHOOK_LOG"].into_iter();
        variables.extend(passed.filter_map(|name| Some((name, env::var_os(name)?))));
        Self(variables)
    }

    /// Adds a variable.
    pub(crate) fn set(&mut self, name: &'static str, value: &str) {
        self.0.insert(name, value.into());
    }

    /// The value of a variable.
    pub(crate) fn get(&self, name: &str) -> Result<&str> {
        let value = self.0.get(name).and_then(|value| value.to_str());
        value.with_context(|| format!("{name} is set"))
    }

    /// A command that sees just this.
    pub(crate) fn command(&self, program: impl AsRef<OsStr>) -> Command {
        let mut command = Command::new(program);
        command.env_clear().envs(&self.0);
        command
    }
}

/// One of the project's own programs, from the same build as the one that asks.
pub fn program(name: &str) -> Result<PathBuf> {
    let path = build_folder()?.join(name);
    ensure!(
        path.exists(),
        "{} is missing: `cargo xtask test` builds it first",
        path.display()
    );
    Ok(path)
}

/// The folder for pictures: `target/screens`.
pub(crate) fn pictures() -> Result<PathBuf> {
    let target = build_folder()?;
    Ok(target
        .parent()
        .context("a build has a target folder")?
        .join("screens"))
}

/// `target/debug` or `target/release`: where this program lies, or for a test the folder above it.
fn build_folder() -> Result<PathBuf> {
    let exe = env::current_exe()?;
    let folder = exe.parent().context("a program lies in a folder")?;
    let build = if folder.ends_with("deps") {
        folder.parent()
    } else {
        Some(folder)
    };
    Ok(build.context("tests lie below the programs")?.to_owned())
}
