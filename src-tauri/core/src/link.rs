//! The link between the connector and the contact centre, and whether what is shown is whole.

use std::time::Duration;

use offhook_protocol::{AppState, Link as Told};

use crate::{time::Time, view::LinkState};

/// How long a `StateSync` may take before it is asked for again.
const SYNC_PATIENCE: Duration = Duration::from_secs(5);

/// What is known of the link.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Link {
    pub(crate) state: LinkState,
    pub(crate) since: Time,
    pub(crate) retry_at: Option<Time>,
    pub(crate) connector: String,
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
        self.become_state(state, now)
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
