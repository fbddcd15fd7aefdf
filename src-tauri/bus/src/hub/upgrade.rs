//! The HTTP request that opens a connection.

use tokio_tungstenite::tungstenite::{
    handshake::server::{ErrorResponse, Request, Response},
    http::{
        HeaderName, HeaderValue, StatusCode,
        header::{CONNECTION, CONTENT_LENGTH, CONTENT_TYPE, HOST, ORIGIN, SEC_WEBSOCKET_PROTOCOL},
    },
};

use super::Roster;

/// The only path.
pub(crate) const PATH: &str = "/v1";

/// The WebSocket subprotocol.
pub(crate) const SUBPROTOCOL: &str = "offhook.v1";

/// Why a request is not let in. No other HTTP than this is served.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Refusal {
    /// The name in `Host` is not one of this machine for itself: a web page has rebound its own name.
    Host,
    Path,
    Origin,
    /// The origin may come, but the key of the pairings is not there yet.
    NotReady,
    Subprotocol,
}

/// Checks the request. The result is its origin: none for a program that is no web page.
pub(crate) fn check(
    request: &Request,
    port: u16,
    roster: &Roster,
) -> Result<Option<String>, Refusal> {
    let hosts = ["127.0.0.1", "localhost", "[::1]"].map(|host| format!("{host}:{port}"));
    match only(request, &HOST) {
        Ok(Some(host)) if hosts.iter().any(|known| known == host) => {}
        Ok(_) | Err(Repeated) => return Err(Refusal::Host),
    }
    if request.uri() != PATH {
        return Err(Refusal::Path);
    }
    let origin = only(request, &ORIGIN).map_err(|Repeated| Refusal::Origin)?;
    if let Some(origin) = origin {
        if !roster.admission().lets_in(origin) {
            return Err(Refusal::Origin);
        }
        if roster.key().is_none() {
            return Err(Refusal::NotReady);
        }
    }
    let mut offered = request
        .headers()
        .get_all(SEC_WEBSOCKET_PROTOCOL)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','));
    match offered.any(|name| name.trim() == SUBPROTOCOL) {
        true => Ok(origin.map(str::to_owned)),
        false => Err(Refusal::Subprotocol),
    }
}

/// The response with the subprotocol chosen.
pub(crate) fn accept(mut response: Response) -> Response {
    let subprotocol = HeaderValue::from_static(SUBPROTOCOL);
    response
        .headers_mut()
        .insert(SEC_WEBSOCKET_PROTOCOL, subprotocol);
    response
}

impl Refusal {
    /// The HTTP answer.
    pub(crate) fn response(self) -> ErrorResponse {
        let (status, text) = match self {
            Self::Host => (StatusCode::MISDIRECTED_REQUEST, "Wrong host.\n"),
            Self::Path => (StatusCode::NOT_FOUND, "No such path.\n"),
            Self::Origin => (StatusCode::FORBIDDEN, "This origin is not allowed.\n"),
            Self::NotReady => (StatusCode::SERVICE_UNAVAILABLE, "Not ready yet.\n"),
            Self::Subprotocol => (StatusCode::BAD_REQUEST, "The subprotocol is offhook.v1.\n"),
        };
        let mut response = ErrorResponse::new(Some(text.to_owned()));
        *response.status_mut() = status;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, HeaderValue::from_static("close"));
        headers.insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
        headers.insert(CONTENT_LENGTH, text.len().into());
        response
    }
}

/// A header came more than once, or is not text.
struct Repeated;

fn only<'a>(request: &'a Request, name: &HeaderName) -> Result<Option<&'a str>, Repeated> {
    let mut values = request.headers().get_all(name).iter();
    match (values.next(), values.next()) {
        (None, _) => Ok(None),
        (Some(value), None) => value.to_str().map(Some).map_err(|_| Repeated),
        (Some(_), Some(_)) => Err(Repeated),
    }
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;

    use offhook_protocol::Access;

    use super::{super::Admission, *};
    use crate::{Secret, hub::roster::Reception};

    const PORT: u16 = 7000;

    fn reception(pairing: bool) -> Reception {
        let listed = ["https://crm.example.com", "null"];
        Reception::new(Admission {
            listed: listed
                .map(|origin| (origin.to_owned(), Access::Control))
                .into(),
            pairing,
            ..Admission::default()
        })
    }

    /// That has the installation's key.
    fn ready(pairing: bool) -> Reception {
        let reception = reception(pairing);
        reception.know(Secret::random().unwrap(), BTreeMap::new());
        reception
    }

    fn request(uri: &str, headers: &[(&str, &str)]) -> Request {
        let mut builder = Request::builder().uri(uri);
        for (name, value) in headers {
            builder = builder.header(*name, *value);
        }
        builder.body(()).unwrap()
    }

    fn checked(uri: &str, headers: &[(&str, &str)]) -> Result<Option<String>, Refusal> {
        check(&request(uri, headers), PORT, &ready(false).look())
    }

    const HERE: (&str, &str) = ("host", "127.0.0.1:7000");
    const OURS: (&str, &str) = ("sec-websocket-protocol", "offhook.v1");

    #[test]
    fn programs_and_listed_origins_are_let_in() {
        for host in ["127.0.0.1:7000", "localhost:7000", "[::1]:7000"] {
            assert_eq!(checked("/v1", &[("host", host), OURS]), Ok(None), "{host}");
        }
        let origin = "https://crm.example.com";
        let checked = checked("/v1", &[HERE, OURS, ("origin", origin)]);
        assert_eq!(checked, Ok(Some(origin.to_owned())));
    }

    #[test]
    fn one_subprotocol_of_several_is_enough() {
        let several = ("sec-websocket-protocol", "other, offhook.v1");
        assert_eq!(checked("/v1", &[HERE, several]), Ok(None));
    }

    #[test]
    fn another_host_is_refused() {
        for host in [
            "attacker.example",
            "attacker.example:7000",
            "127.0.0.1",
            "127.0.0.1:7001",
            "127.0.0.1:70000",
            "127.0.0.1.attacker.example:7000",
            "localhost.:7000",
            "",
        ] {
            let refused = checked("/v1", &[("host", host), OURS]);
            assert_eq!(refused, Err(Refusal::Host), "{host}");
        }
        assert_eq!(checked("/v1", &[OURS]), Err(Refusal::Host));
        assert_eq!(checked("/v1", &[HERE, HERE, OURS]), Err(Refusal::Host));
    }

    #[test]
    fn another_path_or_a_query_is_refused() {
        for uri in [
            "/",
            "/v2",
            "/v1/",
            "/v1?secret=1",
            "http://127.0.0.1:7000/v1",
        ] {
            assert_eq!(checked(uri, &[HERE, OURS]), Err(Refusal::Path), "{uri}");
        }
    }

    #[test]
    fn another_origin_is_refused() {
        for origin in [
            "https://evil.example",
            "https://crm.example.com.evil.example",
            "https://crm.example.com:443",
            "https://crm.example.com/",
            "http://crm.example.com",
            "HTTPS://CRM.EXAMPLE.COM",
            "null",
            "",
        ] {
            let refused = checked("/v1", &[HERE, OURS, ("origin", origin)]);
            assert_eq!(refused, Err(Refusal::Origin), "{origin}");
        }
        let twice = ("origin", "https://crm.example.com");
        let refused = checked("/v1", &[HERE, OURS, twice, twice]);
        assert_eq!(refused, Err(Refusal::Origin));
    }

    #[test]
    fn an_origin_that_is_not_listed_may_come_where_pages_may_ask() {
        let asks = |origin| {
            let request = request("/v1", &[HERE, OURS, ("origin", origin)]);
            check(&request, PORT, &ready(true).look())
        };
        let other = "https://other.example";
        assert_eq!(asks(other), Ok(Some(other.to_owned())));
        for origin in ["http://other.example", "null", ""] {
            assert_eq!(asks(origin), Err(Refusal::Origin), "{origin}");
        }
    }

    #[test]
    fn pages_have_to_wait_for_the_key_of_their_secrets() {
        let checked = |headers: &[(&str, &str)]| {
            check(&request("/v1", headers), PORT, &reception(true).look())
        };
        let page = ("origin", "https://crm.example.com");
        assert_eq!(checked(&[HERE, OURS, page]), Err(Refusal::NotReady));
        assert_eq!(checked(&[HERE, OURS]), Ok(None));
    }

    proptest::proptest! {
        #[test]
        fn a_host_or_origin_with_one_character_changed_is_refused(at: usize, by in "[ -~]?") {
            for (header, allowed, refusal) in [
                ("host", HERE.1, Refusal::Host),
                ("origin", "https://crm.example.com", Refusal::Origin),
            ] {
                let at = at % allowed.len();
                let changed = format!("{}{by}{}", &allowed[..at], &allowed[at + 1..]);
                if changed.trim() != allowed {
                    let host = if header == "host" { changed.as_str() } else { HERE.1 };
                    let mut headers = vec![("host", host), OURS];
                    headers.extend((header == "origin").then_some((header, changed.as_str())));
                    proptest::prop_assert_eq!(checked("/v1", &headers), Err(refusal));
                }
            }
        }
    }

    #[test]
    fn another_subprotocol_is_refused() {
        let refused = checked("/v1", &[HERE]);
        assert_eq!(refused, Err(Refusal::Subprotocol));
        let other = ("sec-websocket-protocol", "offhook.v10");
        assert_eq!(checked("/v1", &[HERE, other]), Err(Refusal::Subprotocol));
    }
}
