//! The tray as data: an icon and a menu, projected from the [`View`](crate::View).

use offhook_protocol::Personal;

use crate::view::Intent;

/// Which picture the tray icon is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Icon {
    /// Ready for a call.
    Ready,
    /// Not ready, logged out or unknown.
    NotReady,
    /// A call rings.
    Ringing,
    /// On a call.
    OnCall,
    /// On a call, everybody on hold.
    OnHold,
    /// Wrap-up, missed, rejected: something waits to be cleared.
    WrapUp,
    /// The connection is lost.
    Lost,
}

/// The whole tray.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tray {
    /// The picture.
    pub icon: Icon,
    /// One line that says the same as the picture, for tool tips and screen readers.
    pub tooltip: String,
    /// The menu, top down.
    pub menu: Vec<Entry>,
}

/// A line of the menu.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Entry {
    /// Says something; not clickable.
    Label(Personal),
    /// Can be clicked.
    Item {
        /// What it says.
        text: String,
        /// What a click asks for.
        intent: Intent,
        /// Clickable, or greyed out.
        enabled: bool,
    },
    /// A submenu.
    Menu {
        /// What it says.
        text: String,
        /// Its lines.
        entries: Vec<Entry>,
    },
    /// A line between groups.
    Separator,
}
