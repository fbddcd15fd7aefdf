//! `offhookctl`: clients of the running phone for the command line. `docs/command-line.md` describes
//! it for people.

mod args;
mod broker;
mod commands;
mod failure;
mod outcome;
mod session;
mod state;
mod terminal;

use std::process::ExitCode;

use clap::Parser;
use tokio::runtime::Builder;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    let outcome = runtime(&arguments.command)
        .enable_all()
        .build()
        .map_err(failure::Failure::from)
        .and_then(|runtime| runtime.block_on(commands::run(&arguments)));
    outcome::report(outcome, arguments.json)
}

/// A fleet keeps several processors busy; nothing else does.
fn runtime(command: &args::Command) -> Builder {
    if let args::Command::Fleet { .. } = command {
        Builder::new_multi_thread()
    } else {
        Builder::new_current_thread()
    }
}
