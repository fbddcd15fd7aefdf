//! The connector, seen from the bus and from the panel's page.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test")]

mod agent;
mod calls;
mod conformity;
mod health;
mod kinds;
mod microphone;
mod model;
mod outcomes;
mod parties;
mod redaction;
mod requests;
mod shapes;
mod stage;
mod streams;
