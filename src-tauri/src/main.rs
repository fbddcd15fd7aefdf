//! Starts the phone.
#![cfg_attr(windows, windows_subsystem = "windows")]

use std::process::ExitCode;

use clap::Parser;

/// The exit code when the phone could not start, be it for its arguments or its surroundings.
const NOT_STARTED: u8 = 2;

/// Offhook, a softphone in the tray.
#[derive(Parser)]
#[command(version)]
struct Arguments {
    /// Practise with a simulated contact centre, whatever the settings say
    #[expect(
        clippy::option_option,
        reason = "absent, without a scenario, and with one are three things"
    )]
    #[arg(long, value_name = "SCENARIO")]
    practice: Option<Option<String>>,

    /// Start in the tray, without showing the window
    #[arg(long, conflicts_with = "show")]
    hidden: bool,

    /// Show the window (the default), also of a phone that runs already
    #[arg(long)]
    show: bool,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let options = offhook_desktop::Options {
        practice: arguments.practice,
        hidden: arguments.hidden,
    };
    match offhook_desktop::run(options) {
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
