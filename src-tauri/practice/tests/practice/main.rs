//! The contact centre, seen from the bus alone.
#![expect(clippy::unwrap_used, reason = "what is missing here fails the test")]

mod agent;
mod buttons;
mod calls;
mod conformity;
mod consultation;
mod disturbances;
mod model;
mod refusals;
mod scenarios;
mod stage;
