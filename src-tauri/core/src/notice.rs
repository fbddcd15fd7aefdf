//! What the phone has to say to the person, besides showing its state.

use std::{collections::VecDeque, time::Duration};

use offhook_protocol::{ContactId, Personal};
use serde::Serialize;

use crate::time::Time;

/// How many notices are kept; the oldest goes first.
pub const MAX_NOTICES: usize = 5;

/// A message in the window. Equal ones replace each other.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub struct NoticeView {
    /// Names it in [`Intent::DismissNotice`](crate::Intent::DismissNotice).
    #[cfg_attr(test, ts(type = "number"))]
    pub id: u64,
    /// What happened.
    pub code: NoticeCode,
    /// How much it matters.
    pub tone: Tone,
    /// The sentence for it: what happened and what to do.
    pub text: String,
    /// The contact centre's own words, where it gave any; the keys of an extension.
    #[cfg_attr(test, ts(type = "string | null"))]
    pub detail: Option<Personal>,
    /// When.
    pub at: Time,
}

/// See [`NoticeView`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
pub enum Tone {
    /// Good to know.
    Info,
    /// Something was refused before it was sent.
    Warning,
    /// Something failed.
    Error,
}

/// Everything a notice can be about. The sentences stand in one table, [`NoticeCode::text`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[cfg_attr(test, derive(ts_rs::TS), ts(export))]
#[serde(rename_all = "camelCase")]
#[expect(missing_docs, reason = "the sentence beside each code says what it is")]
pub enum NoticeCode {
    // Refused before anything was sent: a pre-requisite is not met.
    NoConnector,
    LinkDown,
    NotLoggedIn,
    ContactGone,
    NotRinging,
    NotConnected,
    NotOnHold,
    NothingToClear,
    NoThirdParty,
    ThirdPartyAlready,
    CallRunning,
    NotOffered,
    StillWaiting,
    BadNumber,
    BadDigits,
    UnknownQuickConnect,
    UnknownReason,
    MuteNeedsCall,
    UnknownCallLink,
    BadCallLink,
    // Said by a link besides its number.
    CallLinkExtension,
    CallLinkLocal,
    // Sent, and failed.
    AnswerFailed,
    RejectFailed,
    HoldFailed,
    ResumeFailed,
    DisconnectFailed,
    ClearFailed,
    DialFailed,
    DigitsFailed,
    ConsultFailed,
    SwapFailed,
    ConferenceFailed,
    TransferFailed,
    AgentStateFailed,
    AgentStateUnknown,
    MuteFailed,
    // Sent, and no answer came in time.
    NoReply,
    // Said by the contact centre on its own.
    CentreError,
    MicrophoneOpened,
    SessionEndsSoon,
    // About the phone itself.
    UpdateFailed,
}

/// A message of the operating system, outside the window. Sent once, taken back when it is no longer
/// true.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Notification {
    /// Which one it is.
    pub key: NotificationKey,
    /// First line.
    pub title: String,
    /// Caller, called number and queue.
    pub body: Personal,
    /// It can be answered and rejected.
    pub actions: bool,
}

/// Names a notification: one per contact and kind, so a new one replaces the old one.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum NotificationKey {
    /// This contact rings.
    Ringing(ContactId),
    /// This contact was missed.
    Missed(ContactId),
    /// Something that the person asked for failed while the window was hidden.
    Failure,
    /// Something stands between the agent and calls.
    SetUp,
}

/// How long a refusal stays: it was read when it was caused.
const WARNING_STAYS: Duration = Duration::from_secs(10);

/// How long a failure stays unless it is dismissed, and what may be needed during the call.
const ERROR_STAYS: Duration = Duration::from_secs(120);

/// The notices that are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Board {
    notices: VecDeque<NoticeView>,
    last_id: u64,
}

impl Board {
    /// Puts a notice on top. One of the same kind makes way.
    pub(crate) fn post(&mut self, code: NoticeCode, detail: Option<Personal>, now: Time) {
        self.last_id += 1;
        self.notices.retain(|notice| notice.code != code);
        self.notices.truncate(MAX_NOTICES - 1);
        self.notices.push_front(NoticeView {
            id: self.last_id,
            code,
            tone: code.tone(),
            text: code.text().to_owned(),
            detail,
            at: now,
        });
    }

    pub(crate) fn withdraw(&mut self, codes: &[NoticeCode]) {
        self.notices.retain(|notice| !codes.contains(&notice.code));
    }

    pub(crate) fn dismiss(&mut self, id: u64) {
        self.notices.retain(|notice| notice.id != id);
    }

    pub(crate) fn expire(&mut self, now: Time) {
        self.notices.retain(|notice| stays_until(notice) > now);
    }

    pub(crate) fn next_expiry(&self) -> Option<Time> {
        self.notices.iter().map(stays_until).min()
    }

    pub(crate) fn to_vec(&self) -> Vec<NoticeView> {
        self.notices.iter().cloned().collect()
    }
}

fn stays_until(notice: &NoticeView) -> Time {
    let stays = match notice.tone {
        Tone::Warning => WARNING_STAYS,
        Tone::Info | Tone::Error => ERROR_STAYS,
    };
    notice.at + stays
}
