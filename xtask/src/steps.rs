//! Where the project lies, and how a step is announced and run.

use std::{
    env,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xshell::Shell;

/// The checkout, and a shell that stands in its root.
pub(crate) struct Project {
    /// The root of the checkout.
    pub(crate) root: PathBuf,
    /// Where everything that is made lies: `target`, unless cargo was told otherwise.
    pub(crate) target: PathBuf,
    /// Where cargo puts development binaries: beside this very program.
    pub(crate) binaries: PathBuf,
    /// Runs commands in the root.
    pub(crate) shell: Shell,
}

impl Project {
    /// Finds the checkout that cargo runs this program from.
    pub(crate) fn find() -> Result<Self> {
        let manifest =
            env::var_os("CARGO_MANIFEST_DIR").context("start this with `cargo xtask`")?;
        let root = Path::new(&manifest)
            .parent()
            .context("xtask lies in the checkout")?
            .to_owned();
        let binaries = env::current_exe()?
            .parent()
            .context("a program lies in a folder")?
            .to_owned();
        let target = binaries
            .parent()
            .context("binaries lie in a folder of the target directory")?
            .to_owned();
        let shell = Shell::new()?;
        shell.change_dir(&root);
        Ok(Self {
            root,
            target,
            binaries,
            shell,
        })
    }

    /// The path of one of the project's own programs.
    pub(crate) fn binary(&self, name: &str) -> PathBuf {
        self.binaries
            .join(format!("{name}{}", env::consts::EXE_SUFFIX))
    }

    /// The folder with what packages are made of.
    pub(crate) fn packaging(&self) -> PathBuf {
        self.root.join("src-tauri/packaging")
    }

    /// The folder with the window's sources.
    pub(crate) fn ui(&self) -> PathBuf {
        self.root.join("ui")
    }
}

/// Says what comes next.
pub(crate) fn announce(step: &str) {
    println!("==> {step}");
}
