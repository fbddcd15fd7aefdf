//! The tray icon: the phone's tray, as data, shown by the operating system.

mod differences;
mod drawing;
mod menu;
mod os_icon;
#[cfg_attr(
    all(unix, not(target_os = "macos")),
    path = "tray/surroundings/freedesktop.rs"
)]
#[cfg_attr(target_os = "macos", path = "tray/surroundings/macos.rs")]
#[cfg_attr(windows, path = "tray/surroundings/windows.rs")]
mod surroundings;

use std::{
    cell::OnceCell,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use offhook_core::{Intent, tray::Tray};
use offhook_engine::settings::TrayIcon;
use tauri::{AppHandle, menu::MenuEvent};

use self::{os_icon::OsIcon, surroundings::Surroundings};
use crate::window::{self, Keyboard};

/// The tray icon. Every thread says what it should be, the main thread makes it so.
#[derive(Clone)]
pub(crate) struct SystemTray {
    app: AppHandle,
    surroundings: Surroundings,
    state: Arc<Mutex<State>>,
}

/// What should be in the tray, and what is.
#[derive(Default)]
struct State {
    /// Nothing until the phone has started.
    tray: Option<Tray>,
    drawing: TrayIcon,
    /// Empty inside where the system has no tray.
    icon: OnceCell<Option<OsIcon>>,
}

impl SystemTray {
    /// Puts nothing into the tray yet.
    pub(crate) fn new(app: AppHandle) -> Self {
        let tray = Self {
            app,
            surroundings: Surroundings::default(),
            state: Arc::default(),
        };
        let watching = tray.surroundings.clone().watch({
            let tray = tray.clone();
            move || tray.project()
        });
        tauri::async_runtime::spawn(watching);
        tray
    }

    /// Shows this tray. Nothing is touched if it shows it already.
    pub(crate) fn show(&self, tray: &Tray) {
        let mut state = self.state();
        if state.tray.as_ref() != Some(tray) {
            state.tray = Some(tray.clone());
            drop(state);
            self.project();
        }
    }

    /// Chooses the drawing.
    pub(crate) fn draw(&self, drawing: TrayIcon) {
        self.state().drawing = drawing;
        self.project();
    }

    fn project(&self) {
        let tray = self.clone();
        let projected = self
            .app
            .run_on_main_thread(move || tray.project_on_main_thread());
        if let Err(error) = projected {
            tracing::debug!(%error, "the program is ending");
        }
    }

    fn project_on_main_thread(&self) {
        let mut state = self.state();
        let Some(tray) = state.tray.clone() else {
            return;
        };
        let drawing = self.surroundings.drawing(state.drawing);
        if let Some(there) = state.icon.get_mut() {
            if let Some(icon) = there {
                icon.show(&self.app, tray, drawing);
            }
            return;
        }
        let made = state
            .icon
            .get_or_init(|| OsIcon::new(&self.app, tray, drawing));
        if made.is_none() {
            // Without a tray icon the window is the only way to the phone, also if it was to stay hidden.
            window::show(&self.app, Keyboard::Leave);
        }
    }

    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// What a click in the menu asks for.
pub(crate) fn intent(event: &MenuEvent) -> Option<Intent> {
    menu::intent(event.id())
}
