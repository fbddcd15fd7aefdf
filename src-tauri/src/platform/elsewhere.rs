//! Windows and macOS.

use std::io;

use tauri::{
    AppHandle, WebviewWindow, WebviewWindowBuilder, Wry, utils::config::BackgroundThrottlingPolicy,
};

type PanelBuilder<'a> = WebviewWindowBuilder<'a, Wry, AppHandle>;

/// A session always has a display.
pub(crate) fn has_display() -> bool {
    true
}

/// Tray icons are part of the system.
pub(crate) fn has_tray_library() -> bool {
    true
}

/// These sound libraries are quiet.
pub(crate) fn quieten_sound_library() {}

/// Shows a window above the others and gives it the keyboard.
pub(crate) fn show_with_focus(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()?;
    window.unminimize()?;
    window.set_focus()
}

/// Shows a window. Whether the keyboard stays where it is, is up to the system.
pub(crate) fn show_without_focus(window: &WebviewWindow) -> tauri::Result<()> {
    window.show()
}

/// Lets a window go on working while it is hidden: a call's audio must not stop with its timers.
///
/// macOS 14 and later takes the policy; WebView2 takes the switches, which replace the ones that are
/// passed by default, so those are repeated.
pub(crate) fn keep_awake<'a>(builder: PanelBuilder<'a>) -> PanelBuilder<'a> {
    builder
        .background_throttling(BackgroundThrottlingPolicy::Disabled)
        .additional_browser_args(
            "--disable-features=msWebOOUI,msPdfOOUI,msSmartScreenProtection \
             --autoplay-policy=no-user-gesture-required \
             --disable-background-timer-throttling \
             --disable-backgrounding-occluded-windows \
             --disable-renderer-backgrounding",
        )
}

/// These systems let a page open a window although nobody clicked: WebView2 asks the program each time,
/// and macOS allows it by default.
pub(crate) fn allow_windows(_window: &WebviewWindow) -> tauri::Result<()> {
    Ok(())
}

/// These systems' web views choose by themselves.
pub(crate) fn prefer_software_rendering_without_gpu() {}

/// Returns when the person at the terminal tells the program to leave.
pub(crate) async fn told_to_leave() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
