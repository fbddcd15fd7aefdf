//! The engine.
#![warn(missing_docs)]

pub mod settings;
mod shell;

pub use shell::{Headless, Shell};
