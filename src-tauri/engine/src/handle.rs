//! What the outside may ask of a running engine.

use std::sync::Arc;

use offhook_bus::Page;
use offhook_core::{Intent, UpdateNews, View};
use offhook_protocol::{Access, Personal};
use tokio::sync::{mpsc, oneshot, watch};

use crate::{
    apps::AppsView,
    panel::{PanelEvent, PanelId},
    settings::{SettingsChange, SettingsProblem, SettingsView},
    uplink::PasswordAnswer,
};

/// A running engine. Cheap to clone; the engine stops when it is told to or all handles are gone.
#[derive(Clone, Debug)]
pub struct Handle {
    asking: mpsc::Sender<Ask>,
    telling: mpsc::Sender<(PanelId, PanelEvent)>,
    view: watch::Receiver<View>,
    settings: watch::Receiver<SettingsView>,
    apps: watch::Receiver<AppsView>,
    hub: Arc<Result<String, String>>,
}

/// Something that is asked of the loop.
#[derive(Debug)]
pub(crate) enum Ask {
    Intent(Intent),
    Window {
        visible: bool,
    },
    Change {
        change: Box<SettingsChange>,
        answer: oneshot::Sender<Result<(), SettingsProblem>>,
    },
    Answer {
        question: u64,
        access: Option<Access>,
    },
    Limit {
        page: Page,
        access: Access,
    },
    Revoke {
        page: Page,
    },
    Password {
        password: Personal,
        answer: PasswordAnswer,
    },
    Update(UpdateNews),
    Stop,
}

impl Handle {
    pub(crate) fn new(
        asking: mpsc::Sender<Ask>,
        telling: mpsc::Sender<(PanelId, PanelEvent)>,
        view: watch::Receiver<View>,
        settings: watch::Receiver<SettingsView>,
        apps: watch::Receiver<AppsView>,
        hub: Result<String, String>,
    ) -> Self {
        Self {
            asking,
            telling,
            view,
            settings,
            apps,
            hub: Arc::new(hub),
        }
    }

    /// Hands a wish of the person to the phone. What comes of it is in the next view.
    pub fn dispatch(&self, intent: Intent) {
        self.ask(Ask::Intent(intent));
    }

    /// Tells whether the person can see the window.
    pub fn window(&self, visible: bool) {
        self.ask(Ask::Window { visible });
    }

    /// Tells what happened in this panel's window, and returns when there is room for the next. What a
    /// panel says that was closed meanwhile is nobody's.
    pub async fn panel(&self, panel: PanelId, event: PanelEvent) {
        if self.telling.send((panel, event)).await.is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    /// The same from where nobody may wait. It is dropped where there is no room.
    pub fn panel_now(&self, panel: PanelId, event: PanelEvent) {
        if let Err(error) = self.telling.try_send((panel, event)) {
            tracing::warn!(%error, "what happened to the panel was dropped");
        }
    }

    /// Tells what came of an order about a new version, and returns when there was room for it: the phone
    /// waits for it.
    pub async fn update(&self, news: UpdateNews) {
        if self.asking.send(Ask::Update(news)).await.is_err() {
            tracing::debug!("the engine has stopped");
        }
    }

    /// The last view.
    pub fn view(&self) -> View {
        self.view.borrow().clone()
    }

    /// Waits for the next view. `None` when the engine has stopped.
    pub async fn next_view(&mut self) -> Option<View> {
        self.view.changed().await.ok()?;
        Some(self.view.borrow_and_update().clone())
    }

    /// The settings in force.
    pub fn settings(&self) -> SettingsView {
        self.settings.borrow().clone()
    }

    /// Saves settings and puts them in force; [`settings`](Self::settings) has them when this returns.
    ///
    /// # Errors
    ///
    /// Why they were not saved. Nothing has changed then.
    pub async fn change_settings(&self, change: SettingsChange) -> Result<(), SettingsProblem> {
        let (answer, answered) = oneshot::channel();
        let stopped = || SettingsProblem::whole("", "Offhook is quitting; nothing was saved.");
        let change = Box::new(change);
        self.asking
            .send(Ask::Change { change, answer })
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// The other apps.
    pub fn apps(&self) -> AppsView {
        self.apps.borrow().clone()
    }

    /// The person's answer to a [`Question`](crate::Question): this access, or no. Nothing happens if the
    /// question has been withdrawn.
    pub fn answer(&self, question: u64, access: Option<Access>) {
        self.ask(Ask::Answer { question, access });
    }

    /// Lets a paired page do this much from now on. One that is connected is disconnected if that changes
    /// what it may do, and finds its new access when it connects again.
    pub fn limit_app(&self, origin: &str, name: &str, access: Access) {
        let page = page(origin, name);
        self.ask(Ask::Limit { page, access });
    }

    /// Forgets a paired page. It is disconnected, and must pair again to come back.
    pub fn revoke_app(&self, origin: &str, name: &str) {
        let page = page(origin, name);
        self.ask(Ask::Revoke { page });
    }

    /// Keeps the password or token for the company's broker where secrets are kept, and logs in with it
    /// from now on. An empty one is forgotten. [`settings`](Self::settings) tells when this returns.
    ///
    /// # Errors
    ///
    /// A sentence. Nothing has changed then.
    pub async fn set_broker_password(&self, password: Personal) -> Result<(), String> {
        let (answer, answered) = oneshot::channel();
        let stopped = || "Offhook is quitting; nothing was saved.".to_owned();
        self.asking
            .send(Ask::Password { password, answer })
            .await
            .map_err(|_| stopped())?;
        answered.await.map_err(|_| stopped())?
    }

    /// The hub's address, or why there is no hub.
    ///
    /// # Errors
    ///
    /// A sentence.
    pub fn hub(&self) -> Result<&str, &str> {
        match &*self.hub {
            Ok(url) => Ok(url),
            Err(why) => Err(why),
        }
    }

    /// Stops the engine. [`next_view`](Self::next_view) tells when it has stopped.
    pub fn stop(&self) {
        self.ask(Ask::Stop);
    }

    fn ask(&self, ask: Ask) {
        if let Err(error) = self.asking.try_send(ask) {
            tracing::warn!(%error, "the engine does not listen");
        }
    }
}

fn page(origin: &str, name: &str) -> Page {
    Page {
        origin: origin.to_owned(),
        name: name.to_owned(),
    }
}
