//! Whether this window can carry a call's audio.

use offhook_protocol::{ContactId, Problem, Step};

use crate::page::Permission;

/// What is known of the audio.
#[derive(Debug, Default)]
pub(super) struct Softphone {
    web_rtc: Option<bool>,
    microphone: Option<bool>,
    failure: Option<(Step, Problem)>,
    /// The call whose audio was lost when the panel was loaded anew.
    cut_off: Option<ContactId>,
}

impl Softphone {
    /// A new document begins without the failures of the old one.
    pub(super) fn begin(&mut self, web_rtc: bool, microphone: Option<Permission>) {
        *self = Self {
            web_rtc: Some(web_rtc),
            microphone: match microphone {
                Some(Permission::Granted) => Some(true),
                Some(Permission::Denied) => Some(false),
                Some(Permission::Prompt) | None => None,
            },
            failure: None,
            cut_off: None,
        };
    }

    pub(super) fn cut_off(&mut self, contact: ContactId) {
        self.cut_off = Some(contact);
    }

    /// Forgets the call that lost its audio unless this is it.
    pub(super) fn follow(&mut self, is_live: impl Fn(&ContactId) -> bool) {
        self.cut_off = self.cut_off.take().filter(is_live);
    }

    pub(super) fn refuse_microphone(&mut self) {
        self.microphone = Some(false);
    }

    pub(super) fn fail(&mut self, step: Step, problem: Problem) {
        self.failure = Some((step, problem));
    }

    /// A call was connected, so the audio works.
    pub(super) fn work(&mut self) {
        self.failure = None;
        self.microphone = Some(true);
    }

    /// What came of a step. `None`: nothing yet.
    pub(super) fn outcome(&self, step: &Step) -> Option<Result<(), Problem>> {
        if let Some((failed, problem)) = &self.failure
            && failed == step
        {
            return Some(Err(problem.clone()));
        }
        let judge = |known: Option<bool>, problem| {
            Some(match known? {
                true => Ok(()),
                false => Err(problem),
            })
        };
        match step {
            Step::WebRtc => judge(self.web_rtc, Problem::NoWebRtc),
            Step::Microphone => judge(self.microphone, Problem::MicrophoneRefused),
            Step::Audio if self.cut_off.is_some() => Some(Err(Problem::PanelReloaded)),
            Step::Audio
            | Step::Page
            | Step::Embedding
            | Step::Login
            | Step::Panel
            | Step::Agent
            | Step::Other(_) => None,
        }
    }
}

/// What a softphone error of the library means: the step that fails, and why.
pub(super) fn failure_of(error_type: &str) -> (Step, Problem) {
    match error_type {
        "unsupported_browser" => (Step::WebRtc, Problem::UnsupportedBrowser),
        "microphone_not_shared" => (Step::Microphone, Problem::MicrophoneRefused),
        "user_busy_error" | "multiple_softphone_active_sessions" => {
            (Step::Audio, Problem::AudioElsewhere)
        }
        "ice_collection_timeout" => (Step::Audio, Problem::MediaBlocked),
        _ if error_type.starts_with("signalling_") => (Step::Audio, Problem::SignallingFailed),
        _ if error_type.starts_with("vdi_") => (Step::Audio, Problem::VirtualDesktop),
        _ => (Step::Audio, Problem::MediaFailed),
    }
}
