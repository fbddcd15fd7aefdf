//! Starts the phone.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

use clap::Parser;
use offhook_desktop::Arguments;

/// The exit code when the phone could not start, be it for its arguments or its surroundings.
const NOT_STARTED: u8 = 2;

fn main() -> ExitCode {
    match offhook_desktop::run(Arguments::parse()) {
        Ok(()) => ExitCode::SUCCESS,
        Err(problem) => {
            #[expect(clippy::print_stderr, reason = "the person who started it reads this")]
            {
                eprintln!("offhook: {problem}");
            }
            ExitCode::from(NOT_STARTED)
        }
    }
}
