//! Which system packages are needed, by package manager.

use super::Need;

/// A way to install packages.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Packager {
    /// Debian and its family; the one that is tested.
    Apt,
    /// Fedora and its family; names from its package search, not tested.
    Dnf,
    /// Arch and its family; names from its package search, not tested.
    Pacman,
    /// openSUSE; names from its package search, not tested.
    Zypper,
}

/// Packages that serve one purpose.
pub(super) struct Group {
    /// What they are for, as it is told to the person.
    pub(super) purpose: &'static str,
    need: Need,
    /// A program that comes with these packages, and elsewhere under other names.
    program: Option<&'static str>,
    apt: &'static [&'static str],
    dnf: &'static [&'static str],
    pacman: &'static [&'static str],
    zypper: &'static [&'static str],
}

impl Group {
    /// The groups for a need.
    pub(super) fn all(need: Need) -> impl Iterator<Item = &'static Self> {
        GROUPS.iter().filter(move |group| need.includes(group.need))
    }

    /// A program whose presence makes these packages needless.
    pub(super) fn program(&self) -> Option<&'static str> {
        self.program
    }

    /// The packages' names for one package manager.
    pub(super) fn names(&self, packager: Packager) -> &'static [&'static str] {
        match packager {
            Packager::Apt => self.apt,
            Packager::Dnf => self.dnf,
            Packager::Pacman => self.pacman,
            Packager::Zypper => self.zypper,
        }
    }
}

const GROUPS: &[Group] = &[
    Group {
        purpose: "to compile and link",
        need: Need::Build,
        program: None,
        apt: &["build-essential", "pkg-config"],
        dnf: &["gcc", "pkgconf-pkg-config"],
        pacman: &["base-devel"],
        zypper: &["gcc", "pkg-config"],
    },
    Group {
        purpose: "to show a window",
        need: Need::Build,
        program: None,
        apt: &["libwebkit2gtk-4.1-dev", "libdbus-1-dev"],
        dnf: &["webkit2gtk4.1-devel", "dbus-devel"],
        pacman: &["webkit2gtk-4.1", "dbus"],
        zypper: &["webkit2gtk3-devel", "dbus-1-devel"],
    },
    Group {
        purpose: "for the tray icon",
        need: Need::Build,
        program: None,
        apt: &["libayatana-appindicator3-dev"],
        dnf: &["libayatana-appindicator-gtk3-devel"],
        pacman: &["libayatana-appindicator"],
        zypper: &["libayatana-appindicator3-devel"],
    },
    Group {
        purpose: "for the ringtone",
        need: Need::Build,
        program: None,
        apt: &["libasound2-dev"],
        dnf: &["alsa-lib-devel"],
        pacman: &["alsa-lib"],
        zypper: &["alsa-devel"],
    },
    Group {
        purpose: "for a virtual display and pictures of it",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["xvfb", "imagemagick", "fonts-dejavu-core"],
        dnf: &["xorg-x11-server-Xvfb", "ImageMagick", "dejavu-sans-fonts"],
        pacman: &["xorg-server-xvfb", "imagemagick", "ttf-dejavu"],
        zypper: &["xorg-x11-server-Xvfb", "ImageMagick", "dejavu-fonts"],
    },
    Group {
        purpose: "for a desktop on it: session bus, windows, a panel with a tray",
        need: Need::VirtualDesktop,
        program: None,
        apt: &[
            "dbus",
            "xfwm4",
            "xfce4-panel",
            "xfconf",
            "adwaita-icon-theme",
        ],
        dnf: &[
            "dbus-daemon",
            "xfwm4",
            "xfce4-panel",
            "xfconf",
            "adwaita-icon-theme",
        ],
        pacman: &[
            "dbus",
            "xfwm4",
            "xfce4-panel",
            "xfconf",
            "adwaita-icon-theme",
        ],
        zypper: &[
            "dbus-1",
            "xfwm4",
            "xfce4-panel",
            "xfconf",
            "adwaita-icon-theme",
        ],
    },
    Group {
        purpose: "for two kinds of notifications on it",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["xfce4-notifyd", "dunst"],
        dnf: &["xfce4-notifyd", "dunst"],
        pacman: &["xfce4-notifyd", "dunst"],
        zypper: &["xfce4-notifyd", "dunst"],
    },
    Group {
        purpose: "to hear the ringtone without a sound card",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["pulseaudio", "pulseaudio-utils", "libasound2-plugins"],
        dnf: &["pulseaudio", "pulseaudio-utils", "alsa-plugins-pulseaudio"],
        pacman: &["pulseaudio", "alsa-plugins"],
        zypper: &["pulseaudio", "pulseaudio-utils", "alsa-plugins-pulse"],
    },
    Group {
        purpose: "for a keychain",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["gnome-keyring"],
        dnf: &["gnome-keyring"],
        pacman: &["gnome-keyring"],
        zypper: &["gnome-keyring"],
    },
    Group {
        purpose: "for a broker to connect to",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["mosquitto"],
        dnf: &["mosquitto"],
        pacman: &["mosquitto"],
        zypper: &["mosquitto"],
    },
    Group {
        purpose: "to press the window's buttons",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["webkit2gtk-driver"],
        dnf: &["webkit2gtk-driver"],
        pacman: &["webkit2gtk-4.1"],
        zypper: &["webkit2gtk-driver"],
    },
    Group {
        purpose: "to join from a web page",
        need: Need::VirtualDesktop,
        program: Some("chromedriver"),
        apt: &["chromium", "chromium-driver"],
        dnf: &["chromium", "chromedriver"],
        pacman: &["chromium"],
        zypper: &["chromium", "chromedriver"],
    },
    Group {
        purpose: "to check desktop files and man pages",
        need: Need::VirtualDesktop,
        program: None,
        apt: &["desktop-file-utils", "appstream", "groff-base"],
        dnf: &["desktop-file-utils", "appstream", "groff-base"],
        pacman: &["desktop-file-utils", "appstream", "groff"],
        zypper: &["desktop-file-utils", "AppStream", "groff"],
    },
    Group {
        purpose: "to make packages for Debian and Ubuntu",
        need: Need::Bundle,
        program: None,
        apt: &["dpkg-dev", "lintian"],
        dnf: &["dpkg-dev"],
        pacman: &["dpkg"],
        zypper: &["dpkg"],
    },
    Group {
        purpose: "to make packages for Fedora and openSUSE",
        need: Need::Bundle,
        program: Some("rpmbuild"),
        apt: &["rpm"],
        dnf: &["rpm-build"],
        pacman: &["rpm-tools"],
        zypper: &["rpm-build"],
    },
    Group {
        purpose: "to check the workflows",
        need: Need::Supply,
        program: None,
        apt: &["python3-venv"],
        dnf: &["python3"],
        pacman: &["python"],
        zypper: &["python3"],
    },
    Group {
        purpose: "to compile and link for Windows",
        need: Need::Cross,
        program: None,
        apt: &["gcc-mingw-w64-x86-64-win32"],
        dnf: &["mingw64-gcc"],
        pacman: &["mingw-w64-gcc"],
        zypper: &["mingw64-cross-gcc"],
    },
    Group {
        purpose: "to make installers for Windows",
        need: Need::Cross,
        program: None,
        apt: &["nsis", "wixl"],
        dnf: &["mingw64-nsis", "msitools"],
        pacman: &["nsis", "msitools"],
        zypper: &["mingw64-cross-nsis", "msitools"],
    },
    Group {
        purpose: "to run programs for Windows",
        need: Need::Cross,
        program: None,
        apt: &["wine", "wine64"],
        dnf: &["wine"],
        pacman: &["wine"],
        zypper: &["wine"],
    },
    Group {
        purpose: "for clean systems of Debian to install packages in",
        need: Need::InstallTest,
        program: Some("debootstrap"),
        apt: &["debootstrap", "debian-archive-keyring"],
        dnf: &["debootstrap", "debian-keyring"],
        pacman: &["debootstrap", "debian-archive-keyring"],
        zypper: &["debootstrap"],
    },
];
