//! New versions: when to look for one, when it is offered, and that it never disturbs a call.
//!
//! ```text
//!   at rest --look--> Looking --found--> Offered --Install--> Working: download, install, restart
//!      ^                 |                | ^                    |
//!      +---nothing new---'                | '----a call came-----'  it asks again after the call
//!      '--------------Later---------------'
//! ```
//!
//! The shell looks, downloads and installs, one [`UpdateOrder`] at a time, and says what came of it in
//! an [`UpdateNews`]. What may be installed is verified there.

mod view;

use std::time::Duration;

use serde::Serialize;

use crate::time::Time;

pub use view::{UpdateState, UpdateView};

/// When the phone looks first after its start, besides [`Updates::On`]'s spread: when a person who has
/// just come to work has logged in.
const FIRST_LOOK: Duration = Duration::from_secs(5 * 60);

/// How long after a look, or after a Later, the phone looks again, besides the spread.
const DAY: Duration = Duration::from_secs(24 * 60 * 60);

/// Whether new versions are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Updates {
    /// Once a day, and when the person asks.
    On {
        /// How much later than others this phone looks, so that not all desks ask at the same moment.
        spread: Duration,
    },
    /// Never, and nothing is asked of any server.
    Off(UpdatesOff),
}

/// Why new versions are not looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdatesOff {
    /// This build knows no publisher's key or no place to look.
    NotBuiltIn,
    /// The package manager or the administrator installs them.
    Elsewhere,
    /// The settings say so.
    Settings,
}

/// What the shell is to do about a new version. It answers each with an [`UpdateNews`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum UpdateOrder {
    /// Ask whether there is one.
    Look,
    /// Download the one that was found last.
    Download,
    /// Put what was downloaded in the place of this program, which goes on running.
    Install,
    /// End this program and start the new one. No answer is expected.
    Restart {
        /// The window is hidden, and stays so.
        hidden: bool,
    },
}

/// What came of an [`UpdateOrder`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum UpdateNews {
    /// There is no newer version.
    Newest,
    /// There is a newer version for this system, and its announcement is signed.
    Found {
        /// The version, as people read it.
        version: String,
    },
    /// It is here and verified.
    Downloaded {
        /// The version, as it was found. Another one than is waited for was ordered too long ago.
        version: String,
    },
    /// It has taken this program's place, and waits for a restart.
    Installed,
    /// It did not work.
    Failed {
        /// What is wrong.
        problem: UpdateProblem,
        /// What the program that failed says about it.
        detail: String,
    },
}

/// What is wrong with a new version. The sentences stand in [`words`](crate::words).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum UpdateProblem {
    /// The server does not answer, or not with an announcement.
    Unreachable,
    /// It is not signed by the publisher.
    Unsigned,
    /// It is older than this one.
    Older,
    /// It is signed and cannot be understood.
    Unreadable,
    /// There is none for this kind of computer.
    OtherSystem,
    /// It cannot be put in this program's place.
    NotInstalled,
}

/// How it stands with a new version.
#[derive(Debug)]
pub(crate) struct Update {
    updates: Updates,
    stage: Stage,
    looked_at: Option<Time>,
    look_at: Option<Time>,
}

/// See the module's picture.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Stage {
    Unknown,
    Newest,
    Failed {
        problem: UpdateProblem,
        detail: String,
    },
    Postponed {
        version: String,
        next: Step,
    },
    Looking,
    Offered {
        version: String,
        next: Step,
    },
    Working {
        version: String,
        step: Step,
        /// The person has agreed, and no call has come since.
        agreed: bool,
    },
}

/// The way from an offer to the new version. A call may interrupt it between two steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Step {
    Download,
    Install,
    Restart,
}

impl Step {
    fn order(self, hidden: bool) -> UpdateOrder {
        match self {
            Self::Download => UpdateOrder::Download,
            Self::Install => UpdateOrder::Install,
            Self::Restart => UpdateOrder::Restart { hidden },
        }
    }
}

impl Default for Update {
    fn default() -> Self {
        Self {
            updates: Updates::Off(UpdatesOff::NotBuiltIn),
            stage: Stage::Unknown,
            looked_at: None,
            look_at: None,
        }
    }
}

impl Update {
    /// Looks from now on, or never again.
    pub(crate) fn set(&mut self, updates: Updates, now: Time) {
        if self.updates != updates {
            self.updates = updates;
            self.stage = Stage::Unknown;
            self.look_at = self.after(FIRST_LOOK, now);
        }
    }

    /// When to [`look`](Self::look) without being asked.
    pub(crate) fn look_at(&self) -> Option<Time> {
        self.look_at.filter(|_| self.can_look())
    }

    /// Looks for a new version, if that is allowed and nothing better is under way. One that is here
    /// already is offered again instead.
    pub(crate) fn look(&mut self) -> Option<UpdateOrder> {
        if !self.can_look() {
            return None;
        }
        self.look_at = None;
        if let Stage::Postponed { version, next } = &self.stage
            && *next != Step::Download
        {
            self.stage = Stage::Offered {
                version: version.clone(),
                next: *next,
            };
            return None;
        }
        self.stage = Stage::Looking;
        Some(UpdateOrder::Look)
    }

    /// The person agrees to the offer.
    pub(crate) fn install(&mut self, hidden: bool) -> Option<UpdateOrder> {
        let Stage::Offered { version, next } = &self.stage else {
            return None;
        };
        let (version, step) = (version.clone(), *next);
        Some(self.work(version, step, hidden))
    }

    /// The person wants to be asked another day.
    pub(crate) fn postpone(&mut self, now: Time) {
        if let Stage::Offered { version, next } = &self.stage {
            self.stage = Stage::Postponed {
                version: version.clone(),
                next: *next,
            };
            self.look_at = self.after(DAY, now);
        }
    }

    /// A call has come: what the person has agreed to must be asked again.
    pub(crate) fn interrupt(&mut self) {
        if let Stage::Working { agreed, .. } = &mut self.stage {
            *agreed = false;
        }
    }

    /// Hears what came of an order, and goes on. News that nobody waits for any more is passed by.
    pub(crate) fn hear(
        &mut self,
        news: UpdateNews,
        hidden: bool,
        now: Time,
    ) -> Option<UpdateOrder> {
        match (&self.stage, news) {
            (Stage::Looking, news) => {
                self.stage = match news {
                    UpdateNews::Newest => Stage::Newest,
                    UpdateNews::Found { version } => Stage::Offered {
                        version,
                        next: Step::Download,
                    },
                    UpdateNews::Failed { problem, detail } => Stage::Failed { problem, detail },
                    UpdateNews::Downloaded { .. } | UpdateNews::Installed => return None,
                };
                self.looked_at = Some(now);
                self.look_at = self.after(DAY, now);
                None
            }
            (Stage::Working { .. }, UpdateNews::Failed { problem, detail }) => {
                self.stage = Stage::Failed { problem, detail };
                None
            }
            (
                Stage::Working {
                    version,
                    step: Step::Download,
                    agreed,
                },
                UpdateNews::Downloaded {
                    version: downloaded,
                },
            ) if downloaded == *version => {
                self.go_on(version.clone(), Step::Install, *agreed, hidden)
            }
            (
                Stage::Working {
                    version,
                    step: Step::Install,
                    agreed,
                },
                UpdateNews::Installed,
            ) => self.go_on(version.clone(), Step::Restart, *agreed, hidden),
            (
                Stage::Unknown
                | Stage::Newest
                | Stage::Failed { .. }
                | Stage::Postponed { .. }
                | Stage::Offered { .. }
                | Stage::Working { .. },
                _,
            ) => None,
        }
    }

    /// Whether the person waits for this to be installed.
    pub(crate) fn is_working(&self) -> bool {
        matches!(self.stage, Stage::Working { .. })
    }

    fn go_on(
        &mut self,
        version: String,
        next: Step,
        agreed: bool,
        hidden: bool,
    ) -> Option<UpdateOrder> {
        if agreed {
            return Some(self.work(version, next, hidden));
        }
        self.stage = Stage::Offered { version, next };
        None
    }

    fn work(&mut self, version: String, step: Step, hidden: bool) -> UpdateOrder {
        self.stage = Stage::Working {
            version,
            step,
            agreed: true,
        };
        step.order(hidden)
    }

    /// What was downloaded or installed already is not thrown away for a look.
    fn can_look(&self) -> bool {
        let at_rest = match &self.stage {
            Stage::Unknown
            | Stage::Newest
            | Stage::Failed { .. }
            | Stage::Postponed { .. }
            | Stage::Offered {
                next: Step::Download,
                ..
            } => true,
            Stage::Looking | Stage::Offered { .. } | Stage::Working { .. } => false,
        };
        at_rest && matches!(self.updates, Updates::On { .. })
    }

    fn after(&self, span: Duration, now: Time) -> Option<Time> {
        match self.updates {
            Updates::On { spread } => Some(now + span + spread),
            Updates::Off(_) => None,
        }
    }
}
