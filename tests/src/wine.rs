//! Programs for Windows on the virtual desktop. Where wine lives and what it needs stands in the
//! environment: `cargo xtask cross` sets it up.

use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    ffi::OsStr,
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use anyhow::{Context, Result, ensure};

use crate::{process::Process, session::Session};

/// A Windows on the desktop.
#[derive(Debug)]
pub struct Wine<'s> {
    session: &'s Session,
    settings: BTreeMap<String, String>,
    drive: PathBuf,
}

/// What is installed, and what could be left over.
#[derive(Clone, Debug, Default)]
pub struct Content {
    /// What of the registry names the phone, as `KEY | "NAME"=VALUE`, without what wine keeps there: its
    /// own settings, and the keychain.
    pub registry: BTreeSet<String>,
    /// The files, but for Windows' own and temporary ones, named as on Windows.
    pub files: BTreeSet<String>,
}

impl<'s> Wine<'s> {
    /// The one that the environment names.
    pub fn new(session: &'s Session) -> Result<Self> {
        let settings: BTreeMap<String, String> = env::vars()
            .filter(|(name, _)| name.starts_with("WINE"))
            .collect();
        let prefix = settings
            .get("WINEPREFIX")
            .context("there is no WINEPREFIX: `cargo xtask cross` starts this")?;
        Ok(Self {
            session,
            drive: Path::new(prefix).join("drive_c"),
            settings,
        })
    }

    /// A command that runs a program for Windows.
    pub fn command(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Command {
        let mut command = self.session.command("wine");
        command.envs(&self.settings).arg(program).args(arguments);
        command
    }

    /// Starts a program that is killed when what this returns is dropped.
    pub fn start(&self, program: &str, arguments: &[&str]) -> Result<Process> {
        Process::start(self.command(program, arguments), self.session.logs())
    }

    /// Runs a program to its end and returns its exit code, of which the lowest eight bits get through.
    pub fn code(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Result<u8> {
        let status = self.command(program, arguments).status()?;
        let code = status.code().context("no signal ended it")?;
        Ok(code.try_into()?)
    }

    /// Runs a program that is to succeed, and returns what it printed.
    pub fn read(&self, program: impl AsRef<OsStr>, arguments: &[&str]) -> Result<String> {
        let output = self.command(program, arguments).output()?;
        let printed = String::from_utf8_lossy(&output.stdout).trim().to_owned();
        let complained = String::from_utf8_lossy(&output.stderr);
        ensure!(
            output.status.success(),
            "{arguments:?}: {printed}{complained}"
        );
        Ok(printed)
    }

    /// Where a file of drive C really is.
    pub fn path(&self, name: &str) -> Result<PathBuf> {
        let below = name.strip_prefix(r"C:\").context("there is one drive")?;
        Ok(self.drive.join(below.replace('\\', "/")))
    }

    /// What is in the registry and on the drive.
    pub fn content(&self) -> Result<Content> {
        let mut content = Content::default();
        for hive in [r"HKLM\Software", r"HKCU\Software"] {
            let values = values(&self.export(hive)?);
            let names_phone = |value: &String| {
                value.to_lowercase().contains("offhook") && !value.contains(r"\Software\Wine\")
            };
            content
                .registry
                .extend(values.into_iter().filter(names_phone));
        }
        for entry in fs::read_dir(&self.drive)? {
            let entry = entry?;
            if entry.file_name() != "windows" {
                list(&entry.path(), "C:", &mut content.files)?;
            }
        }
        content.files.retain(|file| !file.contains(r"\Temp\"));
        Ok(content)
    }

    /// A part of the registry as a file for its editor.
    fn export(&self, hive: &str) -> Result<String> {
        let file = self.session.logs().join("registry.reg");
        let name = format!("Z:{}", file.display());
        self.read("reg", &["export", hive, &name, "/y"])?;
        let units: Vec<u16> = fs::read(file)?
            .chunks_exact(2)
            .map(|pair| u16::from_le_bytes([pair[0], pair[1]]))
            .collect();
        Ok(String::from_utf16(&units)?)
    }
}

impl Content {
    /// What is here and was not there before.
    pub fn since(&self, before: &Self) -> Self {
        Self {
            registry: &self.registry - &before.registry,
            files: &self.files - &before.files,
        }
    }
}

/// The values of a part of the registry, each with its key.
fn values(exported: &str) -> Vec<String> {
    let mut key = "";
    let mut values = Vec::new();
    for line in exported.lines().filter(|line| !line.is_empty()) {
        match line.strip_prefix('[') {
            Some(name) => key = name.trim_end_matches(']'),
            None => values.push(format!("{key} | {line}")),
        }
    }
    values
}

/// The files at and below a path that lies in `folder`.
fn list(path: &Path, folder: &str, files: &mut BTreeSet<String>) -> Result<()> {
    let name = path.file_name().context("a file has a name")?;
    let name = format!(r"{folder}\{}", name.display());
    // What people keep elsewhere is only linked to.
    if path.is_symlink() || path.is_file() {
        files.insert(name);
    } else {
        for entry in fs::read_dir(path)? {
            list(&entry?.path(), &name, files)?;
        }
    }
    Ok(())
}
