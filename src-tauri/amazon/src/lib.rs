//! Amazon Connect Streams to bus events, and bus requests to Streams calls.
//!
//! [`Amazon`] is a connector. On one side is the bus; on the other the window of the contact centre's
//! panel, and in its page a small script that only forwards: snapshots and answers up ([`page::Said`]),
//! calls down ([`page::Asked`]). Every decision is made here.
//!
//! # The contract
//!
//! No IO, no clock, no thread. After every [`handle`](Amazon::handle), [`said`](Amazon::said),
//! [`seen`](Amazon::seen) and [`handle_timeout`](Amazon::handle_timeout) take outputs from
//! [`poll_output`](Amazon::poll_output) until there are none, then ask
//! [`poll_timeout`](Amazon::poll_timeout) when to call `handle_timeout` next.
//!
//! # The life of a contact
//!
//! The library's events come in no reliable order and leave things out, so they are not used. Each
//! *snapshot* of the agent is whole: it is compared with what the bus was told, and what differs is said.
//! The agent's own leg is told like this; beside it stands what the contact's state and connections are.
//!
//! ```text
//!   a customer calls                          the agent calls
//!         v                                          v
//!     connecting --------- accepted ------+     connecting, then connected
//!     | connecting; a callback: incoming  |     | connecting
//!     |                                   v     v
//!     |                             connected, or hold while everybody waits
//!     |                                   | connected; the parties and who of them waits make
//!     |                                   | it a consultation or a conference
//!     | error, missed, rejected           | ended, error
//!     v                                   v
//!  missed or Rejected                    ACW
//!     |                                   |
//!     +------- gone from the snapshot ----+----> DROPPED
//! ```
//!
//! A voice call that was missed, that the agent rejected and whose caller gave up all end in `error`:
//! only what this connector itself asked for tells `Rejected` from `missed`.
//!
//! # Requests
//!
//! A request becomes calls of the library, or is refused at once. Amazon's answer to a call is no proof:
//! a snapshot that shows what the call was for settles it, and every call has a deadline. The call's
//! failure is told in Amazon's own words.
//!
//! # The panel
//!
//! The connector watches whether the page loads, who has to log in, whether the panel still speaks and
//! who holds the audio. It tells that as the link and the set-up check, and asks for the window to be
//! shown, hidden or loaded anew; never the latter while there is a call that could be hurt. A call can not
//! be hurt any more where its page is gone, or where the panel has been silent for a minute and somebody
//! wants another attempt.
#![warn(missing_docs)]

mod agent;
mod amazon;
mod buttons;
mod calls;
mod contact;
mod contacts;
mod directory;
mod error_text;
mod goal;
mod health;
mod leg;
mod microphone;
pub mod page;
mod panel;
mod probe;
mod requests;
mod situation;
mod snapshot;

pub use amazon::{Amazon, Output};
pub use panel::{Order, Probe, Seen, Setup, Way};
pub use snapshot::Update;
