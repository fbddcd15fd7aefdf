//! Man pages and completions of shells, written from a command line's definition.
//!
//! They are committed in `src-tauri/packaging`, so that packages are made without running what they pack; a
//! test of each program keeps them fitting with [`check`].
#![warn(missing_docs)]

mod page;

use std::{
    fs, io,
    path::{Path, PathBuf},
};

use clap::Command;
use clap_complete::Shell;

/// Compares the committed man page and completions with what the command line is now.
///
/// # Panics
///
/// When one of them does not fit; it has been written anew then, and must be committed.
pub fn check(command: Command) {
    let packaging = Path::new(env!("CARGO_MANIFEST_DIR")).join("../packaging");
    let outdated: Vec<PathBuf> = documents(command, &packaging)
        .expect("a man page can be written")
        .into_iter()
        .filter_map(|(path, text)| {
            let fits = fs::read(&path).is_ok_and(|committed| committed == text);
            (!fits).then(|| {
                fs::write(&path, text).expect("the checkout can be written to");
                path
            })
        })
        .collect();
    assert!(
        outdated.is_empty(),
        "these no longer fitted the command line and were written anew; commit them: {outdated:?}"
    );
}

/// Every file for one command, and where it is committed.
fn documents(mut command: Command, packaging: &Path) -> io::Result<Vec<(PathBuf, Vec<u8>)>> {
    let name = command.get_name().to_owned();
    let sections = fs::read_to_string(packaging.join(format!("man/{name}.sections.roff")))?;
    let page = page::page(command.clone(), &sections)?;
    let mut documents = vec![(packaging.join(format!("man/{name}.1")), page)];
    for (shell, file) in [
        (Shell::Bash, format!("{name}.bash")),
        (Shell::Zsh, format!("_{name}")),
        (Shell::Fish, format!("{name}.fish")),
    ] {
        let mut text = Vec::new();
        clap_complete::generate(shell, &mut command, &name, &mut text);
        documents.push((packaging.join("completions").join(file), text));
    }
    Ok(documents)
}
