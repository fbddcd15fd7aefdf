//! What the window may call, and the panel's script. Nothing is decided here.

use offhook_core::{Intent, View};
use offhook_engine::{
    Handle, PanelEvent,
    settings::{SettingsChange, SettingsProblem, SettingsView},
};
use tauri::{State, WebviewWindow};

use crate::{
    panel,
    ringer::{self, Output, Ringer},
};

#[tauri::command]
pub(crate) fn dispatch(intent: Intent, engine: State<'_, Handle>) {
    engine.dispatch(intent);
}

#[tauri::command]
pub(crate) fn current_view(engine: State<'_, Handle>) -> View {
    engine.view()
}

#[tauri::command]
pub(crate) fn current_settings(engine: State<'_, Handle>) -> SettingsView {
    engine.settings()
}

#[tauri::command]
pub(crate) async fn change_settings(
    change: SettingsChange,
    engine: State<'_, Handle>,
) -> Result<(), SettingsProblem> {
    engine.change_settings(change).await
}

/// Off the main thread: asking every output for its name takes time.
#[tauri::command(async)]
pub(crate) fn ring_devices() -> Vec<String> {
    ringer::outputs()
}

#[tauri::command]
pub(crate) fn test_ring(engine: State<'_, Handle>, ringer: State<'_, Ringer>) {
    ringer.try_out(Output::from(&engine.settings()));
}

/// The only command of the panel's script, which waits for it before it says the next word. It never
/// fails, because the script falls silent when it may not speak.
#[tauri::command]
pub(crate) async fn panel_says(
    said: serde_json::Value,
    webview_window: WebviewWindow,
    engine: State<'_, Handle>,
) -> Result<(), ()> {
    if let Some((panel, said)) = panel::read(&webview_window, said) {
        engine.panel(panel, PanelEvent::Said(said)).await;
    }
    Ok(())
}
