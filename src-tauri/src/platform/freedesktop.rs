//! Linux and its relatives.

use std::{env, fs, io, path::Path};

use gdkx11::{X11Window, functions::x11_get_server_time};
use gtk::{
    gdk::WindowState,
    prelude::{Cast, GtkWindowExt, WidgetExt},
};
use offhook_core::Intent;
use tauri::{AppHandle, Builder, RunEvent, WebviewWindow, WebviewWindowBuilder, Wry};
use tokio::signal::unix::{SignalKind, signal};
use webkit2gtk::{SettingsExt, WebViewExt};

type PanelBuilder<'a> = WebviewWindowBuilder<'a, Wry, AppHandle>;

/// In which an AppImage's runtime names the folder where it has mounted the program.
const APP_FOLDER: &str = "APPDIR";

/// Whether the environment names a display to open windows on.
pub(crate) fn has_display() -> bool {
    ["DISPLAY", "WAYLAND_DISPLAY"]
        .into_iter()
        .any(|name| env::var_os(name).is_some_and(|value| !value.is_empty()))
}

/// Whether the library behind tray icons is installed. Without this question the program would
/// panic when it makes one.
pub(crate) fn has_tray_library() -> bool {
    ["libayatana-appindicator3.so.1", "libappindicator3.so.1"]
        .into_iter()
        .any(|name| {
            #[expect(
                unsafe_code,
                reason = "loading a library runs its initialisers; the tray loads the same one next"
            )]
            let library = unsafe { libloading::Library::new(name) };
            library.is_ok()
        })
}

/// Keeps ALSA from writing on standard error whatever it finds odd about a device. Holds for the
/// calling thread, and empties what was kept before.
pub(crate) fn quieten_sound_library() {
    if let Err(error) = alsa::Output::local_error_handler() {
        tracing::debug!(%error, "ALSA will write on standard error");
    }
}

/// Shows a window above the others and gives it the keyboard.
pub(crate) fn show_with_focus(window: &WebviewWindow) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    window.deiconify();
    window.show_all();
    // Window managers refuse the keyboard to a window that cannot say when the person asked for it.
    let surface = window
        .window()
        .and_then(|surface| surface.downcast::<X11Window>().ok());
    let now = surface.map_or(0, |surface| x11_get_server_time(&surface));
    window.present_with_time(now);
    Ok(())
}

/// Shows a window above the others and leaves the keyboard where it is.
pub(crate) fn show_without_focus(window: &WebviewWindow) -> tauri::Result<()> {
    let window = window.gtk_window()?;
    if window.is_active() {
        return Ok(());
    }
    let minimised = window
        .window()
        .is_some_and(|surface| surface.state().contains(WindowState::ICONIFIED));
    if window.is_visible() && !minimised {
        // To the layer above and back: window managers give the keyboard to a window that asks to be
        // raised, but not to one that changes its layer.
        window.set_keep_above(true);
        window.set_keep_above(false);
        return Ok(());
    }
    // Restoring a minimised window would give it the keyboard, mapping it anew does not.
    let place = minimised.then(|| window.position());
    window.hide();
    window.deiconify();
    window.set_focus_on_map(false);
    window.show_all();
    window.set_focus_on_map(true);
    if let Some((x, y)) = place {
        window.move_(x, y);
    }
    Ok(())
}

/// These systems have no menu of the program.
pub(crate) fn with_menu(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// These systems start the program again with what they ask for as arguments.
pub(crate) fn intents(_event: &RunEvent) -> Vec<Intent> {
    Vec::new()
}

/// Lets a window go on working while it is hidden. WebKitGTK does that by itself, and has nothing to tell
/// it by: the panel carries no audio here, because no distribution's WebKitGTK has WebRTC.
pub(crate) fn keep_awake<'a>(builder: PanelBuilder<'a>) -> PanelBuilder<'a> {
    builder
}

/// Lets the page open a window although nobody clicked: the library asks for the login by itself.
pub(crate) fn allow_windows(window: &WebviewWindow) -> tauri::Result<()> {
    window.with_webview(|webview| {
        if let Some(settings) = WebViewExt::settings(&webview.inner()) {
            settings.set_javascript_can_open_windows_automatically(true);
        }
    })
}

/// Spares WebKit the detour over buffers for a graphics card where there is none, as on most virtual
/// desktops: a window is then painted sooner and needs less memory. What the person has set stays.
///
/// To be called before any thread is started.
pub(crate) fn prefer_software_rendering_without_gpu() {
    const SETTING: &str = "WEBKIT_DISABLE_DMABUF_RENDERER";
    if env::var_os(SETTING).is_none() && !Path::new("/dev/dri").exists() {
        #[expect(unsafe_code, reason = "no other thread runs yet that could read it")]
        unsafe {
            env::set_var(SETTING, "1");
        }
    }
}

/// Forgets the AppImage that this program was not started from. A program that is one, a browser for
/// instance, hands its variables on to whatever it starts, and the phone would take its file for the own one.
///
/// To be called before any thread is started.
pub(crate) fn forget_foreign_app_image() {
    if !is_app_image() {
        for variable in ["APPIMAGE", APP_FOLDER] {
            #[expect(unsafe_code, reason = "no other thread runs yet that could read it")]
            unsafe {
                env::remove_var(variable);
            }
        }
    }
}

/// Whether this program lies in the folder where an AppImage's runtime has mounted it.
fn is_app_image() -> bool {
    let folder = env::var_os(APP_FOLDER).and_then(|folder| fs::canonicalize(folder).ok());
    let program = env::current_exe().and_then(fs::canonicalize).ok();
    folder
        .zip(program)
        .is_some_and(|(folder, program)| program.starts_with(folder))
}

/// Returns when the system or the person at the terminal tells the program to leave.
pub(crate) async fn told_to_leave() -> io::Result<()> {
    let mut terminated = signal(SignalKind::terminate())?;
    tokio::select! {
        _ = terminated.recv() => Ok(()),
        interrupted = tokio::signal::ctrl_c() => interrupted,
    }
}
