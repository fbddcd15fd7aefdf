//! The loop that owns the phone.

#[cfg(test)]
mod tests;

use std::{
    hash::{BuildHasher, RandomState},
    io, thread,
    time::Duration,
};

use offhook_bus::{Bus, Delivery, JoinError, Port};
use offhook_core::{
    Act, ContactView, Effect, Input, Intent, Phone, Preferences, Updates, UpdatesOff, View,
    tray::Tray,
};
use offhook_protocol::{Access, Event};
use tokio::sync::{mpsc, oneshot, watch};
use tracing::{debug, trace, warn};

use crate::{
    apps::Apps,
    clock::{Clock, sleep_until},
    connector::{Connection, Connector, PracticeError},
    handle::{Ask, Handle},
    panel::{PanelEvent, PanelId, PanelOrder},
    secrets::Secrets,
    settings::{Choice, Places, Settings, SettingsChange, SettingsProblem, SettingsView},
    shell::Shell,
    uplink::{News, Uplink},
};

/// The phone's name on the bus.
const SOURCE: &str = "offhook";

/// How many wishes of the person may wait for the loop. More are dropped: they come from one hand.
const MAX_WAITING: usize = 64;

/// How many words of a panel may wait for the loop.
const MAX_WORDS_WAITING: usize = 256;

/// How much later than others a desk looks for a new version at most.
const LONGEST_SPREAD: Duration = Duration::from_secs(15 * 60);

/// How to start.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Practise, whatever the settings say; with this scenario, or the usual one.
    pub practice: Option<Option<String>>,
    /// What the practice centre's chances depend on; another one each time if absent.
    pub seed: Option<u64>,
    /// Where the settings are; the platform's places if absent.
    pub places: Option<Places>,
}

/// Why the engine could not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The practice scenario cannot be played.
    #[error(transparent)]
    Practice(#[from] PracticeError),
    /// The settings choose a connector that shows a window, and there can be none here.
    #[error(
        "The connector \"amazon\" works through Amazon Connect's own panel, which needs a display. \
         Start Offhook itself in a desktop session, or choose another connector (`--practice`)."
    )]
    NeedsDisplay,
    /// The bus cannot be joined.
    #[error(transparent)]
    Bus(#[from] JoinError),
    /// The system gives no thread or no runtime.
    #[error("the system gives no thread: {0}")]
    Thread(#[from] io::Error),
    /// The thread ended before it was ready.
    #[error("the engine ended while it was starting")]
    Ended,
}

/// Starts the engine on a thread of its own and returns when the phone is on the bus.
///
/// # Errors
///
/// [`StartError`]. That the hub cannot be started is no error: the phone works without it, and
/// [`Handle::hub`] says why it is missing.
pub fn start(options: Options, shell: impl Shell) -> Result<Handle, StartError> {
    let (ready, starting) = std::sync::mpsc::channel();
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()?;
    thread::Builder::new()
        .name("engine".to_owned())
        .spawn(move || {
            runtime.block_on(async {
                match Engine::new(options, shell).await {
                    Ok((engine, handle)) => {
                        if ready.send(Ok(handle)).is_ok() {
                            engine.run().await;
                        }
                    }
                    Err(error) => drop(ready.send(Err(error))),
                }
            });
        })?;
    starting.recv().map_err(|_| StartError::Ended)?
}

struct Engine<S> {
    shell: S,
    phone: Phone,
    clock: Clock,
    port: Port,
    bus: Bus,
    connector: Connector,
    /// What the settings chose when it was started.
    chosen: Choice,
    /// The last panel that was opened.
    panel_id: PanelId,
    /// The scenario of the command line outranks the settings.
    practising: bool,
    seed: u64,
    apps: Apps,
    settings: Settings,
    uplink: Uplink,
    asks: mpsc::Receiver<Ask>,
    panel: mpsc::Receiver<(PanelId, PanelEvent)>,
    shown: watch::Sender<View>,
    settings_shown: watch::Sender<SettingsView>,
}

impl<S: Shell> Engine<S> {
    async fn new(options: Options, mut shell: S) -> Result<(Self, Handle), StartError> {
        let clock = Clock::start();
        let places = options.places.unwrap_or_default();
        let secrets = Secrets::new(&places);
        let mut settings = Settings::load(places.clone());
        let seed = options
            .seed
            .unwrap_or_else(|| RandomState::new().hash_one(clock.now()));
        let connection = match &options.practice {
            Some(scenario) => Connection::practice(scenario.as_deref(), seed)?,
            None => Connection::chosen(&settings, seed)?,
        };
        if matches!(connection, Connection::Amazon(_)) && !shell.has_panel() {
            return Err(StartError::NeedsDisplay);
        }
        follow_login(&mut shell, &mut settings);
        let bus = Bus::new();
        let panel_id = PanelId::default();
        let connector = Connector::start(connection, panel_id, &bus, clock.clone());
        let chosen = settings.connection();
        let mut uplink = Uplink::new(bus.clone(), clock.clone(), secrets.clone(), seed);
        uplink.follow(settings.broker());
        let mut apps = Apps::open(&bus, settings.view(), &places, secrets).await;
        let port = bus.join_with_state(SOURCE, Access::Control)?;
        let mut phone = Phone::new(preferences(settings.view()), clock.now());
        phone.handle(Input::Broker(uplink.state()), clock.now());
        let updates = updates(&shell, settings.view(), seed);
        phone.handle(Input::Updates(updates), clock.now());
        let (asking, asks) = mpsc::channel(MAX_WAITING);
        let (telling, panel) = mpsc::channel(MAX_WORDS_WAITING);
        let (shown, showing) = watch::channel(phone.view());
        let (settings_shown, settings_showing) = watch::channel(settings.view().clone());
        let handle = Handle::new(
            asking,
            telling,
            showing,
            settings_showing,
            apps.watch(),
            apps.url(),
        );
        shell.settings(settings.view());
        apps.follow(&mut shell, settings.view());
        let practising = options.practice.is_some();
        let engine = Self {
            shell,
            phone,
            clock,
            port,
            bus,
            connector,
            chosen,
            panel_id,
            practising,
            seed,
            apps,
            settings,
            uplink,
            asks,
            panel,
            shown,
            settings_shown,
        };
        Ok((engine, handle))
    }

    async fn run(mut self) {
        let view = self.phone.view();
        self.shell.show(&view, &Tray::of(&view));
        loop {
            self.carry_out();
            self.project();
            self.apps.follow(&mut self.shell, self.settings.view());
            self.follow_settings().await;
            let due = self.phone.poll_timeout();
            tokio::select! {
                delivery = self.port.recv() => match delivery {
                    Some(delivery) => self.hear(&delivery),
                    None => return,
                },
                ask = self.asks.recv() => match ask {
                    Some(Ask::Intent(intent)) => self.wish(intent),
                    Some(Ask::Window { visible }) => self.input(Input::Window { visible }),
                    Some(Ask::Change { change, answer }) => self.change(&change, answer),
                    Some(Ask::Answer { question, access }) => self.apps.answer(question, access),
                    Some(Ask::Limit { page, access }) => self.apps.limit(&page, access),
                    Some(Ask::Revoke { page }) => self.apps.revoke(&page),
                    Some(Ask::Password { password, answer }) => {
                        self.uplink.keep_password(password, answer);
                    }
                    Some(Ask::Update(news)) => self.input(Input::Update(news)),
                    Some(Ask::Stop) | None => return self.stop().await,
                },
                Some((from, event)) = self.panel.recv() => self.connector.hear(from, event).await,
                () = self.apps.changed() => {}
                news = self.uplink.news() => self.learn(news),
                order = self.connector.order() => self.shell.panel(order),
                () = sleep_until(due.and_then(|(time, _)| self.clock.instant(time))) => {
                    trace!(why = ?due.map(|(_, why)| why), "due");
                    self.input(Input::Timeout);
                }
            }
        }
    }

    fn hear(&mut self, delivery: &Delivery) {
        let Delivery::Message { envelope, .. } = delivery else {
            return;
        };
        match Event::read(envelope.envelope()) {
            Some(event) => {
                debug!(?event, "heard");
                self.input(Input::Event(event));
            }
            None => trace!(envelope = ?envelope.envelope(), "passed by"),
        }
    }

    fn wish(&mut self, intent: Intent) {
        debug!(?intent, "asked");
        self.input(Input::Intent(intent));
    }

    fn input(&mut self, input: Input) {
        self.phone.handle(input, self.clock.now());
    }

    fn carry_out(&mut self) {
        while let Some(effect) = self.phone.poll_effect() {
            debug!(?effect, "does");
            match effect {
                Effect::Send(request) => {
                    if let Err(refused) = self.port.send(request.envelope(SOURCE)) {
                        warn!(%refused, "a request was not sent");
                    }
                }
                Effect::RetryBroker => self.uplink.retry(),
                Effect::Act(act) => self.shell.act(act),
            }
        }
    }

    fn project(&mut self) {
        let view = self.phone.view();
        if *self.shown.borrow() != view {
            // First where it is pulled from: a window that listens and then pulls misses nothing.
            self.shown.send_replace(view.clone());
            self.shell.show(&view, &Tray::of(&view));
        }
    }

    fn change(
        &mut self,
        change: &SettingsChange,
        answer: oneshot::Sender<Result<(), SettingsProblem>>,
    ) {
        let result = self.settings.change(change);
        if result.is_ok() {
            follow_login(&mut self.shell, &mut self.settings);
            let view = self.settings.view();
            let updates = updates(&self.shell, view, self.seed);
            self.phone
                .handle(Input::Preferences(preferences(view)), self.clock.now());
            self.phone.handle(Input::Updates(updates), self.clock.now());
            self.apps.admit(view);
            self.tell_settings();
            self.uplink.follow(self.settings.broker());
            self.tell_broker();
        }
        if answer.send(result).is_err() {
            debug!("nobody waits for the settings");
        }
    }

    fn learn(&mut self, news: News) {
        match news {
            News::State => self.input(Input::Broker(self.uplink.state())),
            News::PasswordFound { kept_in } => {
                self.settings.show_password(kept_in);
                self.tell_settings();
            }
            News::PasswordKept { kept_in, answer } => {
                self.settings.show_password(kept_in);
                self.tell_settings();
                self.uplink.restart();
                self.tell_broker();
                if answer.send(Ok(())).is_err() {
                    debug!("nobody waits for the password");
                }
            }
        }
    }

    fn tell_broker(&mut self) {
        self.input(Input::Broker(self.uplink.state()));
    }

    fn tell_settings(&mut self) {
        let view = self.settings.view();
        self.settings_shown.send_replace(view.clone());
        self.shell.settings(view);
    }

    /// Connects as the settings choose, once that hurts no call: another connector would close the panel
    /// that holds its audio.
    async fn follow_settings(&mut self) {
        let live = |contact: &ContactView| contact.phase.is_live();
        let on_call = || self.phone.view().contacts.iter().any(live);
        let chosen = self.settings.connection();
        if self.practising || chosen == self.chosen || (self.connector.has_panel() && on_call()) {
            return;
        }
        self.chosen = chosen;
        match Connection::chosen(&self.settings, self.seed) {
            Ok(connection) => {
                self.disconnect().await;
                self.panel_id.0 += 1;
                let clock = self.clock.clone();
                self.connector = Connector::start(connection, self.panel_id, &self.bus, clock);
            }
            Err(error) => warn!(%error, "the connector stays as it is"),
        }
    }

    async fn disconnect(&mut self) {
        let old = std::mem::replace(&mut self.connector, Connector::idle());
        if old.has_panel() {
            self.shell.panel(PanelOrder::Close);
        }
        old.stop().await;
    }

    async fn stop(mut self) {
        self.shell.act(Act::StopRing);
        self.uplink.stop().await;
        self.disconnect().await;
        self.apps.close().await;
    }
}

fn follow_login(shell: &mut impl Shell, settings: &mut Settings) {
    let Some(on) = settings.entry_at_login() else {
        return;
    };
    let followed = shell.start_at_login(on);
    if let Err(problem) = &followed {
        warn!(
            path = problem.path,
            text = problem.text,
            "the system does not follow start at login"
        );
    }
    settings.show_login_problem(followed.err());
}

/// Whether new versions are looked for. Where they cannot be, the settings have no say.
fn updates(shell: &impl Shell, settings: &SettingsView, seed: u64) -> Updates {
    match shell.updates() {
        Err(off) => Updates::Off(off),
        Ok(()) if !settings.updates_check.value => Updates::Off(UpdatesOff::Settings),
        Ok(()) => Updates::On {
            spread: Duration::from_secs(seed % LONGEST_SPREAD.as_secs()),
        },
    }
}

fn preferences(settings: &SettingsView) -> Preferences {
    Preferences {
        notify: settings.notify.value,
        sound: settings.sound.value,
        raise: settings.raise.value,
    }
}
