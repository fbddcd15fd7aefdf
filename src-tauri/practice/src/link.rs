//! The simulated connection between connector and contact centre.

use std::time::Duration;

use offhook_protocol::{AppState, Envelope, Link as LinkState, Timestamp};

/// The first attempt to connect again comes after this; each later one after twice the time.
const FIRST_RETRY: Duration = Duration::from_secs(1);
/// But never after more than this.
const LONGEST_RETRY: Duration = Duration::from_secs(8);

/// The link. While it is cut nothing gets in or out, and the connector tries to connect again.
pub(crate) enum Link {
    Up,
    Cut(Box<Cut>),
}

/// See [`Link`].
pub(crate) struct Cut {
    /// From then on an attempt succeeds.
    passable_at: Timestamp,
    retry_at: Timestamp,
    backoff: Duration,
    /// What the connector knew of agent and calls when the link was lost.
    pub(crate) known: [Envelope; 2],
}

impl Link {
    pub(crate) fn cut(now: Timestamp, lasting: Duration, known: [Envelope; 2]) -> Self {
        Self::Cut(Box::new(Cut {
            passable_at: now + lasting,
            retry_at: now + FIRST_RETRY,
            backoff: FIRST_RETRY,
            known,
        }))
    }

    pub(crate) fn is_up(&self) -> bool {
        matches!(self, Self::Up)
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        match self {
            Self::Up => None,
            Self::Cut(cut) => Some(cut.retry_at),
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> Option<Envelope> {
        let due = self.poll_timeout().is_some_and(|at| at <= now);
        due.then(|| self.attempt(now)).flatten()
    }

    /// Tries to connect now. What the bus hears of it: that the link is up again, or when the next
    /// attempt is due. Nothing while the link is up.
    pub(crate) fn attempt(&mut self, now: Timestamp) -> Option<Envelope> {
        let Self::Cut(cut) = self else {
            return None;
        };
        if cut.passable_at <= now {
            *self = Self::Up;
        } else {
            cut.backoff = (cut.backoff * 2).min(LONGEST_RETRY);
            cut.retry_at = now + cut.backoff;
        }
        Some(self.state(now).change_envelope())
    }

    pub(crate) fn state(&self, now: Timestamp) -> AppState {
        let (link, retry_in) = match self {
            Self::Up => (LinkState::Online, None),
            Self::Cut(cut) => (
                LinkState::Lost,
                Some(cut.retry_at.saturating_duration_since(now)),
            ),
        };
        AppState {
            link: Some(link),
            connector: Some("practice".to_owned()),
            retry_in_ms: retry_in.map(|wait| u64::try_from(wait.as_millis()).unwrap_or(u64::MAX)),
            ..AppState::default()
        }
    }
}
