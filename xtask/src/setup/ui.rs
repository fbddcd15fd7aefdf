//! Builds the window's files when their sources changed.

use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::Path,
};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use crate::steps::{Project, announce};

/// What a build leaves in `ui`: the window, the script for the contact centre's panel, and the page
/// that embeds the panel.
const BUILT: [&str; 3] = [
    "dist/index.html",
    "dist-connector/script.js",
    "dist-connector/page/index.html",
];

/// Leaves the built files in `ui/dist` and `ui/dist-connector`.
pub(crate) fn build(project: &Project) -> Result<()> {
    let shell = &project.shell;
    let ui = project.ui();
    install_packages(shell, &ui)?;
    let _in_ui = shell.push_dir(&ui);

    let built = project.binaries.join("ui-built-from");
    let sources = format!("{:016x}", fingerprint(&ui)?);
    let up_to_date = fs::read_to_string(&built).is_ok_and(|before| before == sources);
    if !up_to_date || !BUILT.iter().all(|file| ui.join(file).exists()) {
        announce("building the window");
        npm(shell, &["run", "build"])?;
        fs::write(built, sources)?;
    }
    Ok(())
}

/// Installs the packages that a folder's lock file names, unless that has been done.
pub(crate) fn install_packages(shell: &Shell, folder: &Path) -> Result<()> {
    check_node(shell)?;
    // The lock file as it was when its packages were installed.
    let installed = folder.join("node_modules/.installed-lock.json");
    let lock = fs::read(folder.join("package-lock.json"))
        .with_context(|| format!("{} has no package-lock.json", folder.display()))?;
    if fs::read(&installed).ok().as_ref() != Some(&lock) {
        announce(&format!("installing packages in {}", folder.display()));
        let _in_folder = shell.push_dir(folder);
        npm(shell, &["ci", "--no-audit", "--no-fund"])?;
        fs::write(installed, lock)?;
    }
    Ok(())
}

/// npm, which is a script on Windows and found there only under its full name.
pub(crate) const NPM: &str = if cfg!(windows) { "npm.cmd" } else { "npm" };

/// Runs npm.
pub(crate) fn npm(shell: &Shell, arguments: &[&str]) -> Result<()> {
    Ok(cmd!(shell, "{NPM} {arguments...}").run()?)
}

fn check_node(shell: &Shell) -> Result<()> {
    let Ok(version) = cmd!(shell, "node --version").quiet().read() else {
        bail!("Node is missing: install Node 22.12 or newer, or 20.19");
    };
    if !parse_version(&version).is_some_and(is_supported) {
        bail!("Node {version} does not do: install Node 22.12 or newer, or 20.19");
    }
    Ok(())
}

/// What the bundler asks for; the same as `engines` in `ui/package.json`.
fn is_supported(version: (u32, u32)) -> bool {
    matches!(version, (20, 19..) | (22, 12..) | (23.., _))
}

/// Major and minor number of e.g. `v20.19.2`.
fn parse_version(version: &str) -> Option<(u32, u32)> {
    let mut numbers = version.strip_prefix('v')?.split('.');
    Some((numbers.next()?.parse().ok()?, numbers.next()?.parse().ok()?))
}

/// Changes when any source file below the folder is changed, added, renamed or removed.
///
/// Not by times: tests write the generated types anew, mostly with the same content.
fn fingerprint(ui: &Path) -> Result<u64> {
    let mut hasher = DefaultHasher::new();
    hash_folder(ui, &mut hasher)?;
    Ok(hasher.finish())
}

fn hash_folder(folder: &Path, hasher: &mut DefaultHasher) -> Result<()> {
    let mut entries = fs::read_dir(folder)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(fs::DirEntry::file_name);
    for entry in entries {
        let name = entry.file_name();
        if name == "node_modules" || name == "dist" || name == "dist-connector" {
            continue;
        }
        name.hash(hasher);
        if entry.file_type()?.is_dir() {
            hash_folder(&entry.path(), hasher)?;
        } else {
            fs::read(entry.path())?.hash(hasher);
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::{fingerprint, is_supported, parse_version};

    #[test]
    fn a_version_is_read() {
        assert_eq!(parse_version("v20.19.2"), Some((20, 19)));
        assert_eq!(parse_version("20"), None);
    }

    #[test]
    fn versions_between_two_supported_lines_are_refused() {
        assert!([(20, 19), (22, 12), (24, 0)].into_iter().all(is_supported));
        assert!(
            ![(18, 20), (20, 18), (21, 7), (22, 11)]
                .into_iter()
                .any(is_supported)
        );
    }

    #[test]
    fn only_sources_count() {
        let ui = tempfile::tempdir().unwrap();
        fs::write(ui.path().join("a.ts"), "1").unwrap();
        let before = fingerprint(ui.path()).unwrap();

        fs::create_dir(ui.path().join("dist")).unwrap();
        fs::write(ui.path().join("dist/a.js"), "1").unwrap();
        assert_eq!(fingerprint(ui.path()).unwrap(), before);

        fs::rename(ui.path().join("a.ts"), ui.path().join("b.ts")).unwrap();
        let renamed = fingerprint(ui.path()).unwrap();
        assert_ne!(renamed, before);

        fs::write(ui.path().join("b.ts"), "2").unwrap();
        assert_ne!(fingerprint(ui.path()).unwrap(), renamed);
    }
}
