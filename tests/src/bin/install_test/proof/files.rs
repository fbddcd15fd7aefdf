//! Everything that lies in a system, and what has changed.

use std::{
    collections::BTreeMap,
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    os::unix::fs::MetadataExt,
    path::Path,
};

use anyhow::Result;

use super::root::{PERSON, Root};

/// In which GTK and the desktop database note what all packages bring. They write them anew when something
/// changes.
pub(crate) const CACHES: [&str; 2] = [
    "/usr/share/applications/mimeinfo.cache",
    "/usr/share/icons/hicolor/icon-theme.cache",
];

/// What comes and goes while a system runs, and what packaging tools and the index of man pages write about
/// every package.
const PASSING: [&str; 18] = [
    "/dev",
    "/proc",
    "/run",
    "/sys",
    "/tmp",
    CACHES[0],
    CACHES[1],
    "/var/cache/apt",
    "/var/cache/debconf",
    "/var/cache/man",
    "/var/lib/apt",
    "/var/lib/dpkg/lock",
    "/var/lib/dpkg/lock-frontend",
    "/var/lib/dpkg/status",
    "/var/lib/dpkg/status-old",
    "/var/lib/dpkg/triggers",
    "/var/log/apt",
    "/var/log/dpkg.log",
];

/// A system's files and folders, but for the person's own, each with all that makes it what it is but its
/// times.
#[derive(Debug)]
pub(crate) struct Files(BTreeMap<String, String>);

/// A file or folder that is not what it was.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Change {
    Added(String),
    Changed(String),
    Removed(String),
}

impl Files {
    /// What lies there now.
    pub(crate) fn of(root: &Root) -> Result<Self> {
        let mut files = BTreeMap::new();
        let home = format!("/home/{PERSON}");
        let is_passing = |path: &str| PASSING.contains(&path) || path == home;
        read(&root.at("/"), "", &is_passing, &mut files)?;
        Ok(Self(files))
    }

    /// How it differs from what lay there.
    pub(crate) fn changes_since(&self, before: &Self) -> Vec<Change> {
        let (now, before) = (&self.0, &before.0);
        let removed = before
            .keys()
            .filter(|path| !now.contains_key(*path))
            .map(|path| Change::Removed(path.clone()));
        let others = now.iter().filter_map(|(path, is)| match before.get(path) {
            None => Some(Change::Added(path.clone())),
            Some(was) => (was != is).then(|| Change::Changed(path.clone())),
        });
        removed.chain(others).collect()
    }
}

fn read(
    folder: &Path,
    name: &str,
    is_passing: &impl Fn(&str) -> bool,
    files: &mut BTreeMap<String, String>,
) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        let path = format!("{name}/{}", entry.file_name().to_string_lossy());
        if is_passing(&path) {
            continue;
        }
        let about = entry.metadata()?;
        let content = if about.is_dir() {
            read(&entry.path(), &path, is_passing, files)?;
            String::new()
        } else if about.is_symlink() {
            fs::read_link(entry.path())?.to_string_lossy().into_owned()
        } else if about.is_file() {
            let mut hasher = DefaultHasher::new();
            fs::read(entry.path())?.hash(&mut hasher);
            format!("{:016x}", hasher.finish())
        } else {
            String::new()
        };
        let (mode, user, group) = (about.mode(), about.uid(), about.gid());
        files.insert(path, format!("{mode:o} {user}:{group} {content}"));
    }
    Ok(())
}
