//! What stands between the agent and calls: the connector's set-up check (ours).

use serde_json::{Value, json};

use crate::leg::text;

macro_rules! words {
    ($(#[$doc:meta])* $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $wire:literal,)* }) => {
        $(#[$doc])*
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum $name {
            $($(#[$variant_doc])* $variant,)*
            /// One that this version does not know, as sent.
            Other(String),
        }

        impl $name {
            /// Every one that this version knows, in order.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant),*];

            /// Reads the word.
            pub fn parse(word: &str) -> Self {
                match word {
                    $($wire => Self::$variant,)*
                    _ => Self::Other(word.to_owned()),
                }
            }

            /// The word on the wire.
            pub fn as_str(&self) -> &str {
                match self {
                    $(Self::$variant => $wire,)*
                    Self::Other(word) => word,
                }
            }
        }
    };
}

words! {
    /// A step of the set-up check. Each needs those before it.
    Step {
        /// The panel's page, or the page that embeds it, can be loaded.
        Page = "page",
        /// Amazon Connect may be embedded in that page.
        Embedding = "embedding",
        /// The agent is logged in.
        Login = "login",
        /// The panel can be spoken to: it has the Streams library and answers.
        Panel = "panel",
        /// The agent's first state was heard.
        Agent = "agent",
        /// The web view can carry a call's audio.
        WebRtc = "webRtc",
        /// The microphone may be used.
        Microphone = "microphone",
        /// This panel, and no other one, holds the audio.
        Audio = "audio",
    }
}

words! {
    /// What is wrong in a step. The sentence for each, with the cure, stands in `offhook_core::words`.
    Problem {
        /// The page cannot be loaded.
        Unreachable = "unreachable",
        /// Amazon Connect does not approve the page's origin.
        OriginNotApproved = "originNotApproved",
        /// Amazon Connect refuses to be framed at all.
        FramingRefused = "framingRefused",
        /// The agent has to log in.
        LoginNeeded = "loginNeeded",
        /// The session ended and the agent was logged out.
        SessionEnded = "sessionEnded",
        /// The agent may not use the panel (no permission in the security profile).
        AccessDenied = "accessDenied",
        /// The page loaded, but without the object `connect` that the connector speaks to.
        NoStreams = "noStreams",
        /// The page cannot use what it needs to speak to the phone.
        ScriptFailed = "scriptFailed",
        /// The panel stopped answering.
        PanelSilent = "panelSilent",
        /// The panel was reloaded during a call, whose audio is lost.
        PanelReloaded = "panelReloaded",
        /// The panel says something that this version does not understand.
        Unreadable = "unreadable",
        /// The web view has no WebRTC.
        NoWebRtc = "noWebRtc",
        /// The microphone was refused or is missing.
        MicrophoneRefused = "microphoneRefused",
        /// Another panel holds the audio.
        AudioElsewhere = "audioElsewhere",
        /// Amazon Connect does not support the web view as a softphone.
        UnsupportedBrowser = "unsupportedBrowser",
        /// The media connection could not be negotiated (TCP 443).
        SignallingFailed = "signallingFailed",
        /// No way for the audio was found (UDP 3478).
        MediaBlocked = "mediaBlocked",
        /// The audio failed for another reason.
        MediaFailed = "mediaFailed",
        /// The virtual desktop's audio redirection is not supported.
        VirtualDesktop = "virtualDesktop",
    }
}

/// How far a step of the set-up check came.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Progress {
    /// Not reached yet.
    Waiting,
    /// Passed.
    Passed,
    /// Failed.
    Failed,
}

impl Progress {
    const ALL: [Self; 3] = [Self::Waiting, Self::Passed, Self::Failed];

    /// The word on the wire.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Waiting => "waiting",
            Self::Passed => "passed",
            Self::Failed => "failed",
        }
    }

    fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|known| known.as_str() == word)
    }
}

/// One step and its outcome: `{step, progress, problem?}`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// Which step.
    pub step: Step,
    /// How far it came.
    pub progress: Progress,
    /// Why it failed.
    pub problem: Option<Problem>,
}

impl Check {
    pub(crate) fn read(value: &Value) -> Option<Self> {
        Some(Self {
            step: Step::parse(text(value.get("step"))?),
            progress: Progress::parse(text(value.get("progress"))?)?,
            problem: text(value.get("problem")).map(Problem::parse),
        })
    }

    pub(crate) fn wire(&self) -> Value {
        let mut check = json!({ "step": self.step.as_str(), "progress": self.progress.as_str() });
        if let Some(problem) = &self.problem {
            check["problem"] = json!(problem.as_str());
        }
        check
    }
}
