//! The taskbar, whose colour is in the registry.

use std::future::{Ready, ready};

use offhook_engine::settings::TrayIcon;
use windows_registry::CURRENT_USER;

use super::drawing::Drawing;

/// Where the person's choice of colours is.
const PERSONALIZE: &str = r"Software\Microsoft\Windows\CurrentVersion\Themes\Personalize";

/// What the tray icon is seen on.
#[derive(Clone, Default)]
pub(super) struct Surroundings;

impl Surroundings {
    /// The registry is looked at whenever the icon is drawn anew, which is soon enough.
    pub(super) fn watch(self, _changed: impl Fn() + Send) -> Ready<()> {
        ready(())
    }

    /// The chosen drawing, or the one that suits the taskbar.
    pub(super) fn drawing(&self, chosen: TrayIcon) -> Drawing {
        match chosen {
            TrayIcon::Light => Drawing::Light,
            TrayIcon::Dark => Drawing::Dark,
            TrayIcon::Auto => match is_light() {
                true => Drawing::Dark,
                false => Drawing::Light,
            },
        }
    }
}

/// Taskbars were dark before they could be chosen.
fn is_light() -> bool {
    CURRENT_USER
        .open(PERSONALIZE)
        .and_then(|key| key.get_u32("SystemUsesLightTheme"))
        .is_ok_and(|light| light == 1)
}
