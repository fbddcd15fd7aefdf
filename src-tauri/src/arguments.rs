//! The command line. The man page and the completions of shells are made from it, too.

use clap::Parser;
use offhook_core::Intent;

/// Offhook, a softphone in the tray.
#[derive(Clone, Debug, Parser)]
#[command(name = "offhook", version)]
pub struct Arguments {
    /// Practise with a simulated contact centre, whatever the settings say
    #[arg(long, value_name = "SCENARIO")]
    pub practice: Option<Option<String>>,

    /// Start in the tray, without showing the window
    #[arg(long, group = "beginning")]
    pub hidden: bool,

    /// Show the window (the default), also of a phone that runs already
    #[arg(long, group = "beginning")]
    pub show: bool,

    /// Start as the system does at login: in the tray, and never showing a phone that runs already
    #[arg(long, group = "beginning")]
    pub at_login: bool,
}

impl Arguments {
    /// What the phone is asked to do, be it just started or running already.
    pub(crate) fn intent(&self) -> Option<Intent> {
        let quiet = self.hidden || self.at_login;
        (!quiet).then_some(Intent::Show)
    }
}

#[cfg(test)]
mod tests {
    use clap::{CommandFactory, error::ErrorKind};

    use super::*;

    fn parse(arguments: &[&str]) -> clap::error::Result<Arguments> {
        Arguments::try_parse_from(["offhook"].iter().chain(arguments))
    }

    #[test]
    fn the_definition_is_sound() {
        Arguments::command().debug_assert();
    }

    #[test]
    fn the_window_is_shown_unless_it_is_to_stay_hidden() {
        let intent = |arguments: &[&str]| parse(arguments).unwrap().intent();
        assert_eq!(intent(&[]), Some(Intent::Show));
        assert_eq!(intent(&["--show"]), Some(Intent::Show));
        assert_eq!(intent(&["--practice", "idle"]), Some(Intent::Show));
        assert_eq!(intent(&["--hidden"]), None);
        assert_eq!(intent(&["--at-login"]), None);
    }

    #[test]
    fn there_is_one_way_to_begin() {
        let refused = parse(&["--hidden", "--show"]).unwrap_err();
        assert_eq!(refused.kind(), ErrorKind::ArgumentConflict);
    }
}
