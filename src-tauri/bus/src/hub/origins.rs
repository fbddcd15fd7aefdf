//! Web origins that may join the hub.

use std::collections::BTreeMap;

use offhook_protocol::Access;

/// The web origins that may join, each with what its pages may do at most. Compared exactly: no
/// patterns, no prefixes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Origins(BTreeMap<String, Access>);

impl Origins {
    /// What an app gets that wants this. A program without an origin is no web page: it gets what it
    /// wants, once it has proved that it knows the secret. `None` for an origin that is not listed.
    pub(crate) fn grant(&self, origin: Option<&str>, wanted: Access) -> Option<Access> {
        match origin {
            None => Some(wanted),
            Some(origin) => self.0.get(origin).map(|most| wanted.min(*most)),
        }
    }
}

impl FromIterator<(String, Access)> for Origins {
    fn from_iter<T: IntoIterator<Item = (String, Access)>>(origins: T) -> Self {
        // `null` is what a page of no particular origin sends; listing it would let any page in.
        let named = origins.into_iter().filter(|(origin, _)| origin != "null");
        Self(named.collect())
    }
}
