//! One man page for a command and its subcommands.

use std::io::{self, Write};

use clap::Command;
use clap_mangen::{
    Man,
    roff::{Roff, bold, roman},
};

/// Renders the page. `sections`, in roff, comes last: what a definition of a command line cannot tell.
pub(crate) fn page(command: Command, sections: &str) -> io::Result<Vec<u8>> {
    let mut command = command.disable_help_subcommand(true);
    command.build();
    let man = Man::new(command.clone());
    let mut page = Vec::new();
    man.render_title(&mut page)?;
    man.render_name_section(&mut page)?;
    man.render_synopsis_section(&mut page)?;
    man.render_description_section(&mut page)?;
    man.render_options_section(&mut page)?;
    if command.has_subcommands() {
        Roff::new()
            .control("SH", ["COMMANDS"])
            .to_writer(&mut page)?;
        for subcommand in command.get_subcommands() {
            render_subcommand(subcommand, &mut page)?;
        }
    }
    if let Some(codes) = command.get_after_help() {
        render_exit_codes(&codes.to_string(), &mut page)?;
    }
    page.write_all(sections.as_bytes())?;
    Ok(page)
}

/// A subsection with what the subcommand adds to the command.
fn render_subcommand(subcommand: &Command, page: &mut Vec<u8>) -> io::Result<()> {
    let subcommand = subcommand.clone().mut_args(|argument| {
        let is_known = argument.is_global_set() || argument.get_id() == "help";
        argument.hide(is_known)
    });
    Roff::new()
        .control("SS", [subcommand.get_name()])
        .to_writer(page)?;
    let man = Man::new(subcommand.clone());
    render_body(page, |out| man.render_synopsis_section(out))?;
    Roff::new().control("PP", []).to_writer(page)?;
    render_body(page, |out| man.render_description_section(out))?;
    render_body(page, |out| man.render_options_section(out))
}

/// Renders a section without its heading.
fn render_body(
    page: &mut Vec<u8>,
    render: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> io::Result<()> {
    let mut section = Vec::new();
    render(&mut section)?;
    let section = String::from_utf8_lossy(&section);
    let body = section
        .split_once(".SH ")
        .and_then(|(_, from_heading)| from_heading.split_once('\n'));
    page.write_all(body.map_or("", |(_, body)| body).as_bytes())
}

/// The lines `  CODE  MEANING` of what `--help` says last.
fn render_exit_codes(help: &str, page: &mut Vec<u8>) -> io::Result<()> {
    let mut section = Roff::new();
    section.control("SH", ["EXIT STATUS"]);
    let codes = help.lines().filter_map(|line| line.trim().split_once("  "));
    for (code, meaning) in codes {
        section
            .control("TP", [])
            .text([bold(code)])
            .text([roman(meaning)]);
    }
    section.to_writer(page)
}

#[cfg(test)]
mod tests {
    use clap::{Arg, ArgAction, Command};

    use super::page;

    fn phone() -> Command {
        let json = Arg::new("json").long("json").help("Print JSON");
        let number = Arg::new("number").help("Who to call").required(true);
        Command::new("phone")
            .about("Calls people")
            .after_help("Exit codes:\n  0  done\n  4  no answer")
            .arg(json.action(ArgAction::SetTrue).global(true))
            .subcommand(Command::new("dial").about("Call a number").arg(number))
    }

    #[test]
    fn a_subcommand_is_told_with_what_it_adds() {
        let page = String::from_utf8(page(phone(), "").unwrap()).unwrap();
        let (_, dial) = page.split_once(".SS dial\n").unwrap();
        assert!(dial.contains("Call a number"));
        assert!(dial.contains("Who to call"));
        assert!(!dial.contains("Print JSON"));
        assert_eq!(page.matches("Print JSON").count(), 1);
    }

    #[test]
    fn exit_codes_and_further_sections_come_last() {
        let page = String::from_utf8(page(phone(), ".SH FILES\nNone.\n").unwrap()).unwrap();
        assert!(page.contains("\\fB4\\fR\nno answer"));
        assert!(page.ends_with(".SH FILES\nNone.\n"));
    }
}
