//! The other apps: who may join the hub, who has joined, and who asks to.

mod key;
mod list;
mod view;

use std::{collections::BTreeMap, future::pending, io, path::PathBuf};

use offhook_bus::{Admission, Bus, ConnectionFile, Hub, HubConfig, HubError, Page, Pairing};
use offhook_protocol::Access;
use tokio::sync::watch;
use tracing::{debug, warn};

pub use view::{AppView, AppsView, HubState, KeptIn, Question};

use crate::{
    Shell,
    secrets::Secrets,
    settings::{Places, SettingsView},
};
use key::{Found, Search};

/// The hub, and what the phone knows of the apps that join it.
#[derive(Debug)]
pub(crate) struct Apps {
    pub(crate) hub: Result<OpenHub, HubError>,
    /// The file with the list of paired pages, and what it holds.
    list: PathBuf,
    listed: BTreeMap<Page, Pairing>,
    key: Key,
    search: Search,
    /// The question that the shell asks.
    asked: Option<u64>,
    shown: watch::Sender<AppsView>,
}

/// The hub and the file that tells where it is; both end with it.
#[derive(Debug)]
pub(crate) struct OpenHub {
    hub: Hub,
    changed: watch::Receiver<offhook_bus::Roster>,
    _file: Option<ConnectionFile>,
}

/// The installation's key, which the secrets of all paired pages are derived from.
#[derive(Debug)]
enum Key {
    /// A keychain may ask the person for leave first.
    Awaited,
    Had(KeptIn),
    /// Web pages cannot join until it is found; a sentence says why.
    Missing(String),
}

impl Apps {
    /// Opens the hub. That it cannot be opened is told in the view.
    pub(crate) async fn open(
        bus: &Bus,
        settings: &SettingsView,
        places: &Places,
        secrets: Secrets,
    ) -> Self {
        let list = places.data.join("apps.json");
        let listed = list::read(&list).unwrap_or_else(|error| {
            warn!(%error, "the list of paired apps cannot be read");
            BTreeMap::new()
        });
        Self {
            hub: OpenHub::open(bus, settings, places).await,
            list,
            listed,
            key: Key::Awaited,
            search: Search::in_secrets(secrets),
            asked: None,
            shown: watch::Sender::default(),
        }
    }

    /// The address of the hub, or why there is none.
    pub(crate) fn url(&self) -> Result<String, String> {
        match &self.hub {
            Ok(open) => Ok(open.hub.url().to_owned()),
            Err(error) => Err(error.to_string()),
        }
    }

    pub(crate) fn watch(&self) -> watch::Receiver<AppsView> {
        self.shown.subscribe()
    }

    /// Waits until there is something to [`follow`](Self::follow). Cancel-safe.
    pub(crate) async fn changed(&mut self) {
        let Ok(open) = &mut self.hub else {
            return pending().await;
        };
        tokio::select! {
            Ok(()) = open.changed.changed() => {}
            found = self.search.next() => self.take(found),
        }
    }

    /// Brings the list, the question and the view up to date.
    pub(crate) fn follow(&mut self, shell: &mut impl Shell, settings: &SettingsView) {
        self.save();
        self.ask(shell);
        let view = self.view(settings);
        if *self.shown.borrow() != view {
            // First where it is pulled from: a window that listens and then pulls misses nothing.
            self.shown.send_replace(view.clone());
            shell.apps(&view);
        }
    }

    /// Puts changed settings in force. A key that is missing is looked for at once: whoever changes
    /// settings may just have unlocked the keychain.
    pub(crate) fn admit(&self, settings: &SettingsView) {
        self.search.hurry();
        if let Ok(open) = &self.hub {
            open.hub.admit(admission(settings));
        }
    }

    pub(crate) fn answer(&self, question: u64, access: Option<Access>) {
        if let Ok(open) = &self.hub {
            open.hub.answer(question, access);
        }
    }

    pub(crate) fn limit(&self, page: &Page, access: Access) {
        if let Some(hub) = self.hub_of(page) {
            hub.limit(page, access);
        }
    }

    pub(crate) fn revoke(&self, page: &Page) {
        if let Some(hub) = self.hub_of(page) {
            hub.revoke(page);
        }
    }

    pub(crate) async fn close(self) {
        if let Ok(open) = self.hub {
            open.hub.close().await;
        }
    }

    /// The hub, if this page is the person's to decide about.
    fn hub_of(&self, page: &Page) -> Option<&Hub> {
        let Ok(open) = &self.hub else {
            return None;
        };
        let view = self.shown.borrow();
        let fixed = |app: &&AppView| {
            app.origin.as_ref() == Some(&page.origin) && app.name == page.name && app.fixed
        };
        match view.apps.iter().find(fixed) {
            Some(_) => None,
            None => Some(&open.hub),
        }
    }

    fn take(&mut self, found: Found) {
        let Ok(open) = &self.hub else {
            return;
        };
        self.key = match found {
            Ok((kept_in, key)) => {
                open.hub.know(key, self.listed.clone());
                Key::Had(kept_in)
            }
            Err(error) => {
                let why = error.to_string();
                match &self.key {
                    Key::Missing(before) if *before == why => debug!(?error, "still no key"),
                    Key::Awaited | Key::Had(_) | Key::Missing(_) => {
                        warn!(?error, "web pages cannot join");
                    }
                }
                Key::Missing(why)
            }
        };
    }

    fn save(&mut self) {
        let (Ok(open), Key::Had(_)) = (&self.hub, &self.key) else {
            return;
        };
        {
            // The hub is not kept waiting for the disk.
            let roster = open.changed.borrow();
            if *roster.pairings() == self.listed {
                return;
            }
            self.listed.clone_from(roster.pairings());
        }
        if let Err(error) = list::write(&self.list, &self.listed) {
            warn!(%error, "the list of paired apps cannot be written");
        }
    }

    fn ask(&mut self, shell: &mut impl Shell) {
        let Ok(open) = &self.hub else {
            return;
        };
        let question = open.changed.borrow().question().cloned();
        let id = question.as_ref().map(|question| question.id);
        if id == self.asked {
            return;
        }
        if let Some(old) = self.asked.take() {
            shell.withdraw(old);
        }
        let Some(question) = question else {
            return;
        };
        match shell.asks() {
            true => {
                self.asked = id;
                shell.ask(&question.into());
            }
            false => {
                debug!("there is nobody to ask whether a page may join");
                open.hub.answer(question.id, None);
            }
        }
    }

    fn view(&self, settings: &SettingsView) -> AppsView {
        let kept_in = match &self.key {
            Key::Had(kept_in) => Some(*kept_in),
            Key::Awaited | Key::Missing(_) => None,
        };
        let (apps, hub) = match (&self.hub, &self.key) {
            (Err(error), _) => (Vec::new(), HubState::closed(error)),
            (Ok(open), key) => (
                view::apps(&open.changed.borrow(), settings),
                match key {
                    Key::Missing(why) => HubState::Closed {
                        why: format!("{why} Offhook tries again by itself."),
                    },
                    Key::Awaited | Key::Had(_) => HubState::of(&open.hub),
                },
            ),
        };
        AppsView { apps, kept_in, hub }
    }
}

impl OpenHub {
    async fn open(bus: &Bus, settings: &SettingsView, places: &Places) -> Result<Self, HubError> {
        let config = HubConfig {
            ports: settings.hub_ports.value.clone(),
            admission: admission(settings),
        };
        let hub = Hub::start(bus.clone(), config).await?;
        let file = places
            .runtime
            .as_deref()
            .ok_or_else(|| io::Error::new(io::ErrorKind::NotFound, "no home directory"))
            .and_then(|runtime| ConnectionFile::publish_in(runtime, hub.connection()));
        if let Err(error) = &file {
            warn!(%error, "other programs cannot find the hub");
        }
        Ok(Self {
            changed: hub.watch(),
            hub,
            _file: file.ok(),
        })
    }
}

fn admission(settings: &SettingsView) -> Admission {
    let listed = &settings.allowed_origins;
    Admission {
        listed: listed
            .value
            .iter()
            .map(|allowed| (allowed.origin.clone(), allowed.access))
            .collect(),
        fixed: listed.locked,
        pairing: settings.hub_pairing.value,
    }
}
