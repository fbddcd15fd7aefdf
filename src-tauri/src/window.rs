//! The window: made when it is first needed, hidden when it is closed, given up when it stays
//! hidden.
//!
//! A page costs about 150 MB while it exists, so none is made before it is wanted, and a hidden one
//! is only kept as long as it may be wanted again at once. Everything here but [`emit`] runs on the
//! main thread.

use std::{
    sync::atomic::{AtomicU64, Ordering},
    time::Duration,
};

use offhook_engine::Handle;
use serde::Serialize;
use tauri::{
    AppHandle, Emitter, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder, Wry,
    webview::{NewWindowResponse, PermissionResponse},
};

use crate::platform;

/// The name of the phone's own window.
const LABEL: &str = "main";

/// Nothing that the page is made to show can change what every object inherits. For the own pages alone,
/// because Amazon's library sets properties that such a page may not have.
const HARDEN: &str = "Object.freeze(Object.prototype)";

/// How long a hidden window is kept.
const KEPT: Duration = Duration::from_secs(30);

/// How often the window was shown or hidden: tells a timer that it is about the past.
#[derive(Default)]
struct Changes(AtomicU64);

/// Prepares the program for [`show`] and the others.
pub(crate) fn prepare(app: &AppHandle) {
    app.manage(Changes::default());
}

/// Whether this is the label of the phone's own window.
pub(crate) fn is_own(label: &str) -> bool {
    label == LABEL
}

/// Whether showing the window takes the keyboard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Keyboard {
    /// The person asked for the window.
    Take,
    /// The phone asked for it: the person may be typing elsewhere.
    Leave,
}

/// Shows the window above the others.
pub(crate) fn show(app: &AppHandle, keyboard: Keyboard) {
    changed(app);
    let shown = match app.get_webview_window(LABEL) {
        Some(window) => bring_up(&window, keyboard),
        None => build(app, keyboard),
    };
    match shown {
        Ok(()) => tell_engine(app, true),
        Err(error) => tracing::error!(%error, "the window cannot be shown"),
    }
}

/// Hides the window, and gives it up later if nobody shows it again.
pub(crate) fn hide(app: &AppHandle) {
    let Some(window) = app.get_webview_window(LABEL) else {
        return;
    };
    if let Err(error) = window.hide() {
        tracing::warn!(%error, "the window cannot be hidden");
        return;
    }
    tell_engine(app, false);
    let change = changed(app);
    tauri::async_runtime::spawn(give_up(app.clone(), change));
}

/// Tells the page, if there is one. A page that is only being loaded asks by itself.
pub(crate) fn emit(app: &AppHandle, event: &str, payload: &impl Serialize) {
    if app.get_webview_window(LABEL).is_none() {
        return;
    }
    if let Err(error) = app.emit_to(LABEL, event, payload) {
        tracing::warn!(%error, event, "the window was not told");
    }
}

/// A window with a page that is part of the program, and that goes nowhere else.
pub(crate) fn builder<'a>(
    app: &'a AppHandle,
    label: &str,
    page: WebviewUrl,
) -> WebviewWindowBuilder<'a, Wry, AppHandle> {
    WebviewWindowBuilder::new(app, label, page)
        .disable_drag_drop_handler()
        .initialization_script(HARDEN)
        .on_navigation(is_own_page)
        .on_new_window(|_, _| NewWindowResponse::Deny)
        .on_permission_request(|_, _| PermissionResponse::Deny)
}

fn build(app: &AppHandle, keyboard: Keyboard) -> tauri::Result<()> {
    let window = builder(app, LABEL, WebviewUrl::default())
        .title("Offhook")
        .inner_size(360.0, 600.0)
        .min_inner_size(320.0, 480.0)
        .focused(keyboard == Keyboard::Take)
        .build()?;
    match keyboard {
        Keyboard::Take => window.set_focus(),
        Keyboard::Leave => Ok(()),
    }
}

fn bring_up(window: &WebviewWindow, keyboard: Keyboard) -> tauri::Result<()> {
    match keyboard {
        Keyboard::Take => platform::show_with_focus(window),
        Keyboard::Leave => platform::show_without_focus(window),
    }
}

fn is_own_page(url: &Url) -> bool {
    url.scheme() == "tauri" || url.host_str() == Some("tauri.localhost")
}

/// Waits until the window was hidden long enough and no call needs it, and destroys it.
async fn give_up(app: AppHandle, change: u64) {
    loop {
        tokio::time::sleep(KEPT).await;
        if app.state::<Changes>().0.load(Ordering::Relaxed) != change {
            return;
        }
        if app.state::<Handle>().view().contacts.is_empty() {
            break;
        }
    }
    let asked = app.clone().run_on_main_thread(move || {
        let still_hidden = app.state::<Changes>().0.load(Ordering::Relaxed) == change;
        if let Some(window) = app.get_webview_window(LABEL)
            && still_hidden
            && let Err(error) = window.destroy()
        {
            tracing::warn!(%error, "the window cannot be given up");
        }
    });
    if let Err(error) = asked {
        tracing::debug!(%error, "the program is ending");
    }
}

fn changed(app: &AppHandle) -> u64 {
    app.state::<Changes>().0.fetch_add(1, Ordering::Relaxed) + 1
}

fn tell_engine(app: &AppHandle, visible: bool) {
    app.state::<Handle>().window(visible);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_own_page_is_opened() {
        let own = |url: &str| is_own_page(&Url::parse(url).unwrap());
        assert!(own("tauri://localhost/index.html"));
        assert!(own("http://tauri.localhost/"));
        assert!(!own("https://example.com/"));
        assert!(!own("https://tauri.localhost.example.com/"));
        assert!(!own("file:///etc/passwd"));
        assert!(!own("data:text/html,hello"));
    }
}
