//! What a package's name says about it.

use semver::Version;

/// Every target that the updater installs a package for.
pub(super) const TARGETS: [&str; 4] = [
    "darwin-aarch64",
    "darwin-x86_64",
    "linux-x86_64",
    "windows-x86_64",
];

/// Whether the name has the version as one of its words: `offhook_1.2.3_x64-setup.exe`.
pub(super) fn is_of(name: &str, version: &Version) -> bool {
    name.split('_').any(|word| word == version.to_string())
}

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
