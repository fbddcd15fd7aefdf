//! `cargo xtask sbom`: the bill of materials of a release, in CycloneDX (<https://cyclonedx.org>).

use std::{fs, path::Path};

use anyhow::{Context, Result};
use serde_json::Value;
use xshell::cmd;

use crate::{
    setup::{NPM, install_packages},
    steps::{Project, announce},
    tools,
};

/// The packages whose programs people install.
const SHIPPED: [&str; 2] = ["offhook", "offhookctl"];

/// What cargo-cyclonedx calls its files, before we move them.
const LEFT: &str = "offhook-bill-of-materials";

/// Writes one file for each program and one for the window, which has one for all systems.
pub(crate) fn sbom(project: &Project) -> Result<()> {
    let folder = project.target.join("sbom");
    fs::create_dir_all(&folder)?;
    announce("listing the crates of the programs");
    list_crates(project, &folder)?;
    announce("listing the packages of the window");
    list_packages(project, &folder)?;
    println!("{}", folder.display());
    Ok(())
}

/// The crates for all systems. The tool leaves a file beside every manifest of the workspace.
fn list_crates(project: &Project, folder: &Path) -> Result<()> {
    let shell = &project.shell;
    let cyclonedx = tools::CARGO_CYCLONEDX.program(project)?;
    let metadata = cmd!(
        shell,
        "cargo metadata --locked --no-deps --format-version 1"
    )
    .quiet()
    .read()?;
    cmd!(
        shell,
        "{cyclonedx} cyclonedx --quiet --format json --spec-version 1.5 --target all --no-build-deps
         --override-filename {LEFT}"
    )
    .run()?;

    let metadata: Value = serde_json::from_str(&metadata)?;
    let members = metadata["packages"].as_array();
    for member in members.context("cargo lists the workspace")? {
        let [name, manifest] = ["name", "manifest_path"].map(|field| member[field].as_str());
        let (name, manifest) = name.zip(manifest).context("cargo names every member")?;
        let left = Path::new(manifest).with_file_name(format!("{LEFT}.json"));
        if SHIPPED.contains(&name) {
            fs::copy(&left, folder.join(format!("{name}.cdx.json")))?;
        }
        fs::remove_file(&left).with_context(|| format!("{} was not written", left.display()))?;
    }
    Ok(())
}

fn list_packages(project: &Project, folder: &Path) -> Result<()> {
    let shell = &project.shell;
    install_packages(shell, &project.ui())?;
    let _in_ui = shell.push_dir(project.ui());
    let list = cmd!(shell, "{NPM} sbom --sbom-format cyclonedx --omit dev")
        .quiet()
        .ignore_stderr()
        .read()?;
    Ok(fs::write(folder.join("offhook-window.cdx.json"), list)?)
}
