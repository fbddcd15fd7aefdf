//! Windows and macOS.

use std::io;

use offhook_core::Intent;
use tauri::{
    AppHandle, Builder, RunEvent, WebviewWindow, WebviewWindowBuilder, Wry,
    utils::config::BackgroundThrottlingPolicy,
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

/// Windows has no menu of the program.
#[cfg(not(target_os = "macos"))]
pub(crate) fn with_menu(builder: Builder<Wry>) -> Builder<Wry> {
    builder
}

/// The menu of the program on macOS. Its Quit asks the phone, which asks back during a call; the system's
/// own ends the program at once. Without the others nothing can be copied into a login.
#[cfg(target_os = "macos")]
pub(crate) fn with_menu(builder: Builder<Wry>) -> Builder<Wry> {
    use tauri::menu::{Menu, MenuItem, PredefinedMenuItem, Submenu};
    builder.enable_macos_default_menu(false).menu(|app| {
        // As in the tray's menu, the name of an item is what it asks for.
        let quit = serde_json::to_string(&Intent::Quit)?;
        let quit = MenuItem::with_id(app, quit, "Quit Offhook", true, Some("CmdOrCtrl+Q"))?;
        let edit = [
            PredefinedMenuItem::undo(app, None)?,
            PredefinedMenuItem::redo(app, None)?,
            PredefinedMenuItem::cut(app, None)?,
            PredefinedMenuItem::copy(app, None)?,
            PredefinedMenuItem::paste(app, None)?,
            PredefinedMenuItem::select_all(app, None)?,
        ];
        let edit: Vec<&dyn tauri::menu::IsMenuItem<Wry>> =
            edit.iter().map(|item| item as _).collect();
        Menu::with_items(
            app,
            &[
                &Submenu::with_items(app, "Offhook", true, &[&quit])?,
                &Submenu::with_items(app, "Edit", true, &edit)?,
            ],
        )
    })
}

/// Windows starts the program again with what it asks for as arguments.
#[cfg(not(target_os = "macos"))]
pub(crate) fn intents(_event: &RunEvent) -> Vec<Intent> {
    Vec::new()
}

/// What macOS asks for: to open links, or to show the phone, when it is started again or clicked in the Dock.
#[cfg(target_os = "macos")]
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "the other events ask for nothing"
)]
pub(crate) fn intents(event: &RunEvent) -> Vec<Intent> {
    match event {
        RunEvent::Opened { urls } => urls
            .iter()
            .map(|url| Intent::OpenLink(url.as_str().into()))
            .collect(),
        RunEvent::Reopen { .. } => vec![Intent::Show],
        _ => Vec::new(),
    }
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

/// There are no AppImages.
pub(crate) fn forget_foreign_app_image() {}

/// Returns when the person at the terminal tells the program to leave.
pub(crate) async fn told_to_leave() -> io::Result<()> {
    tokio::signal::ctrl_c().await
}
