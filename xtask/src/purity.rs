//! Proves that the pure crates do no IO: by what they depend on, what they call, and where they build.

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::steps::{Project, announce};

/// The crates without IO, clock and threads.
const PURE: [&str; 4] = [
    "offhook-protocol",
    "offhook-core",
    "offhook-practice",
    "offhook-amazon",
];

/// What a crate without IO has no use for: runtimes, sockets, windows, the operating system.
const IMPURE: [&str; 18] = [
    "async-io",
    "async-std",
    "chrono",
    "cpal",
    "dirs",
    "futures-executor",
    "getrandom",
    "gtk",
    "hyper",
    "libc",
    "mio",
    "nix",
    "rustix",
    "socket2",
    "tauri",
    "tokio",
    "windows-sys",
    "zbus",
];

const BARE_TARGET: &str = "wasm32-unknown-unknown";

/// Fails with the crate and the reason when one of them is not pure.
pub(crate) fn check(project: &Project) -> Result<()> {
    announce("checking that protocol, core, practice and amazon do no IO");
    let shell = &project.shell;
    for pure in PURE {
        let tree = cmd!(
            shell,
            "cargo tree --locked --package {pure} --edges normal,no-proc-macro --target all --prefix none"
        )
        .quiet()
        .read()?;
        if let Some(found) = impure_crate(&tree) {
            bail!("{pure} depends on {found}: see `cargo tree --package {pure} --invert {found}`");
        }
    }

    // Which calls are refused stands in each crate's own clippy.toml. Other lints are for `ci`.
    let packages = &PURE.map(|pure| format!("--package={pure}"));
    let lints = ["clippy::disallowed_methods", "clippy::disallowed_types"]
        .map(|lint| format!("--deny={lint}"));
    cmd!(
        shell,
        "cargo clippy --quiet --no-deps {packages...} -- {lints...}"
    )
    .run()
    .context("a crate that must do no IO does")?;

    if has_bare_target(project)? {
        cmd!(
            shell,
            "cargo check --quiet --target {BARE_TARGET} {packages...}"
        )
        .run()?;
    } else {
        announce(&format!(
            "skipped: type check for {BARE_TARGET}, which is not installed"
        ));
    }
    Ok(())
}

fn has_bare_target(project: &Project) -> Result<bool> {
    // A system's own Rust has no rustup, but has the target's library where rustup has it too.
    let library = cmd!(
        project.shell,
        "rustc --target {BARE_TARGET} --print target-libdir"
    )
    .quiet()
    .read()?;
    Ok(project.shell.path_exists(library))
}

/// The first crate in the output of `cargo tree` that has no place there.
fn impure_crate(tree: &str) -> Option<&str> {
    tree.lines()
        .filter_map(|line| line.split_whitespace().next())
        .find(|name| IMPURE.contains(name))
}

#[cfg(test)]
mod tests {
    use super::impure_crate;

    #[test]
    fn a_crate_is_found_by_its_whole_name() {
        let tree = "offhook-core v0.1.0 (/src)\nserde v1.0.2\ntokio-like v1.0.0\n";
        assert_eq!(impure_crate(tree), None);
        assert_eq!(
            impure_crate(&format!("{tree}mio v1.2.0 (*)\n")),
            Some("mio")
        );
    }
}
