//! Settings: the person's file, the administrator's policy, and what is in force.
//!
//! `docs/settings.md` documents the schema, the defaults and the places.

mod address;
mod broker;
mod edit;
mod file;
mod places;
#[cfg(test)]
mod tests;
mod view;

use std::path::Path;

use offhook_amazon::{self as panel, Setup};
use url::Url;

use crate::apps::KeptIn;

pub use broker::{BrokerChange, BrokerSettings};
pub use places::Places;
pub use view::{
    AllowedOrigin, ConnectorKind, Setting, SettingsChange, SettingsProblem, SettingsView, TrayIcon,
    Way,
};

use address::{Address, Origin, UpdateAddress};
pub(crate) use broker::BrokerSetup;
use file::{File, Listed, Percent, Ports};

/// How loud the ringtone is by default, in per cent.
const USUAL_VOLUME: u8 = 80;

/// Where web pages look for the hub.
const USUAL_PORTS: [u16; 5] = [28711, 28712, 28713, 28714, 28715];

/// What becomes of a broken settings file.
const MEND_IT: &str = "This file is not in force, and nothing is saved into it until it is mended.";

/// What becomes of a broken policy.
const HAVE_IT_MENDED: &str =
    "This policy is not in force. Ask your administrator to mend it, then restart Offhook.";

/// Whether the system is to start the phone at login, as the settings and the policy in these places say.
#[must_use]
pub fn starts_at_login(places: Places) -> bool {
    Settings::load(places).view.start_at_login.value
}

/// All that decides what is connected to.
pub(crate) type Choice = (ConnectorKind, Option<Setup>);

/// The settings in force and where they come from.
#[derive(Debug)]
pub(crate) struct Settings {
    places: Places,
    view: SettingsView,
    /// A file is not in force.
    is_broken: bool,
    /// Where the broker's password is kept, once that is known.
    password: Option<KeptIn>,
}

impl Settings {
    /// Reads both files. What is wrong with them is in the view; what is right is in force.
    pub(crate) fn load(places: Places) -> Self {
        let (view, is_broken) = view_of(&places);
        Self {
            places,
            view,
            is_broken,
            password: None,
        }
    }

    pub(crate) fn view(&self) -> &SettingsView {
        &self.view
    }

    /// How Amazon Connect is reached, if it is chosen and everything that is needed is set.
    pub(crate) fn amazon(&self) -> Option<Setup> {
        amazon(&self.view).ok().flatten()
    }

    /// How the company's broker is reached, if there is one and everything that is needed is set.
    pub(crate) fn broker(&self) -> Option<BrokerSetup> {
        self.view.broker.setup().ok().flatten()
    }

    pub(crate) fn connection(&self) -> Choice {
        (self.view.connector.value, self.amazon())
    }

    /// Saves a change and puts it in force. On an error nothing has changed.
    pub(crate) fn change(&mut self, change: &SettingsChange) -> Result<(), SettingsProblem> {
        let path = &self.places.settings;
        // Read again: the file may have been edited since.
        file::read(path, MEND_IT)?;
        self.check(change)
            .map_err(|text| SettingsProblem::whole(path.display(), text))?;
        edit::save(path, change).map_err(|text| SettingsProblem::whole(path.display(), text))?;
        (self.view, self.is_broken) = view_of(&self.places);
        self.view.broker.password = self.password;
        Ok(())
    }

    /// Shows where the broker's password is kept; `None` if there is none.
    pub(crate) fn show_password(&mut self, kept_in: Option<KeptIn>) {
        self.password = kept_in;
        self.view.broker.password = kept_in;
    }

    /// Whether the system is to have an entry that starts the phone at login; `None` if a broken file leaves
    /// that open.
    pub(crate) fn entry_at_login(&self) -> Option<bool> {
        (!self.is_broken).then_some(self.view.start_at_login.value)
    }

    /// Shows why the system does not follow start at login, if it does not.
    pub(crate) fn show_login_problem(&mut self, problem: Option<SettingsProblem>) {
        self.view.login_problem = problem;
    }

    fn check(&self, change: &SettingsChange) -> Result<(), String> {
        let view = &self.view;
        let broker = change.broker.clone().unwrap_or_default();
        let locked = [
            (change.connector.is_some(), view.connector.locked),
            (
                change.amazon_instance.is_some(),
                view.amazon_instance.locked,
            ),
            (change.amazon_way.is_some(), view.amazon_way.locked),
            (change.amazon_page.is_some(), view.amazon_page.locked),
            (change.notify.is_some(), view.notify.locked),
            (change.sound.is_some(), view.sound.locked),
            (change.raise.is_some(), view.raise.locked),
            (change.ring_device.is_some(), view.ring_device.locked),
            (change.ring_volume.is_some(), view.ring_volume.locked),
            (change.start_at_login.is_some(), view.start_at_login.locked),
            (change.tray_icon.is_some(), view.tray_icon.locked),
            (change.updates_check.is_some(), view.updates_check.locked),
            (change.updates_url.is_some(), view.updates_url.locked),
            (
                change.allowed_origins.is_some(),
                view.allowed_origins.locked,
            ),
            (change.hub_pairing.is_some(), view.hub_pairing.locked),
            (change.hub_ports.is_some(), view.hub_ports.locked),
            (broker.is_locked(&view.broker), true),
        ];
        if locked.contains(&(true, true)) {
            return Err("Your administrator has set this; it cannot be changed here.".to_owned());
        }
        if let Some(volume) = change.ring_volume {
            Percent::try_from(i64::from(volume)).map_err(|what| format!("{what}."))?;
        }
        let pages = [&change.amazon_instance, &change.amazon_page];
        for page in pages.into_iter().flatten() {
            Address::try_from(page.clone()).map_err(|what| format!("{what}."))?;
        }
        if let Some(address) = &change.updates_url {
            UpdateAddress::try_from(address.clone()).map_err(|what| format!("{what}."))?;
        }
        for allowed in change.allowed_origins.iter().flatten() {
            Origin::try_from(allowed.origin.clone()).map_err(|what| format!("{what}."))?;
        }
        if let Some(ports) = &change.hub_ports {
            Ports::try_from(ports.clone()).map_err(|what| format!("{what}."))?;
        }
        broker.check().map_err(|what| format!("{what}."))
    }
}

/// What is in force, and whether a file is not.
fn view_of(places: &Places) -> (SettingsView, bool) {
    let mut view = read(places);
    let is_broken = !view.problems.is_empty();
    let missing = [amazon(&view).err(), view.broker.setup().err()];
    for missing in missing.into_iter().flatten() {
        let problem = SettingsProblem::whole(places.settings.display(), missing);
        view.problems.push(problem);
    }
    (view, is_broken)
}

/// How Amazon Connect is reached. `None` if another connector is chosen; an error says what is missing.
fn amazon(view: &SettingsView) -> Result<Option<Setup>, &'static str> {
    if view.connector.value != ConnectorKind::Amazon {
        return Ok(None);
    }
    let address = |setting: &Setting<Option<String>>| Url::parse(setting.value.as_deref()?).ok();
    let instance = address(&view.amazon_instance).ok_or(
        "Amazon Connect is chosen, but not which instance. Set its address (amazon.instance).",
    )?;
    let way = match (view.amazon_way.value, address(&view.amazon_page)) {
        (Way::Panel, _) => panel::Way::Panel,
        (Way::Page, Some(page)) => panel::Way::Page(page),
        (Way::Page, None) => {
            return Err("The connector page is chosen, but not its address. Set it (amazon.page).");
        }
        (Way::Control, page) => panel::Way::ControlOnly(page),
    };
    Ok(Some(Setup { instance, way }))
}

fn read(places: &Places) -> SettingsView {
    let mut problems = Vec::new();
    let mut file = |path: &Path, remedy| {
        file::read(path, remedy).unwrap_or_else(|problem| {
            tracing::warn!(
                path = problem.path,
                line = problem.line,
                text = problem.text,
                "settings are not in force"
            );
            problems.push(problem);
            File::stand_in()
        })
    };
    let (policy, person) = (
        file(&places.policy, HAVE_IT_MENDED),
        file(&places.settings, MEND_IT),
    );
    let connector = setting(policy.connector, person.connector, ConnectorKind::default());
    let (amazon, own) = (policy.amazon, person.amazon);
    let (fixed, chosen) = (policy.ringing, person.ringing);
    SettingsView {
        path: places.settings.display().to_string(),
        problems,
        practice_by_default: policy.connector.or(person.connector).is_none(),
        connector,
        amazon_instance: setting(
            amazon.instance.map(addressed),
            own.instance.map(addressed),
            None,
        ),
        amazon_way: setting(amazon.way, own.way, Way::default()),
        amazon_page: setting(amazon.page.map(addressed), own.page.map(addressed), None),
        notify: setting(fixed.notify, chosen.notify, true),
        sound: setting(fixed.sound, chosen.sound, true),
        raise: setting(fixed.raise, chosen.raise, true),
        ring_device: setting(fixed.device.map(named), chosen.device.map(named), None),
        ring_volume: setting(
            fixed.volume.map(|it| it.0),
            chosen.volume.map(|it| it.0),
            USUAL_VOLUME,
        ),
        start_at_login: setting(
            policy.desktop.start_at_login,
            person.desktop.start_at_login,
            false,
        ),
        login_problem: None,
        tray_icon: setting(
            policy.desktop.tray_icon,
            person.desktop.tray_icon,
            TrayIcon::default(),
        ),
        updates_check: setting(policy.updates.check, person.updates.check, true),
        updates_url: setting(
            policy.updates.url.map(|url| named(url.0)),
            person.updates.url.map(|url| named(url.0)),
            None,
        ),
        allowed_origins: setting(
            policy.hub.allowed_origins.map(allowed),
            person.hub.allowed_origins.map(allowed),
            Vec::new(),
        ),
        hub_pairing: setting(policy.hub.pairing, person.hub.pairing, true),
        hub_ports: setting(
            policy.hub.ports.map(|it| it.0),
            person.hub.ports.map(|it| it.0),
            USUAL_PORTS.to_vec(),
        ),
        broker: BrokerSettings::of(policy.broker, person.broker),
    }
}

/// An empty text stands for none: the system's default output, no address, no name.
fn named(text: String) -> Option<String> {
    Some(text).filter(|text| !text.is_empty())
}

fn addressed(address: Address) -> Option<String> {
    named(address.0)
}

fn allowed(listed: Vec<Listed>) -> Vec<AllowedOrigin> {
    listed.into_iter().map(AllowedOrigin::from).collect()
}

fn setting<T>(policy: Option<T>, person: Option<T>, usual: T) -> Setting<T> {
    let locked = policy.is_some();
    Setting {
        value: policy.or(person).unwrap_or(usual),
        locked,
    }
}

impl SettingsProblem {
    /// A problem of the file as a whole.
    pub(crate) fn whole(path: impl ToString, text: impl Into<String>) -> Self {
        Self {
            path: path.to_string(),
            line: None,
            text: text.into(),
        }
    }
}
