//! The connection to the broker: when to connect, when to give a connection up, how long to wait.
//!
//! ```text
//!              due, or the person asks              subscribed
//!   Waiting ---------------------------> Connecting -----------> Online
//!      ^                                     |                      |
//!      +--- refused, or not there in 10 s ---+--- lost, silent, ----+
//!                                            |    or asleep
//!   Stopped <--- login, certificate, taken over
//!      +-------- the person asks ---> Connecting <--- replaced --- Connecting, Online
//! ```
//!
//! The contract: whoever drives it keeps just the connection that is [`wanted`](Link::wanted) and cuts
//! any other, calls [`tick`](Link::tick) every second of a clock that stands still while the computer
//! sleeps, or more often, and [`handle_timeout`](Link::handle_timeout) when [`poll_timeout`](Link::poll_timeout) says.

#[cfg(test)]
mod tests;

use std::time::Duration;

use offhook_protocol::Timestamp;

use crate::{Loss, Refusal};

/// A connection must be accepted, and its subscriptions too, within this.
const CONNECT_WITHIN: Duration = Duration::from_secs(10);
/// A connection that gave no sign of life for so long is gone: one keep-alive and the time to answer it.
const SILENCE: Duration = Duration::from_secs(20);
/// Something was published, and the broker gave no sign of life for so long after.
const UNANSWERED: Duration = Duration::from_secs(5);
/// After the first failure wait at most this, after each further one twice as long.
const FIRST_BACKOFF: Duration = Duration::from_secs(1);
/// But never longer than this.
const LONGEST_BACKOFF: Duration = Duration::from_secs(30);
/// A broker that closes does so for everybody: come back spread over at least this.
const SPREAD_AFTER_CLOSE: Duration = Duration::from_secs(5);
/// After sleep the person waits: come back within this.
const SPREAD_AFTER_SLEEP: Duration = Duration::from_secs(1);
/// Failures are forgotten once a connection has lasted so long.
const STABLE: Duration = Duration::from_secs(30);
/// How often [`Link::tick`] is to be called at least.
pub(crate) const TICK: Duration = Duration::from_secs(1);
/// A tick that comes this much late was slept through.
const SLEPT: Duration = Duration::from_secs(5);

/// How the connection to the broker is, as a person wants to know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Status {
    /// An attempt is under way.
    Connecting {
        /// Why there is no connection any more, or why the last attempt failed. `None` for the first.
        after: Option<Trouble>,
    },
    /// Connected and subscribed.
    Online {
        /// Since then.
        since: Timestamp,
    },
    /// The next attempt follows by itself.
    Waiting {
        /// When.
        until: Timestamp,
        /// Why.
        trouble: Trouble,
    },
    /// No attempt follows until the person asks or the settings change.
    Stopped {
        /// Why.
        trouble: Trouble,
    },
}

/// Why there is no connection. The texts are the broker's or the operating system's own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nobody there, or the way is blocked.
    Unreachable(String),
    /// One of the certificates is not good. Final.
    Certificate(String),
    /// Wrong name, password or token. Final.
    Login,
    /// The broker did not take the connection, a subscription or a publication.
    Refused(String),
    /// No answer while connecting.
    TimedOut,
    /// The network broke the connection.
    Lost(String),
    /// The broker closed the connection.
    Closed(String),
    /// The connection was there, and nothing came through any more.
    Silent,
    /// The broker takes less than there is to say.
    Overrun,
    /// The computer was asleep.
    Slept,
    /// The agent sits at another desk now. Final.
    TakenOver,
}

impl Trouble {
    /// Whether another attempt would do no good, or do harm.
    fn is_final(&self) -> bool {
        match self {
            Self::Certificate(_) | Self::Login | Self::TakenOver => true,
            Self::Unreachable(_)
            | Self::Refused(_)
            | Self::TimedOut
            | Self::Lost(_)
            | Self::Closed(_)
            | Self::Silent
            | Self::Overrun
            | Self::Slept => false,
        }
    }
}

impl From<Refusal> for Trouble {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::Unreachable(text) => Self::Unreachable(text),
            Refusal::Certificate(text) => Self::Certificate(text),
            Refusal::Login => Self::Login,
            Refusal::Broker(text) => Self::Refused(text),
        }
    }
}

impl From<Loss> for Trouble {
    fn from(loss: Loss) -> Self {
        match loss {
            Loss::Network(text) => Self::Lost(text),
            Loss::Broker(text) => Self::Closed(text),
            Loss::TakenOver => Self::TakenOver,
            Loss::Refused(refusal) => refusal.into(),
        }
    }
}

/// Names one connection, from the attempt to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Attempt(u64);

/// See the module.
#[derive(Debug)]
pub(crate) struct Link {
    state: State,
    /// How many attempts there were before this one.
    attempts: u64,
    /// How many connections failed in a row.
    failures: u32,
    ticked: Timestamp,
    rng: fastrand::Rng,
}

#[derive(Debug)]
enum State {
    Waiting {
        until: Timestamp,
        trouble: Trouble,
    },
    Connecting {
        until: Timestamp,
        after: Option<Trouble>,
    },
    Online {
        since: Timestamp,
        heard: Timestamp,
        /// When the first thing was published after the last sign of life.
        published: Option<Timestamp>,
    },
    Stopped {
        trouble: Trouble,
    },
}

impl State {
    fn connecting(after: Option<Trouble>, now: Timestamp) -> Self {
        Self::Connecting {
            until: now + CONNECT_WITHIN,
            after,
        }
    }
}

impl Link {
    /// Connects at once.
    pub(crate) fn new(seed: u64, now: Timestamp) -> Self {
        Self {
            state: State::connecting(None, now),
            attempts: 0,
            failures: 0,
            ticked: now,
            rng: fastrand::Rng::with_seed(seed),
        }
    }

    /// The connection that there should be: to be made if there is none, to be cut if there is another.
    pub(crate) fn wanted(&self) -> Option<Attempt> {
        match self.state {
            State::Connecting { .. } | State::Online { .. } => Some(Attempt(self.attempts)),
            State::Waiting { .. } | State::Stopped { .. } => None,
        }
    }

    pub(crate) fn is_online(&self) -> bool {
        matches!(self.state, State::Online { .. })
    }

    pub(crate) fn status(&self) -> Status {
        match &self.state {
            State::Waiting { until, trouble } => Status::Waiting {
                until: *until,
                trouble: trouble.clone(),
            },
            State::Connecting { after, .. } => Status::Connecting {
                after: after.clone(),
            },
            State::Online { since, .. } => Status::Online { since: *since },
            State::Stopped { trouble } => Status::Stopped {
                trouble: trouble.clone(),
            },
        }
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        match self.state {
            State::Waiting { until, .. } | State::Connecting { until, .. } => Some(until),
            State::Online {
                heard, published, ..
            } => {
                let unanswered = published.map(|at| at + UNANSWERED);
                unanswered.into_iter().chain([heard + SILENCE]).min()
            }
            State::Stopped { .. } => None,
        }
    }

    pub(crate) fn handle_timeout(&mut self, now: Timestamp) {
        if self.poll_timeout().is_none_or(|due| due > now) {
            return;
        }
        match &self.state {
            State::Waiting { trouble, .. } => {
                let after = Some(trouble.clone());
                self.connect(after, now);
            }
            State::Connecting { .. } => self.lost(Trouble::TimedOut, now),
            State::Online { .. } => self.lost(Trouble::Silent, now),
            State::Stopped { .. } => {}
        }
    }

    /// A second has passed at most, as far as somebody who sleeps can tell.
    pub(crate) fn tick(&mut self, now: Timestamp) {
        let slept = now.saturating_duration_since(self.ticked) > TICK + SLEPT;
        self.ticked = now;
        if !slept {
            return;
        }
        match &self.state {
            State::Connecting { .. } | State::Online { .. } => self.lost(Trouble::Slept, now),
            State::Waiting { trouble, until } => {
                let (trouble, until) = (trouble.clone(), *until);
                let until = until.min(self.after_at_most(SPREAD_AFTER_SLEEP, now));
                self.state = State::Waiting { until, trouble };
            }
            State::Stopped { .. } => {}
        }
    }

    /// The broker has accepted the connection and the subscriptions.
    pub(crate) fn subscribed(&mut self, now: Timestamp) {
        if let State::Connecting { .. } = self.state {
            self.state = State::Online {
                since: now,
                heard: now,
                published: None,
            };
        }
    }

    /// A sign of life.
    pub(crate) fn heard(&mut self, now: Timestamp) {
        if let State::Online {
            heard, published, ..
        } = &mut self.state
        {
            *heard = now;
            *published = None;
        }
    }

    /// Something was published, so a sign of life must follow.
    pub(crate) fn published(&mut self, now: Timestamp) {
        if let State::Online { published, .. } = &mut self.state {
            published.get_or_insert(now);
        }
    }

    /// The connection is gone, was refused, or is given up.
    pub(crate) fn lost(&mut self, trouble: Trouble, now: Timestamp) {
        match self.state {
            State::Waiting { .. } | State::Stopped { .. } => return,
            State::Online { since, .. } if now.saturating_duration_since(since) >= STABLE => {
                self.failures = 0;
            }
            State::Online { .. } | State::Connecting { .. } => {}
        }
        self.state = match trouble.is_final() {
            true => State::Stopped { trouble },
            false => {
                let spread = self.spread(&trouble);
                State::Waiting {
                    until: self.after_at_most(spread, now),
                    trouble,
                }
            }
        };
    }

    /// The person wants to be connected now.
    pub(crate) fn retry(&mut self, now: Timestamp) {
        match &self.state {
            State::Waiting { trouble, .. } | State::Stopped { trouble } => {
                let after = Some(trouble.clone());
                self.connect(after, now);
            }
            State::Connecting { .. } | State::Online { .. } => {}
        }
    }

    /// Another connection is wanted in the place of this one, at once. That is no failure.
    pub(crate) fn replace(&mut self, now: Timestamp) {
        match self.state {
            State::Connecting { .. } | State::Online { .. } => self.connect(None, now),
            State::Waiting { .. } | State::Stopped { .. } => {}
        }
    }

    fn connect(&mut self, after: Option<Trouble>, now: Timestamp) {
        self.attempts += 1;
        self.state = State::connecting(after, now);
    }

    /// The longest time to wait after this. Sleep is no failure.
    fn spread(&mut self, trouble: &Trouble) -> Duration {
        if *trouble == Trouble::Slept {
            return SPREAD_AFTER_SLEEP;
        }
        let backoff = FIRST_BACKOFF
            .saturating_mul(2_u32.saturating_pow(self.failures))
            .min(LONGEST_BACKOFF);
        self.failures = self.failures.saturating_add(1);
        if matches!(trouble, Trouble::Closed(_)) {
            backoff.max(SPREAD_AFTER_CLOSE)
        } else {
            backoff
        }
    }

    /// Full jitter: any moment from now on, each as likely.
    fn after_at_most(&mut self, spread: Duration, now: Timestamp) -> Timestamp {
        let millis = u64::try_from(spread.as_millis()).unwrap_or(u64::MAX);
        now + Duration::from_millis(self.rng.u64(0..=millis))
    }
}
