//! A contact centre to run the Amazon Connect connector against.
//!
//! A [`Centre`] is the other side of the Streams library's wire protocol, without pages, sockets or a
//! clock: it takes the library's API requests, as strict as Amazon Connect is, and tells the agent's
//! snapshots. Beside the agent there is the world, which calls, answers, hangs up and disturbs.
//!
//! [`call`] and [`news`] put the library and the page's script in between, so that the connector can
//! be tried without a browser. A [`Server`] puts the centre behind web pages instead, with the real
//! library in them.

mod centre;
mod contact;
mod error;
mod instance;
mod library;
mod server;

pub use centre::{Centre, News, Offer};
pub use error::AmazonError;
pub use library::{call, news};
pub use server::{ApiRequest, CentreGuard, Options, Panel, Server, now};
