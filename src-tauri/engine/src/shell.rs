//! What carries out the phone's effects and shows its views.

use offhook_core::{Act, UpdatesOff, View, tray::Tray};

use crate::{
    apps::{AppsView, Question},
    panel::PanelOrder,
    settings::{SettingsProblem, SettingsView},
};

/// The outside of the phone: a desktop, nothing at all, or a recorder in a test.
///
/// Every method is called from the engine's task, one after the other, and must return at once:
/// whatever takes time goes to a thread or task of the shell's own.
pub trait Shell: Send + 'static {
    /// The view changed. Called once at the start, and then only when something differs.
    fn show(&mut self, view: &View, tray: &Tray);

    /// Do this once.
    fn act(&mut self, act: Act);

    /// Whether there can be a window for a contact centre's panel. Without one a connector that needs it
    /// is refused.
    fn has_panel(&self) -> bool {
        false
    }

    /// Do this with the panel's window. What happens there comes back through
    /// [`Handle::panel`](crate::Handle::panel). Never called if there can be none.
    fn panel(&mut self, _order: PanelOrder) {}

    /// Have the system start the phone when the person logs in, or not. Called once at the start and after
    /// each change of the settings, whether or not it differs. A problem is shown beside the setting.
    ///
    /// # Errors
    ///
    /// Why the system does not follow.
    fn start_at_login(&mut self, _on: bool) -> Result<(), SettingsProblem> {
        Ok(())
    }

    /// Whether this program can replace itself by a new version, or why not. If so, what comes of
    /// [`Act::Update`] comes back through [`Handle::update`](crate::Handle::update).
    ///
    /// # Errors
    ///
    /// Why new versions must not even be looked for.
    fn updates(&self) -> Result<(), UpdatesOff> {
        Err(UpdatesOff::NotBuiltIn)
    }

    /// The settings changed. Called once at the start, before [`show`](Self::show).
    fn settings(&mut self, settings: &SettingsView);

    /// Whether there is somebody to ask. Without, pages that are not listed in the settings are refused.
    fn asks(&self) -> bool {
        false
    }

    /// Ask the person whether this page may join, outside of any web page. The answer comes back through
    /// [`Handle::answer`](crate::Handle::answer). There is one question at a time.
    fn ask(&mut self, _question: &Question) {}

    /// This question needs no answer any more: it was answered, the page has left, or it has expired.
    fn withdraw(&mut self, _id: u64) {}

    /// The other apps changed. Called once at the start.
    fn apps(&mut self, _apps: &AppsView) {}
}

/// A shell for a machine without a display: everything happens on the bus.
#[derive(Clone, Copy, Debug, Default)]
pub struct Headless;

impl Shell for Headless {
    fn show(&mut self, _view: &View, _tray: &Tray) {}

    fn act(&mut self, _act: Act) {}

    fn settings(&mut self, _settings: &SettingsView) {}
}
