//! The package that is tried, and a later version of it.

use std::{fs, path::Path};

use anyhow::{Context, Result};

use super::root::Root;

/// The name under which desktops know the phone.
pub(crate) const ID: &str = "io.github.offhook.Offhook";

/// By which sessions start it at login; an administrator may edit it.
pub(crate) const AUTOSTART: &str = "/etc/xdg/autostart/io.github.offhook.Offhook.desktop";

/// A package that lies in a system, to be installed there.
#[derive(Clone, Debug)]
pub(crate) struct Package {
    /// Where it lies in the system.
    pub(crate) file: String,
    /// As apt writes it.
    pub(crate) version: String,
    /// What it needs, in the form of the field `Depends`.
    pub(crate) depends: String,
}

impl Package {
    /// Copies a package into the system.
    pub(crate) fn bring(root: &Root, package: &Path) -> Result<Self> {
        let file = "/tmp/offhook.deb".to_owned();
        fs::copy(package, root.at(&file))
            .with_context(|| format!("{} cannot be copied", package.display()))?;
        Self::read(root, file)
    }

    /// Packs the same programs again as a later version, with a change in the file for the login.
    pub(crate) fn later(&self, root: &Root) -> Result<Self> {
        let (tree, file) = ("/tmp/later", "/tmp/later.deb".to_owned());
        root.run("dpkg-deb", &["--raw-extract", &self.file, tree])?;

        let control = root.at(tree).join("DEBIAN/control");
        let version = format!("\nVersion: {}", self.version);
        let text = fs::read_to_string(&control)?.replace(&version, &format!("{version}+later"));
        fs::write(control, text)?;
        append(
            &root.at(format!("{tree}{AUTOSTART}")),
            "# As of this version.\n",
        )?;

        root.run(
            "dpkg-deb",
            &["--root-owner-group", "-Znone", "--build", tree, &file],
        )?;
        Self::read(root, file)
    }

    fn read(root: &Root, file: String) -> Result<Self> {
        let field = |name| {
            let value = root.run("dpkg-deb", &["--field", &file, name])?;
            anyhow::Ok(value.trim().to_owned())
        };
        Ok(Self {
            version: field("Version")?,
            depends: field("Depends")?,
            file,
        })
    }
}

/// Adds a line to a file, as somebody who edits it.
pub(crate) fn append(file: &Path, line: &str) -> Result<()> {
    let text =
        fs::read_to_string(file).with_context(|| format!("{} is missing", file.display()))?;
    Ok(fs::write(file, text + line)?)
}
