//! A file of secrets that its owner alone may read.

use std::{collections::BTreeMap, io, path::Path};

use offhook_protocol::Personal;

use crate::private_file::{read, write};

type Kept = BTreeMap<String, Personal>;

pub(super) fn get(path: &Path, name: &str) -> io::Result<Option<Personal>> {
    Ok(read::<Kept>(path)?.remove(name))
}

/// Keeps a secret in place of the one before; nothing removes it. The file is replaced as a whole.
pub(super) fn set(path: &Path, name: &str, secret: Option<&Personal>) -> io::Result<()> {
    let mut kept: Kept = read(path)?;
    let before = match secret {
        Some(secret) => kept.insert(name.to_owned(), secret.clone()),
        None => kept.remove(name),
    };
    match before.as_ref() == secret {
        true => Ok(()),
        false => write(path, &kept),
    }
}
