//! `cargo xtask notices`: whose work is in what people install, and under which terms.
//!
//! One text for all systems, so that it is the same wherever it is made.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt, fs,
    path::Path,
};

use anyhow::{Context, Result, bail};
use serde_json::Value;
use xshell::cmd;

use crate::{
    setup,
    steps::{Project, announce},
    tools,
};

/// The packages whose programs people install.
const SHIPPED: [&str; 2] = ["src-tauri", "src-tauri/cli"];

/// The lists that the bundler writes of what went into the window and into the panel's script.
const BUNDLED: [&str; 2] = ["dist/licenses.json", "dist-connector/licenses.json"];

/// The licences that packages in the window may have. For crates they stand in `about.toml`.
const ACCEPTED: [&str; 3] = ["Apache-2.0 OR MIT", "ISC", "MIT"];

const PREAMBLE: &str = "\
Third-party notices
===================

Offhook is made with the works listed here, each under the terms that follow it.
It also contains the Rust standard library (https://github.com/rust-lang/rust), which its contributors
license under the Apache License 2.0 or the MIT License.
No package brings libraries of the system, except the AppImage: those in it, such as GTK and WebKitGTK, are
of the Debian release that it was made on, where their terms and sources can be had.
The sources of works under the Mozilla Public License 2.0 are unchanged and can be had, at the version that
is named, from the address beside it and from Rust's package registry.
";

/// Writes the notices into the target directory, to be read.
pub(crate) fn notices(project: &Project) -> Result<()> {
    let path = project.target.join("THIRD-PARTY-NOTICES.txt");
    write(project, &path)?;
    println!("{}", path.display());
    Ok(())
}

/// Writes the notices to a file, for the installers. They are the same for the same sources.
///
/// # Errors
///
/// When a work has a licence that was not agreed to, or none.
pub(crate) fn write(project: &Project, path: &Path) -> Result<()> {
    setup::build_ui(project)?;
    announce("collecting the licences of what is shipped");
    let mut notices = Notices::default();
    // The licences of crates are read from their sources, those for other systems included.
    cmd!(project.shell, "cargo fetch --locked --quiet")
        .quiet()
        .run()?;
    for package in SHIPPED {
        notices.add_crates(&crates(project, package)?)?;
    }
    for list in BUNDLED {
        let list = project.ui().join(list);
        let text =
            fs::read_to_string(&list).with_context(|| format!("{} is missing", list.display()))?;
        notices.add_window(&serde_json::from_str(&text)?)?;
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    fs::write(path, notices.to_string())
        .with_context(|| format!("{} cannot be written", path.display()))
}

/// What cargo-about says of a package and all that it is linked with.
fn crates(project: &Project, package: &str) -> Result<Value> {
    let about = tools::CARGO_ABOUT.program(project)?;
    let manifest = project.root.join(package).join("Cargo.toml");
    let config = project.root.join("about.toml");
    let json = cmd!(
        project.shell,
        "{about} generate --frozen --fail --format json --config {config} --manifest-path {manifest}"
    )
    .quiet()
    .read()
    .with_context(|| format!("the licences of {package} cannot be collected"))?;
    Ok(serde_json::from_str(&json)?)
}

/// The works by the terms that they are under: the licence's name and its text.
#[derive(Debug, Default)]
struct Notices(BTreeMap<(String, String), BTreeSet<String>>);

impl Notices {
    /// Takes one work; the same work under the same terms counts once.
    fn add(&mut self, licence: &str, text: &str, work: String) {
        let terms = (licence.to_owned(), plain(text));
        self.0.entry(terms).or_default().insert(work);
    }

    /// Takes what cargo-about found.
    fn add_crates(&mut self, found: &Value) -> Result<()> {
        for licence in array(found, "licenses")? {
            let name = string(licence, "name")?;
            let text = string(licence, "text")?;
            for user in array(licence, "used_by")? {
                let work = &user["crate"];
                let mut line = format!("{} {}", string(work, "name")?, string(work, "version")?);
                if let Some(address) = work["repository"].as_str() {
                    line += &format!(", {address}");
                }
                self.add(name, text, line);
            }
        }
        Ok(())
    }

    /// Takes the bundler's list of what is in the window.
    fn add_window(&mut self, bundled: &Value) -> Result<()> {
        let bundled = bundled.as_array().context("the bundler's list is a list")?;
        for package in bundled {
            let work = string(package, "name")?;
            let version = string(package, "version")?;
            let licence = string(package, "identifier")
                .with_context(|| format!("{work} {version} names no licence"))?;
            if !ACCEPTED.contains(&licence) {
                bail!(
                    "{work} {version} is under {licence}, which was not agreed to: see xtask/src/notices.rs"
                );
            }
            let text = string(package, "text")
                .with_context(|| format!("{work} {version} comes without its licence"))?;
            let address = format!("https://www.npmjs.com/package/{work}/v/{version}");
            self.add(licence, text, format!("{work} {version}, {address}"));
        }
        Ok(())
    }
}

impl fmt::Display for Notices {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(PREAMBLE)?;
        let line = "-".repeat(78);
        for ((licence, text), works) in &self.0 {
            writeln!(f, "\n{line}\n{licence}\n{line}\n")?;
            for work in works {
                writeln!(f, "  * {work}")?;
            }
            writeln!(f, "\n{text}")?;
        }
        Ok(())
    }
}

/// The text without what differs between two copies of the same licence: ends of lines, blanks before
/// them, empty lines around.
fn plain(text: &str) -> String {
    let lines: Vec<&str> = text.lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

fn array<'a>(value: &'a Value, name: &str) -> Result<&'a Vec<Value>> {
    let array = value.get(name).and_then(Value::as_array);
    array.with_context(|| format!("there is no list `{name}` in {value}"))
}

fn string<'a>(value: &'a Value, name: &str) -> Result<&'a str> {
    let string = value.get(name).and_then(Value::as_str);
    string.with_context(|| format!("there is no text `{name}` in {value}"))
}

#[cfg(test)]
mod tests {
    use std::{collections::BTreeSet, fs};

    use serde_json::{Value, json};

    use super::Notices;

    fn from_crates(used_by: &Value) -> Notices {
        let found = json!({ "licenses": [{
            "name": "MIT License",
            "text": "\r\nDo as you like.  \r\n",
            "used_by": used_by,
        }] });
        let mut notices = Notices::default();
        notices.add_crates(&found).unwrap();
        notices
    }

    fn from_window(package: Value) -> anyhow::Result<Notices> {
        let mut notices = Notices::default();
        notices.add_window(&json!([package]))?;
        Ok(notices)
    }

    #[test]
    fn a_text_stands_once_below_all_that_are_under_it() {
        let mut notices = from_crates(&json!([
            { "crate": { "name": "url", "version": "2.5.0" } },
            { "crate": { "name": "anyhow", "version": "1.0.0", "repository": "https://example.com/anyhow" } },
        ]));
        notices.add("MIT License", "Do as you like.", "yoke 1.0.0".to_owned());

        let line = "-".repeat(78);
        let text = notices.to_string();
        assert!(
            text.ends_with(&format!(
                "\n{line}\nMIT License\n{line}\n
  * anyhow 1.0.0, https://example.com/anyhow
  * url 2.5.0
  * yoke 1.0.0

Do as you like.\n"
            )),
            "{text}"
        );
    }

    #[test]
    fn a_package_in_the_window_is_named() {
        let notices = from_window(json!({
            "name": "svelte", "version": "5.0.0", "identifier": "MIT", "text": "Do as you like."
        }))
        .unwrap();
        assert!(
            notices
                .to_string()
                .contains("  * svelte 5.0.0, https://www.npmjs.com/package/svelte/v/5.0.0\n")
        );
    }

    /// A list of licences in a file of this checkout.
    fn licences(file: &str, place: &[&str]) -> BTreeSet<String> {
        let text = fs::read_to_string(format!("../{file}")).unwrap();
        let file: toml::Value = toml::from_str(&text).unwrap();
        let list = place.iter().fold(&file, |table, name| &table[*name]);
        let names = list.as_array().unwrap().iter();
        names
            .map(|name| name.as_str().unwrap().to_owned())
            .collect()
    }

    #[test]
    fn the_notices_and_the_check_of_crates_accept_the_same_licences() {
        let noticed = licences("about.toml", &["accepted"]);
        assert_eq!(noticed, licences("deny.toml", &["licenses", "allow"]));
        assert!(noticed.contains("MIT"));
    }

    #[test]
    fn a_licence_nobody_agreed_to_is_refused() {
        let refused = |package| from_window(package).unwrap_err().to_string();
        assert!(
            refused(json!({ "name": "a", "version": "1", "identifier": "SSPL-1.0", "text": "…" }))
                .starts_with("a 1 is under SSPL-1.0, which was not agreed to")
        );
        assert_eq!(
            refused(json!({ "name": "a", "version": "1", "text": "…" })),
            "a 1 names no licence"
        );
        assert_eq!(
            refused(json!({ "name": "a", "version": "1", "identifier": "MIT" })),
            "a 1 comes without its licence"
        );
    }
}
