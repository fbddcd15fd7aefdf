//! The link between the connector and the contact centre, and whether what is shown is whole.

use std::time::Duration;

use offhook_protocol::{AppState, Check, Link as Told, Problem, Progress};

use crate::{project::millis, time::Time, view::LinkState};

/// How long a `StateSync` may take before it is asked for again.
const SYNC_PATIENCE: Duration = Duration::from_secs(5);

/// How long before its end the session is warned of.
const SESSION_WARNINGS: [Duration; 2] = [Duration::from_secs(30 * 60), Duration::from_secs(5 * 60)];

/// What is known of the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) state: LinkState,
    pub(crate) since: Time,
    pub(crate) retry_at: Option<Time>,
    pub(crate) connector: String,
    /// When the session with the contact centre ends at the latest.
    pub(crate) session_ends: Option<Time>,
    /// How many of the warnings of its end were given.
    session_warned: usize,
    /// The connector's set-up check.
    pub(crate) check: Vec<Check>,
    /// It was lost by an error of a peer that does not tell about links: a snapshot proves it is back.
    silent: bool,
    sync: Sync,
}

/// Whether the whole state was heard since the link came up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Sync {
    Idle,
    Asked { at: Time },
}

/// What a change of the link asks for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LinkChange {
    Nothing,
    CameUp,
    /// There is no contact centre any more.
    Ended,
}

impl Link {
    pub(crate) fn new(now: Time) -> Self {
        Self {
            state: LinkState::Connecting,
            since: now,
            retry_at: None,
            connector: String::new(),
            session_ends: None,
            session_warned: 0,
            check: Vec::new(),
            silent: false,
            sync: Sync::Idle,
        }
    }

    /// The connector told about its link.
    pub(crate) fn told(&mut self, told: AppState, now: Time) -> LinkChange {
        if let Some(connector) = told.connector {
            self.connector = connector;
        }
        let state = match told.link {
            Some(Told::None) => LinkState::None,
            Some(Told::Connecting) => LinkState::Connecting,
            Some(Told::Online) => LinkState::Online,
            Some(Told::Lost) => LinkState::Lost,
            // A peer that only knows `initState` is there, and that is all it can say.
            None => LinkState::Online,
        };
        self.silent = false;
        self.retry_at = told
            .retry_in_ms
            .map(|millis| now + Duration::from_millis(millis));
        self.session_ends = told
            .session_ends_in_ms
            .map(|millis| now + Duration::from_millis(millis));
        if self
            .session_left(now)
            .is_none_or(|left| left > SESSION_WARNINGS[0])
        {
            self.session_warned = 0;
        }
        self.check = told.check;
        self.become_state(state, now)
    }

    /// When to warn of the session's end next.
    pub(crate) fn session_warning_at(&self) -> Option<Time> {
        let before = SESSION_WARNINGS.get(self.session_warned)?;
        self.session_ends
            .map(|ends| Time::from_millis(ends.as_millis().saturating_sub(millis(*before))))
    }

    /// Whether the session's end has to be warned of now. Says so once for each warning.
    pub(crate) fn warns_of_session(&mut self, now: Time) -> bool {
        let Some(left) = self.session_left(now) else {
            return false;
        };
        let due = SESSION_WARNINGS
            .iter()
            .filter(|before| left <= **before)
            .count();
        let news = due > self.session_warned;
        self.session_warned = self.session_warned.max(due);
        news
    }

    fn session_left(&self, now: Time) -> Option<Duration> {
        self.session_ends.map(|ends| ends.since(now))
    }

    /// What the set-up check found wrong, the first step first.
    pub(crate) fn problems(&self) -> impl Iterator<Item = &Problem> {
        let failed = self
            .check
            .iter()
            .filter(|check| check.progress == Progress::Failed);
        failed.filter_map(|check| check.problem.as_ref())
    }

    /// `WEBSOCKET_ERROR`: the contact centre cannot be reached, and nobody may tell when it can be.
    pub(crate) fn failed(&mut self, now: Time) {
        if self.state == LinkState::Online {
            self.silent = true;
            self.become_state(LinkState::Lost, now);
            self.sync = Sync::Asked { at: now };
        }
    }

    /// The whole state was heard.
    pub(crate) fn synced(&mut self, now: Time) {
        self.sync = Sync::Idle;
        if self.silent && self.state == LinkState::Lost {
            self.silent = false;
            self.become_state(LinkState::Online, now);
        }
    }

    /// The whole state was asked for.
    pub(crate) fn asked(&mut self, now: Time) {
        self.sync = Sync::Asked { at: now };
    }

    /// When to ask for the whole state again. Nobody answers on a link that is known to be down.
    pub(crate) fn ask_again_at(&self) -> Option<Time> {
        match self.sync {
            Sync::Asked { at } if self.is_reachable() => Some(at + SYNC_PATIENCE),
            Sync::Asked { .. } | Sync::Idle => None,
        }
    }

    /// Whether a request may reach the contact centre.
    pub(crate) fn is_reachable(&self) -> bool {
        self.state == LinkState::Online || self.silent
    }

    fn become_state(&mut self, state: LinkState, now: Time) -> LinkChange {
        if self.state == state {
            return LinkChange::Nothing;
        }
        self.state = state;
        self.since = now;
        match state {
            LinkState::Online => LinkChange::CameUp,
            LinkState::None => LinkChange::Ended,
            LinkState::Connecting | LinkState::Lost => LinkChange::Nothing,
        }
    }
}
