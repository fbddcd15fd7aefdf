//! The command line. The man page and the completions of shells are made from it, too.

use clap::{
    Parser,
    builder::{OsStringValueParser, TypedValueParser},
};
use offhook_core::Intent;
use offhook_protocol::Personal;

/// Offhook, a softphone in the tray.
#[derive(Clone, Debug, Parser)]
#[command(name = "offhook", version)]
pub struct Arguments {
    // Whatever it is: what is wrong with it is told by the phone, because nobody sees a terminal.
    /// Open a tel: or callto: link: its number is filled in, and dialled when you say so
    #[arg(
        value_name = "LINK",
        group = "beginning",
        value_parser = OsStringValueParser::new()
            .map(|link| Personal::new(link.to_string_lossy())),
    )]
    pub link: Option<Personal>,

    /// Open the page to dial a number
    #[arg(long, group = "beginning")]
    pub dial: bool,

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
        if self.hidden || self.at_login {
            return None;
        }
        Some(match &self.link {
            Some(link) => Intent::OpenLink(link.clone()),
            None if self.dial => Intent::ShowDial,
            None => Intent::Show,
        })
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
    fn a_link_is_handed_on_as_it_is() {
        let opened = |link: &str| Some(Intent::OpenLink(link.into()));
        for link in ["tel:+44%2020;ext=1", "callto:+44 20", "anything", ""] {
            assert_eq!(parse(&[link]).unwrap().intent(), opened(link));
            assert_eq!(parse(&["--", link]).unwrap().intent(), opened(link));
        }
        assert_eq!(
            parse(&["--", "--hidden"]).unwrap().intent(),
            opened("--hidden")
        );
        assert_eq!(parse(&["--dial"]).unwrap().intent(), Some(Intent::ShowDial));
    }

    #[cfg(unix)]
    #[test]
    fn a_link_that_is_no_text_is_handed_on_as_well() {
        use std::{ffi::OsStr, os::unix::ffi::OsStrExt};

        let arguments = [OsStr::new("offhook"), OsStr::from_bytes(b"tel:\xff")];
        let intent = Arguments::try_parse_from(arguments).unwrap().intent();
        assert_eq!(intent, Some(Intent::OpenLink("tel:\u{fffd}".into())));
    }

    #[test]
    fn there_is_one_way_to_begin() {
        for two in [
            ["--hidden", "--show"],
            ["--at-login", "tel:4711"],
            ["--dial", "tel:4711"],
        ] {
            let refused = parse(&two).unwrap_err();
            assert_eq!(refused.kind(), ErrorKind::ArgumentConflict);
        }
    }
}
