//! Whether the agent can be heard, and the alarm when that changes unasked.

use std::time::Duration;

use offhook_protocol::Timestamp;

/// Unmuting within this after it was asked for surprises nobody.
const ASKED_FOR: Duration = Duration::from_secs(10);
/// Amazon says that the microphone is open when it takes a call's audio down, a moment before the call
/// is over.
const GRACE: Duration = Duration::from_secs(1);

/// The one truth about mute.
#[derive(Debug, Default)]
pub(crate) struct Microphone {
    /// What the softphone said.
    muted_here: bool,
    /// What Amazon says of the agent's connection.
    muted_there: bool,
    /// When the agent last asked to be unmuted.
    unmute_asked: Option<Timestamp>,
    /// The agent was on a call when this was last looked at.
    on_call: bool,
    alarm: Option<Timestamp>,
}

impl Microphone {
    pub(crate) fn is_muted(&self) -> bool {
        self.muted_here || self.muted_there
    }

    pub(crate) fn is_muted_here(&self) -> bool {
        self.muted_here
    }

    pub(crate) fn expect_unmute(&mut self, now: Timestamp) {
        self.unmute_asked = Some(now);
    }

    /// The softphone said so.
    pub(crate) fn hear(&mut self, muted: bool, now: Timestamp) {
        let before = self.is_muted();
        self.muted_here = muted;
        self.watch(before, now);
    }

    /// The audio begins anew, and unmuted: in a page that was loaded, or with another call. That opens no
    /// microphone that anybody counted on to be closed.
    pub(crate) fn begin(&mut self) {
        self.muted_here = false;
    }

    /// Amazon says so of the agent's connection; `None` while there is no call. A new call starts
    /// unmuted.
    pub(crate) fn follow(&mut self, on_contact: bool, on_call: bool, muted: bool, now: Timestamp) {
        let before = self.is_muted();
        self.muted_there = muted;
        self.muted_here &= on_contact;
        self.on_call = on_call;
        if on_call {
            self.watch(before, now);
        } else {
            self.alarm = None;
        }
    }

    /// Whether it is time to say that the microphone is open although nobody asked.
    pub(crate) fn handle_timeout(&mut self, now: Timestamp) -> bool {
        self.alarm.take_if(|at| *at <= now).is_some()
    }

    pub(crate) fn poll_timeout(&self) -> Option<Timestamp> {
        self.alarm
    }

    fn watch(&mut self, was_muted: bool, now: Timestamp) {
        let asked = self
            .unmute_asked
            .is_some_and(|asked| now <= asked + ASKED_FOR);
        if self.is_muted() {
            self.alarm = None;
        } else if was_muted && self.on_call && !asked {
            self.alarm = Some(now + GRACE);
        }
    }
}
