//! A contact centre to run the Amazon Connect connector against.
//!
//! A [`Centre`] is the other side of the Streams library's wire protocol, without pages, sockets or a
//! clock: it takes the library's API requests, as strict as Amazon Connect is, and tells the agent's
//! snapshots. Beside the agent there is the world, which calls, answers, hangs up and disturbs.
//!
//! [`call`] and [`news`] put the library and the page's script in between, so that the connector can
//! be tried without a browser.

mod centre;
mod contact;
mod instance;
mod library;

pub use centre::{AmazonError, Centre, News, Offer};
pub use library::{call, news};
