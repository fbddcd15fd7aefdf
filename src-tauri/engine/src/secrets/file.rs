//! A file of secrets that its owner alone may read.

use std::{
    collections::BTreeMap,
    fs,
    io::{self, Write},
    path::Path,
};

use offhook_protocol::Personal;

type Kept = BTreeMap<String, Personal>;

pub(super) fn get(path: &Path, name: &str) -> io::Result<Option<Personal>> {
    Ok(read(path)?.remove(name))
}

/// Keeps a secret in place of the one before; nothing removes it. The file is replaced as a whole.
pub(super) fn set(path: &Path, name: &str, secret: Option<&Personal>) -> io::Result<()> {
    let mut kept = read(path)?;
    let before = match secret {
        Some(secret) => kept.insert(name.to_owned(), secret.clone()),
        None => kept.remove(name),
    };
    match before.as_ref() == secret {
        true => Ok(()),
        false => write(path, &kept),
    }
}

fn read(path: &Path) -> io::Result<Kept> {
    match fs::read(path) {
        Ok(text) => Ok(serde_json::from_slice(&text)?),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Kept::new()),
        Err(error) => Err(error),
    }
}

fn write(path: &Path, kept: &Kept) -> io::Result<()> {
    let folder = path.parent().unwrap_or(Path::new("."));
    fs::create_dir_all(folder)?;
    // Such a file is made with the mode 0600.
    let mut file = tempfile::NamedTempFile::new_in(folder)?;
    serde_json::to_writer(&mut file, kept)?;
    file.flush()?;
    file.as_file().sync_all()?;
    file.persist(path)?;
    Ok(())
}
