//! Everything that must be there before anything is built: system packages and the window's files.

mod packages;
mod system;
mod ui;

use anyhow::Result;

use crate::steps::Project;
pub(crate) use system::{as_root, is_there};
pub(crate) use ui::{NPM, build as build_ui, install_packages, npm};

/// What the packages are needed for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// Building and running the phone on a desktop.
    Build,
    /// And a virtual desktop to play calls on.
    VirtualDesktop,
    /// Building, and making and checking packages.
    Bundle,
    /// Building, and checking what comes from others.
    Supply,
    /// Building for Windows and macOS, and trying out what is made for Windows on a virtual desktop.
    Cross,
    /// A virtual desktop, and clean systems to install packages in.
    InstallTest,
}

impl Need {
    /// Whether packages for another need are wanted as well.
    fn includes(self, other: Self) -> bool {
        other == Self::Build
            || other == self
            || (other == Self::VirtualDesktop && matches!(self, Self::Cross | Self::InstallTest))
    }
}

/// Installs what is missing and builds the window. Does nothing when everything is there.
pub(crate) fn setup(project: &Project, need: Need) -> Result<()> {
    system::install(&project.shell, need)?;
    ui::build(project)
}
