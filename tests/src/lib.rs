//! What the real phone is tried with: a virtual desktop on which it is started, seen and operated like
//! a person would, a stand-in of the contact centre's pages, and a real broker.
//!
//! A [`Session`] is a desktop of its own: display, session bus, window manager, panel with a tray,
//! notifications, home folder. An [`App`] is the phone running on it, its [`Window`] reached through
//! WebDriver, its [`Tray`] through the session bus. Sessions know nothing of each other and end
//! without leaving a process behind, so tests run side by side.
#![warn(missing_docs)]
#![cfg(target_os = "linux")]

mod app;
pub mod broker;
mod chromium;
mod engine;
mod environment;
mod notifications;
mod page;
mod portal;
mod process;
pub mod proxy;
mod publisher;
mod screen;
mod session;
pub mod stand_in;
mod tray;
mod wait;
mod window;
mod wine;

pub use app::App;
pub use chromium::{Chromium, Permission, Site};
pub use engine::Engine;
pub use environment::program;
pub use notifications::{Notifications, Raised};
pub use page::Page;
pub use portal::{ColorScheme, Portal};
pub use process::Process;
pub use publisher::Publisher;
pub use screen::{Place, Screen, XWindow};
pub use session::{Daemon, Session, Setup, Theme};
pub use tray::{Appearing, Line, Tray};
pub use wait::{DEADLINE, until};
pub use window::{ESCAPE, Seen, Window};
pub use wine::{Content, Wine};
