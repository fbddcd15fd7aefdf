//! The two ways between the page's script and the connector.

use offhook_amazon::page::{Asked, Said};
use offhook_engine::PanelId;
use tauri::{Manager, WebviewWindow};

use super::Current;

/// Hands a call to the script. A page without it, or one that is not the set-up's own, is asked nothing:
/// the connector's deadline tells.
pub(super) fn ask(window: &WebviewWindow, asked: &Asked) -> tauri::Result<()> {
    if speaker(window).is_none() {
        tracing::warn!("the panel is at a page that is asked nothing");
        return Ok(());
    }
    let asked = serde_json::to_string(asked)?;
    window.eval(format!("window.__offhook?.({asked})"))
}

/// What the script said, and in which panel, if it comes from the page that the panel was opened for.
pub(crate) fn read(window: &WebviewWindow, said: serde_json::Value) -> Option<(PanelId, Said)> {
    let Some(current) = speaker(window) else {
        tracing::warn!(window = window.label(), "a page spoke that may not");
        return None;
    };
    match serde_json::from_value(said) {
        Ok(said) => Some((current.id, said)),
        Err(error) => {
            // The error's own text may carry what was said.
            tracing::warn!(kind = ?error.classify(), "the panel said what nobody understands");
            None
        }
    }
}

/// The panel, if this is its window and it shows the set-up's own page.
fn speaker(window: &WebviewWindow) -> Option<Current> {
    let current = super::current(window.app_handle())?;
    let at_home = window
        .url()
        .is_ok_and(|url| url.origin() == current.setup.origin());
    (current.label == window.label() && at_home).then_some(current)
}
