//! The tray icon: the phone's tray, as data, shown by the operating system.
//!
//! Everything here runs on the main thread, where the system's menus live.

mod differences;
mod menu;

use offhook_core::{
    Intent,
    tray::{Icon, Tray},
};
use tauri::{
    AppHandle, Wry,
    image::Image,
    include_image,
    menu::MenuEvent,
    tray::{TrayIcon, TrayIconBuilder},
};

use self::{differences::differences, menu::OsMenu};
use crate::platform;

/// The tray icon and what it shows now.
pub(crate) struct SystemTray {
    icon: TrayIcon<Wry>,
    menu: OsMenu,
    shown: Tray,
}

impl SystemTray {
    /// Puts the icon into the tray.
    ///
    /// Returns nothing where there is no tray to put it into: the phone is then used by its window.
    pub(crate) fn new(app: &AppHandle, tray: Tray) -> Option<Self> {
        if !platform::has_tray_library() {
            tracing::warn!("the library for tray icons is not installed: there is no tray icon");
            return None;
        }
        Self::build(app, tray)
            .inspect_err(|error| tracing::warn!(%error, "there is no tray icon"))
            .ok()
    }

    fn build(app: &AppHandle, tray: Tray) -> tauri::Result<Self> {
        let menu = OsMenu::build(app, &tray.menu)?;
        let icon = TrayIconBuilder::with_id("main")
            .icon(picture(tray.icon))
            .tooltip(&tray.tooltip)
            .menu(&menu.root)
            .build(app)?;
        Ok(Self {
            icon,
            menu,
            shown: tray,
        })
    }

    /// Shows this tray, touching only what differs from the last one.
    pub(crate) fn show(&mut self, app: &AppHandle, tray: Tray) {
        if let Err(error) = self.apply(app, &tray) {
            tracing::warn!(%error, "the tray icon does not follow");
        }
        self.shown = tray;
    }

    fn apply(&mut self, app: &AppHandle, tray: &Tray) -> tauri::Result<()> {
        if tray.icon != self.shown.icon {
            self.icon.set_icon(Some(picture(tray.icon)))?;
        }
        if tray.tooltip != self.shown.tooltip {
            self.icon.set_tooltip(Some(&tray.tooltip))?;
        }
        match differences(&self.shown.menu, &tray.menu) {
            Some(changes) => changes
                .iter()
                .try_for_each(|change| self.menu.apply(change))?,
            None => {
                self.menu = OsMenu::build(app, &tray.menu)?;
                self.icon.set_menu(Some(self.menu.root.clone()))?;
            }
        }
        Ok(())
    }
}

/// What a click in the menu asks for.
pub(crate) fn intent(event: &MenuEvent) -> Option<Intent> {
    menu::intent(event.id())
}

fn picture(icon: Icon) -> Image<'static> {
    match icon {
        Icon::Ready => include_image!("../icons/tray-ready.png"),
        Icon::NotReady => include_image!("../icons/tray-not-ready.png"),
        Icon::Ringing => include_image!("../icons/tray-ringing.png"),
        Icon::OnCall => include_image!("../icons/tray-on-call.png"),
        Icon::OnHold => include_image!("../icons/tray-on-hold.png"),
        Icon::WrapUp => include_image!("../icons/tray-wrap-up.png"),
        Icon::Lost => include_image!("../icons/tray-lost.png"),
    }
}
