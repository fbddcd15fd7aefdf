//! What the phone is told.

use offhook_protocol::Event;

use crate::{
    broker::Broker,
    update::{UpdateNews, Updates},
    view::Intent,
};

/// One thing that happened.
#[derive(Clone, Debug, PartialEq, Eq)]
#[expect(
    clippy::large_enum_variant,
    reason = "an input is handed over once and never kept"
)]
pub enum Input {
    /// The contact centre said something on the bus.
    Event(Event),
    /// The person wants something.
    Intent(Intent),
    /// The window was shown or hidden. A person who sees the window needs no notification.
    Window {
        /// Whether it can be seen.
        visible: bool,
    },
    /// The person's preferences changed.
    Preferences(Preferences),
    /// The way to the company's broker changed; `None` if there is no broker.
    Broker(Option<Broker>),
    /// Whether new versions are looked for from now on.
    Updates(Updates),
    /// What came of an order about a new version.
    Update(UpdateNews),
    /// The time of [`Phone::poll_timeout`](crate::Phone::poll_timeout) has come.
    Timeout,
}

/// What happens when a call rings, besides showing it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Preferences {
    /// Raise a notification.
    pub notify: bool,
    /// Play the ringtone.
    pub sound: bool,
    /// Bring the window up.
    pub raise: bool,
}

impl Default for Preferences {
    fn default() -> Self {
        Self {
            notify: true,
            sound: true,
            raise: true,
        }
    }
}
