//! Programs that the build's own steps run: installed at one version each, below the target directory.

use std::{env, path::PathBuf};

use anyhow::{Context, Result};
use xshell::cmd;

use crate::steps::{Project, announce};

/// A program that cargo installs from Rust's registry, at one version, with the dependencies of its own lock file.
pub(crate) struct Tool {
    name: &'static str,
    version: &'static str,
    /// What it is needed for, as it is told to the person.
    purpose: &'static str,
    features: &'static [&'static str],
}

pub(crate) const CARGO_ABOUT: Tool = Tool {
    name: "cargo-about",
    version: "0.9.3",
    purpose: "to collect the licences of the crates",
    features: &["cli"],
};

pub(crate) const CARGO_CYCLONEDX: Tool = Tool {
    name: "cargo-cyclonedx",
    version: "0.5.9",
    purpose: "to list what the programs are made of",
    features: &[],
};

pub(crate) const CARGO_DENY: Tool = Tool {
    name: "cargo-deny",
    version: "0.20.2",
    purpose: "to check the crates",
    features: &[],
};

impl Tool {
    /// Where the program lies. It is built first unless it is there, which takes minutes.
    pub(crate) fn program(&self, project: &Project) -> Result<PathBuf> {
        let Self {
            name,
            version,
            purpose,
            features,
        } = self;
        let folder = folder(project).join(format!("{name}-{version}"));
        let program = folder.join("bin").join(file_name(name));
        if !program.exists() {
            announce(&format!("building {name} {version}, {purpose}"));
            let features = features
                .iter()
                .map(|feature| format!("--features={feature}"));
            cmd!(
                project.shell,
                "cargo install --quiet --locked --version {version} {features...} --root {folder} {name}"
            )
            // Its own objects are not kept.
            .env_remove("CARGO_TARGET_DIR")
            .run()
            .with_context(|| format!("{name} is needed {purpose}"))?;
        }
        Ok(program)
    }
}

/// The folder of these programs.
pub(crate) fn folder(project: &Project) -> PathBuf {
    project.target.join("tools")
}

/// The file name of a program on this system.
pub(crate) fn file_name(program: &str) -> String {
    format!("{program}{}", env::consts::EXE_SUFFIX)
}
