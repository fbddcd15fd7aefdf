//! A tree of files as they are installed.

use std::{
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use xshell::{Shell, cmd};

/// Puts files into their places, with modes that do not depend on this account's umask.
pub(super) struct Tree<'a> {
    pub(super) shell: &'a Shell,
    /// What `/` is once it is installed.
    pub(super) root: PathBuf,
}

impl<'a> Tree<'a> {
    /// The tree below a folder, which need not be there.
    pub(super) fn new(shell: &'a Shell, root: PathBuf) -> Result<Self> {
        cmd!(shell, "install --directory --mode=755 {root}")
            .quiet()
            .run()?;
        Ok(Self { shell, root })
    }

    /// Copies a file that everybody may read. Places are relative to the root.
    pub(super) fn put_data(&self, file: &Path, place: &str) -> Result<()> {
        self.put("644", file, place)
    }

    /// Copies a file that everybody may run.
    pub(super) fn put_program(&self, file: &Path, place: &str) -> Result<()> {
        self.put("755", file, place)
    }

    fn put(&self, mode: &str, file: &Path, place: &str) -> Result<()> {
        let place = self.root.join(place);
        Ok(cmd!(self.shell, "install -D --mode={mode} {file} {place}")
            .quiet()
            .run()?)
    }

    /// Writes a file that everybody may read.
    pub(super) fn write(&self, place: &str, text: &str) -> Result<()> {
        let place = self.root.join(place);
        Ok(cmd!(self.shell, "install -D --mode=644 /dev/stdin {place}")
            .stdin(text)
            .quiet()
            .run()?)
    }

    /// Compresses a file in its place, without its name and time.
    pub(super) fn compress(&self, place: &str) -> Result<()> {
        let file = self.root.join(place);
        Ok(cmd!(self.shell, "gzip --best --no-name {file}")
            .quiet()
            .run()?)
    }

    /// The places of all files, sorted.
    pub(super) fn files(&self) -> Result<Vec<String>> {
        let mut files = Vec::new();
        self.collect(&self.root, &mut files)?;
        files.sort();
        Ok(files)
    }

    fn collect(&self, folder: &Path, files: &mut Vec<String>) -> Result<()> {
        for entry in fs::read_dir(folder)? {
            let entry = entry?;
            let path = entry.path();
            if entry.file_type()?.is_dir() {
                self.collect(&path, files)?;
            } else {
                let place = path.strip_prefix(&self.root)?.to_str();
                files.push(place.context("the names are plain text")?.to_owned());
            }
        }
        Ok(())
    }
}

#[cfg(all(test, target_os = "linux"))]
mod tests {
    use std::{fs, os::unix::fs::PermissionsExt};

    use xshell::Shell;

    use super::Tree;

    #[test]
    fn files_get_their_places_and_modes() {
        let folder = tempfile::tempdir().unwrap();
        let source = folder.path().join("source");
        fs::write(&source, "text").unwrap();
        let shell = Shell::new().unwrap();
        let root = folder.path().join("root");
        fs::create_dir(&root).unwrap();
        fs::set_permissions(&root, fs::Permissions::from_mode(0o700)).unwrap();
        let tree = Tree::new(&shell, root).unwrap();

        tree.put_program(&source, "usr/bin/phone").unwrap();
        tree.put_data(&source, "usr/share/doc/phone").unwrap();
        tree.write("etc/phone.conf", "loud\n").unwrap();
        tree.compress("usr/share/doc/phone").unwrap();

        assert_eq!(
            tree.files().unwrap(),
            ["etc/phone.conf", "usr/bin/phone", "usr/share/doc/phone.gz"]
        );
        let mode = |place: &str| {
            let data = fs::metadata(tree.root.join(place)).unwrap();
            data.permissions().mode() & 0o7777
        };
        assert_eq!(mode("."), 0o755);
        assert_eq!(mode("usr/bin/phone"), 0o755);
        assert_eq!(mode("usr/share"), 0o755);
        assert_eq!(mode("etc/phone.conf"), 0o644);
        let text = fs::read_to_string(tree.root.join("etc/phone.conf")).unwrap();
        assert_eq!(text, "loud\n");
    }
}
