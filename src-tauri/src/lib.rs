//! The desktop shell: the window, the tray icon, notifications and the ringtone.
//!
//! The only crate that knows tauri. It decides nothing: the engine tells it through the trait
//! [`Shell`](offhook_engine::Shell) what to show and do, and it hands what a person clicks back as an
//! [`Intent`](offhook_core::Intent). What takes time runs elsewhere: menus and windows on the main
//! thread, notifications in a task, the ringtone in a thread.
#![warn(missing_docs)]

mod app;
mod arguments;
mod commands;
mod desktop;
mod door;
mod login;
pub mod notifier;
mod panel;
mod platform;
mod question;
mod restart;
pub mod ringer;
mod tray;
mod update;
mod window;

pub use app::{StartProblem, run};
pub use arguments::Arguments;
