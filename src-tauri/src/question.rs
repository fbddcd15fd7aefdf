//! The question whether a web page may join: a small window of its own for each.
//!
//! A message box of the system would not do: it takes the keyboard from what the person types, cannot be
//! taken back when the page leaves, and on macOS holds up the main thread, and so a call's panel, until it
//! is answered. This window comes up above the others and leaves the keyboard where it is. Everything here
//! runs on the main thread.

use std::sync::{Mutex, MutexGuard, PoisonError};

use offhook_engine::{Handle, Question};
use tauri::{AppHandle, Manager, UserAttentionType, WebviewUrl};

use crate::window;

/// How the labels of these windows begin. Each gets one of its own, because a label is free again only some
/// time after its window was closed.
const LABEL: &str = "question-";

/// The longest origin can be read as a whole: its end says whose it is.
const WIDTH: f64 = 380.0;
const HEIGHT: f64 = 500.0;

/// The question that is asked now.
#[derive(Default)]
struct Asked(Mutex<Option<Question>>);

/// Prepares the program for [`ask`].
pub(crate) fn prepare(app: &AppHandle) {
    app.manage(Asked::default());
}

/// Asks the person. A question that cannot be asked is answered with no.
pub(crate) fn ask(app: &AppHandle, question: Question) {
    let id = question.id;
    *lock(&app.state::<Asked>()) = Some(question);
    if let Err(error) = open(app, id) {
        tracing::error!(%error, "the question cannot be asked");
        refuse(app, id);
    }
}

/// Closes the question's window.
pub(crate) fn withdraw(app: &AppHandle, id: u64) {
    lock(&app.state::<Asked>()).take_if(|question| question.id == id);
    if let Some(window) = app.get_webview_window(&label(id))
        && let Err(error) = window.destroy()
    {
        tracing::warn!(%error, "the question's window cannot be closed");
    }
}

/// The question of this window; none if it was withdrawn.
pub(crate) fn of_window(app: &AppHandle, window: &str) -> Option<Question> {
    lock(&app.state::<Asked>())
        .clone()
        .filter(|question| label(question.id) == window)
}

/// Who closes the window says no.
pub(crate) fn closed(app: &AppHandle, window: &str) {
    if let Some(question) = of_window(app, window) {
        refuse(app, question.id);
    }
}

fn open(app: &AppHandle, id: u64) -> tauri::Result<()> {
    let page = WebviewUrl::App("question.html".into());
    let window = window::builder(app, &label(id), page)
        .title("Offhook: a web page asks to join")
        .inner_size(WIDTH, HEIGHT)
        .min_inner_size(WIDTH, HEIGHT)
        .center()
        .minimizable(false)
        .maximizable(false)
        .focused(false)
        .always_on_top(true)
        .visible_on_all_workspaces(true)
        .build()?;
    window.request_user_attention(Some(UserAttentionType::Informational))
}

fn refuse(app: &AppHandle, id: u64) {
    app.state::<Handle>().answer(id, None);
}

fn label(id: u64) -> String {
    format!("{LABEL}{id}")
}

fn lock(asked: &Asked) -> MutexGuard<'_, Option<Question>> {
    asked.0.lock().unwrap_or_else(PoisonError::into_inner)
}
