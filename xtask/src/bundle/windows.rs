//! What people install on Windows: the setup for one person or everybody, and the .msi for everybody.
//!
//! What `OFFHOOK_SIGN` holds is a command that signs the file whose path is put behind it: the programs, the
//! program that removes them, and the installers.

use std::{
    env, fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xshell::cmd;

use super::{Bundle, Format, Platform};

pub(super) const PLATFORM: Platform = Platform {
    stage: |bundle| {
        let offhook = bundle.program("offhook")?;
        let programs = offhook.parent().context("a program lies in a folder")?;
        stage(bundle, programs)
    },
    formats: &[
        Format {
            name: "nsis",
            usual: true,
            make: |bundle| setup(bundle, "lzma"),
        },
        Format {
            name: "msi",
            usual: true,
            make: msi,
        },
    ],
};

/// The library with which programs from GNU's linker find WebView2. Microsoft's links it in.
const LOADER: &str = "WebView2Loader.dll";

/// Lays out what is installed, and the icon that the .msi shows.
pub(super) fn stage(bundle: &Bundle<'_>, programs: &Path) -> Result<()> {
    let stage = bundle.stage();
    for name in ["offhook.exe", "offhookctl.exe", LOADER] {
        let program = programs.join(name);
        if name != LOADER || program.exists() {
            let staged = stage.join(name);
            fs::copy(&program, &staged)
                .with_context(|| format!("{} is missing", program.display()))?;
            sign(bundle, &staged)?;
        }
    }
    let root = &bundle.project.root;
    fs::copy(root.join("LICENSE"), stage.join("LICENSE.txt"))?;
    fs::copy(bundle.notices(), stage.join("THIRD-PARTY-NOTICES.txt"))?;
    fs::copy(root.join("icons/icon.ico"), stage.join("offhook.ico"))?;
    Ok(())
}

/// Makes the setup. NSIS on Windows has no 64-bit setups, and wine64 runs no others.
pub(super) fn setup(bundle: &Bundle<'_>, compression: &str) -> Result<PathBuf> {
    let shell = &bundle.project.shell;
    let script = bundle.project.packaging().join("windows/offhook.nsi");
    let made = bundle
        .folder
        .join(format!("offhook_{}_x64-setup.exe", bundle.version));
    let kind = if cfg!(windows) {
        "x86-unicode"
    } else {
        "amd64-unicode"
    };
    let definitions = [
        ("VERSION", bundle.version.clone()),
        ("NUMBER", number(&bundle.version).to_owned()),
        ("STAGE", bundle.stage().display().to_string()),
        ("OUTPUT", made.display().to_string()),
        ("TARGET", kind.to_owned()),
        ("COMPRESSION", compression.to_owned()),
    ]
    .map(|(name, value)| format!("-D{name}={value}"));
    let signing = signing().map(|command| format!("-DSIGN={command}"));
    cmd!(
        shell,
        "makensis -V2 -WX {definitions...} {signing...} {script}"
    )
    .env("SOURCE_DATE_EPOCH", &bundle.epoch)
    .run()?;
    sign(bundle, &made)?;
    Ok(made)
}

/// Makes the .msi, with WiX on Windows and wixl elsewhere. Both look for the files where they are started.
pub(super) fn msi(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let shell = &bundle.project.shell;
    let source = bundle.project.packaging().join("windows/offhook.wxs");
    let made = bundle
        .folder
        .join(format!("offhook_{}_x64.msi", bundle.version));
    let number = number(&bundle.version);
    let next = next(number)?;
    let loader = bundle.stage().join(LOADER).exists();
    let _in_stage = shell.push_dir(bundle.stage());
    if cfg!(windows) {
        let loader = loader.then_some("-dWebView2Loader=yes");
        let object = bundle.folder.join("offhook.wixobj");
        let [candle, light] = ["candle", "light"].map(wix);
        cmd!(
            shell,
            "{candle} -nologo -arch x64 -dVersion={number} -dNext={next} {loader...} -out {object} {source}"
        )
        .run()?;
        // The first two checks want what is written for each person, and all of it is for everybody. The
        // third wants only lower versions replaced.
        cmd!(
            shell,
            "{light} -nologo -sice:ICE38 -sice:ICE43 -sice:ICE61 -out {made} {object}"
        )
        .run()?;
    } else {
        let loader = loader
            .then_some(["-D", "WebView2Loader=yes"])
            .into_iter()
            .flatten();
        cmd!(
            shell,
            "wixl --arch x64 -D Version={number} -D Next={next} {loader...} --output {made} {source}"
        )
        .run()?;
    }
    sign(bundle, &made)?;
    Ok(made)
}

fn signing() -> Option<String> {
    env::var("OFFHOOK_SIGN").ok()
}

fn sign(bundle: &Bundle<'_>, file: &Path) -> Result<()> {
    let Some(command) = signing() else {
        return Ok(());
    };
    let mut words = command.split_whitespace();
    let program = words.next().context("OFFHOOK_SIGN is empty")?;
    Ok(cmd!(bundle.project.shell, "{program} {words...} {file}").run()?)
}

/// A tool of WiX 3, which notes its place in the environment and not in the search path.
fn wix(tool: &str) -> PathBuf {
    match env::var_os("WIX") {
        Some(folder) => Path::new(&folder).join("bin").join(tool),
        None => tool.into(),
    }
}

/// The part of a version that Windows understands: the number of a pre-release is that of its release.
fn number(version: &str) -> &str {
    let end = version.find(['-', '+']).unwrap_or(version.len());
    &version[..end]
}

/// The lowest number that is higher than this.
fn next(number: &str) -> Result<String> {
    let (start, patch) = number
        .rsplit_once('.')
        .context("a version has more than one part")?;
    let patch: u16 = patch
        .parse()
        .with_context(|| format!("Windows Installer cannot count to `{number}`"))?;
    Ok(format!("{start}.{}", u32::from(patch) + 1))
}

#[cfg(test)]
mod tests {
    use super::{next, number};

    const SETUP: &str = include_str!("../../../src-tauri/packaging/windows/offhook.nsi");

    /// NSIS on Windows takes what is behind the last `\`, and so the whole of `a/b`, for the file's name.
    #[test]
    fn the_setup_finds_its_files_on_windows() {
        let lines = SETUP.lines().map(str::trim);
        let files: Vec<&str> = lines.filter(|line| line.starts_with("File ")).collect();
        assert!(!files.is_empty());
        for file in files {
            assert!(!file.contains('/'), "{file}");
        }
    }

    #[test]
    fn the_next_number_is_one_higher() {
        assert_eq!(next("1.2.9").unwrap(), "1.2.10");
        assert!(next("1.2.70000").unwrap_err().to_string().contains("70000"));
    }

    #[test]
    fn a_pre_release_has_the_number_of_its_release() {
        assert_eq!(number("1.2.3"), "1.2.3");
        assert_eq!(number("1.2.3-beta.1+build"), "1.2.3");
    }
}
