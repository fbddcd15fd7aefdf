//! An engine in the test's own runtime, on paused time, with a shell that records.

use std::{
    path::PathBuf,
    sync::{Arc, OnceLock},
    time::Duration,
};

use offhook_bus::Bus;
use offhook_core::{Act, UpdatesOff, View, tray::Tray};
use tempfile::TempDir;
use tokio::{sync::mpsc, task::JoinHandle, time::timeout};

use crate::{
    AppsView, Handle, Options, Question, Shell,
    engine::Engine,
    panel::PanelOrder,
    settings::{Places, SettingsProblem, SettingsView},
};

/// Longer than any scenario that the tests play; on paused time it passes at once.
const PATIENCE: Duration = Duration::from_secs(1_200);

/// What the shell was told.
#[derive(Debug)]
pub(super) enum Said {
    Settings(SettingsView),
    View(View),
    Act(Act),
    Panel(PanelOrder),
    Apps(AppsView),
    Question(Question),
    Withdrawn(u64),
}

/// A running engine and all that it has told its shell.
pub(super) struct Rig {
    pub(super) handle: Handle,
    pub(super) bus: Bus,
    /// The last view that the shell was told.
    pub(super) shown: View,
    /// The last settings that the shell was told.
    pub(super) settings: SettingsView,
    pub(super) acts: Vec<Act>,
    /// What was to be done with the panel's window.
    pub(super) orders: Vec<PanelOrder>,
    /// The last that the shell was told of the other apps.
    pub(super) apps: AppsView,
    /// The question that the shell asks.
    pub(super) question: Option<Question>,
    pub(super) running: JoinHandle<()>,
    said: mpsc::UnboundedReceiver<Said>,
    folder: TempDir,
}

/// Also checks that whatever is told can be pulled by then.
struct Recorder {
    saying: mpsc::UnboundedSender<Said>,
    handle: Arc<OnceLock<Handle>>,
}

impl Rig {
    pub(super) async fn practising(scenario: &str) -> Self {
        Self::start("", Some(scenario), |engine| engine).await
    }

    pub(super) async fn with_settings(settings: &str) -> Self {
        Self::start(settings, None, |engine| engine).await
    }

    pub(super) async fn without_hub(reason: offhook_bus::HubError) -> Self {
        Self::start("", Some("idle"), |mut engine| {
            engine.apps.hub = Err(reason);
            engine
        })
        .await
    }

    async fn start(
        settings: &str,
        scenario: Option<&str>,
        change: impl FnOnce(Engine<Recorder>) -> Engine<Recorder>,
    ) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let places = places(&folder);
        std::fs::write(&places.settings, settings).unwrap();
        // A phone beside the tests may have the usual ones.
        std::fs::write(&places.policy, "[hub]\nports = [0]\n").unwrap();
        Self::start_in(folder, scenario, change).await
    }

    /// Stops the engine and starts another one in its place.
    pub(super) async fn restart(self) -> Self {
        self.handle.stop();
        self.running.await.unwrap();
        Self::start_in(self.folder, None, |engine| engine).await
    }

    async fn start_in(
        folder: TempDir,
        scenario: Option<&str>,
        change: impl FnOnce(Engine<Recorder>) -> Engine<Recorder>,
    ) -> Self {
        let places = places(&folder);
        let options = Options {
            practice: scenario.map(|name| Some(name.to_owned())),
            seed: Some(1),
            places: Some(places),
        };
        let (saying, said) = mpsc::unbounded_channel();
        let told = Arc::new(OnceLock::new());
        let shell = Recorder {
            saying,
            handle: Arc::clone(&told),
        };
        let (engine, handle) = Engine::new(options, shell).await.unwrap();
        let engine = change(engine);
        told.set(handle.clone()).unwrap();
        Self {
            shown: handle.view(),
            settings: handle.settings(),
            acts: Vec::new(),
            orders: Vec::new(),
            apps: handle.apps(),
            question: None,
            bus: engine.bus.clone(),
            running: tokio::spawn(engine.run()),
            handle,
            said,
            folder,
        }
    }

    /// What the shell is told next.
    pub(super) async fn said(&mut self) -> Said {
        let said = timeout(PATIENCE, self.said.recv()).await;
        let said = said.expect("the shell is told something").unwrap();
        match &said {
            Said::Settings(settings) => self.settings = settings.clone(),
            Said::View(view) => self.shown = view.clone(),
            Said::Act(act) => self.acts.push(act.clone()),
            Said::Panel(order) => self.orders.push(order.clone()),
            Said::Apps(apps) => self.apps = apps.clone(),
            Said::Question(question) => self.question = Some(question.clone()),
            Said::Withdrawn(id) => {
                let withdrawn = self.question.take_if(|question| question.id == *id);
                assert!(withdrawn.is_some(), "no such question is asked: {id}");
            }
        }
        said
    }

    /// Waits until this is known of the other apps.
    pub(super) async fn until_apps(&mut self, wanted: impl Fn(&AppsView) -> bool) {
        while !wanted(&self.apps) {
            self.said().await;
        }
    }

    /// Waits for a question.
    pub(super) async fn question(&mut self) -> Question {
        loop {
            if let Some(question) = &self.question {
                return question.clone();
            }
            self.said().await;
        }
    }

    /// The first view from now on that is wanted.
    pub(super) async fn until(&mut self, wanted: impl Fn(&View) -> bool) -> View {
        while !wanted(&self.shown) {
            self.said().await;
        }
        self.shown.clone()
    }

    /// Waits until this is to be done with the panel's window.
    pub(super) async fn ordered(&mut self, wanted: impl Fn(&PanelOrder) -> bool) -> PanelOrder {
        loop {
            if let Some(order) = self.orders.iter().find(|order| wanted(order)) {
                return order.clone();
            }
            self.said().await;
        }
    }

    /// All acts until the engine has ended.
    pub(super) async fn acts_to_the_end(mut self) -> Vec<Act> {
        self.running.await.unwrap();
        while let Some(said) = self.said.recv().await {
            if let Said::Act(act) = said {
                self.acts.push(act);
            }
        }
        self.acts
    }

    pub(super) fn settings_file(&self) -> PathBuf {
        places(&self.folder).settings
    }

    pub(super) fn secrets_file(&self) -> PathBuf {
        places(&self.folder).data.join("secrets.json")
    }

    pub(super) fn policy_file(&self) -> PathBuf {
        places(&self.folder).policy
    }

    pub(super) fn connection_file(&self) -> PathBuf {
        self.folder.path().join("run/hub.json")
    }
}

pub(super) fn places(folder: &TempDir) -> Places {
    let folder = folder.path();
    Places {
        settings: folder.join("settings.toml"),
        policy: folder.join("policy.toml"),
        logs: folder.join("logs"),
        data: folder.join("data"),
        keychain: false,
        runtime: Some(folder.join("run")),
    }
}

impl Recorder {
    fn say(&self, said: Said) {
        // A test that has ended listens no more.
        drop(self.saying.send(said));
    }
}

impl Shell for Recorder {
    fn show(&mut self, view: &View, tray: &Tray) {
        assert_eq!(tray, &Tray::of(view));
        if let Some(handle) = self.handle.get() {
            assert_eq!(&handle.view(), view);
        }
        self.say(Said::View(view.clone()));
    }

    fn act(&mut self, act: Act) {
        self.say(Said::Act(act));
    }

    fn has_panel(&self) -> bool {
        true
    }

    fn updates(&self) -> Result<(), UpdatesOff> {
        Ok(())
    }

    fn panel(&mut self, order: PanelOrder) {
        self.say(Said::Panel(order));
    }

    /// On a system that starts nothing.
    fn start_at_login(&mut self, on: bool) -> Result<(), SettingsProblem> {
        match on {
            true => Err(SettingsProblem::whole("autostart", "It cannot be written.")),
            false => Ok(()),
        }
    }

    fn settings(&mut self, settings: &SettingsView) {
        if let Some(handle) = self.handle.get() {
            assert_eq!(&handle.settings(), settings);
        }
        self.say(Said::Settings(settings.clone()));
    }

    fn asks(&self) -> bool {
        true
    }

    fn ask(&mut self, question: &Question) {
        self.say(Said::Question(question.clone()));
    }

    fn withdraw(&mut self, id: u64) {
        self.say(Said::Withdrawn(id));
    }

    fn apps(&mut self, apps: &AppsView) {
        if let Some(handle) = self.handle.get() {
            assert_eq!(&handle.apps(), apps);
        }
        self.say(Said::Apps(apps.clone()));
    }
}
