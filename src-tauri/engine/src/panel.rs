//! What goes between a connector and the window of the contact centre's own panel.

use std::fmt;

use offhook_amazon::{Seen, Setup, page};

/// Names a panel's window. Each that is opened has one of its own, so that nobody takes the words of an
/// old panel for the new one's.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct PanelId(pub(crate) u64);

impl fmt::Display for PanelId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// What a shell is to do with the panel's window.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelOrder {
    /// Open the window, hidden, and load the page. One that is open makes way.
    Open(PanelId, Setup),
    /// Make this call in the page: hand it to the page's script.
    Ask(page::Asked),
    /// Show the window: the person has to log in.
    Show,
    /// Hide the window.
    Hide,
    /// Load the page anew. Never ordered while a call could be hurt.
    Reload,
    /// Go to the page that ends the session.
    LogOut,
    /// Close the window.
    Close,
}

/// What a shell tells of the panel's window.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelEvent {
    /// The page's script said something.
    Said(page::Said),
    /// Something happened to the window itself.
    Seen(Seen),
}
