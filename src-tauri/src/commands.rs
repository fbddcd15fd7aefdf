//! What the windows may call, and the panel's script. Nothing is decided here.

use offhook_core::{Intent, View};
use offhook_engine::{
    AppsView, Handle, PanelEvent, Question,
    settings::{SettingsChange, SettingsProblem, SettingsView},
};
use offhook_protocol::{Access, Personal};
use tauri::{Manager, State, WebviewWindow};

use crate::{
    panel, question,
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

#[tauri::command]
pub(crate) async fn set_broker_password(
    password: Personal,
    engine: State<'_, Handle>,
) -> Result<(), SettingsProblem> {
    let kept = engine.set_broker_password(password).await;
    kept.map_err(|text| SettingsProblem {
        path: String::new(),
        line: None,
        text,
    })
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

#[tauri::command]
pub(crate) fn current_apps(engine: State<'_, Handle>) -> AppsView {
    engine.apps()
}

#[tauri::command]
pub(crate) fn limit_app(origin: String, name: String, access: Access, engine: State<'_, Handle>) {
    engine.limit_app(&origin, &name, access);
}

#[tauri::command]
pub(crate) fn revoke_app(origin: String, name: String, engine: State<'_, Handle>) {
    engine.revoke_app(&origin, &name);
}

/// Of the window that asks.
#[tauri::command]
pub(crate) fn current_question(webview_window: WebviewWindow) -> Option<Question> {
    question::of_window(webview_window.app_handle(), webview_window.label())
}

#[tauri::command]
pub(crate) fn answer(question: u64, access: Option<Access>, engine: State<'_, Handle>) {
    engine.answer(question, access);
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
