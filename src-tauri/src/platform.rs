//! The questions whose answer differs between operating systems, and small enough to have no better
//! place. Larger differences live beside what they belong to.

#[cfg(all(unix, not(target_os = "macos")))]
#[path = "platform/freedesktop.rs"]
mod system;

#[cfg(not(all(unix, not(target_os = "macos"))))]
#[path = "platform/elsewhere.rs"]
mod system;

pub(crate) use system::*;
