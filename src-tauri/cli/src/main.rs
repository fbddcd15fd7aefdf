//! `offhookctl`: clients of the running phone for the command line. `docs/command-line.md` describes
//! it for people.

mod args;
mod commands;
mod failure;
mod outcome;
mod session;
mod state;

use std::process::ExitCode;

use clap::Parser;

fn main() -> ExitCode {
    let arguments = args::Arguments::parse();
    let outcome = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .map_err(failure::Failure::from)
        .and_then(|runtime| runtime.block_on(commands::run(&arguments)));
    outcome::report(outcome, arguments.json)
}
