//! What goes between a connector and the window of the contact centre's own panel.

use offhook_amazon::{Seen, Setup, page};

/// What a shell is to do with the panel's window.
#[derive(Clone, Debug, PartialEq)]
pub enum PanelOrder {
    /// Open the window, hidden, and load the page. One that is open makes way.
    Open(Setup),
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
