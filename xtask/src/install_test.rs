//! `cargo xtask install-test`: the .deb in clean Debian systems.

mod system;

use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use xshell::cmd;

use self::system::System;
use crate::{
    bundle,
    setup::{self, Need},
    steps::{Project, announce},
};

const USAGE: &str = "\
Usage: cargo xtask install-test [--deb FILE] [--mirror URL] [SUITE...]

  SUITE         a release of Debian: without one, bookworm and trixie
  --deb FILE    the package to try; without it, the one in target/bundle, made if it is missing
  --mirror URL  where debootstrap gets Debian from; without it, from its usual place";

/// Tries the package in one system after the other. Says at the end how each went.
pub(crate) fn install_test(project: &Project, arguments: &[String]) -> Result<()> {
    if let [option] = arguments
        && matches!(option.as_str(), "--help" | "-h")
    {
        println!("{USAGE}");
        return Ok(());
    }
    let wish = Wish::read(arguments)?;
    setup::setup(project, Need::InstallTest)?;
    let package = match wish.package {
        Some(package) => package,
        None => made(project)?,
    };
    cmd!(
        project.shell,
        "cargo build -p offhook -p offhookctl -p offhook-tests --bins"
    )
    .run()?;

    let mut results = Vec::new();
    for suite in &wish.suites {
        announce(&format!("trying {} in {suite}", package.display()));
        let start = Instant::now();
        let result = System::new(project, suite)?.try_package(&package, wish.mirror.as_deref());
        results.push((suite, start.elapsed(), result));
    }
    report(results)
}

/// The package that was made last; it is made now if there is none.
fn made(project: &Project) -> Result<PathBuf> {
    let folder = project.target.join("bundle");
    if let Some(package) = newest(&folder, "deb")? {
        return Ok(package);
    }
    bundle::bundle(project, &["deb".to_owned()])?;
    newest(&folder, "deb")?.context("no package was made")
}

/// The youngest file of a kind.
fn newest(folder: &Path, kind: &str) -> Result<Option<PathBuf>> {
    let mut files = Vec::new();
    if folder.exists() {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            if entry.path().extension().is_some_and(|found| found == kind) {
                files.push((entry.metadata()?.modified()?, entry.path()));
            }
        }
    }
    Ok(files.into_iter().max().map(|(_, path)| path))
}

type Tried<'a> = (&'a String, Duration, Result<()>);

fn report(results: Vec<Tried<'_>>) -> Result<()> {
    println!();
    let mut failures = 0;
    for (suite, took, result) in results {
        let outcome = match &result {
            Ok(()) => "ok",
            Err(_) => "FAILED",
        };
        println!("{suite:12} {outcome:6} {:4} s", took.as_secs());
        if let Err(error) = result {
            failures += 1;
            println!("  {error:#}");
        }
    }
    match failures {
        0 => Ok(()),
        _ => bail!("the package does not do in {failures} of them"),
    }
}

/// What the command was asked for.
#[derive(Debug, PartialEq, Eq)]
struct Wish {
    suites: Vec<String>,
    package: Option<PathBuf>,
    mirror: Option<String>,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self {
            suites: Vec::new(),
            package: None,
            mirror: None,
        };
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            let mut value = || {
                rest.next()
                    .with_context(|| format!("{argument} needs a value\n\n{USAGE}"))
            };
            match argument.as_str() {
                "--deb" => wish.package = Some(value()?.into()),
                "--mirror" => wish.mirror = Some(value()?.clone()),
                suite if is_suite(suite) => wish.suites.push(suite.to_owned()),
                other => bail!("`{other}` is no release of Debian\n\n{USAGE}"),
            }
        }
        if wish.suites.is_empty() {
            wish.suites = ["bookworm", "trixie"].map(str::to_owned).into();
        }
        Ok(wish)
    }
}

/// The names of releases are plain words, and become names of folders.
fn is_suite(name: &str) -> bool {
    !name.is_empty() && name.bytes().all(|byte| byte.is_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use super::Wish;

    fn read(arguments: &[&str]) -> anyhow::Result<Wish> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Wish::read(&arguments)
    }

    #[test]
    fn suites_a_package_and_a_mirror_are_read() {
        let wish = read(&[
            "trixie",
            "--deb",
            "a.deb",
            "--mirror",
            "http://localhost",
            "forky",
        ])
        .unwrap();
        assert_eq!(wish.suites, ["trixie", "forky"]);
        assert_eq!(wish.package.unwrap().to_str(), Some("a.deb"));
        assert_eq!(wish.mirror.as_deref(), Some("http://localhost"));
        assert_eq!(read(&[]).unwrap().suites, ["bookworm", "trixie"]);
    }

    #[test]
    fn what_is_no_name_of_a_release_is_refused() {
        for odd in ["../..", "--fast", "", "Trixie"] {
            let told = read(&[odd]).unwrap_err().to_string();
            assert!(told.contains("no release of Debian"), "{told}");
        }
        assert!(
            read(&["--deb"])
                .unwrap_err()
                .to_string()
                .contains("--deb needs")
        );
    }
}
