//! The engine's shell on a desktop: forwards each order to the part that carries it out.

use offhook_core::{Act, UpdatesOff, View, tray::Tray};
use offhook_engine::{
    AppsView, PanelOrder, Question, Shell,
    settings::{SettingsProblem, SettingsView},
};
use tauri::{AppHandle, Manager};

use crate::{
    login,
    notifier::Notifier,
    panel, question,
    ringer::{Output, Ringer},
    tray::SystemTray,
    update::Updater,
    window::{self, Keyboard},
};

/// See [`Shell`].
pub(crate) struct Desktop {
    app: AppHandle,
    notifier: Notifier,
    ringer: Ringer,
    ring_output: Output,
    tray: SystemTray,
    updater: Updater,
}

impl Desktop {
    pub(crate) fn new(app: AppHandle, notifier: Notifier, ringer: Ringer) -> Self {
        Self {
            tray: SystemTray::new(app.clone()),
            updater: Updater::new(app.clone()),
            app,
            notifier,
            ringer,
            ring_output: Output::default(),
        }
    }

    fn on_main_thread(&self, act: impl FnOnce(&AppHandle) + Send + 'static) {
        let app = self.app.clone();
        if let Err(error) = self.app.run_on_main_thread(move || act(&app)) {
            tracing::debug!(%error, "the program is ending");
        }
    }
}

impl Shell for Desktop {
    fn show(&mut self, view: &View, tray: &Tray) {
        window::emit(&self.app, "view", view);
        self.tray.show(tray);
    }

    fn act(&mut self, act: Act) {
        match act {
            Act::Ring(_) => self.ringer.ring(self.ring_output.clone()),
            Act::StopRing => self.ringer.stop(),
            Act::Notify(notification) => self.notifier.show(notification),
            Act::Withdraw(key) => self.notifier.withdraw(key),
            Act::Raise => self.on_main_thread(|app| window::show(app, Keyboard::Leave)),
            Act::Show => self.on_main_thread(|app| window::show(app, Keyboard::Take)),
            Act::ShowPanel => self.on_main_thread(panel::show),
            Act::Update(order) => self.updater.carry_out(order),
            Act::Quit => self.app.exit(0),
        }
    }

    fn has_panel(&self) -> bool {
        true
    }

    fn panel(&mut self, order: PanelOrder) {
        self.on_main_thread(|app| panel::carry_out(app, order));
    }

    fn start_at_login(&mut self, on: bool) -> Result<(), SettingsProblem> {
        login::follow(&self.app.env(), on)
    }

    fn updates(&self) -> Result<(), UpdatesOff> {
        self.updater.available()
    }

    fn settings(&mut self, settings: &SettingsView) {
        self.tray.draw(settings.tray_icon.value);
        self.ring_output = Output::from(settings);
        self.updater.follow(settings);
        window::emit(&self.app, "settings", settings);
    }

    fn asks(&self) -> bool {
        true
    }

    fn ask(&mut self, question: &Question) {
        let question = question.clone();
        self.on_main_thread(|app| question::ask(app, question));
    }

    fn withdraw(&mut self, id: u64) {
        self.on_main_thread(move |app| question::withdraw(app, id));
    }

    fn apps(&mut self, apps: &AppsView) {
        window::emit(&self.app, "apps", apps);
    }
}
