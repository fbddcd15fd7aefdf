//! The command line of `cargo xtask manifest`.

use std::{fs, path::PathBuf};

use anyhow::{Context, Result, bail, ensure};
use semver::Version;
use url::Url;

/// What to announce.
#[derive(Debug)]
pub(super) struct Options {
    /// The version of the packages.
    pub(super) version: Version,
    /// The folder of the packages; the announcement goes there, too.
    pub(super) artifacts: PathBuf,
    /// The address of the folder that the packages will be downloaded from.
    pub(super) base_url: Url,
    /// What is new.
    pub(super) notes: String,
}

impl Options {
    pub(super) fn read(arguments: &[String]) -> Result<Self> {
        let (mut version, mut artifacts, mut base_url) = (None, None, None);
        let mut notes = String::new();
        let mut rest = arguments.iter();
        while let Some(option) = rest.next() {
            let value = rest.next();
            let value = value.with_context(|| format!("{option} needs a value"))?;
            match option.as_str() {
                "--version" => version = Some(read_version(value)?),
                "--artifacts" => artifacts = Some(PathBuf::from(value)),
                "--base-url" => base_url = Some(read_folder(value)?),
                "--notes" => {
                    notes = fs::read_to_string(value)
                        .with_context(|| format!("the notes {value} cannot be read"))?;
                }
                _ => bail!("manifest has no option {option}"),
            }
        }
        Ok(Self {
            version: version.context("--version is missing")?,
            artifacts: artifacts.context("--artifacts is missing")?,
            base_url: base_url.context("--base-url is missing")?,
            notes,
        })
    }
}

fn read_version(text: &str) -> Result<Version> {
    text.parse()
        .with_context(|| format!("{text} is not a version such as 1.2.3"))
}

/// With a slash at its end, so that names are appended to it.
fn read_folder(text: &str) -> Result<Url> {
    let url = format!("{}/", text.trim_end_matches('/'));
    let url = Url::parse(&url).with_context(|| format!("{text} is not an address"))?;
    let here = matches!(url.host_str(), Some("127.0.0.1" | "localhost"));
    ensure!(
        url.scheme() == "https" || here,
        "{text} must begin with https://"
    );
    Ok(url)
}
