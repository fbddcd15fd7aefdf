//! What may stand in a settings file as an address or a path. What is wrong with an address is told without
//! repeating it: it may hold a password, and the log tells it, too.

use std::{path::Path, str::FromStr};

use offhook_uplink::address;
use serde::Deserialize;
use url::{Host, Url};

/// A web origin exactly as browsers write it. Origins are compared letter by letter, so another
/// spelling would never match.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct Origin(pub(super) String);

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
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        match text.is_empty() || Url::parse(text).is_ok_and(|url| is_safe(&url)) {
            true => Ok(Self(text.to_owned())),
            false => Err("This is not an address that can be used. Write it like \
                 https://example.my.connect.aws, with https and without a user name"),
        }
    }
}

/// The address where new versions are announced: https. Empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct UpdateAddress(pub(super) String);

impl TryFrom<String> for UpdateAddress {
    type Error = &'static str;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        let text = text.trim();
        let usable = |url: Url| is_anonymous(&url) && url.scheme() == "https";
        match text.is_empty() || Url::parse(text).is_ok_and(usable) {
            true => Ok(Self(text.to_owned())),
            false => Err(
                "New versions cannot be looked for at this address. Write it like \
                 https://updates.example.com/latest.json, with https and without a user name",
            ),
        }
    }
}

/// The address of a broker. Empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct BrokerAddress(pub(super) String);

impl TryFrom<String> for BrokerAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        accept::<address::Address>(&text)
            .map(Self)
            .map_err(|error| {
                format!(
                    "This is not the address of a broker: {error}. Write it like \
                 mqtts://broker.example.com:8883 or wss://broker.example.com/mqtt"
                )
            })
    }
}

/// The address of a proxy. Empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct ProxyAddress(pub(super) String);

impl TryFrom<String> for ProxyAddress {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        accept::<address::ProxyAddress>(&text)
            .map(Self)
            .map_err(|error| {
                format!(
                    "This is not the address of a proxy: {error}. Write it like \
                     http://proxy.example.com:3128"
                )
            })
    }
}

/// A file's path that means the same wherever Offhook is started. Empty if there is none.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(try_from = "String")]
pub(super) struct WholePath(pub(super) String);

impl TryFrom<String> for WholePath {
    type Error = String;

    fn try_from(text: String) -> Result<Self, Self::Error> {
        match text.is_empty() || Path::new(&text).is_absolute() {
            true => Ok(Self(text)),
            false => Err(format!(
                "{text:?} is not the whole path of a file. Write it from the root on"
            )),
        }
    }
}

/// The text without the spaces around it, if it is empty or can be read as this.
fn accept<T: FromStr>(text: &str) -> Result<String, T::Err> {
    let text = text.trim();
    if !text.is_empty() {
        text.parse::<T>()?;
    }
    Ok(text.to_owned())
}

/// Encrypted, or on this machine.
fn is_safe(url: &Url) -> bool {
    is_anonymous(url) && (url.scheme() == "https" || (url.scheme() == "http" && is_here(url)))
}

fn is_anonymous(url: &Url) -> bool {
    url.username().is_empty() && url.password().is_none()
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}
