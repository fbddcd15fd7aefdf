//! What a person sees of new versions.

use serde::Serialize;

use super::{Stage, Step, Update, UpdateProblem, Updates, UpdatesOff};
use crate::{time::Time, words};

/// How it stands with a new version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct UpdateView {
    /// How far it is.
    pub state: UpdateState,
    /// The version that is offered, postponed or being installed.
    pub version: Option<String>,
    /// How it stands, in a sentence or two.
    pub text: String,
    /// What is wrong.
    pub problem: Option<UpdateProblem>,
    /// What the program that failed says about it.
    pub detail: Option<String>,
    /// When the phone looked last.
    pub looked_at: Option<Time>,
    /// [`Intent::LookForUpdate`](crate::Intent::LookForUpdate) would look now.
    pub can_look: bool,
    /// What [`Intent::InstallUpdate`](crate::Intent::InstallUpdate) would do now, for its button; absent
    /// while there is nothing to install, and during a call.
    pub install: Option<String>,
    /// The person is told without looking into the settings. Never during a call.
    pub announced: bool,
}

/// See [`UpdateView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum UpdateState {
    /// New versions cannot be looked for, whatever the settings say.
    Unavailable,
    /// The settings say that new versions are not looked for.
    Off,
    /// The phone has not looked yet.
    Unknown,
    /// It is looking.
    Looking,
    /// There is no newer version.
    Newest,
    /// Looking or installing did not work.
    Failed,
    /// The person wants to be asked another day.
    Postponed,
    /// The person may install it.
    Offered,
    /// It is being installed.
    Working,
}

impl Update {
    /// `free`: there is no call that it could disturb.
    pub(crate) fn view(&self, free: bool) -> UpdateView {
        let base = UpdateView {
            state: UpdateState::Unknown,
            version: None,
            text: words::UPDATE_UNKNOWN.to_owned(),
            problem: None,
            detail: None,
            looked_at: self.looked_at,
            can_look: self.can_look(),
            install: None,
            announced: false,
        };
        if let Updates::Off(why) = self.updates {
            return UpdateView {
                state: match why {
                    UpdatesOff::NotBuiltIn | UpdatesOff::Elsewhere => UpdateState::Unavailable,
                    UpdatesOff::Settings => UpdateState::Off,
                },
                text: words::updates_off(why).to_owned(),
                ..base
            };
        }
        match &self.stage {
            Stage::Unknown => base,
            Stage::Looking => UpdateView {
                state: UpdateState::Looking,
                text: words::UPDATE_LOOKING.to_owned(),
                ..base
            },
            Stage::Newest => UpdateView {
                state: UpdateState::Newest,
                text: words::UPDATE_NEWEST.to_owned(),
                ..base
            },
            Stage::Failed { problem, detail } => UpdateView {
                state: UpdateState::Failed,
                text: words::update_problem(*problem).to_owned(),
                problem: Some(*problem),
                detail: Some(detail.clone()),
                ..base
            },
            Stage::Postponed { version, next } => UpdateView {
                state: UpdateState::Postponed,
                text: postponed(version, *next),
                version: Some(version.clone()),
                ..base
            },
            Stage::Offered { version, next } => UpdateView {
                state: UpdateState::Offered,
                text: offer(version, *next, free),
                version: Some(version.clone()),
                install: free.then(|| install(*next).to_owned()),
                announced: free,
                ..base
            },
            Stage::Working { version, step, .. } => UpdateView {
                state: UpdateState::Working,
                text: progress(version, *step),
                version: Some(version.clone()),
                announced: free,
                ..base
            },
        }
    }
}

fn offer(version: &str, next: Step, free: bool) -> String {
    match (next, free) {
        (Step::Download | Step::Install, false) => {
            format!("Offhook {version} can be installed when your call is finished.")
        }
        (Step::Download | Step::Install, true) => {
            format!("Offhook {version} is ready to install.")
        }
        (Step::Restart, _) => installed(version),
    }
}

fn postponed(version: &str, next: Step) -> String {
    match next {
        Step::Download | Step::Install => format!("Offhook {version} is offered again tomorrow."),
        Step::Restart => installed(version),
    }
}

fn installed(version: &str) -> String {
    format!("Offhook {version} is installed, and starts next time.")
}

fn progress(version: &str, step: Step) -> String {
    match step {
        Step::Download => format!("Offhook {version} is being downloaded."),
        Step::Install => format!("Offhook {version} is being installed."),
        Step::Restart => format!("Offhook {version} is starting."),
    }
}

const fn install(next: Step) -> &'static str {
    match next {
        Step::Download | Step::Install => "Install and restart",
        Step::Restart => "Restart",
    }
}
