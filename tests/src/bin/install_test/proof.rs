//! A package's life in one system.

mod desk;
mod files;
mod life;
mod package;
mod report;
mod root;

use std::path::PathBuf;

use anyhow::{Context, Result, bail};
use tokio::signal::ctrl_c;

use life::Life;
use root::Root;

/// Arguments: the folder of the system, the package, the folder for pictures.
pub(crate) async fn run(arguments: impl Iterator<Item = String>) -> Result<()> {
    let [root, package, pictures] = arguments
        .map(PathBuf::from)
        .collect::<Vec<_>>()
        .try_into()
        .ok()
        .context("started by `cargo xtask install-test`, with three paths")?;
    let root = Root::open(root)?;
    let life = Life::new(&root, &package, &pictures)?;
    tokio::select! {
        // First, because it has to be watched from the start: the first process of a namespace is told only
        // what it asks for.
        biased;
        interrupted = ctrl_c() => {
            interrupted?;
            bail!("interrupted");
        }
        lived = life.live() => lived,
    }
}
