//! Installing and removing, by Debian's own tools.

use std::{collections::HashSet, fs};

use anyhow::{Result, ensure};

use crate::proof::{
    files::{CACHES, Change, Files},
    package::{AUTOSTART, ID, Package},
    root::Root,
};

/// `apt-get` of somebody who is not there to answer a question: where a file was edited and is different in
/// a new version, it stays as it is.
pub(super) const INSTALL: [&str; 6] = [
    "install",
    "--yes",
    "--quiet=2",
    "--no-install-recommends",
    "--option=Dpkg::Use-Pty=0",
    "--option=Dpkg::Options::=--force-confold",
];

/// What a desktop has anyway: link handlers, man pages, and shells that complete.
const TOOLS: [&str; 7] = [
    "bash-completion",
    "desktop-file-utils",
    "fish",
    "libglib2.0-bin",
    "man-db",
    "xdg-utils",
    "zsh",
];

/// Installs what the package names, before the package itself: so what this leaves is told from what that
/// leaves.
pub(super) fn dependencies(root: &Root, package: &Package) -> Result<String> {
    root.run("apt-get", &["update", "--quiet=2"])?;
    let before = installed(root)?.len();
    root.run(
        "apt-get",
        &[
            "satisfy",
            "--yes",
            "--quiet=2",
            "--no-install-recommends",
            &package.depends,
        ],
    )?;
    Ok(format!("{} packages", installed(root)?.len() - before))
}

/// Installs the package. No other may come with it, and no file that it does not own.
pub(super) fn install(root: &Root, package: &Package, before: &Files) -> Result<String> {
    let packages = installed(root)?;
    root.run("apt-get", &[&INSTALL[..], &[&package.file]].concat())?;
    let new: Vec<String> = installed(root)?.difference(&packages).cloned().collect();
    ensure!(new == ["offhook"], "it brings {new:?}");

    let own = root.run("dpkg-query", &["--listfiles", "offhook"])?;
    let own: HashSet<&str> = own.lines().collect();
    let is_own = |path: &str| own.contains(path) || path.starts_with("/var/lib/dpkg/info/offhook.");
    let changes = Files::of(root)?.changes_since(before);
    let odd: Vec<&Change> = changes
        .iter()
        .filter(|change| !matches!(change, Change::Added(path) if is_own(path)))
        .collect();
    ensure!(odd.is_empty(), "it does more than bring its files: {odd:?}");
    let broken = root.run("dpkg", &["--verify", "offhook"])?;
    ensure!(broken.is_empty(), "files are not as packed:\n{broken}");
    Ok(format!("{} files and folders are new", changes.len()))
}

/// Both programs start, and their libraries and the tray's are there.
pub(super) fn libraries(root: &Root, package: &Package) -> Result<String> {
    for program in ["/usr/bin/offhook", "/usr/bin/offhookctl"] {
        let libraries = root.run("ldd", &[program])?;
        ensure!(
            !libraries.contains("not found"),
            "{program} misses:\n{libraries}"
        );
        let version = root.run(program, &["--version"])?;
        let number = version.split_whitespace().nth(1).unwrap_or_default();
        ensure!(
            !number.is_empty() && package.version.starts_with(number),
            "{program} says {version}, its package {}",
            package.version
        );
    }
    Ok(package.version.clone())
}

/// Installs what a desktop has, and the shells.
pub(super) fn tools(root: &Root) -> Result<String> {
    root.run("apt-get", &[&INSTALL[..], &TOOLS[..]].concat())?;
    Ok(TOOLS.join(", "))
}

/// Removes the package; what an administrator has edited stays.
pub(super) fn remove(root: &Root) -> Result<()> {
    let said = root.run(
        "apt-get",
        &["remove", "--yes", "--option=Dpkg::Use-Pty=0", "offhook"],
    )?;
    ensure!(
        said.contains(".config/offhook"),
        "it does not say what stays:\n{said}"
    );
    for program in ["/usr/bin/offhook", "/usr/bin/offhookctl"] {
        ensure!(!root.at(program).exists(), "{program} is still there");
    }
    ensure!(root.at(AUTOSTART).exists(), "{AUTOSTART} is not kept");
    Ok(())
}

/// Removes the package and all that is its own.
pub(super) fn purge(root: &Root) -> Result<()> {
    root.run("apt-get", &["purge", "--yes", "--quiet=2", "offhook"])?;
    Ok(())
}

/// An error if something is not as it was, but for what is known to be the administrator's.
pub(super) fn is_as_before(root: &Root, before: &Files, others: &[&str]) -> Result<String> {
    let left: Vec<Change> = Files::of(root)?
        .changes_since(before)
        .into_iter()
        .filter(|change| !matches!(change, Change::Added(path) if others.contains(&path.as_str())))
        .collect();
    ensure!(left.is_empty(), "it leaves {left:?}");
    for other in others {
        ensure!(root.at(other).exists(), "{other} is gone");
    }
    for cache in CACHES.into_iter().filter(|cache| root.at(cache).exists()) {
        let cached = fs::read(root.at(cache))?;
        let names_it = cached.windows(ID.len()).any(|name| name == ID.as_bytes());
        ensure!(!names_it, "{cache} still names it");
    }
    ensure!(!installed(root)?.contains("offhook"), "dpkg still knows it");
    Ok(others.join(", "))
}

/// The packages that dpkg knows, in whatever state.
fn installed(root: &Root) -> Result<HashSet<String>> {
    let packages = root.run("dpkg-query", &["--show", "--showformat=${Package}\\n"])?;
    Ok(packages.lines().map(str::to_owned).collect())
}
