//! `cargo xtask bundle`: what people install, made from release binaries.

mod build;
mod linux;
mod macos;
mod tauri;
mod windows;

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result, bail};
use xshell::cmd;

pub(crate) use build::version;

use crate::{
    notices,
    setup::{self, Need},
    steps::{Project, announce},
};

const USAGE: &str = "\
Usage: cargo xtask bundle [FORMAT...] [--version VERSION]

  FORMAT             on Linux: deb, rpm, tar, appimage; on Windows: nsis, msi; on macOS:
                     dmg. Without one: all but the AppImage
  --version VERSION  packs the same programs under another version, to try an upgrade";

/// One system's way to make what people install there.
struct Platform {
    /// Puts every file into the place it has when it is installed, below [`Bundle::stage`].
    stage: fn(&Bundle<'_>) -> Result<()>,
    formats: &'static [Format],
}

/// One kind of file that people install.
struct Format {
    /// Its name on the command line.
    name: &'static str,
    /// Whether it is made without being asked for.
    usual: bool,
    /// Makes it from the stage, and says where it lies.
    make: fn(&Bundle<'_>) -> Result<PathBuf>,
}

impl Platform {
    fn this() -> Result<Self> {
        match env::consts::OS {
            "linux" => Ok(linux::PLATFORM),
            "macos" => Ok(macos::PLATFORM),
            "windows" => Ok(windows::PLATFORM),
            other => bail!("nobody has written how to make installers for {other}"),
        }
    }

    /// The formats of these names, or the usual ones.
    fn choose(&self, names: &[String]) -> Result<Vec<&'static Format>> {
        if names.is_empty() {
            return Ok(self.formats.iter().filter(|format| format.usual).collect());
        }
        let find = |name: &String| {
            let found = self.formats.iter().find(|format| format.name == name);
            found.with_context(|| format!("`{name}` is not made on this system\n\n{USAGE}"))
        };
        names.iter().map(find).collect()
    }
}

/// What is being made.
struct Bundle<'a> {
    project: &'a Project,
    version: String,
    /// Where it all goes: `target/bundle`.
    folder: PathBuf,
    /// Seconds since 1970: the one time that everything packed is given, so that the same sources make the
    /// same bytes (<https://reproducible-builds.org/specs/source-date-epoch/>).
    epoch: String,
}

impl Bundle<'_> {
    /// The tree of the files as they are installed.
    fn stage(&self) -> PathBuf {
        self.folder.join("stage")
    }

    /// Whose work is in the programs, and under which terms.
    fn notices(&self) -> PathBuf {
        self.folder.join("THIRD-PARTY-NOTICES.txt")
    }

    /// A release binary.
    fn program(&self, name: &str) -> Result<PathBuf> {
        build::program(self.project, name)
    }

    /// An empty folder to work in.
    fn workshop(&self, name: &str) -> Result<PathBuf> {
        let folder = self.folder.join(name);
        empty(&folder)?;
        Ok(folder)
    }
}

/// Makes the formats that are asked for, in `target/bundle`.
pub(crate) fn bundle(project: &Project, arguments: &[String]) -> Result<()> {
    if let [option] = arguments
        && matches!(option.as_str(), "--help" | "-h")
    {
        println!("{USAGE}");
        return Ok(());
    }
    let wish = Wish::read(arguments)?;
    let platform = Platform::this()?;
    let formats = platform.choose(&wish.formats)?;
    setup::setup(project, Need::Bundle)?;

    let bundle = Bundle {
        project,
        version: wish.version.map_or_else(|| version(project), Ok)?,
        folder: project.target.join("bundle"),
        epoch: epoch(project)?,
    };
    build::build(&bundle)?;
    notices::write(project, &bundle.notices())?;
    announce("laying out what is installed");
    empty(&bundle.stage())?;
    (platform.stage)(&bundle)?;
    for format in formats {
        announce(&format!("making the {}", format.name));
        let made = (format.make)(&bundle)?;
        println!("{}", made.display());
    }
    Ok(())
}

/// Makes the setup and the .msi for Windows, on any system, from programs for debugging that lie in a folder.
/// To be tried, not shipped: they are neither as small as can be, nor do they tell whose work is in them.
pub(crate) fn for_windows(
    project: &Project,
    programs: &Path,
    version: &str,
    folder: PathBuf,
) -> Result<[PathBuf; 2]> {
    let bundle = Bundle {
        project,
        version: version.to_owned(),
        folder,
        epoch: epoch(project)?,
    };
    empty(&bundle.stage())?;
    fs::write(bundle.notices(), "Not for shipping.\n")?;
    windows::stage(&bundle, programs)?;
    Ok([windows::setup(&bundle, "zlib")?, windows::msi(&bundle)?])
}

/// What the command was asked for.
#[derive(Debug, Default, PartialEq, Eq)]
struct Wish {
    formats: Vec<String>,
    version: Option<String>,
}

impl Wish {
    fn read(arguments: &[String]) -> Result<Self> {
        let mut wish = Self::default();
        let mut rest = arguments.iter();
        while let Some(argument) = rest.next() {
            match argument.as_str() {
                "--version" => {
                    let version = rest.next().context("--version needs a value")?;
                    if !is_version(version) {
                        bail!("`{version}` is not a version such as 1.2.3 or 1.2.3+1");
                    }
                    wish.version = Some(version.clone());
                }
                option if option.starts_with('-') => {
                    bail!("`{option}` is not an option of bundle\n\n{USAGE}")
                }
                format => wish.formats.push(format.to_owned()),
            }
        }
        Ok(wish)
    }
}

/// Whether packages, and the names of files, may have this version.
fn is_version(text: &str) -> bool {
    text.starts_with(|first: char| first.is_ascii_digit())
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ".+-".contains(c))
}

/// The time of the last commit, unless the environment names one.
fn epoch(project: &Project) -> Result<String> {
    if let Ok(epoch) = env::var("SOURCE_DATE_EPOCH") {
        return Ok(epoch);
    }
    cmd!(project.shell, "git log -1 --format=%ct")
        .quiet()
        .read()
        .context("outside a git checkout, set SOURCE_DATE_EPOCH to the time of the sources")
}

fn empty(folder: &Path) -> Result<()> {
    if folder.exists() {
        fs::remove_dir_all(folder)?;
    }
    Ok(fs::create_dir_all(folder)?)
}

#[cfg(test)]
mod tests {
    use super::{Wish, linux};

    fn read(arguments: &[&str]) -> anyhow::Result<Wish> {
        let arguments: Vec<String> = arguments.iter().map(ToString::to_string).collect();
        Wish::read(&arguments)
    }

    #[test]
    fn formats_and_a_version_are_read() {
        let wish = read(&["deb", "--version", "1.2.3+1", "rpm"]).unwrap();
        assert_eq!(wish.formats, ["deb", "rpm"]);
        assert_eq!(wish.version.as_deref(), Some("1.2.3+1"));
    }

    #[test]
    fn an_unknown_option_and_a_missing_value_are_named() {
        let told = |arguments: &[&str]| read(arguments).unwrap_err().to_string();
        assert!(told(&["--fast"]).contains("--fast"));
        assert!(told(&["deb", "--version"]).contains("--version"));
        assert!(told(&["--version", "../1"]).contains("../1"));
    }

    #[test]
    fn without_a_name_the_usual_formats_are_made() {
        let names = |wanted: &[&str]| -> anyhow::Result<Vec<&str>> {
            let wanted: Vec<String> = wanted.iter().map(ToString::to_string).collect();
            let formats = linux::PLATFORM.choose(&wanted)?;
            Ok(formats.iter().map(|format| format.name).collect())
        };
        assert_eq!(names(&[]).unwrap(), ["deb", "rpm", "tar"]);
        assert_eq!(names(&["appimage"]).unwrap(), ["appimage"]);
        assert!(names(&["dmg"]).unwrap_err().to_string().contains("dmg"));
    }
}
