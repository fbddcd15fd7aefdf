//! `cargo xtask test`: every test.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::{
    packaging, purity,
    setup::{self, Need, install_packages, npm},
    steps::{Project, announce},
    totals,
};

/// Sets up, runs every test and ends with the totals.
pub(crate) fn test(project: &Project) -> Result<()> {
    setup::setup(project, Need::VirtualDesktop)?;
    announce("looking at the formatting");
    cmd!(project.shell, "cargo fmt --all --check").run()?;
    purity::check(project)?;
    run_tests(project)
}

/// Tests the window and the client for web pages, then everything in Rust.
pub(crate) fn run_tests(project: &Project) -> Result<()> {
    let shell = &project.shell;
    announce("testing the window");
    {
        let _in_ui = shell.push_dir(project.ui());
        npm(shell, &["run", "check"])?;
        npm(shell, &["test"])?;
    }
    test_web_client(project)?;
    packaging::check(project)?;

    // The programs first: the end-to-end tests start them, and `cargo test` does not build them all.
    // With all targets they have the same features in both steps, so nothing is built twice.
    announce("building");
    cmd!(shell, "cargo build --workspace --all-targets").run()?;

    announce("testing");
    let types = generated_types(project)?;
    let totals = totals::cargo_test(&project.root)?;
    let unchanged = generated_types(project)? == types;
    println!("{totals}");
    if !unchanged {
        bail!(
            "the types in ui/src/types no longer fit the Rust ones; they were written anew: commit them"
        );
    }
    totals.check()
}

/// Tests the client for web pages, and that the built one that pages take fits its sources.
fn test_web_client(project: &Project) -> Result<()> {
    announce("testing the client for web pages");
    let shell = &project.shell;
    let folder = project.root.join("clients/js");
    install_packages(shell, &folder)?;
    let _in_client = shell.push_dir(&folder);
    npm(shell, &["run", "check"])?;
    let built = texts(&folder.join("dist"))?;
    npm(shell, &["run", "build"])?;
    if texts(&folder.join("dist"))? != built {
        bail!("clients/js/dist did not fit its sources; it was built anew: commit it");
    }
    npm(shell, &["test"])
}

/// The generated declarations, by file.
fn generated_types(project: &Project) -> Result<BTreeMap<PathBuf, String>> {
    texts(&project.ui().join("src/types"))
}

/// The files of a folder.
fn texts(folder: &Path) -> Result<BTreeMap<PathBuf, String>> {
    fs::read_dir(folder)
        .with_context(|| format!("{} is missing", folder.display()))?
        .map(|entry| {
            let path = entry?.path();
            let text = fs::read_to_string(&path)?;
            Ok((path, text))
        })
        .collect()
}
