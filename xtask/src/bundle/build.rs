//! Release binaries that do not tell where they were built.

use std::{env, fs, path::PathBuf};

use anyhow::{Context, Result, bail};
use xshell::cmd;

use super::Bundle;
use crate::steps::{Project, announce};

/// What is shipped: the phone and its command line.
const PROGRAMS: [&str; 2] = ["offhook", "offhookctl"];

/// Builds the programs for this machine's kind.
///
/// For a named target, so that these binaries and those of a plain `cargo build --release`, which know
/// where they were built, do not replace each other.
pub(super) fn build(bundle: &Bundle<'_>) -> Result<()> {
    let shell = &bundle.project.shell;
    let target = target(bundle.project)?;
    announce("building the programs");
    cmd!(
        shell,
        "cargo build --locked --release --target {target} -p offhook -p offhookctl"
    )
    .env("CARGO_ENCODED_RUSTFLAGS", flags(bundle.project)?)
    .env("SOURCE_DATE_EPOCH", &bundle.epoch)
    .run()?;
    PROGRAMS
        .into_iter()
        .try_for_each(|name| check_paths(bundle.project, name))
}

/// A program that [`build`] made.
pub(super) fn program(project: &Project, name: &str) -> Result<PathBuf> {
    let folder = project.target.join(target(project)?).join("release");
    Ok(folder.join(format!("{name}{}", env::consts::EXE_SUFFIX)))
}

/// The version of the workspace.
pub(crate) fn version(project: &Project) -> Result<String> {
    let id = cmd!(project.shell, "cargo pkgid -p offhook")
        .quiet()
        .read()?;
    let (_, version) = id
        .rsplit_once(['#', '@'])
        .context("a package id ends in its version")?;
    Ok(version.to_owned())
}

/// The kind of this machine, as the compiler calls it.
pub(super) fn target(project: &Project) -> Result<String> {
    Ok(cmd!(project.shell, "rustc --print host-tuple")
        .quiet()
        .read()?)
}

/// The compiler's flags, in the form that allows for spaces in paths: where a path gets into the program,
/// as in the place of a panic, it is the same on every machine.
fn flags(project: &Project) -> Result<String> {
    let flags = places(project)?.map(|(place, name)| {
        let place = place.display();
        format!("--remap-path-prefix={place}={name}")
    });
    Ok(flags.join("\u{1f}"))
}

/// The folders of this machine that the compiler sees, and what it is to call them. The last that fits wins.
fn places(project: &Project) -> Result<[(PathBuf, &'static str); 3]> {
    Ok([
        (cargo_home()?, "/cargo"),
        (project.root.clone(), "/offhook"),
        (project.target.clone(), "/target"),
    ])
}

fn cargo_home() -> Result<PathBuf> {
    let set = env::var_os("CARGO_HOME").map(PathBuf::from);
    set.or_else(|| Some(env::home_dir()?.join(".cargo")))
        .context("neither CARGO_HOME nor a home is set")
}

/// An error if the program names a folder of the machine that it was built on.
fn check_paths(project: &Project, name: &str) -> Result<()> {
    let program = fs::read(program(project, name)?)?;
    for (place, _) in places(project)? {
        let place = place.into_os_string().into_encoded_bytes();
        if let Some(found) = first_text_with(&program, &place) {
            bail!("{name} tells where it was built: {found}");
        }
    }
    Ok(())
}

/// The printable text around the first place where the bytes are found.
fn first_text_with(program: &[u8], wanted: &[u8]) -> Option<String> {
    let at = program
        .windows(wanted.len())
        .position(|bytes| bytes == wanted)?;
    let printable = |byte: &&u8| matches!(byte, b' '..=b'~');
    let rest = program[at..].iter().take_while(printable).copied();
    Some(String::from_utf8_lossy(&rest.collect::<Vec<_>>()).into_owned())
}

#[cfg(test)]
mod tests {
    use super::first_text_with;

    #[test]
    fn a_path_in_a_program_is_found_with_what_follows() {
        let program = b"\x7fELF\0/home/erin/offhook/src/main.rs\0more";
        assert_eq!(
            first_text_with(program, b"/home/erin").as_deref(),
            Some("/home/erin/offhook/src/main.rs")
        );
        assert_eq!(first_text_with(program, b"/home/bob"), None);
    }
}
