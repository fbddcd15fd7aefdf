//! What can be said on the command line.

use std::time::Duration;

use clap::{Parser, Subcommand};
use offhook_protocol::Personal;

use crate::broker::BrokerArguments;

/// Asks the running Offhook to do something, and waits until it is done.
#[derive(Debug, Parser)]
#[command(name = "offhookctl", version, after_help = EXIT_CODES)]
pub(crate) struct Arguments {
    /// Print one line of JSON instead of sentences
    #[arg(long, global = true)]
    pub(crate) json: bool,

    /// How long to wait for the contact centre
    #[arg(long, global = true, value_name = "SECONDS", default_value = "10", value_parser = seconds)]
    pub(crate) timeout: Duration,

    #[command(subcommand)]
    pub(crate) command: Command,
}

const EXIT_CODES: &str = "\
Exit codes:
  0  done
  1  refused or failed; the reason was printed
  2  the command line is wrong
  3  Offhook is not running, or it or the broker cannot be reached
  4  no answer in time";

#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Show the agent, the link and the calls
    Status,
    #[command(flatten)]
    Act(Act),
    /// Send one envelope from standard input, and print what comes back
    Send {
        /// Must be -
        #[arg(value_parser = ["-"])]
        from: String,
    },
    /// Print every envelope on the bus, one JSON line each, until interrupted
    Tail,
    /// Run the phone without a display: prints {"url": ...} when it is ready, ends on SIGTERM
    Engine {
        /// Practise, whatever the settings say; with this built-in scenario or file, or the usual one
        #[expect(
            clippy::option_option,
            reason = "absent, without a scenario, and with one are three things"
        )]
        #[arg(long, value_name = "SCENARIO")]
        practice: Option<Option<String>>,
    },
    /// Show who is in which state for how long, as the company's broker tells it, until interrupted
    Watch {
        #[command(flatten)]
        broker: BrokerArguments,
        /// This agent alone, and every event
        #[arg(long, value_name = "NAME")]
        agent: Option<String>,
        /// Show the numbers of callers and called
        #[arg(long)]
        show_numbers: bool,
    },
    /// Play many agents that take practice calls, each with a connection to the broker of its own
    Fleet {
        #[command(flatten)]
        broker: BrokerArguments,
        #[command(flatten)]
        plan: FleetPlan,
    },
}

/// How many agents there are, and how busy.
#[derive(Clone, Debug, clap::Args)]
pub(crate) struct FleetPlan {
    /// How many
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u32).range(1..=1_000_000))]
    pub(crate) agents: u32,
    /// How many of them connect in a second
    #[arg(long, value_name = "N", default_value = "200", value_parser = clap::value_parser!(u32).range(1..))]
    pub(crate) connect_rate: u32,
    /// How many calls each takes in an hour, about
    #[arg(long, value_name = "N", default_value = "60", value_parser = clap::value_parser!(u32).range(1..=360))]
    pub(crate) calls_per_hour: u32,
    /// How long it goes on after all were told to connect; until interrupted if absent
    #[arg(long, value_name = "SECONDS", value_parser = seconds)]
    pub(crate) duration: Option<Duration>,
}

/// Something that the contact centre is asked to do.
#[derive(Debug, Subcommand)]
pub(crate) enum Act {
    /// Answer the ringing call
    Answer,
    /// Reject the ringing call
    Reject,
    /// End the call, or the leg that you are talking to
    Hangup,
    /// Put the other party on hold
    Hold,
    /// Take the other party off hold
    Resume,
    /// Leave wrap-up, a missed or a rejected call
    Clear,
    /// Call a number
    Dial {
        /// Spaces, dots, dashes, slashes and brackets are ignored
        #[arg(value_parser = number)]
        number: Personal,
    },
    /// Send digits of the number pad
    Digits {
        /// 0-9, * and #
        #[arg(value_parser = digits)]
        digits: Personal,
    },
    /// Become ready for calls
    Ready,
    /// Become not ready
    NotReady {
        /// A state of the contact centre, e.g. Lunch; its first one that takes no calls if absent
        reason: Option<String>,
    },
}

fn seconds(text: &str) -> Result<Duration, String> {
    let seconds = text.parse().ok().filter(|seconds| *seconds > 0.0);
    seconds
        .and_then(|seconds| Duration::try_from_secs_f64(seconds).ok())
        .ok_or_else(|| "must be a number of seconds above 0".to_owned())
}

fn number(text: &str) -> Result<Personal, String> {
    let number: String = text.chars().filter(|c| !" .-/()".contains(*c)).collect();
    let digits = number.strip_prefix('+').unwrap_or(&number);
    match !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) {
        true => Ok(number.into()),
        false => Err("must be a phone number, e.g. +49 30 1234567".to_owned()),
    }
}

fn digits(text: &str) -> Result<Personal, String> {
    let good = |b: u8| b.is_ascii_digit() || b == b'*' || b == b'#';
    match !text.is_empty() && text.bytes().all(good) {
        true => Ok(text.into()),
        false => Err("must be one or more of 0-9, * and #".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::Arguments;

    #[test]
    fn the_man_page_and_the_completions_fit() {
        offhook_manual::check(Arguments::command());
    }
}
