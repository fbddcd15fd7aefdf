//! One settings file: its schema, and what is wrong with one that does not follow it.

use std::{io, path::Path};

use offhook_protocol::Access;
use serde::Deserialize;

use super::{
    AllowedOrigin, ConnectorKind, SettingsProblem, TrayIcon, Way,
    address::{Address, Origin, UpdateAddress},
    broker::Broker,
};

/// The schema of the settings file and of the policy. What is absent is not decided by this file.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct File {
    pub(super) connector: Option<ConnectorKind>,
    pub(super) amazon: Amazon,
    pub(super) ringing: Ringing,
    pub(super) desktop: Desktop,
    pub(super) updates: Updates,
    pub(super) hub: Hub,
    pub(super) broker: Broker,
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
pub(super) struct Desktop {
    pub(super) start_at_login: Option<bool>,
    pub(super) tray_icon: Option<TrayIcon>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Updates {
    pub(super) check: Option<bool>,
    pub(super) url: Option<UpdateAddress>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub(super) struct Hub {
    pub(super) allowed_origins: Option<Vec<Listed>>,
    pub(super) pairing: Option<bool>,
    pub(super) ports: Option<Ports>,
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

/// Ports to try one after the other; 0 is any that is free.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "Vec<u16>")]
pub(super) struct Ports(pub(super) Vec<u16>);

impl TryFrom<Vec<u16>> for Ports {
    type Error = &'static str;

    fn try_from(ports: Vec<u16>) -> Result<Self, Self::Error> {
        match ports.is_empty() {
            true => Err("At least one port is needed; 0 is any that is free"),
            false => Ok(Self(ports)),
        }
    }
}

impl File {
    /// Takes the place of a file that cannot be read. That may have said that the phone is to start at login,
    /// which then tells what is wrong; and that it is not to look for new versions.
    pub(super) fn stand_in() -> Self {
        Self {
            desktop: Desktop {
                start_at_login: Some(true),
                ..Desktop::default()
            },
            updates: Updates {
                check: Some(false),
                ..Updates::default()
            },
            ..Self::default()
        }
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
