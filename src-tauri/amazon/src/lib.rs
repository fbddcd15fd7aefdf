//! Amazon Connect Streams to bus events, and bus requests to Streams calls.
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
