//! What the updater downloads: the app in a .tar.gz.

use std::{
    fs::{self, DirEntry, File},
    path::Path,
};

use anyhow::{Context, Result};
use flate2::{Compression, write::GzEncoder};
use tar::{Builder, HeaderMode};

/// Packs a folder. The same files make the same bytes: in order, without their times and owners.
pub(super) fn pack(folder: &Path, archive: &Path) -> Result<()> {
    let name = folder.file_name().context("an app has a name")?;
    let packed = GzEncoder::new(File::create(archive)?, Compression::best());
    let mut tar = Builder::new(packed);
    tar.mode(HeaderMode::Deterministic);
    tar.follow_symlinks(false);
    add(&mut tar, folder, Path::new(name))?;
    tar.into_inner()?.finish()?;
    Ok(())
}

/// Adds a file, or a folder and all that is in it, under a name.
fn add(tar: &mut Builder<GzEncoder<File>>, path: &Path, name: &Path) -> Result<()> {
    tar.append_path_with_name(path, name)?;
    if !fs::symlink_metadata(path)?.is_dir() {
        return Ok(());
    }
    let mut entries = fs::read_dir(path)?.collect::<Result<Vec<_>, _>>()?;
    entries.sort_by_key(DirEntry::file_name);
    for entry in entries {
        add(tar, &entry.path(), &name.join(entry.file_name()))?;
    }
    Ok(())
}

#[cfg(all(test, unix))]
mod tests {
    use std::{
        fs::{self, File, Permissions},
        os::unix::fs::{MetadataExt, PermissionsExt, symlink},
        path::Path,
        time::SystemTime,
    };

    use anyhow::Result;
    use flate2::read::GzDecoder;
    use tempfile::TempDir;

    use super::pack;

    /// An app whose files were made in this order.
    fn app(files: [&str; 2], made: SystemTime) -> Result<TempDir> {
        let folder = tempfile::tempdir()?;
        let programs = folder.path().join("Offhook.app/Contents/MacOS");
        fs::create_dir_all(&programs)?;
        for name in files {
            let program = programs.join(name);
            fs::write(&program, name)?;
            fs::set_permissions(&program, Permissions::from_mode(0o755))?;
            let program = File::options().append(true).open(program)?;
            program.set_modified(made)?;
        }
        symlink("MacOS/offhook", programs.with_file_name("Phone"))?;
        Ok(folder)
    }

    fn packed(folder: &Path) -> Result<Vec<u8>> {
        let archive = folder.join("offhook.app.tar.gz");
        pack(&folder.join("Offhook.app"), &archive)?;
        Ok(fs::read(archive)?)
    }

    #[test]
    fn the_same_files_make_the_same_archive() {
        let first = app(["offhook", "offhookctl"], SystemTime::UNIX_EPOCH).unwrap();
        let second = app(["offhookctl", "offhook"], SystemTime::now()).unwrap();
        assert_eq!(
            packed(first.path()).unwrap(),
            packed(second.path()).unwrap()
        );
    }

    #[test]
    fn programs_can_be_started_and_links_are_links_when_it_is_unpacked() {
        let folder = app(["offhook", "offhookctl"], SystemTime::now()).unwrap();
        let archive = packed(folder.path()).unwrap();
        let unpacked = tempfile::tempdir().unwrap();
        tar::Archive::new(GzDecoder::new(archive.as_slice()))
            .unpack(unpacked.path())
            .unwrap();

        let contents = unpacked.path().join("Offhook.app/Contents");
        let mode = fs::metadata(contents.join("MacOS/offhook")).unwrap().mode();
        assert_eq!(mode & 0o777, 0o755);
        assert_eq!(
            fs::read_link(contents.join("Phone")).unwrap(),
            Path::new("MacOS/offhook")
        );
        assert_eq!(fs::read(contents.join("Phone")).unwrap(), b"offhook");
    }
}
