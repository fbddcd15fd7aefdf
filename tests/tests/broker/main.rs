//! The way to a broker, tried against Debian's mosquitto with the configuration that Offhook ships.
#![cfg(target_os = "linux")]

mod access;
mod client;
mod command_line;
mod delivery;
mod desks;
mod engine;
mod faults;
mod listeners;
mod presence;
mod reasons;
mod stage;
