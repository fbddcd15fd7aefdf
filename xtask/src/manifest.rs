//! `cargo xtask manifest`: announces a release to the phones that are out there.
//!
//! Signs the packages that the phone's updater installs, and writes `latest.json`, which names them, and
//! its signature beside them. The announcement is that of Tauri's updater; signatures and keys are as
//! Tauri's command line writes them (`tauri signer generate`): minisign's files in Base64.

mod options;
mod package;
mod signer;

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail, ensure};
use serde_json::json;

use self::{options::Options, signer::Signer};
use crate::steps::announce;

/// The announcement's name, beside the packages.
const ANNOUNCEMENT: &str = "latest.json";

/// Signs and announces what the options name, with the key in `TAURI_SIGNING_PRIVATE_KEY`.
pub(crate) fn manifest(arguments: &[String]) -> Result<()> {
    let options = Options::read(arguments)?;
    let signer = Signer::from_environment()?;
    write(&options, &signer)
}

fn write(options: &Options, signer: &Signer) -> Result<()> {
    let folder = &options.artifacts;
    let mut platforms = BTreeMap::new();
    for (target, package) in packages(folder)? {
        let name = package.file_name().context("a file has a name")?;
        let name = name.to_str().context("a package has a plain name")?;
        ensure!(
            package::is_of(name, &options.version),
            "{name} is not of version {}: only this release's packages belong in {}",
            options.version,
            folder.display()
        );
        announce(&format!("signing {name}"));
        let entry = json!({
            "signature": sign(signer, &package, options)?,
            "url": options.base_url.join(name)?.as_str(),
        });
        ensure!(
            platforms.insert(target.clone(), entry).is_none(),
            "{} has two packages for {target}",
            folder.display()
        );
    }
    ensure!(
        !platforms.is_empty(),
        "{} has no package that the updater installs: *.AppImage, *-setup.exe or *.app.tar.gz",
        folder.display()
    );

    for target in missing(&platforms) {
        announce(&format!(
            "no package for {target}: phones there find no update"
        ));
    }

    let announcement = json!({
        "version": options.version.to_string(),
        "notes": options.notes,
        "platforms": platforms,
    });
    let file = folder.join(ANNOUNCEMENT);
    fs::write(&file, format!("{announcement:#}\n"))?;
    sign(signer, &file, options)?;
    announce(&format!(
        "announced {} in {}",
        options.version,
        file.display()
    ));
    Ok(())
}

/// The targets that nothing is announced for.
fn missing<T>(platforms: &BTreeMap<String, T>) -> Vec<&'static str> {
    let is_missing = |target: &&str| !platforms.contains_key(*target);
    package::TARGETS.into_iter().filter(is_missing).collect()
}

/// The packages for the updater, by target.
fn packages(folder: &Path) -> Result<Vec<(String, PathBuf)>> {
    let files = fs::read_dir(folder)
        .with_context(|| format!("{} cannot be read", folder.display()))?
        .map(|entry| Ok(entry?.path()))
        .collect::<Result<Vec<_>>>()?;
    let mut packages = Vec::new();
    for file in files {
        let name = file.file_name().unwrap_or_default().to_string_lossy();
        if let Some(system) = package::system(&name) {
            let Some(processor) = package::processor(&name) else {
                bail!("{name} does not say for which processor it is: x86_64 or aarch64");
            };
            packages.push((format!("{system}-{processor}"), file.clone()));
        }
    }
    packages.sort();
    Ok(packages)
}

/// Writes the signature beside the file, and returns it.
fn sign(signer: &Signer, file: &Path, options: &Options) -> Result<String> {
    let signature = signer.sign(file, &options.version)?;
    let mut beside = file.as_os_str().to_owned();
    beside.push(".sig");
    fs::write(beside, &signature)?;
    Ok(signature)
}

#[cfg(test)]
mod tests;
