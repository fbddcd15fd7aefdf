//! `cargo xtask reproduce`: shows that the same sources make the same .deb.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use xshell::cmd;

use crate::{
    steps::{Project, announce},
    tools,
};

/// A clone to build in, with surroundings that must not matter.
struct Clone {
    name: &'static str,
    time_zone: &'static str,
    language: &'static str,
}

const CLONES: [Clone; 2] = [
    Clone {
        name: "first",
        time_zone: "UTC",
        language: "C.UTF-8",
    },
    Clone {
        name: "at/another/place",
        time_zone: "Pacific/Kiritimati",
        language: "C",
    },
];

/// Builds the last commit in two clones, one after the other, and compares the packages byte by byte.
pub(crate) fn reproduce(project: &Project) -> Result<()> {
    announce("what these packages are built with");
    print!("{}", surroundings(project)?);
    let folder = project.target.join("reproduce");
    if folder.exists() {
        fs::remove_dir_all(&folder)?;
    }
    let packages = CLONES.map(|clone| build(project, &folder.join(clone.name), &clone));
    let [first, second] = packages;
    compare(project, &first?, &second?)
}

/// What else decides about the bytes, beside the sources: with other versions or another key for the updater,
/// another package is made.
fn surroundings(project: &Project) -> Result<String> {
    let shell = &project.shell;
    let rust = cmd!(shell, "rustc --version").quiet().read()?;
    let node = cmd!(shell, "node --version").quiet().read()?;
    let system = fs::read_to_string("/etc/os-release")?;
    let system = system
        .lines()
        .find_map(|line| line.strip_prefix("PRETTY_NAME="))
        .context("/etc/os-release has no PRETTY_NAME")?;
    let updater = ["OFFHOOK_UPDATE_KEY", "OFFHOOK_UPDATE_URL"]
        .map(|name| format!("{name}={}\n", env::var(name).unwrap_or_default()));
    Ok(format!(
        "{rust}\nNode {node}\n{}\n{}",
        system.trim_matches('"'),
        updater.concat()
    ))
}

/// The package of a fresh clone, of which nothing else is left: two take much room.
fn build(project: &Project, folder: &Path, clone: &Clone) -> Result<PathBuf> {
    let shell = &project.shell;
    announce(&format!("building in {}", folder.display()));
    let commit = cmd!(shell, "git rev-parse HEAD").quiet().read()?;
    let checkout = folder.join("offhook");
    cmd!(shell, "git clone --quiet --no-checkout . {checkout}").run()?;
    share_tools(project, &checkout)?;
    {
        let _in_checkout = shell.push_dir(&checkout);
        cmd!(shell, "git checkout --quiet --detach {commit}").run()?;
        cmd!(shell, "cargo xtask bundle deb")
            .env_remove("CARGO_TARGET_DIR")
            .env("TZ", clone.time_zone)
            .env("LC_ALL", clone.language)
            .run()?;
    }
    let made = find_package(&checkout.join("target/bundle"))?;
    let package = folder.join("offhook.deb");
    fs::rename(made, &package)?;
    fs::remove_dir_all(checkout)?;
    Ok(package)
}

/// Lets the clone use the programs that were installed here: to build them takes minutes, and they say the
/// same wherever they were built.
fn share_tools(project: &Project, checkout: &Path) -> Result<()> {
    let tools = tools::folder(project);
    let target = checkout.join("target");
    for folder in [&tools, &target] {
        fs::create_dir_all(folder)?;
    }
    Ok(cmd!(project.shell, "ln --symbolic {tools} {target}")
        .quiet()
        .run()?)
}

fn find_package(folder: &Path) -> Result<PathBuf> {
    fs::read_dir(folder)?
        .filter_map(|entry| Some(entry.ok()?.path()))
        .find(|path| path.extension().is_some_and(|kind| kind == "deb"))
        .with_context(|| format!("there is no package in {}", folder.display()))
}

/// An error that names what differs, unless nothing does.
fn compare(project: &Project, first: &Path, second: &Path) -> Result<()> {
    let shell = &project.shell;
    cmd!(shell, "sha256sum {first} {second}").quiet().run()?;
    if fs::read(first)? == fs::read(second)? {
        println!("The packages are the same.");
        return Ok(());
    }
    let unpacked = [first, second].map(|package| package.with_extension("unpacked"));
    for (package, folder) in [first, second].iter().zip(&unpacked) {
        cmd!(shell, "dpkg-deb --raw-extract {package} {folder}")
            .quiet()
            .run()?;
    }
    let [one, other] = unpacked;
    let differences = cmd!(shell, "diff --recursive --brief {one} {other}")
        .quiet()
        .ignore_status()
        .read()?;
    match differences.as_str() {
        "" => bail!("the packages hold the same files, but differ in their order, times or modes"),
        _ => bail!("the packages differ:\n{differences}"),
    }
}
