//! Windows that the panel opens: logins, mostly.

use std::sync::atomic::{AtomicU64, Ordering};

use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    webview::{NewWindowFeatures, NewWindowResponse, PermissionResponse},
};

/// How the labels of these windows begin. None of them may call anything.
const LABEL: &str = "popup-";

/// How many may be open at once: a login loop must not fill the screen.
const MOST: usize = 4;

/// Opens a window as the page asked for it. It shares the page's session. A page that closes it leaves an
/// empty one, which goes when the login is over.
pub(super) fn open(
    app: &AppHandle,
    url: &Url,
    features: NewWindowFeatures,
) -> NewWindowResponse<tauri::Wry> {
    static OPENED: AtomicU64 = AtomicU64::new(0);
    if !super::is_page(url) || popups(app).count() == MOST {
        tracing::warn!("the panel may not open another window");
        return NewWindowResponse::Deny;
    }
    let label = format!("{LABEL}{}", OPENED.fetch_add(1, Ordering::Relaxed));
    let blank = WebviewUrl::External(Url::parse("about:blank").expect("it is an address"));
    let window = WebviewWindowBuilder::new(app, label, blank)
        .title("Amazon Connect login")
        .window_features(features)
        .inner_size(480.0, 640.0)
        .on_navigation(super::is_page)
        // Without an answer, some web views would say yes.
        .on_permission_request(|_, _| PermissionResponse::Deny)
        .build();
    match window {
        Ok(window) => NewWindowResponse::Create { window },
        Err(error) => {
            tracing::error!(%error, "a window of the panel cannot be opened");
            NewWindowResponse::Deny
        }
    }
}

/// Does something with every window that the panel has opened.
pub(super) fn each(app: &AppHandle, act: impl Fn(&WebviewWindow) -> tauri::Result<()>) {
    for label in popups(app).collect::<Vec<_>>() {
        if let Some(window) = app.get_webview_window(&label)
            && let Err(error) = act(&window)
        {
            tracing::warn!(%error, "a window that the panel has opened does not do as it should");
        }
    }
}

fn popups(app: &AppHandle) -> impl Iterator<Item = String> {
    app.webview_windows()
        .into_keys()
        .filter(|label| label.starts_with(LABEL))
}
