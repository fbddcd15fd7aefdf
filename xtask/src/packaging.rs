//! A quick look at what desktops and people read of the packages.

use std::env;

use anyhow::{Result, bail};
use xshell::{Cmd, cmd};

use crate::steps::{Project, announce};

/// Checks the desktop files, the description for software centres and the man pages with the tools that know
/// their rules. The files are for Linux, and so are the tools.
pub(crate) fn check(project: &Project) -> Result<()> {
    if env::consts::OS != "linux" {
        return Ok(());
    }
    announce("looking at the desktop files and the man pages");
    let shell = &project.shell;
    let _in_packaging = shell.push_dir(project.packaging());
    let id = "io.github.offhook.Offhook";
    complains_not(cmd!(
        shell,
        "desktop-file-validate linux/{id}.desktop linux/autostart/{id}.desktop"
    ))?;
    complains_not(cmd!(
        shell,
        "appstreamcli validate --no-net linux/{id}.metainfo.xml"
    ))?;
    for page in ["man/offhook.1", "man/offhookctl.1"] {
        complains_not(cmd!(shell, "groff -mandoc -Tutf8 -ww -z {page}"))?;
    }
    Ok(())
}

/// An error with all that the tool says, if it fails or warns.
fn complains_not(tool: Cmd<'_>) -> Result<()> {
    let name = tool.to_string();
    let output = tool.quiet().ignore_status().output()?;
    if output.status.success() && output.stderr.is_empty() {
        return Ok(());
    }
    let said = [output.stdout, output.stderr].concat();
    bail!("{name}:\n{}", String::from_utf8_lossy(&said))
}

#[cfg(all(test, unix))]
mod tests {
    use xshell::{Shell, cmd};

    use super::complains_not;

    #[test]
    fn a_failure_and_a_warning_are_told_in_the_tools_words() {
        let shell = Shell::new().unwrap();
        let told = |script: &str| {
            let refused = complains_not(cmd!(shell, "sh -c {script}"));
            refused.unwrap_err().to_string()
        };
        assert!(told("echo no such key; exit 1").contains("no such key"));
        assert!(told("echo bad macro >&2").contains("bad macro"));
        assert!(complains_not(cmd!(shell, "sh -c 'echo fine'")).is_ok());
    }
}
