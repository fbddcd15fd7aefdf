//! One settings file: its schema, and what is wrong with one that does not follow it.

use std::{io, path::Path};

use serde::Deserialize;

use super::{AllowedOrigin, ConnectorKind, SettingsProblem};

/// The schema of the settings file and of the policy. What is absent is not decided by this file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) connector: Option<ConnectorKind>,
    pub(super) ringing: Ringing,
    pub(super) hub: Hub,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Ringing {
    pub(super) notify: Option<bool>,
    pub(super) sound: Option<bool>,
    pub(super) raise: Option<bool>,
    pub(super) device: Option<String>,
    pub(super) volume: Option<Percent>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hub {
    pub(super) allowed_origins: Option<Vec<AllowedOrigin>>,
}

/// 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "u8")]
pub(super) struct Percent(pub(super) u8);

impl TryFrom<u8> for Percent {
    type Error = &'static str;

    fn try_from(value: u8) -> Result<Self, Self::Error> {
        (value <= 100)
            .then_some(Self(value))
            .ok_or("must be 0 to 100")
    }
}

/// Reads a file. One that is not there decides nothing.
pub(super) fn read(path: &Path) -> Result<File, SettingsProblem> {
    match std::fs::read_to_string(path) {
        Ok(text) => parse(&text).map_err(|(line, what)| SettingsProblem {
            path: path.display().to_string(),
            line,
            text: format!(
                "{what} This file is not in force, and nothing is saved into it until it is mended."
            ),
        }),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(File::default()),
        Err(error) => Err(SettingsProblem::whole(
            path.display(),
            format!("The file cannot be read: {error}."),
        )),
    }
}

/// The file, or the line and what is wrong there.
fn parse(text: &str) -> Result<File, (Option<u32>, String)> {
    toml::from_str(text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start));
        let line = before.map(|before| before.matches('\n').count() + 1);
        (
            line.and_then(|line| u32::try_from(line).ok()),
            format!("{}.", error.message().trim_end_matches('.')),
        )
    })
}

/// Whether this is a web origin as browsers write it: scheme, host and perhaps port, nothing else.
/// Origins are compared letter by letter, so another spelling would never match.
pub(super) fn is_origin(text: &str) -> bool {
    let host = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || ".-:[]".contains(c);
    host.is_some_and(|host| !host.is_empty() && host.chars().all(plain))
}
