//! What carries out the phone's effects and shows its views.

use offhook_core::{Act, View, tray::Tray};

use crate::settings::SettingsView;

/// The outside of the phone: a desktop, nothing at all, or a recorder in a test.
///
/// Every method is called from the engine's task, one after the other, and must return at once:
/// whatever takes time goes to a thread or task of the shell's own.
pub trait Shell: Send + 'static {
    /// The view changed. Called once at the start, and then only when something differs.
    fn show(&mut self, view: &View, tray: &Tray);

    /// Do this once.
    fn act(&mut self, act: Act);

    /// The settings changed. Called once at the start, before [`show`](Self::show).
    fn settings(&mut self, settings: &SettingsView);
}

/// A shell for a machine without a display: everything happens on the bus.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headless;

impl Shell for Headless {
    fn show(&mut self, _view: &View, _tray: &Tray) {}

    fn act(&mut self, _act: Act) {}

    fn settings(&mut self, _settings: &SettingsView) {}
}
