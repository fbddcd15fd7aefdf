//! The .deb, for Debian, Ubuntu and their family.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::Result;
use xshell::cmd;

use super::{super::Bundle, package_version, tree::Tree};
use crate::{setup::is_there, steps::announce};

/// Makes the package from the stage and the files in `packaging/linux/debian`, with dpkg's own tools and in
/// the places where they look without being told.
pub(super) fn make(bundle: &Bundle<'_>) -> Result<PathBuf> {
    let shell = &bundle.project.shell;
    let sources = bundle.project.packaging().join("linux/debian");
    let version = format!("{}-1", package_version(&bundle.version));

    let work = bundle.workshop("deb")?;
    let _in_work = shell.push_dir(&work);
    let debian = work.join("debian");
    fs::create_dir(&debian)?;
    fs::copy(sources.join("control"), debian.join("control"))?;
    fs::write(debian.join("changelog"), changelog(bundle, &version)?)?;

    let stage = bundle.stage();
    cmd!(shell, "cp --archive {stage} debian/tmp")
        .quiet()
        .run()?;
    let tree = Tree::new(shell, debian.join("tmp"))?;
    let place = "usr/share/doc/offhook/changelog.Debian";
    tree.put_data(&debian.join("changelog"), place)?;
    tree.compress(place)?;
    tree.put_data(
        &sources.join("lintian-overrides"),
        "usr/share/lintian/overrides/offhook",
    )?;

    let files = tree.files()?;
    let (settings, others): (Vec<_>, Vec<_>) = files.into_iter().partition(|file| is_setting(file));
    tree.put_program(&sources.join("postrm"), "DEBIAN/postrm")?;
    tree.write("DEBIAN/conffiles", &conffiles(&settings))?;
    tree.write("DEBIAN/md5sums", &md5sums(&tree, &others)?)?;
    write_control(&tree)?;

    let architecture = cmd!(shell, "dpkg --print-architecture").quiet().read()?;
    let name = format!("offhook_{version}_{architecture}.deb");
    let package = bundle.folder.join(name);
    let options = ["--root-owner-group", "-Zxz", "--build"];
    cmd!(shell, "dpkg-deb {options...} debian/tmp {package}")
        .env("SOURCE_DATE_EPOCH", &bundle.epoch)
        .quiet()
        .ignore_stdout()
        .run()?;
    check(bundle, &package)?;
    Ok(package)
}

/// Debian's own; what is new for people is told by the changelog of the sources, which is there too.
fn changelog(bundle: &Bundle<'_>, version: &str) -> Result<String> {
    let date = format!("--date=@{}", bundle.epoch);
    let date = cmd!(bundle.project.shell, "date --utc {date} --rfc-email")
        .quiet()
        .read()?;
    Ok(format!(
        "offhook ({version}) stable; urgency=medium

  * New upstream release.

 -- The Offhook authors <offhook@users.noreply.github.com>  {date}
"
    ))
}

/// Whether an administrator may change the file, and finds it unchanged after an upgrade.
fn is_setting(file: &str) -> bool {
    file.starts_with("etc/")
}

fn conffiles(settings: &[String]) -> String {
    settings.iter().map(|file| format!("/{file}\n")).collect()
}

/// What `dpkg --verify` compares with.
fn md5sums(tree: &Tree<'_>, files: &[String]) -> Result<String> {
    let _in_tree = tree.shell.push_dir(&tree.root);
    let sums = cmd!(tree.shell, "md5sum {files...}").quiet().read()?;
    Ok(format!("{sums}\n"))
}

/// Writes `DEBIAN/control`, with the packages that hold the libraries which the programs are linked to.
fn write_control(tree: &Tree<'_>) -> Result<()> {
    let shell = tree.shell;
    let programs = ["offhook", "offhookctl"].map(|name| tree.root.join("usr/bin").join(name));
    cmd!(shell, "dpkg-shlibdeps {programs...}").quiet().run()?;
    Ok(cmd!(shell, "dpkg-gencontrol").quiet().run()?)
}

/// Holds the package against Debian's policy, with the tool that Debian holds its own against it.
fn check(bundle: &Bundle<'_>, package: &Path) -> Result<()> {
    let shell = &bundle.project.shell;
    let strict = ["--fail-on", "error,warning", "--allow-root"];
    if !is_there(shell, "lintian") {
        announce("skipped: checking the package; there is no lintian on this system");
        return Ok(());
    }
    Ok(cmd!(shell, "lintian {strict...} {package}").quiet().run()?)
}
