//! `cargo xtask supply`: what comes from others. Known holes, licences, origins and versions of crates and
//! packages, and the workflows that build what people install.

mod review;

use std::fs;

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use xshell::cmd;

use crate::{
    gaps::Gaps,
    setup::{self, NPM, Need},
    steps::{Project, announce},
    tools, workflows,
};

/// The folders with a `package-lock.json`.
const PACKAGES: [&str; 2] = ["ui", "clients/js"];

/// Looks at all of it.
pub(crate) fn supply(project: &Project) -> Result<()> {
    let mut gaps = Gaps::new();
    check(project, &mut gaps)?;
    gaps.tell();
    Ok(())
}

/// The same as a part of a longer run, which tells of the gaps at its end.
pub(crate) fn check(project: &Project, gaps: &mut Gaps) -> Result<()> {
    setup::setup(project, Need::Supply)?;
    announce("looking whether every dependency was reviewed");
    review::check(project, &PACKAGES)?;
    check_crates(project, gaps)?;
    for folder in PACKAGES {
        check_packages(project, folder, gaps)?;
    }
    workflows::check(project, gaps)
}

fn check_crates(project: &Project, gaps: &mut Gaps) -> Result<()> {
    let shell = &project.shell;
    let deny = tools::CARGO_DENY.program(project)?;
    announce("checking licences, origins and versions of the crates");
    cmd!(
        shell,
        "{deny} --locked check --hide-inclusion-graph bans licenses sources"
    )
    .run()?;

    announce("looking for known holes in the crates");
    if let Err(error) = cmd!(shell, "{deny} fetch db").run() {
        let error = anyhow::Error::from(error).context("RustSec's database cannot be fetched");
        return gaps.note("known holes in the crates", &error);
    }
    Ok(cmd!(shell, "{deny} --locked check --disable-fetch advisories").run()?)
}

fn check_packages(project: &Project, folder: &str, gaps: &mut Gaps) -> Result<()> {
    let lock = project.root.join(folder).join("package-lock.json");
    let lock =
        fs::read_to_string(&lock).with_context(|| format!("{} cannot be read", lock.display()))?;
    check_lock(&serde_json::from_str(&lock)?)
        .with_context(|| format!("{folder}/package-lock.json"))?;

    announce(&format!(
        "looking for known holes in the packages of {folder}"
    ));
    let shell = &project.shell;
    let _in_folder = shell.push_dir(project.root.join(folder));
    // It fails when it finds something, too; what it found stands in the report.
    let report = cmd!(shell, "{NPM} audit --json")
        .quiet()
        .ignore_status()
        .ignore_stderr()
        .read()?;
    match holes(&report) {
        Ok(0) => Ok(()),
        Ok(holes) => {
            cmd!(shell, "{NPM} audit").ignore_status().run()?;
            bail!("{holes} packages of {folder} have known holes")
        }
        Err(error) => gaps.note(&format!("known holes in the packages of {folder}"), &error),
    }
}

/// How many packages have holes, in the report of `npm audit --json`. An error if it is no such report.
fn holes(report: &str) -> Result<u64> {
    let report: Value = serde_json::from_str(report).context("npm audit said nothing")?;
    let total = report["metadata"]["vulnerabilities"]["total"].as_u64();
    total.with_context(|| {
        let message = report["message"].as_str();
        format!("npm audit: {}", message.unwrap_or("no answer"))
    })
}

/// Every package must come from the registry and be known by its content.
fn check_lock(lock: &Value) -> Result<()> {
    let packages = lock["packages"].as_object();
    for (place, package) in packages.context("it names no packages")? {
        // The folder's own.
        if place.is_empty() {
            continue;
        }
        let integrity = package["integrity"].as_str();
        ensure!(
            integrity.is_some_and(|hash| hash.starts_with("sha512-")),
            "{place} has no SHA-512: install it from the registry"
        );
        // Lock files here name no addresses, so every package is from the registry that npm is set to.
        if let Some(origin) = package["resolved"].as_str() {
            bail!("{place} is not from the registry, but from {origin}");
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::{check_lock, holes};

    #[test]
    fn a_report_tells_how_many_packages_have_holes() {
        let report =
            |total| json!({ "metadata": { "vulnerabilities": { "total": total } } }).to_string();
        assert_eq!(holes(&report(0)).unwrap(), 0);
        assert_eq!(holes(&report(3)).unwrap(), 3);
    }

    #[test]
    fn an_answer_that_is_no_report_does_not_count_as_none() {
        let told = |answer: &str| holes(answer).unwrap_err().to_string();
        assert_eq!(
            told(r#"{ "message": "405 Method Not Allowed" }"#),
            "npm audit: 405 Method Not Allowed"
        );
        assert_eq!(told("{}"), "npm audit: no answer");
        assert_eq!(told(""), "npm audit said nothing");
    }

    fn lock(package: &Value) -> Result<(), String> {
        let lock = json!({ "packages": { "": { "name": "ui" }, "node_modules/a": package } });
        check_lock(&lock).map_err(|error| error.to_string())
    }

    #[test]
    fn packages_are_from_the_registry_and_known_by_their_content() {
        assert_eq!(lock(&json!({ "integrity": "sha512-AA==" })), Ok(()));
        assert_eq!(
            lock(&json!({ "integrity": "sha512-AA==", "resolved": "git+ssh://git@example.com/a" })),
            Err(
                "node_modules/a is not from the registry, but from git+ssh://git@example.com/a"
                    .to_owned()
            )
        );
        for package in [
            json!({}),
            json!({ "integrity": "sha1-AA==" }),
            json!({ "link": true }),
        ] {
            assert_eq!(
                lock(&package),
                Err("node_modules/a has no SHA-512: install it from the registry".to_owned())
            );
        }
    }
}
