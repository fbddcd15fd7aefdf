//! Where a broker is, and the proxy before it.

use std::{net::Ipv4Addr, str::FromStr};

use thiserror::Error;
use url::{Host, Url};

/// The address of a broker: `mqtt://`, `mqtts://`, `ws://` or `wss://`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Address {
    /// What is spoken there.
    pub scheme: Scheme,
    /// The host's name or number.
    pub host: String,
    /// The TCP port.
    pub port: u16,
    url: Url,
}

/// What is spoken below MQTT.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Scheme {
    /// TCP.
    Mqtt,
    /// TLS.
    Mqtts,
    /// WebSocket.
    Ws,
    /// WebSocket within TLS.
    Wss,
}

impl Address {
    /// Whether what is said can be heard on the way: neither encrypted nor within this machine.
    pub fn is_exposed(&self) -> bool {
        let encrypted = match self.scheme {
            Scheme::Mqtts | Scheme::Wss => true,
            Scheme::Mqtt | Scheme::Ws => false,
        };
        !encrypted && !is_this_machine(&self.url)
    }

    /// The whole address, as WebSocket needs it.
    pub fn url(&self) -> &str {
        self.url.as_str()
    }
}

impl FromStr for Address {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = plain(text)?;
        let (scheme, usual_port) = match url.scheme() {
            "mqtt" => (Scheme::Mqtt, 1883),
            "mqtts" => (Scheme::Mqtts, 8883),
            "ws" => (Scheme::Ws, 80),
            "wss" => (Scheme::Wss, 443),
            other => return Err(AddressError::Scheme(other.to_owned())),
        };
        let has_path = !matches!(url.path(), "" | "/");
        if has_path && matches!(scheme, Scheme::Mqtt | Scheme::Mqtts) {
            return Err(AddressError::Path);
        }
        Ok(Self {
            scheme,
            host: host(&url)?,
            port: url.port().unwrap_or(usual_port),
            url,
        })
    }
}

/// The address of an HTTP proxy that lets through whoever says CONNECT: `http://host:port`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProxyAddress {
    /// The host's name or number.
    pub host: String,
    /// The TCP port.
    pub port: u16,
}

impl FromStr for ProxyAddress {
    type Err = AddressError;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = plain(text)?;
        if url.scheme() != "http" {
            return Err(AddressError::ProxyScheme(url.scheme().to_owned()));
        }
        if url.path() != "/" {
            return Err(AddressError::Path);
        }
        Ok(Self {
            host: host(&url)?,
            port: url.port().unwrap_or(80),
        })
    }
}

/// Why a text is no such address. It is not repeated here: it may hold a password.
#[derive(Clone, Debug, Error, PartialEq, Eq)]
pub enum AddressError {
    /// It is not even a URL.
    #[error("it is not a URL: {0}")]
    Url(#[from] url::ParseError),
    /// It does not begin with a scheme that brokers speak.
    #[error("it begins with {0}://, not with mqtts://, wss://, mqtt:// or ws://")]
    Scheme(String),
    /// It does not begin as a proxy's address does.
    #[error("it begins with {0}://; only proxies at http:// are known")]
    ProxyScheme(String),
    /// No host.
    #[error("it names no host")]
    Host,
    /// A user name or password, which would be readable for everybody who sees the address.
    #[error("it holds a user name or password; they have settings of their own")]
    Login,
    /// Something follows the host and port that is no path of a WebSocket, a token perhaps.
    #[error("nothing may follow the host and port but the path of ws:// and wss://")]
    Path,
}

/// A URL with nothing secret in it.
fn plain(text: &str) -> Result<Url, AddressError> {
    let url = Url::parse(text.trim())?;
    if !url.username().is_empty() || url.password().is_some() {
        return Err(AddressError::Login);
    }
    match (url.query(), url.fragment()) {
        (None, None) => Ok(url),
        (Some(_), _) | (_, Some(_)) => Err(AddressError::Path),
    }
}

fn host(url: &Url) -> Result<String, AddressError> {
    let host = url.host_str().unwrap_or_default();
    match host.is_empty() {
        true => Err(AddressError::Host),
        false => Ok(host.to_owned()),
    }
}

fn is_this_machine(url: &Url) -> bool {
    match url.host() {
        // Only in the schemes of the web is an address told from a name.
        Some(Host::Domain(name)) => {
            name.eq_ignore_ascii_case("localhost")
                || name.parse().is_ok_and(|it: Ipv4Addr| it.is_loopback())
        }
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::{Address, AddressError, ProxyAddress, Scheme};

    fn parse(text: &str) -> Result<Address, AddressError> {
        text.parse()
    }

    #[test]
    fn a_scheme_has_its_usual_port() {
        for (text, scheme, port) in [
            ("mqtt://broker.example.com", Scheme::Mqtt, 1883),
            ("mqtts://broker.example.com", Scheme::Mqtts, 8883),
            ("ws://broker.example.com/mqtt", Scheme::Ws, 80),
            ("wss://broker.example.com/mqtt", Scheme::Wss, 443),
            ("mqtts://broker.example.com:443", Scheme::Mqtts, 443),
        ] {
            let address = parse(text).unwrap();
            assert_eq!((address.scheme, address.port), (scheme, port), "{text}");
            assert_eq!(address.host, "broker.example.com", "{text}");
        }
    }

    #[test]
    fn a_websocket_keeps_its_path() {
        let address = parse("wss://broker.example.com/mqtt").unwrap();
        assert_eq!(address.url(), "wss://broker.example.com/mqtt");
    }

    #[test]
    fn what_is_no_address_is_refused_with_the_reason() {
        for (text, error) in [
            (
                "https://broker.example.com",
                AddressError::Scheme("https".to_owned()),
            ),
            ("mqtts://broker.example.com/mqtt", AddressError::Path),
            ("mqtts://broker.example.com#a", AddressError::Path),
            (
                "wss://broker.example.com/mqtt?token=secret",
                AddressError::Path,
            ),
            (
                "mqtts://anna:secret@broker.example.com",
                AddressError::Login,
            ),
            (
                "mqtts://:8883",
                AddressError::Url(url::ParseError::EmptyHost),
            ),
            ("mqtts:", AddressError::Host),
            (
                "broker.example.com",
                AddressError::Url(url::ParseError::RelativeUrlWithoutBase),
            ),
        ] {
            assert_eq!(parse(text), Err(error), "{text}");
        }
    }

    #[test]
    fn no_reason_repeats_a_password() {
        for text in [
            "mqtts://anna:secret@broker.example.com",
            "mqtts://anna:secret@[broken",
        ] {
            let error = parse(text).unwrap_err();
            assert!(
                !format!("{error} {error:?}").contains("secret"),
                "{error:?}"
            );
        }
    }

    #[test]
    fn only_the_plain_way_to_another_machine_is_exposed() {
        for (text, exposed) in [
            ("mqtt://broker.example.com", true),
            ("ws://broker.example.com", true),
            ("mqtt://10.0.0.1", true),
            ("mqtt://localhost.example.com", true),
            ("mqtts://broker.example.com", false),
            ("wss://broker.example.com", false),
            ("mqtt://localhost", false),
            ("mqtt://127.0.0.1", false),
            ("ws://127.0.0.1:9001", false),
            ("mqtt://[::1]", false),
        ] {
            assert_eq!(parse(text).unwrap().is_exposed(), exposed, "{text}");
        }
    }

    #[test]
    fn a_proxy_is_a_host_and_a_port() {
        let proxy: ProxyAddress = "http://proxy.example.com:3128".parse().unwrap();
        assert_eq!(
            (proxy.host.as_str(), proxy.port),
            ("proxy.example.com", 3128)
        );
        for (text, error) in [
            (
                "socks5://proxy.example.com",
                AddressError::ProxyScheme("socks5".to_owned()),
            ),
            ("http://proxy.example.com/pac", AddressError::Path),
            ("http://anna:secret@proxy.example.com", AddressError::Login),
        ] {
            assert_eq!(text.parse::<ProxyAddress>(), Err(error), "{text}");
        }
    }
}
