//! The operating system's tray icon.
//!
//! Everything here runs on the main thread, where the system's menus live.

use offhook_core::tray::Tray;
use tauri::{
    AppHandle, Wry,
    tray::{TrayIcon, TrayIconBuilder},
};

use super::{differences::differences, drawing::Drawing, menu::OsMenu};
use crate::platform;

/// The tray icon and what it shows now.
pub(super) struct OsIcon {
    icon: TrayIcon<Wry>,
    menu: OsMenu,
    shown: Tray,
    drawing: Drawing,
}

impl OsIcon {
    /// Puts the icon into the tray.
    ///
    /// Returns nothing where there is no tray to put it into: the phone is then used by its window.
    pub(super) fn new(app: &AppHandle, tray: Tray, drawing: Drawing) -> Option<Self> {
        if !platform::has_tray_library() {
            tracing::warn!("the library for tray icons is not installed: there is no tray icon");
            return None;
        }
        Self::build(app, tray, drawing)
            .inspect_err(|error| tracing::warn!(%error, "there is no tray icon"))
            .ok()
    }

    fn build(app: &AppHandle, tray: Tray, drawing: Drawing) -> tauri::Result<Self> {
        let menu = OsMenu::build(app, &tray.menu)?;
        let icon = TrayIconBuilder::with_id("main")
            .icon(drawing.of(tray.icon))
            .icon_as_template(cfg!(target_os = "macos"))
            .tooltip(&tray.tooltip)
            .menu(&menu.root)
            .build(app)?;
        Ok(Self {
            icon,
            menu,
            shown: tray,
            drawing,
        })
    }

    /// Shows this tray, touching only what differs from the last one.
    pub(super) fn show(&mut self, app: &AppHandle, tray: Tray, drawing: Drawing) {
        if let Err(error) = self.apply(app, &tray, drawing) {
            tracing::warn!(%error, "the tray icon does not follow");
        }
        self.shown = tray;
        self.drawing = drawing;
    }

    fn apply(&mut self, app: &AppHandle, tray: &Tray, drawing: Drawing) -> tauri::Result<()> {
        if (tray.icon, drawing) != (self.shown.icon, self.drawing) {
            self.icon.set_icon_with_as_template(
                Some(drawing.of(tray.icon)),
                cfg!(target_os = "macos"),
            )?;
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
