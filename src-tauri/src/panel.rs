//! The window of Amazon Connect's own panel: where the agent logs in, and where the audio is.
//!
//! It is hidden most of the time, and never closed, reloaded or suspended while a call needs it: the
//! connector orders what happens to it. The script in it may call one command, and only from pages of the
//! set-up's own origin; login pages and whatever else it meets may call nothing.

mod page;
mod popup;

use std::sync::{Mutex, MutexGuard, PoisonError};

use offhook_amazon::{Seen, Setup};
use offhook_engine::{Handle, PanelEvent, PanelId, PanelOrder};
use tauri::{
    AppHandle, Manager, Url, WebviewUrl, WebviewWindow, WebviewWindowBuilder,
    ipc::CapabilityBuilder,
    webview::{PageLoadEvent, PermissionKind, PermissionResponse},
};

use crate::platform;

pub(crate) use page::read;

/// How the labels of panel windows begin. Each gets one of its own, because what a label may do cannot be
/// taken back.
const LABEL: &str = "panel-";

/// Forwards between the page's Streams library and the connector.
const SCRIPT: &str = include_str!("../../ui/dist-connector/script.js");

/// Keeps a slip of the hand from loading the panel anew and cutting a call off: the keys for it do nothing,
/// and the menu that offers it does not come up but where text is edited.
const GUARD: &str = r#"
    addEventListener("keydown", (event) => {
        const reload = event.key === "F5" ||
            ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "r");
        const leave = event.altKey && (event.key === "ArrowLeft" || event.key === "ArrowRight");
        if (reload || leave) event.preventDefault();
    }, true);
    addEventListener("contextmenu", (event) => {
        if (!event.target.closest?.("input, textarea, [contenteditable]")) event.preventDefault();
    }, true);
"#;

/// The panel's window and what it was opened for.
#[derive(Default)]
struct Panel(Mutex<Option<Current>>);

#[derive(Clone)]
struct Current {
    id: PanelId,
    label: String,
    setup: Setup,
}

/// Prepares the program for [`carry_out`] and [`show`].
pub(crate) fn prepare(app: &AppHandle) {
    app.manage(Panel::default());
}

/// Whether this is the label of a panel's window.
pub(crate) fn is_panel(label: &str) -> bool {
    label.starts_with(LABEL)
}

/// Does what the connector ordered. On the main thread.
pub(crate) fn carry_out(app: &AppHandle, order: PanelOrder) {
    let done = match order {
        PanelOrder::Open(id, setup) => open(app, id, setup),
        PanelOrder::Ask(asked) => with_window(app, |window| page::ask(window, &asked)),
        // A login that the panel has opened stays in front of it.
        PanelOrder::Show => with_window(app, platform::show_with_focus)
            .inspect(|()| popup::each(app, platform::show_with_focus)),
        PanelOrder::Hide => {
            // The login is over, and pages that close their own windows leave empty ones behind.
            popup::each(app, WebviewWindow::destroy);
            hide(app)
        }
        PanelOrder::Reload => navigate(app, Setup::url),
        PanelOrder::LogOut => navigate(app, Setup::log_out),
        PanelOrder::Close => close(app),
    };
    if let Err(error) = done {
        tracing::error!(%error, "the panel's window does not do as it should");
    }
}

/// Hides the window; what runs in it goes on.
pub(crate) fn put_away(app: &AppHandle) {
    if let Err(error) = hide(app) {
        tracing::warn!(%error, "the panel's window cannot be hidden");
    }
}

fn hide(app: &AppHandle) -> tauri::Result<()> {
    with_window(app, WebviewWindow::hide)
}

/// Shows the window because the person asked for it. On the main thread.
pub(crate) fn show(app: &AppHandle) {
    carry_out(app, PanelOrder::Show);
}

fn open(app: &AppHandle, id: PanelId, setup: Setup) -> tauri::Result<()> {
    close(app)?;
    let label = format!("{LABEL}{id}");
    allow_to_speak(app, &label, &setup)?;
    let current = Current { id, label, setup };
    *lock(&app.state::<Panel>()) = Some(current.clone());
    build(app, &current).map(drop)
}

fn build(app: &AppHandle, current: &Current) -> tauri::Result<WebviewWindow> {
    let (id, url) = (current.id, current.setup.url());
    let profile = match current.setup.has_media() {
        true => "panel",
        false => "panel-without-audio",
    };
    let builder = WebviewWindowBuilder::new(app, &current.label, WebviewUrl::External(url))
        .title("Amazon Connect")
        .inner_size(400.0, 640.0)
        .min_inner_size(320.0, 460.0)
        .visible(false)
        // A profile for each use: the microphone that one was given is not the other's.
        .data_directory(app.path().app_local_data_dir()?.join(profile))
        .initialization_script(SCRIPT)
        .initialization_script_for_all_frames(GUARD)
        .on_navigation(is_page)
        .on_new_window({
            let app = app.clone();
            move |url, features| popup::open(&app, &url, features)
        })
        .on_page_load(move |window, load| {
            let url = load.url().clone();
            let seen = match load.event() {
                PageLoadEvent::Started => Seen::Loading(url),
                PageLoadEvent::Finished => Seen::Loaded(url),
            };
            tell(window.app_handle(), id, seen);
        })
        .on_permission_request(|webview, kind| {
            permit(webview.app_handle(), webview.url().ok().as_ref(), &kind)
        });
    let window = platform::keep_awake(builder).build()?;
    platform::allow_windows(&window)?;
    Ok(window)
}

/// Lets pages of this origin call the one command, in this window alone.
fn allow_to_speak(app: &AppHandle, label: &str, setup: &Setup) -> tauri::Result<()> {
    app.add_capability(
        CapabilityBuilder::new(label)
            .local(false)
            .window(label)
            .remote(format!("{}/*", setup.origin().ascii_serialization()))
            .permission("allow-panel-says"),
    )
}

/// The microphone is for the set-up's own page, and only where it carries the audio. Everything else that
/// a web page can ask for is refused.
#[expect(
    clippy::wildcard_enum_match_arm,
    reason = "whatever else there is or will be: no"
)]
fn permit(app: &AppHandle, page: Option<&Url>, kind: &PermissionKind) -> PermissionResponse {
    let Some(Current { id, setup, .. }) = current(app) else {
        return PermissionResponse::Deny;
    };
    let may_hear = setup.has_media() && page.is_some_and(|page| page.origin() == setup.origin());
    match kind {
        PermissionKind::Microphone if may_hear => PermissionResponse::Allow,
        PermissionKind::Microphone => {
            tell(app, id, Seen::MicrophoneDenied);
            PermissionResponse::Deny
        }
        // The other party is heard without a click.
        PermissionKind::Autoplay => PermissionResponse::Default,
        _ => PermissionResponse::Deny,
    }
}

/// Where a panel may go: the login leads anywhere on the web, but never to a file or a program.
fn is_page(url: &Url) -> bool {
    matches!(url.scheme(), "https" | "http" | "about" | "blob")
}

/// To a page of the set-up, not the one that is shown: the login may have led astray.
fn navigate(app: &AppHandle, page: impl FnOnce(&Setup) -> Url) -> tauri::Result<()> {
    match current(app) {
        Some(current) => with_window(app, |window| window.navigate(page(&current.setup))),
        None => Ok(()),
    }
}

fn close(app: &AppHandle) -> tauri::Result<()> {
    popup::each(app, WebviewWindow::destroy);
    let current = lock(&app.state::<Panel>()).take();
    match current.and_then(|current| app.get_webview_window(&current.label)) {
        Some(window) => window.destroy(),
        None => Ok(()),
    }
}

/// Acts on the panel's window, if a panel is open. A window that could not be made before, or was lost, is
/// made now.
fn with_window(
    app: &AppHandle,
    act: impl FnOnce(&WebviewWindow) -> tauri::Result<()>,
) -> tauri::Result<()> {
    let Some(current) = current(app) else {
        return Ok(());
    };
    match app.get_webview_window(&current.label) {
        Some(window) => act(&window),
        None => act(&build(app, &current)?),
    }
}

fn current(app: &AppHandle) -> Option<Current> {
    lock(&app.state::<Panel>()).clone()
}

fn lock(panel: &Panel) -> MutexGuard<'_, Option<Current>> {
    panel.0.lock().unwrap_or_else(PoisonError::into_inner)
}

fn tell(app: &AppHandle, panel: PanelId, seen: Seen) {
    let engine = app.state::<Handle>();
    engine.panel_now(panel, PanelEvent::Seen(seen));
}
