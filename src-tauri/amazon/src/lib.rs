//! Amazon Connect Streams to bus events, and bus requests to Streams calls.
#![warn(missing_docs)]

pub mod page;
mod panel;
mod snapshot;

pub use panel::{Order, Probe, Seen, Setup, Way};
pub use snapshot::Update;
