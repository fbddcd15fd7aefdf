//! The project's own build steps, the same for people and CI.
//!
//! Each command installs what it misses first.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a command-line tool talks on its standard streams"
)]

mod bench;
mod bundle;
mod ci;
mod connector_page;
mod cross;
mod gaps;
mod install_test;
mod manifest;
mod notices;
mod packaging;
mod purity;
mod reproduce;
mod run;
mod sbom;
mod setup;
mod steps;
mod supply;
mod test;
mod tools;
mod totals;
mod workflows;

use std::{env, process::ExitCode};

use anyhow::{Result, bail};

use crate::steps::Project;

const USAGE: &str = "\
Usage: cargo xtask COMMAND

  run [ARG...]  build and start Offhook in practice mode; ARGs go to it.
                Without a display: play one call on a virtual one, with pictures
  test          every test, after a quick look at the formatting and the pure crates
  ci [--no-packages]
                every lint, what comes from others, every test, and the packages
  bench [--strict] [SECTION...]
                measure a release build against its budgets: core, engine, startup,
                desktop, footprint, amazon, or all. With --strict it fails if one is exceeded
  bundle [FORMAT...] [--version VERSION]
                make what people install on this system, in target/bundle. On Linux:
                deb, rpm, tar, and on demand appimage
  install-test [--deb FILE] [--mirror URL] [SUITE...]
                install, use, upgrade and remove the .deb in clean systems of Debian:
                bookworm and trixie, or SUITE. Needs root, or sudo, and a network
  supply        known holes, licences and origins of what comes from others, and the
                workflows: a part of `ci`
  notices       write whose work is shipped, and under which terms, to
                target/THIRD-PARTY-NOTICES.txt
  reproduce     build the .deb of the last commit twice, in two clones, and compare
  sbom          write what the programs and the window are made of, as CycloneDX, to
                target/sbom
  cross         on Linux: check every line for Windows and macOS, and try the tests, the
                phone and its installers for Windows under wine
  connector-page --instance URL [--login-url URL] [--out DIR]
                write the page that embeds the panel of an Amazon Connect instance, for a
                web server of your own, to target/connector-page or DIR
  manifest --version VERSION --artifacts DIR --base-url URL [--notes FILE]
                announce a release to the phones that are out there: sign the packages in DIR
                that the phone's updater installs, and write latest.json and its signature
                there. The key is in TAURI_SIGNING_PRIVATE_KEY (and _PASSWORD)

Each installs the system packages that it misses and says which and why.";

fn main() -> ExitCode {
    let arguments: Vec<String> = env::args().skip(1).collect();
    match command(&arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

fn command(arguments: &[String]) -> Result<()> {
    let Some((command, rest)) = arguments.split_first() else {
        bail!("no command given\n\n{USAGE}");
    };
    let project = Project::find()?;
    match (command.as_str(), rest) {
        ("run", rest) => run::run(&project, rest),
        ("test", []) => test::test(&project),
        ("ci", rest) => ci::ci(&project, rest),
        ("bench", rest) => bench::bench(&project, rest),
        ("install-test", rest) => install_test::install_test(&project, rest),
        ("bundle", rest) => bundle::bundle(&project, rest),
        ("supply", []) => supply::supply(&project),
        ("sbom", []) => sbom::sbom(&project),
        ("notices", []) => notices::notices(&project),
        ("reproduce", []) => reproduce::reproduce(&project),
        ("cross", []) => cross::cross(&project),
        ("manifest", rest) => manifest::manifest(rest),
        ("connector-page", rest) => connector_page::connector_page(&project, rest),
        ("help" | "--help" | "-h", []) => {
            println!("{USAGE}");
            Ok(())
        }
        _ => bail!("`{}` is not a command\n\n{USAGE}", arguments.join(" ")),
    }
}
