//! What the phone wants done, once. Everything that can be shown again is in the
//! [`View`](crate::View) instead.

use offhook_protocol::{ContactId, Request};

use crate::{
    notice::{Notification, NotificationKey},
    update::UpdateOrder,
};

/// An effect goes to the bus, to the way to the broker, or to the shell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Put this request on the bus.
    Send(Request),
    /// Connect to the company's broker now.
    RetryBroker,
    /// The shell does this.
    Act(Act),
}

/// An act of the shell that cannot be repeated.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Act {
    /// Start the ringtone for this contact; it goes on until [`Act::StopRing`].
    Ring(ContactId),
    /// Stop the ringtone.
    StopRing,
    /// Raise a notification of the operating system. One with the same key is replaced.
    Notify(Notification),
    /// Take a notification back; nothing happens if it is not shown.
    Withdraw(NotificationKey),
    /// Bring the window up without taking the keyboard away: a call rings.
    Raise,
    /// Show the window and give it the keyboard: the person asked for it.
    Show,
    /// Show the window of the contact centre's own panel: the person asked for it.
    ShowPanel,
    /// Do this about a new version.
    Update(UpdateOrder),
    /// Leave.
    Quit,
}
