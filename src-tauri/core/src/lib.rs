//! The phone: call-state machine, agent, link, notices, and what can be seen of them.
//!
//! # How to drive it
//!
//! The phone does no IO, reads no clock and starts no thread. Whoever owns it repeats:
//!
//! 1. [`Phone::handle`] one [`Input`] with the present time, which never goes back;
//! 2. [`Phone::poll_effect`] until it gives `None`, and do each [`Effect`];
//! 3. [`Phone::view`], and show it if it differs from the last one; [`tray::Tray::of`] projects the
//!    tray from it;
//! 4. [`Phone::poll_timeout`]: not later than that, call `handle` with [`Input::Timeout`].
//!
//! ```text
//!   bus event ---.                                 .--> Effect::Send --> bus
//!   Intent -------+--> Phone::handle --> state ----+--> Effect::Act  --> ring, notify, raise, quit
//!   window, time -'                        |
//!                                          '--> View --> window, tray
//! ```
//!
//! # What always holds
//!
//! * A click is never an assumption: it becomes a pending request, settled by the next event that
//!   shows what came of it, by an error, or by a deadline and a `StateSync`. Nothing is sent twice.
//! * Events may come twice, late or out of order: each leg is decided by the contact centre's own
//!   timestamps, and an event of the same moment never leads back in a leg's life.
//! * A snapshot replaces what it is newer than; it drops a contact or a leg, or brings a contact back,
//!   only if it was asked for after the last news of it. Otherwise it is asked for again.
//! * A call notifies and raises the window once for each time it is offered, whatever the bus repeats,
//!   and sounds only while it rings.
//! * Everything is bounded: contacts, legs, notices, recent calls, what is remembered of past ones.
#![warn(missing_docs)]

mod agent;
mod broker;
mod call_link;
mod contact;
mod effect;
mod gone;
mod input;
mod leg;
mod link;
mod notice;
mod pending;
mod phone;
mod project;
mod recent;
mod requirements;
mod ringing;
mod snapshot;
mod time;
pub mod tray;
mod update;
mod view;
pub mod words;

pub use broker::{Broker, BrokerProblem, BrokerState, BrokerView};
pub use effect::{Act, Effect};
pub use input::{Input, Preferences};
pub use notice::{MAX_NOTICES, NoticeCode, NoticeView, Notification, NotificationKey, Tone};
pub use phone::{Phone, Wake};
pub use time::Time;
pub use update::{
    UpdateNews, UpdateOrder, UpdateProblem, UpdateState, UpdateView, Updates, UpdatesOff,
};
pub use view::*;
