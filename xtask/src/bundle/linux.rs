//! What people install on Linux.

mod appimage;
mod archive;
mod deb;
mod releases;
mod rpm;
mod stage;
mod tree;

use super::{Format, Platform};

pub(super) const PLATFORM: Platform = Platform {
    stage: stage::stage,
    formats: &[
        Format {
            name: "deb",
            usual: true,
            make: deb::make,
        },
        Format {
            name: "rpm",
            usual: true,
            make: rpm::make,
        },
        Format {
            name: "tar",
            usual: true,
            make: archive::make,
        },
        Format {
            name: "appimage",
            usual: false,
            make: appimage::make,
        },
    ],
};

/// The version as packages write it: there a dash begins the package's own revision, and a tilde sorts before
/// everything, as a pre-release does.
fn package_version(version: &str) -> String {
    version.replace('-', "~")
}

#[cfg(test)]
mod tests {
    use super::package_version;

    #[test]
    fn a_pre_release_sorts_before_its_release() {
        assert_eq!(package_version("1.2.0-beta.1"), "1.2.0~beta.1");
        assert_eq!(package_version("1.2.0+1"), "1.2.0+1");
    }
}
