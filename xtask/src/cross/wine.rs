//! A Windows of our own: wine's folder, away from the person's.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use xshell::{Cmd, cmd};

use crate::steps::Project;

/// Where Rust's standard library takes its randomness from, which wine before 9 does not have.
const RANDOMNESS: &str = "\
#include <windows.h>
#include <ntsecapi.h>
__declspec(dllexport) BOOL ProcessPrng(PBYTE bytes, SIZE_T count)
{
    return RtlGenRandom(bytes, (ULONG) count);
}
";

/// What programs need to run under wine.
pub(super) struct Wine {
    prefix: PathBuf,
    libraries: PathBuf,
}

impl Wine {
    /// A fresh one in `folder`, in which nothing was ever installed.
    pub(super) fn new(project: &Project, folder: &Path) -> Result<Self> {
        let wine = Self {
            prefix: folder.join("prefix"),
            libraries: folder.join("libraries"),
        };
        if wine.prefix.exists() {
            fs::remove_dir_all(&wine.prefix)?;
        }
        fs::create_dir_all(&wine.libraries)?;
        let source = wine.libraries.join("randomness.c");
        let library = wine.libraries.join("bcryptprimitives.dll");
        fs::write(&source, RANDOMNESS)?;
        let shell = &project.shell;
        cmd!(
            shell,
            "x86_64-w64-mingw32-gcc -shared -o {library} {source} -ladvapi32"
        )
        .quiet()
        .run()?;
        wine.around(cmd!(shell, "wine wineboot --init"))
            .quiet()
            .ignore_stderr()
            .run()?;
        Ok(wine)
    }

    /// The command, so that what it starts under wine lives here.
    pub(super) fn around<'shell>(&self, command: Cmd<'shell>) -> Cmd<'shell> {
        command
            .env("WINEPREFIX", &self.prefix)
            // Searched as Windows' own PATH, also for libraries; the root of this machine is its drive Z.
            .env("WINEPATH", format!("Z:{}", self.libraries.display()))
            .env("WINEDEBUG", "-all")
            // No offer to install .NET and a browser, no icons on the person's own desktop.
            .env("WINEDLLOVERRIDES", "mscoree,mshtml,winemenubuilder.exe=")
    }
}
