//! Who publishes new versions, and where they are announced. Built in: whoever could change the key could
//! install anything.

use tauri::Url;

use super::announcement::public_key;

/// A publisher.
#[derive(Clone, Debug)]
pub(super) struct Publisher {
    /// The key that signs announcements and packages, as Tauri's command line writes it.
    pub(super) key: String,
    /// Where new versions are announced.
    pub(super) url: Url,
    /// The same, unless the settings name another place.
    usual: Url,
}

impl Publisher {
    /// The publisher of this build; none if it was built without one.
    pub(super) fn built_in() -> Option<Self> {
        let (key, url) = (
            variable("OFFHOOK_UPDATE_KEY")?,
            variable("OFFHOOK_UPDATE_URL")?,
        );
        let url = Url::parse(&url).ok().filter(is_secure);
        match (public_key(&key), url) {
            (Some(_), Some(url)) => Some(Self {
                key,
                usual: url.clone(),
                url,
            }),
            _ => {
                tracing::error!("this build was given an update key or address that is none");
                None
            }
        }
    }

    /// Looks at this place from now on, or at the usual one. Whoever announces new versions there, the
    /// publisher must have signed them.
    pub(super) fn look_at(&mut self, place: Option<&str>) {
        let place = place.and_then(|place| Url::parse(place).ok());
        self.url = place.unwrap_or_else(|| self.usual.clone());
    }
}

/// As the settings demand of another place. Tests publish on this machine.
fn is_secure(url: &Url) -> bool {
    url.scheme() == "https" || cfg!(debug_assertions)
}

/// As it was when this was built. An empty one is none: a pipeline without secrets sets it so.
#[cfg(not(debug_assertions))]
fn variable(name: &str) -> Option<String> {
    let value = match name {
        "OFFHOOK_UPDATE_KEY" => option_env!("OFFHOOK_UPDATE_KEY"),
        "OFFHOOK_UPDATE_URL" => option_env!("OFFHOOK_UPDATE_URL"),
        _ => None,
    };
    value.filter(|value| !value.is_empty()).map(str::to_owned)
}

/// As it is now: tests publish with a key of their own. The code is not there in a release, which could
/// be fooled by it.
#[cfg(debug_assertions)]
fn variable(name: &str) -> Option<String> {
    std::env::var(name).ok().filter(|value| !value.is_empty())
}
