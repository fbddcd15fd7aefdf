//! The client for web pages in a real browser, on a page of another origin, with the real phone.
#![cfg(target_os = "linux")]

mod calls;
mod connected_apps;
mod connection;
mod obstacles;
mod stage;
