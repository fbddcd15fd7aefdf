//! Which web pages may join the hub.

use std::collections::BTreeMap;

use offhook_protocol::Access;
use url::{Host, Url};

use super::Pairing;

/// More than the longest origin there can be: a host name has 253 characters at most.
const MAX_ORIGIN: usize = 280;

/// Which web pages may join.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Admission {
    /// The web origins whose pages are paired without a question, each with what they may do at most.
    /// Compared exactly: no patterns, no prefixes.
    pub listed: BTreeMap<String, Access>,
    /// The list is the administrator's, and what the person lets a page do does not narrow it.
    pub fixed: bool,
    /// Pages of other origins may ask to be paired.
    pub pairing: bool,
}

impl Admission {
    /// What pages of this origin may do without a question.
    pub(crate) fn listed(&self, origin: &str) -> Option<Access> {
        // `null` is what a page of no particular origin sends; listing it would let any page in.
        self.listed
            .get(origin)
            .copied()
            .filter(|_| origin != "null")
    }

    /// Whether pages of this origin may connect, be it only to ask.
    pub(crate) fn lets_in(&self, origin: &str) -> bool {
        self.listed(origin).is_some() || (self.pairing && may_ask(origin))
    }

    /// What a page of this origin may do at most that has been paired. `None` if the pairing has lost its
    /// ground: the origin was taken off the list, or the person may be asked no more.
    pub(crate) fn most(&self, origin: &str, pairing: &Pairing) -> Option<Access> {
        match self.listed(origin) {
            Some(listed) if self.fixed => Some(listed),
            Some(listed) => Some(listed.min(pairing.access)),
            None => (self.pairing && pairing.asked).then_some(pairing.access),
        }
    }
}

/// Whether this is an origin exactly as browsers write it, of a page that came over https or from this
/// machine.
fn may_ask(origin: &str) -> bool {
    if origin.len() > MAX_ORIGIN || origin.contains('*') {
        return false;
    }
    Url::parse(origin).is_ok_and(|url| {
        url.origin().ascii_serialization() == origin
            && match url.scheme() {
                "https" => true,
                "http" => is_here(&url),
                _ => false,
            }
    })
}

fn is_here(url: &Url) -> bool {
    match url.host() {
        Some(Host::Domain(name)) => name == "localhost",
        Some(Host::Ipv4(address)) => address.octets() == [127, 0, 0, 1],
        Some(Host::Ipv6(address)) => address.is_loopback(),
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pages_over_https_or_of_this_machine_may_ask() {
        for origin in [
            "https://crm.example.com",
            "https://crm.example.com:8443",
            "https://xn--mnchen-3ya.example",
            "http://localhost",
            "http://localhost:5173",
            "http://127.0.0.1:5173",
            "http://[::1]:5173",
        ] {
            assert!(may_ask(origin), "{origin}");
        }
    }

    #[test]
    fn what_no_browser_writes_and_what_travels_in_clear_may_not() {
        let long = format!("https://{}.example", "a".repeat(MAX_ORIGIN));
        for origin in [
            "null",
            "",
            "https://",
            "https://*",
            "https://crm.example.com/",
            "https://crm.example.com:443",
            "https://user@crm.example.com",
            "https://crm.example.com?x",
            "HTTPS://crm.example.com",
            "https://CRM.example.com",
            "https://münchen.example",
            " https://crm.example.com",
            "http://crm.example.com",
            "http://127.0.0.2",
            "http://127.1",
            "http://localhost.example",
            "http://sub.localhost",
            "ws://localhost",
            "file://",
            "chrome-extension://abcdefghijklmnop",
            "data:text/html,x",
            &long,
        ] {
            assert!(!may_ask(origin), "{origin}");
        }
    }

    const ORIGIN: &str = "https://crm.example.com";

    fn admission(listed: Option<Access>, fixed: bool, pairing: bool) -> Admission {
        Admission {
            listed: listed
                .map(|access| (ORIGIN.to_owned(), access))
                .into_iter()
                .collect(),
            fixed,
            pairing,
        }
    }

    #[test]
    fn the_list_and_the_person_both_limit_a_page_and_the_administrator_alone() {
        use Access::{Control, Observe};
        for (listed, fixed, pairing, access, asked, most) in [
            (None, false, true, Observe, true, Some(Observe)),
            (None, false, true, Control, true, Some(Control)),
            (None, false, true, Control, false, None),
            (None, false, false, Control, true, None),
            (Some(Observe), false, true, Control, true, Some(Observe)),
            (Some(Control), false, true, Observe, true, Some(Observe)),
            (Some(Control), false, false, Control, false, Some(Control)),
            (Some(Control), true, true, Observe, true, Some(Control)),
            (Some(Observe), true, true, Control, true, Some(Observe)),
        ] {
            let pairing_of = Pairing {
                access,
                asked,
                salt: String::new(),
            };
            let admission = admission(listed, fixed, pairing);
            let allowed = admission.most(ORIGIN, &pairing_of);
            assert_eq!(allowed, most, "{admission:?} {pairing_of:?}");
        }
    }

    #[test]
    fn nobody_asks_where_that_is_switched_off() {
        assert!(admission(None, false, true).lets_in(ORIGIN));
        assert!(!admission(None, false, false).lets_in(ORIGIN));
        assert!(admission(Some(Access::Observe), false, false).lets_in(ORIGIN));
    }

    #[test]
    fn a_listed_null_lets_nobody_in() {
        let listed = [("null".to_owned(), Access::Control)];
        let admission = Admission {
            listed: listed.into_iter().collect(),
            fixed: true,
            pairing: true,
        };
        assert!(!admission.lets_in("null"));
    }
}
