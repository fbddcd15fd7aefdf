//! The life of the page in the panel's window.
//!
//! ```text
//!                                                            acknowledged,
//!  Loading --loaded--> Loaded --hello--> Greeted --streams--> Ready --update--> Watched
//!     | 30 s              | 15 s            | 15 s              | 30 s           |  ^
//!     v                   v                 v                   |           15 s v  | a word
//!  Failed(unreachable)  Failed(script)    Failed(no Streams)    +-------------> Silent
//! ```
//!
//! A login takes the place of all that until the page is loaded again. An update makes the page watched
//! from anywhere: whatever was missed, it works, and the script sees to it that a word comes regularly.

use std::time::Duration;

use offhook_protocol::{Problem, Timestamp};

/// A page must have loaded within this.
const LOAD: Duration = Duration::from_secs(30);
/// The same where the instance did not answer to a plain request.
const LOAD_UNREACHABLE: Duration = Duration::from_secs(5);
/// A loaded page must have said what it is within this.
const INTRODUCTION: Duration = Duration::from_secs(15);
/// A panel that works must say something within this.
const SILENCE: Duration = Duration::from_secs(15);
/// A panel that was silent for this long does not come back by itself.
const LOST: Duration = Duration::from_secs(60);

/// Where the page is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Life {
    /// Nothing has come yet.
    Loading { until: Timestamp },
    /// Somebody has to log in.
    Login,
    /// It is there, and its script has said nothing.
    Loaded { until: Timestamp },
    /// Its script is there, and the library is not.
    Greeted { until: Timestamp },
    /// It does not work.
    Failed(Problem),
    /// It can be spoken to, and is to say something of its own accord, unless there is a reason why not.
    Ready { until: Option<Timestamp> },
    /// It works, and says so regularly.
    Watched { until: Timestamp },
    /// It says nothing any more.
    Silent { since: Timestamp },
}

impl Life {
    pub(super) fn begin(now: Timestamp) -> Self {
        Self::Loading { until: now + LOAD }
    }

    pub(super) fn load(&mut self, now: Timestamp) {
        let until = now + INTRODUCTION;
        match self {
            Self::Loading { .. } | Self::Login | Self::Loaded { .. } | Self::Failed(_) => {
                *self = Self::Loaded { until };
            }
            Self::Greeted { .. } => *self = Self::Greeted { until },
            Self::Ready { .. } | Self::Watched { .. } | Self::Silent { .. } => {}
        }
    }

    /// The instance did not answer to a plain request: the page may load all the same.
    pub(super) fn doubt(&mut self, now: Timestamp) {
        if let Self::Loading { until } = self {
            *until = (*until).min(now + LOAD_UNREACHABLE);
        }
    }

    /// The script also runs in login pages of the instance.
    pub(super) fn greet(&mut self, now: Timestamp) {
        if *self != Self::Login {
            *self = Self::Greeted {
                until: now + INTRODUCTION,
            };
        }
    }

    /// The library is there; `until` is when the panel must have spoken.
    pub(super) fn get_ready(&mut self, until: Option<Timestamp>) {
        match self {
            Self::Ready { .. } | Self::Watched { .. } => {}
            Self::Loading { .. }
            | Self::Login
            | Self::Loaded { .. }
            | Self::Greeted { .. }
            | Self::Failed(_)
            | Self::Silent { .. } => *self = Self::Ready { until },
        }
    }

    pub(super) fn acknowledge(&mut self, now: Timestamp) {
        *self = Self::Watched {
            until: now + SILENCE,
        };
    }

    /// The page said anything at all. Whether that ends a silence.
    pub(super) fn hear(&mut self, now: Timestamp) -> bool {
        let was_silent = matches!(self, Self::Silent { .. });
        if was_silent || matches!(self, Self::Watched { .. }) {
            self.acknowledge(now);
        }
        was_silent
    }

    /// Whether a call may still be going on in the page: not where there is no page, nor where it has been
    /// silent for so long that nobody can handle the call any more.
    pub(super) fn can_carry_call(&self, now: Timestamp) -> bool {
        match self {
            Self::Failed(Problem::Unreachable) => false,
            Self::Silent { since } => now < *since + LOST,
            Self::Loading { .. }
            | Self::Login
            | Self::Loaded { .. }
            | Self::Greeted { .. }
            | Self::Failed(_)
            | Self::Ready { .. }
            | Self::Watched { .. } => true,
        }
    }

    /// What is due happens; whether anything was. Where the instance is unreachable, a page that does
    /// not introduce itself is the web view's own, about the error.
    pub(super) fn handle_timeout(&mut self, now: Timestamp, unreachable: bool) -> bool {
        if self.poll_timeout().is_none_or(|due| due > now) {
            return false;
        }
        *self = match self {
            Self::Loading { .. } => Self::Failed(Problem::Unreachable),
            Self::Loaded { .. } | Self::Greeted { .. } if unreachable => {
                Self::Failed(Problem::Unreachable)
            }
            Self::Loaded { .. } => Self::Failed(Problem::ScriptFailed),
            Self::Greeted { .. } => Self::Failed(Problem::NoStreams),
            Self::Ready { .. } | Self::Watched { .. } => Self::Silent { since: now },
            Self::Login | Self::Failed(_) | Self::Silent { .. } => return false,
        };
        true
    }

    pub(super) fn poll_timeout(&self) -> Option<Timestamp> {
        match self {
            Self::Loading { until }
            | Self::Loaded { until }
            | Self::Greeted { until }
            | Self::Watched { until } => Some(*until),
            Self::Ready { until } => *until,
            Self::Login | Self::Failed(_) | Self::Silent { .. } => None,
        }
    }
}
