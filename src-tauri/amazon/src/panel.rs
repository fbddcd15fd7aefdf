//! The panel's window: where it goes, what it reports, what it is told.

use std::fmt;

use url::{Origin, Url};

/// How the contact centre's panel is reached.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Setup {
    /// The instance, e.g. `https://example.my.connect.aws`, or its panel.
    pub instance: Url,
    /// Which page the window shows.
    pub way: Way,
}

/// See [`Setup`]. `docs/amazon-connect.md` explains the three.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Way {
    /// The panel itself.
    Panel,
    /// A company's page that embeds the panel.
    Page(Url),
    /// Either, but without audio: that is on a desk phone or in a browser.
    ControlOnly(Option<Url>),
}

impl Setup {
    /// What the window loads.
    pub fn url(&self) -> Url {
        match &self.way {
            Way::Panel | Way::ControlOnly(None) => self.panel(),
            Way::Page(page) => page.clone(),
            Way::ControlOnly(Some(page)) => {
                let mut page = page.clone();
                page.set_fragment(Some("media=off"));
                page
            }
        }
    }

    /// Where the panel is: as the address says, or where instances have it.
    pub fn panel(&self) -> Url {
        match self.instance.path() {
            "/" => self.page_of_instance("ccp-v2/"),
            _ => self.instance.clone(),
        }
    }

    /// The instance's page that ends the session. Without it the session's cookie stays, and the panel
    /// would be logged in again as soon as it is loaded.
    pub fn log_out(&self) -> Url {
        self.page_of_instance("logout")
    }

    fn page_of_instance(&self, path: &str) -> Url {
        let mut page = self.instance.clone();
        let host = page.host_str().unwrap_or_default();
        // Where instances were before they had a domain of their own.
        let folder = match host.ends_with(".awsapps.com") {
            true => "/connect/",
            false => "/",
        };
        page.set_path(&format!("{folder}{path}"));
        page
    }

    /// The only origin whose pages may speak to the connector.
    pub fn origin(&self) -> Origin {
        self.url().origin()
    }

    /// Whether a company's page embeds the panel.
    pub fn is_embedded(&self) -> bool {
        match &self.way {
            Way::Page(_) | Way::ControlOnly(Some(_)) => true,
            Way::Panel | Way::ControlOnly(None) => false,
        }
    }

    /// Whether calls are heard and spoken in this window.
    pub fn has_media(&self) -> bool {
        match &self.way {
            Way::Panel | Way::Page(_) => true,
            Way::ControlOnly(_) => false,
        }
    }
}

/// What the shell reports of the panel's window. `Debug` leaves out what follows an address's path: a
/// login has secrets there.
#[derive(Clone, PartialEq, Eq)]
pub enum Seen {
    /// A page has begun to load.
    Loading(Url),
    /// A page has loaded.
    Loaded(Url),
    /// The microphone was asked for by somebody who may not have it, or the system refused it.
    MicrophoneDenied,
    /// What a look at the panel's address without a browser gave; see [`Order::Probe`].
    Probed(Probe),
}

impl fmt::Debug for Seen {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let place = |url: &Url| format!("{}{}", url.origin().ascii_serialization(), url.path());
        match self {
            Self::Loading(url) => write!(f, "Loading({})", place(url)),
            Self::Loaded(url) => write!(f, "Loaded({})", place(url)),
            Self::MicrophoneDenied => f.write_str("MicrophoneDenied"),
            Self::Probed(probe) => write!(f, "Probed({probe:?})"),
        }
    }
}

/// How the instance answered to a plain request for the panel, told which page would embed it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Probe {
    /// No answer.
    Unreachable,
    /// An answer.
    Answered {
        /// The header `Content-Security-Policy`.
        content_security_policy: Option<String>,
        /// The header `X-Frame-Options`.
        x_frame_options: Option<String>,
    },
}

/// What the shell is to do with the panel's window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Order {
    /// Show it: the person has to log in, or asked for it.
    Show,
    /// Hide it again.
    Hide,
    /// Load it anew. Never given while a call could be hurt.
    Reload,
    /// Go to [`Setup::log_out`]: the agent wants to be logged out.
    LogOut,
    /// Ask the instance for the panel with a plain request and report [`Seen::Probed`].
    Probe,
}
