//! Installs system packages through the platform's package manager.

use std::{collections::HashSet, env};

use anyhow::{Context, Result, bail};
use xshell::{Shell, cmd};

use super::{
    Need,
    packages::{Group, Packager},
};
use crate::steps::announce;

/// Installs every package that is missing for `need`, and says which and why.
///
/// Asks for no password when nothing is missing.
pub(super) fn install(shell: &Shell, need: Need) -> Result<()> {
    match env::consts::OS {
        "linux" => install_on_linux(shell, need),
        "macos" => cmd!(shell, "xcode-select --print-path")
            .quiet()
            .ignore_stdout()
            .run()
            .context("Apple's compiler is missing: run `xcode-select --install` once"),
        // Rust itself cannot be installed there without Microsoft's build tools, and the window's
        // WebView2 is part of the system.
        _ => Ok(()),
    }
}

fn install_on_linux(shell: &Shell, need: Need) -> Result<()> {
    let Some(packager) = Packager::find(shell) else {
        announce("no package manager known here (apt, dnf, pacman, zypper): nothing installed");
        return Ok(());
    };
    let mut install = Vec::new();
    let absent = |group: &&Group| !group.program().is_some_and(|name| is_there(shell, name));
    for group in Group::all(need).filter(absent) {
        let missing = packager.missing(shell, group.names(packager))?;
        if !missing.is_empty() {
            announce(&format!(
                "installing packages {}: {}",
                group.purpose,
                missing.join(" ")
            ));
            install.extend(missing);
        }
    }
    if install.is_empty() {
        return Ok(());
    }
    packager.install(shell, &install)
}

impl Packager {
    const ALL: [Self; 4] = [Self::Apt, Self::Dnf, Self::Pacman, Self::Zypper];

    fn find(shell: &Shell) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|packager| is_there(shell, packager.program()))
    }

    fn program(self) -> &'static str {
        match self {
            Self::Apt => "apt-get",
            Self::Dnf => "dnf",
            Self::Pacman => "pacman",
            Self::Zypper => "zypper",
        }
    }

    fn missing(self, shell: &Shell, wanted: &[&'static str]) -> Result<Vec<&'static str>> {
        let query = match self {
            Self::Apt => {
                let format = "--showformat=${db:Status-Status}:${Package}\n";
                cmd!(shell, "dpkg-query --show {format} {wanted...}")
            }
            Self::Dnf | Self::Zypper => {
                let format = "--queryformat=installed:%{NAME}\n";
                cmd!(shell, "rpm --query {format} {wanted...}")
            }
            Self::Pacman => cmd!(shell, "pacman --query --quiet {wanted...}"),
        };
        // Each of them fails when one package is missing, and still lists the others.
        let listed = query.quiet().ignore_status().ignore_stderr().read()?;
        Ok(not_listed(wanted, &listed))
    }

    fn install(self, shell: &Shell, packages: &[&str]) -> Result<()> {
        let root = as_root(shell).with_context(|| {
            format!(
                "install these as root, then start again: {}",
                packages.join(" ")
            )
        })?;
        match self {
            Self::Apt => {
                // A fresh system has no package lists, an old one has stale ones.
                cmd!(shell, "{root} apt-get update -q").run()?;
                cmd!(
                    shell,
                    "{root} env DEBIAN_FRONTEND=noninteractive apt-get install -y -q
                     --no-install-recommends -o DPkg::Lock::Timeout=500 {packages...}"
                )
                .run()?;
            }
            Self::Dnf => cmd!(shell, "{root} dnf install -y {packages...}").run()?,
            Self::Pacman => {
                cmd!(shell, "{root} pacman -S --needed --noconfirm {packages...}").run()?;
            }
            Self::Zypper => {
                cmd!(
                    shell,
                    "{root} zypper --non-interactive install {packages...}"
                )
                .run()?;
            }
        }
        Ok(())
    }
}

/// What to put before a command so that root runs it: `sudo`, or `env`, which changes nothing.
pub(crate) fn as_root(shell: &Shell) -> Result<&'static str> {
    if cmd!(shell, "id -u").quiet().read()? == "0" {
        Ok("env")
    } else if is_there(shell, "sudo") {
        Ok("sudo")
    } else {
        bail!("this is not root, and there is no sudo")
    }
}

/// Whether a program can be run.
pub(crate) fn is_there(shell: &Shell, program: &str) -> bool {
    cmd!(shell, "{program} --version")
        .quiet()
        .ignore_stdout()
        .ignore_stderr()
        .run()
        .is_ok()
}

/// The wanted packages that a package manager did not list as installed.
fn not_listed(wanted: &[&'static str], listed: &str) -> Vec<&'static str> {
    let installed: HashSet<&str> = listed
        .lines()
        .map(|line| line.strip_prefix("installed:").unwrap_or(line))
        .collect();
    wanted
        .iter()
        .copied()
        .filter(|package| !installed.contains(package))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::not_listed;

    #[test]
    fn a_removed_package_with_configuration_left_is_missing() {
        let listed = "installed:dbus\nconfig-files:dunst\n";
        assert_eq!(
            not_listed(&["dbus", "dunst", "xvfb"], listed),
            ["dunst", "xvfb"]
        );
    }

    #[test]
    fn a_complaint_about_a_package_does_not_count_as_that_package() {
        let listed = "installed:gcc\npackage dunst is not installed\n";
        assert_eq!(not_listed(&["gcc", "dunst"], listed), ["dunst"]);
    }
}
