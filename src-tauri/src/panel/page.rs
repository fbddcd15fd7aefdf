//! The two ways between the page's script and the connector.

use offhook_amazon::page::{Asked, Said};
use offhook_engine::{Handle, PanelEvent};
use tauri::{Manager, WebviewWindow};

/// Hands a call to the script. A page without it has nobody who could make the call: the connector's
/// deadline tells.
pub(super) fn ask(window: &WebviewWindow, asked: &Asked) -> tauri::Result<()> {
    let asked = serde_json::to_string(asked)?;
    window.eval(format!("window.__offhook?.({asked})"))
}

/// Takes what the script said, if it comes from the page that the panel was opened for.
pub(crate) fn hear(window: &WebviewWindow, said: serde_json::Value) {
    let app = window.app_handle();
    let origin = window.url().map(|url| url.origin());
    let trusted = super::current(app).is_some_and(|current| {
        current.label == window.label()
            && origin.is_ok_and(|origin| origin == current.setup.origin())
    });
    if !trusted {
        return tracing::warn!(window = window.label(), "a page spoke that may not");
    }
    match serde_json::from_value::<Said>(said) {
        Ok(said) => app.state::<Handle>().panel(PanelEvent::Said(said)),
        // The error's own text may carry what was said.
        Err(error) => {
            tracing::warn!(kind = ?error.classify(), "the panel said what nobody understands")
        }
    }
}
