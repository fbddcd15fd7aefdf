//! The stand-in contact centre itself: what it tells, and what it refuses.
#![cfg(target_os = "linux")]

mod browser;
mod centre;
mod stage;
