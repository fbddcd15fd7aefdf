//! Whether calls can come: the page, the login, the link, the audio, and when to load the panel anew.

mod check;
mod life;
mod softphone;

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{AppState, Check, ContactId, Envelope, Link, Problem, Step, Timestamp};
use url::Url;

use crate::{
    page::Permission,
    panel::{Order, Probe, Seen, Setup},
};
use life::Life;
use softphone::Softphone;

/// A panel that has the library must say something with it within this.
const FIRST_WORD: Duration = Duration::from_secs(30);
/// The panel is loaded anew after this; each later time after twice the time.
const FIRST_RETRY: Duration = Duration::from_secs(15);
/// But never after more than this.
const LONGEST_RETRY: Duration = Duration::from_secs(5 * 60);
/// A wish to try now is granted no more often than this.
const IMPATIENCE: Duration = Duration::from_secs(10);
/// A session lasts no longer than this, whatever the agent does.
const SESSION: Duration = Duration::from_secs(12 * 60 * 60);

/// See the module.
#[derive(Debug)]
pub(crate) struct Health {
    setup: Setup,
    life: Life,
    /// The panel that speaks, where it has said its name.
    panel: Option<String>,
    probe: Option<Probe>,
    /// An embedded panel did not acknowledge in time that it was loaded.
    ack_timed_out: bool,
    login: Login,
    /// The last update could not be read.
    unreadable: bool,
    /// The window was shown so that the agent logs in.
    shown_for_login: bool,
    link: Link,
    retry_at: Option<Timestamp>,
    backoff: Duration,
    loaded_at: Timestamp,
    softphone: Softphone,
    orders: VecDeque<Order>,
    told: Option<Told>,
}

/// Whether the agent is logged in.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Login {
    /// Nothing told so far.
    Unknown,
    /// Yes. Since when is known only of a login that was seen here.
    In { since: Option<Timestamp> },
    /// No, and why.
    Out(Problem),
}

/// What the bus was told. The times are moments, so that it is not told anew as they come nearer.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Told {
    link: Link,
    retry_at: Option<Timestamp>,
    session_ends_at: Option<Timestamp>,
    check: Vec<Check>,
}

impl Health {
    /// The window was told to open the page.
    pub(crate) fn new(setup: Setup, now: Timestamp) -> Self {
        Self {
            setup,
            life: Life::begin(now),
            panel: None,
            probe: None,
            ack_timed_out: false,
            login: Login::Unknown,
            unreadable: false,
            shown_for_login: false,
            link: Link::Connecting,
            retry_at: None,
            backoff: FIRST_RETRY,
            loaded_at: now,
            softphone: Softphone::default(),
            orders: [Order::Probe].into(),
            told: None,
        }
    }

    pub(crate) fn is_online(&self) -> bool {
        self.link == Link::Online
    }

    /// Whether calls are heard and spoken in this window.
    pub(crate) fn has_media(&self) -> bool {
        self.setup.has_media()
    }

    /// Whether it is known that nobody is logged in.
    pub(crate) fn is_logged_out(&self) -> bool {
        matches!(self.login, Login::Out(_))
    }

    /// Something happened to the window.
    pub(crate) fn see(&mut self, seen: Seen, now: Timestamp) {
        match seen {
            Seen::Loading(url) => self.begin_to_load(&url, now),
            Seen::Loaded(url) => self.load(&url, now),
            Seen::MicrophoneDenied => self.softphone.refuse_microphone(),
            Seen::Probed(probe) => {
                if probe == Probe::Unreachable {
                    self.life.doubt(now);
                }
                self.probe = Some(probe);
                self.judge_ack_timeout();
            }
        }
    }

    fn begin_to_load(&mut self, url: &Url, now: Timestamp) {
        match self.place(url) {
            Place::Ours => {
                self.loaded_at = now;
                self.retry_at = None;
                self.life = Life::begin(now);
                self.lose_link();
            }
            Place::Login => self.visit_login(),
            Place::Nowhere => {}
        }
    }

    fn load(&mut self, url: &Url, now: Timestamp) {
        match self.place(url) {
            Place::Ours => self.life.load(now),
            Place::Login => self.visit_login(),
            Place::Nowhere => {}
        }
    }

    fn visit_login(&mut self) {
        self.life = Life::Login;
        self.retry_at = None;
        // Why the agent came here says more than where this is.
        self.need_login(match &self.login {
            Login::Out(problem) => problem.clone(),
            Login::Unknown | Login::In { .. } => Problem::LoginNeeded,
        });
    }

    /// The page said something. Whether the panel is to say its last update again.
    pub(crate) fn hear(&mut self, now: Timestamp) -> bool {
        let silence_ends = self.life.hear(now);
        if silence_ends {
            self.retry_at = None;
        }
        silence_ends
    }

    /// The script runs in a new document; `cut_off` is the call that the old one carried.
    pub(crate) fn greet(
        &mut self,
        web_rtc: bool,
        microphone: Option<Permission>,
        cut_off: Option<ContactId>,
        now: Timestamp,
    ) {
        self.life.greet(now);
        self.panel = None;
        self.softphone.begin(web_rtc, microphone);
        if let Some(contact) = cut_off {
            self.softphone.cut_off(contact);
        }
        self.lose_link();
    }

    /// A panel speaks. Whether it takes the place of another one; that carried the call `cut_off`.
    pub(crate) fn start_panel(&mut self, panel: String, cut_off: Option<ContactId>) -> bool {
        let is_new = self.panel.as_ref().is_some_and(|known| *known != panel);
        self.panel = Some(panel);
        if let Some(contact) = cut_off.filter(|_| is_new) {
            self.softphone.cut_off(contact);
        }
        is_new
    }

    /// The page has the library. Whether a panel is embedded with it, the library itself tells in time.
    pub(crate) fn find_streams(&mut self, now: Timestamp) {
        let until = (!self.setup.is_embedded()).then(|| now + FIRST_WORD);
        self.life.get_ready(until);
    }

    pub(crate) fn acknowledge(&mut self, now: Timestamp) {
        self.life.acknowledge(now);
        self.retry_at = None;
    }

    pub(crate) fn time_out_ack(&mut self) {
        self.ack_timed_out = true;
        self.judge_ack_timeout();
    }

    /// A panel that may be embedded and does not load waits for a login.
    fn judge_ack_timeout(&mut self) {
        if self.ack_timed_out && self.probe.is_some() && self.framing_refused().is_none() {
            self.ack_timed_out = false;
            self.need_login(Problem::LoginNeeded);
        }
    }

    /// The agent is not logged in, and the window is where that can be changed.
    pub(crate) fn need_login(&mut self, problem: Problem) {
        let known = self.login == Login::Out(problem.clone());
        self.log_out(problem);
        if !known && !self.shown_for_login {
            self.shown_for_login = true;
            self.orders.push_back(Order::Show);
        }
    }

    /// The agent has logged out.
    pub(crate) fn leave(&mut self) {
        self.log_out(Problem::LoginNeeded);
        self.orders.push_back(Order::LogOut);
    }

    /// The agent is not logged in, and knows it.
    pub(crate) fn log_out(&mut self, problem: Problem) {
        self.login = Login::Out(problem);
        self.lose_link();
    }

    /// The agent asked for the window.
    pub(crate) fn show(&mut self) {
        self.shown_for_login |= !matches!(self.login, Login::In { .. });
        self.orders.push_back(Order::Show);
    }

    /// An update came that cannot be read. The panel works, and the last update that could be read stays.
    pub(crate) fn fail_to_read(&mut self, now: Timestamp) {
        self.acknowledge(now);
        self.unreadable = true;
    }

    /// An update came. Whether it is the first of a login.
    pub(crate) fn update(&mut self, now: Timestamp) -> bool {
        self.life.acknowledge(now);
        self.link = Link::Online;
        self.unreadable = false;
        self.ack_timed_out = false;
        self.retry_at = None;
        self.backoff = FIRST_RETRY;
        if std::mem::take(&mut self.shown_for_login) {
            self.orders.push_back(Order::Hide);
        }
        let since = match self.login {
            Login::In { .. } => return false,
            Login::Out(_) => Some(now),
            Login::Unknown => None,
        };
        self.login = Login::In { since };
        true
    }

    pub(crate) fn fail_softphone(&mut self, error_type: &str) {
        let (step, problem) = softphone::failure_of(error_type);
        self.softphone.fail(step, problem);
    }

    /// Another panel holds the audio.
    pub(crate) fn lose_audio(&mut self) {
        self.softphone.fail(Step::Audio, Problem::AudioElsewhere);
    }

    /// A call was connected for the agent.
    pub(crate) fn connect(&mut self) {
        self.softphone.work();
    }

    /// These calls are live.
    pub(crate) fn follow_calls(&mut self, is_live: impl Fn(&ContactId) -> bool) {
        self.softphone.follow(is_live);
    }

    /// The agent does not want to wait for the next attempt. A login is not disturbed, nor is a page that
    /// may still come.
    pub(crate) fn hurry(&mut self, on_call: bool, now: Timestamp) {
        let helps =
            self.retry_at.is_some() || matches!(self.life, Life::Silent { .. } | Life::Failed(_));
        let waited = now >= self.loaded_at + IMPATIENCE;
        // With an embedded panel the login is in another window.
        let logging_in =
            self.life == Life::Login || (self.setup.is_embedded() && self.is_logged_out());
        if helps && waited && !logging_in && !self.could_hurt(on_call, now) {
            self.reload(now);
        }
    }

    pub(crate) fn handle_timeout(&mut self, on_call: bool, now: Timestamp) {
        let unreachable = self.probe == Some(Probe::Unreachable);
        if self.life.handle_timeout(now, unreachable) {
            // The panel has nothing to say until the agent is logged in.
            if matches!(self.life, Life::Silent { .. }) && self.is_logged_out() {
                self.life = Life::Ready { until: None };
            } else {
                self.give_up(on_call, now);
            }
        }
        if !self.could_hurt(on_call, now) && self.retry_at.is_some_and(|at| at <= now) {
            self.reload(now);
        }
    }

    /// Plans to load the panel anew, where that can help and hurts nobody.
    fn give_up(&mut self, on_call: bool, now: Timestamp) {
        self.lose_link();
        let curable = matches!(
            self.life,
            Life::Silent { .. } | Life::Failed(Problem::Unreachable)
        );
        if curable && !self.could_hurt(on_call, now) {
            self.retry_at = Some(now + self.backoff);
            self.backoff = (self.backoff * 2).min(LONGEST_RETRY);
        }
    }

    /// Whether a call would be hurt if the panel were loaded anew.
    fn could_hurt(&self, on_call: bool, now: Timestamp) -> bool {
        on_call && self.life.can_carry_call(now)
    }

    fn reload(&mut self, now: Timestamp) {
        self.loaded_at = now;
        self.retry_at = None;
        self.probe = None;
        self.life = Life::begin(now);
        self.orders.extend([Order::Reload, Order::Probe]);
    }

    pub(crate) fn poll_timeout(&self, on_call: bool, now: Timestamp) -> Option<Timestamp> {
        // An attempt that could hurt waits, even if it is due.
        let retry_at = self.retry_at.filter(|_| !self.could_hurt(on_call, now));
        [self.life.poll_timeout(), retry_at]
            .into_iter()
            .flatten()
            .min()
    }

    /// What is to be done with the window.
    pub(crate) fn take_orders(&mut self) -> VecDeque<Order> {
        std::mem::take(&mut self.orders)
    }

    fn lose_link(&mut self) {
        if self.link == Link::Online {
            self.link = Link::Lost;
        }
    }

    fn place(&self, url: &Url) -> Place {
        const LOGINS: [&str; 5] = ["auth", "login", "logout", "signin", "saml"];
        let own = self.setup.url();
        let is_login = |segment: &str| LOGINS.contains(&segment.to_ascii_lowercase().as_str());
        let logs_in = url.path() != own.path()
            && url
                .path_segments()
                .is_some_and(|mut path| path.any(is_login));
        if !matches!(url.scheme(), "http" | "https") {
            Place::Nowhere
        } else if url.origin() != own.origin() || logs_in {
            Place::Login
        } else {
            Place::Ours
        }
    }
}

/// Where the window is.
enum Place {
    /// At the page that speaks to the connector.
    Ours,
    /// Where the agent logs in.
    Login,
    /// At no page at all, as before the first one.
    Nowhere,
}

/// What the bus hears of it.
impl Health {
    pub(crate) fn state(&self, now: Timestamp) -> AppState {
        self.present().state(now)
    }

    /// The link, the check or the session changed.
    pub(crate) fn news(&mut self, now: Timestamp) -> Option<Envelope> {
        let present = self.present();
        if self.told.as_ref() == Some(&present) {
            return None;
        }
        let event = present.state(now).change_envelope();
        self.told = Some(present);
        Some(event)
    }

    fn present(&self) -> Told {
        Told {
            link: self.link,
            retry_at: self.retry_at,
            session_ends_at: match self.login {
                Login::In { since } => since.map(|since| since + SESSION),
                Login::Unknown | Login::Out(_) => None,
            },
            check: self.check(),
        }
    }
}

impl Told {
    fn state(&self, now: Timestamp) -> AppState {
        let until = |at: Timestamp| {
            u64::try_from(at.saturating_duration_since(now).as_millis()).unwrap_or(u64::MAX)
        };
        AppState {
            link: Some(self.link),
            connector: Some("amazon".to_owned()),
            retry_in_ms: self.retry_at.map(until),
            session_ends_in_ms: self.session_ends_at.map(until),
            check: self.check.clone(),
        }
    }
}
