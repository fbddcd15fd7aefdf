//! Checks the workflows in `.github`: that GitHub understands them (actionlint), and that nobody else gets
//! at what they may do (zizmor).

use std::{fs, path::PathBuf};

use anyhow::{Context, Result};
use xshell::cmd;

use crate::{
    gaps::Gaps,
    steps::{Project, announce},
    tools,
};

/// The version that Go builds; its checksum database knows the sources.
const ACTIONLINT: &str = "1.7.12";

/// The version of zizmor, and what its files hash to.
const ZIZMOR: &str = ".github/requirements.txt";

/// Looks at all workflows.
pub(crate) fn check(project: &Project, gaps: &mut Gaps) -> Result<()> {
    let shell = &project.shell;
    match actionlint(project) {
        Ok(actionlint) => {
            announce("checking the workflows");
            cmd!(shell, "{actionlint}").run()?;
        }
        Err(error) => gaps.note("whether GitHub understands the workflows", &error)?,
    }
    match zizmor(project) {
        Ok(zizmor) => {
            announce("checking what the workflows may do");
            // With a GH_TOKEN in the environment it also asks GitHub about the actions.
            cmd!(
                shell,
                "{zizmor} --quiet --strict-collection --persona auditor .github"
            )
            .run()?;
        }
        Err(error) => gaps.note("what the workflows may do", &error)?,
    }
    Ok(())
}

fn actionlint(project: &Project) -> Result<PathBuf> {
    let folder = tools::folder(project).join(format!("actionlint-{ACTIONLINT}"));
    let program = folder.join(tools::file_name("actionlint"));
    if !program.exists() {
        announce(&format!(
            "building actionlint {ACTIONLINT}, to check the workflows"
        ));
        let package = format!("github.com/rhysd/actionlint/cmd/actionlint@v{ACTIONLINT}");
        cmd!(project.shell, "go install {package}")
            .env("GOBIN", &folder)
            .run()
            .context("actionlint needs Go 1.21 or newer and its module proxy")?;
    }
    Ok(program)
}

/// Installs zizmor into a Python environment of its own, named after what is to be in it.
fn zizmor(project: &Project) -> Result<PathBuf> {
    let requirements = project.root.join(ZIZMOR);
    let wanted = fs::read_to_string(&requirements)?;
    let folder = tools::folder(project).join("zizmor");
    let installed = folder.join("installed.txt");
    let programs = folder.join(if cfg!(windows) { "Scripts" } else { "bin" });
    if fs::read_to_string(&installed).ok().as_ref() != Some(&wanted) {
        announce("installing zizmor, to check the workflows");
        let shell = &project.shell;
        let python = if cfg!(windows) { "python" } else { "python3" };
        cmd!(shell, "{python} -m venv --clear {folder}").run()?;
        let python = programs.join(tools::file_name("python"));
        cmd!(
            shell,
            "{python} -m pip install --quiet --require-hashes --only-binary :all: --requirement {requirements}"
        )
        .run()
        .context("zizmor comes from PyPI")?;
        fs::write(installed, wanted)?;
    }
    Ok(programs.join(tools::file_name("zizmor")))
}
