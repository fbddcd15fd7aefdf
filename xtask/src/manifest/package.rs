//! What a package's name says about it.

/// The updater's name of the system that a package is for; nothing if the updater does not install it.
pub(super) fn system(name: &str) -> Option<&'static str> {
    let kinds = [
        (".AppImage", "linux"),
        ("setup.exe", "windows"),
        (".app.tar.gz", "darwin"),
    ];
    kinds
        .into_iter()
        .find_map(|(ending, system)| name.ends_with(ending).then_some(system))
}

/// The updater's name of the processor that a package is for.
pub(super) fn processor(name: &str) -> Option<&'static str> {
    let words = [
        ("x86_64", "x86_64"),
        ("amd64", "x86_64"),
        ("x64", "x86_64"),
        ("aarch64", "aarch64"),
        ("arm64", "aarch64"),
    ];
    words
        .into_iter()
        .find_map(|(word, processor)| name.contains(word).then_some(processor))
}
