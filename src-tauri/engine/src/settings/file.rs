//! One settings file: its schema, and what is wrong with one that does not follow it.

use std::{io, path::Path};

use offhook_protocol::Access;
use serde::Deserialize;
use url::{Host, Url};

use super::{AllowedOrigin, ConnectorKind, SettingsProblem, Way};

/// The schema of the settings file and of the policy. What is absent is not decided by this file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) connector: Option<ConnectorKind>,
    pub(super) amazon: Amazon,
    pub(super) ringing: Ringing,
    pub(super) hub: Hub,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Amazon {
    pub(super) instance: Option<Address>,
    pub(super) way: Option<Way>,
    pub(super) page: Option<Address>,
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
    pub(super) allowed_origins: Option<Vec<Listed>>,
}

/// As [`AllowedOrigin`], and looked at.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Listed {
    origin: Origin,
    access: Access,
}

impl From<Listed> for AllowedOrigin {
    fn from(listed: Listed) -> Self {
        Self {
            origin: listed.origin.0,
            access: listed.access,
        }
    }
}

/// A web origin exactly as browsers write it. Origins are compared letter by letter, so another
/// spelling would never match.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Origin(String);

impl TryFrom<String> for Origin {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let exact = Url::parse(&text).is_ok_and(|url| {
            matches!(url.scheme(), "http" | "https") && url.origin().ascii_serialization() == text
        });
        // A star means nothing here, though it may stand in a URL's host.
        match exact && !text.contains('*') {
            true => Ok(Self(text)),
            false => Err(format!(
                "{text:?} is not an origin. Write it like https://crm.example.com, in small letters \
                 and without a path"
            )),
        }
    }
}

/// The address of a page that calls go through: https, or on this machine. Empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Address(pub(super) String);

impl TryFrom<String> for Address {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        match text.is_empty() || Url::parse(text).is_ok_and(|url| is_safe(&url)) {
            true => Ok(Self(text.to_owned())),
            false => Err(format!(
                "{text:?} is not the address of a page. Write it like \
                 https://example.my.connect.aws, with https and without a user name"
            )),
        }
    }
}

fn is_safe(url: &Url) -> bool {
    let here = match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    };
    let named = !url.username().is_empty() || url.password().is_some();
    !named && (url.scheme() == "https" || (url.scheme() == "http" && here))
}

/// 0 to 100.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "i64")]
pub(super) struct Percent(pub(super) u8);

impl TryFrom<i64> for Percent {
    type Error = &'static str;

    fn try_from(value: i64) -> Result<Self, Self::Error> {
        u8::try_from(value)
            .ok()
            .filter(|percent| *percent <= 100)
            .map(Self)
            .ok_or("The volume must be 0 to 100")
    }
}

/// Reads a file. One that is not there decides nothing. `remedy` is what a problem's text ends with.
pub(super) fn read(path: &Path, remedy: &str) -> Result<File, SettingsProblem> {
    let (line, what) = match std::fs::read_to_string(path) {
        Ok(text) => match parse(&text) {
            Ok(file) => return Ok(file),
            Err(problem) => problem,
        },
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => (None, format!("The file cannot be read: {error}.")),
    };
    Err(SettingsProblem {
        path: path.display().to_string(),
        line,
        text: format!("{what} {remedy}"),
    })
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
