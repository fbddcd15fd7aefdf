//! The list of paired pages on disk. It holds no secret: theirs are derived from the installation's key.

use std::{collections::BTreeMap, io, path::Path};

use offhook_bus::{Page, Pairing};
use offhook_protocol::Access;
use serde::{Deserialize, Serialize};

use crate::private_file;

#[derive(Debug, Default, Serialize, Deserialize)]
struct List {
    apps: Vec<Entry>,
}

#[derive(Debug, Serialize, Deserialize)]
struct Entry {
    origin: String,
    name: String,
    access: Access,
    asked: bool,
    salt: String,
}

pub(super) fn read(path: &Path) -> io::Result<BTreeMap<Page, Pairing>> {
    let list: List = private_file::read(path)?;
    Ok(list.apps.into_iter().map(Entry::paired).collect())
}

pub(super) fn write(path: &Path, pairings: &BTreeMap<Page, Pairing>) -> io::Result<()> {
    let apps = pairings.iter().map(Entry::of).collect();
    private_file::write(path, &List { apps })
}

impl Entry {
    fn of((page, pairing): (&Page, &Pairing)) -> Self {
        Self {
            origin: page.origin.clone(),
            name: page.name.clone(),
            access: pairing.access,
            asked: pairing.asked,
            salt: pairing.salt.clone(),
        }
    }

    fn paired(self) -> (Page, Pairing) {
        let page = Page {
            origin: self.origin,
            name: self.name,
        };
        let pairing = Pairing {
            access: self.access,
            asked: self.asked,
            salt: self.salt,
        };
        (page, pairing)
    }
}
