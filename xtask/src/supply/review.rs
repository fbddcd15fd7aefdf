//! Whether every direct dependency was looked at: it stands in `docs/dependencies.md`.

use std::{collections::BTreeSet, fs};

use anyhow::{Context, Result, ensure};
use serde_json::Value;
use xshell::cmd;

use crate::steps::Project;

const REVIEW: &str = "docs/dependencies.md";

/// Fails when a dependency has no row there, or a row has no dependency.
pub(super) fn check(project: &Project, folders: &[&str]) -> Result<()> {
    let shell = &project.shell;
    let metadata = cmd!(
        shell,
        "cargo metadata --locked --no-deps --format-version 1"
    )
    .quiet()
    .read()?;
    let mut used = crates(&serde_json::from_str(&metadata)?)?;
    for folder in folders {
        let manifest = fs::read_to_string(project.root.join(folder).join("package.json"))?;
        used.extend(packages(&serde_json::from_str(&manifest)?));
    }
    compare(
        &used,
        &reviewed(&fs::read_to_string(project.root.join(REVIEW))?),
    )
}

/// What the workspace's crates ask for by name, from what `cargo metadata` says.
fn crates(metadata: &Value) -> Result<BTreeSet<String>> {
    let members = metadata["packages"].as_array();
    Ok(members
        .context("cargo lists the workspace")?
        .iter()
        .filter_map(|member| member["dependencies"].as_array())
        .flatten()
        // The workspace's own have a path.
        .filter(|dependency| dependency["path"].is_null())
        .filter_map(|dependency| Some(dependency["name"].as_str()?.to_owned()))
        .collect())
}

/// What a `package.json` asks for.
fn packages(manifest: &Value) -> BTreeSet<String> {
    ["dependencies", "devDependencies"]
        .into_iter()
        .filter_map(|kind| manifest[kind].as_object())
        .flat_map(|packages| packages.keys().cloned())
        .collect()
}

/// The names in the first column of the tables.
fn reviewed(text: &str) -> BTreeSet<String> {
    text.lines()
        .filter_map(|line| Some(line.strip_prefix("| `")?.split_once('`')?.0.to_owned()))
        .collect()
}

fn compare(used: &BTreeSet<String>, reviewed: &BTreeSet<String>) -> Result<()> {
    let list = |names: Vec<&String>| names.into_iter().cloned().collect::<Vec<_>>().join(", ");
    let missing = list(used.difference(reviewed).collect());
    ensure!(
        missing.is_empty(),
        "look at these as {REVIEW} asks, and add a row for each: {missing}"
    );
    let needless = list(reviewed.difference(used).collect());
    ensure!(
        needless.is_empty(),
        "these are no longer used: remove their rows from {REVIEW}: {needless}"
    );
    Ok(())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use serde_json::json;

    use super::{compare, crates, packages, reviewed};

    fn names(names: &[&str]) -> BTreeSet<String> {
        names.iter().map(ToString::to_string).collect()
    }

    #[test]
    fn what_the_manifests_ask_for_is_found_but_for_the_projects_own() {
        let metadata = json!({ "packages": [
            { "dependencies": [
                { "name": "url", "path": null },
                { "name": "offhook-core", "path": "/src/core" },
            ] },
            { "dependencies": [{ "name": "tokio" }, { "name": "url" }] },
        ] });
        assert_eq!(crates(&metadata).unwrap(), names(&["tokio", "url"]));

        let manifest = json!({
            "dependencies": { "svelte": "5.0.0" },
            "devDependencies": { "vite": "8.0.0" },
        });
        assert_eq!(packages(&manifest), names(&["svelte", "vite"]));
    }

    #[test]
    fn a_dependency_and_a_row_belong_together() {
        let table = "| crate | for |\n| --- | --- |\n| `tokio` | sockets |\n| `url` | addresses, not `uri` |\n";
        let reviewed = reviewed(table);
        assert!(compare(&names(&["tokio", "url"]), &reviewed).is_ok());

        let told = |used| compare(&names(used), &reviewed).unwrap_err().to_string();
        assert!(told(&["openssl", "tokio", "url"]).ends_with("add a row for each: openssl"));
        assert!(told(&["tokio"]).ends_with("docs/dependencies.md: url"));
    }
}
