//! The man page and the completions that are installed with the phone.

use clap::CommandFactory;
use offhook_desktop::Arguments;

#[test]
fn the_man_page_and_the_completions_fit() {
    offhook_manual::check(Arguments::command());
}
