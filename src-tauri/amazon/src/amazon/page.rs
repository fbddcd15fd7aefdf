//! What the page's script says, and what becomes of it.

use offhook_protocol::{ContactId, Problem, direct_connects_envelope};
use tracing::{debug, info, warn};

use super::{Amazon, sight};
use crate::{
    calls::{End, Settled},
    contact::Contact,
    page::{Call, Said},
    situation::Situation,
    snapshot::Update,
};

impl Amazon {
    pub(super) fn listen(&mut self, said: Said) {
        let now = self.now;
        match said {
            Said::Hello {
                web_rtc,
                microphone,
            } => {
                let cut_off = self.call_with_audio();
                self.health.greet(web_rtc, microphone, cut_off, now);
                self.begin_audio();
            }
            Said::Streams => self.health.find_streams(now),
            Said::Acknowledged => self.health.acknowledge(now),
            Said::PanelStarted { panel } => {
                let cut_off = self.call_with_audio();
                if self.health.start_panel(panel, cut_off) {
                    self.begin_audio();
                }
            }
            Said::Update(update) => self.update(&update),
            Said::Returned { id, data } => {
                let sight = sight(self.snapshot.as_ref(), &self.microphone);
                let settled = self.calls.returned(id, data, sight, now);
                settled.into_iter().for_each(|settled| self.settle(settled));
            }
            Said::Failed { id, error } => {
                let settled = self.calls.failed(id, &error);
                settled.into_iter().for_each(|settled| self.settle(settled));
            }
            Said::ApiError { error } => self.calls.hear(&error),
            Said::Muted { muted } => {
                self.microphone.hear(muted, now);
                self.look();
            }
            Said::SoftphoneError { error_type, .. } => {
                info!(error_type, "the softphone failed");
                self.health.fail_softphone(&error_type);
            }
            Said::AuthFailed => self.health.need_login(Problem::LoginNeeded),
            Said::AccessDenied => self.health.log_out(Problem::AccessDenied),
            Said::Terminated => self.terminate(),
            Said::AckTimeout | Said::RetriesExhausted => self.health.time_out_ack(),
            Said::Panels { count } => debug!(count, "panels share the session"),
            Said::Thrown { .. } => warn!("something in the panel's script went wrong"),
        }
    }

    /// The call that a panel which is loaded anew cuts off. One that rings has no audio yet.
    fn call_with_audio(&self) -> Option<ContactId> {
        let has_audio =
            |contact: &&Contact| !matches!(contact.situation(), Situation::Ringing { .. });
        let contact = self.contacts.live().filter(has_audio);
        contact.map(|contact| contact.id.clone())
    }

    /// The page that carries the audio is another one. Where the audio is elsewhere, it goes on.
    fn begin_audio(&mut self) {
        if self.health.has_media() {
            self.microphone.begin();
            self.look();
        }
    }

    fn update(&mut self, update: &Update) {
        let Some((snapshot, configuration)) = update.read() else {
            warn!("an update of the panel cannot be read; the last one stays");
            self.health.fail_to_read(self.now);
            return;
        };
        let now = self.now;
        let joined: Vec<_> = self.joined().map(|contact| contact.id.clone()).collect();
        let logged_in = self.health.update(now);
        self.agent.follow(&snapshot, configuration);
        let news = self.contacts.follow(&snapshot, now);
        if self.joined().any(|contact| !joined.contains(&contact.id)) {
            self.health.connect();
            self.microphone.begin();
        }
        if snapshot.state.name.trim() == "MultipleCcpWindows" {
            self.health.lose_audio();
        }
        self.health.follow_calls(|id| {
            let mut contacts = self.contacts.iter();
            contacts.any(|contact| contact.id == *id && contact.is_live())
        });
        self.snapshot = Some(snapshot);
        self.follow_mute();
        self.tell_health();
        if logged_in {
            let welcome = self.agent.snapshot(self.circumstances());
            self.broadcast(welcome.envelope("LoginSuccess"));
        }
        news.into_iter().for_each(|event| self.broadcast(event));
        self.look();
    }

    fn follow_mute(&mut self) {
        let muted = self.joined().filter_map(Contact::own_connection);
        let muted = muted.into_iter().any(|own| own.mute || own.forced_mute);
        let (on_contact, on_call) = (self.is_on_call(), self.joined().next().is_some());
        self.microphone.follow(on_contact, on_call, muted, self.now);
    }

    fn joined(&self) -> impl Iterator<Item = &Contact> {
        self.contacts.iter().filter(|contact| contact.is_joined())
    }

    /// The agent was logged out: as asked, or because the session ended.
    fn terminate(&mut self) {
        let asked = !self.calls.logged_out().is_empty();
        if asked {
            self.health.leave();
        } else {
            self.health.need_login(Problem::SessionEnded);
        }
        self.tell_health();
        if asked {
            let farewell = self.agent.snapshot(self.circumstances());
            self.broadcast(farewell.envelope("LogoutSuccess"));
        }
    }

    /// Settles the calls that are seen to have come true.
    fn look(&mut self) {
        if let Some(sight) = sight(self.snapshot.as_ref(), &self.microphone) {
            for settled in self.calls.look(sight) {
                self.settle(settled);
            }
        }
    }

    pub(super) fn settle(&mut self, settled: Settled) {
        match (&settled.call, settled.end) {
            (Call::GetEndpoints, End::Done { data }) => {
                if let Some(list) = data {
                    self.directory.take(&list, self.now);
                }
                let known = self.directory.known().unwrap_or_default();
                self.broadcast(direct_connects_envelope(&known));
            }
            (
                Call::SetState { .. }
                | Call::Mute
                | Call::Unmute
                | Call::MuteParticipant { .. }
                | Call::UnmuteParticipant { .. },
                End::Done { .. },
            ) => self.agent_asked = true,
            (_, End::Done { .. }) => {}
            (call, End::Failed { by_amazon, errors }) => {
                if let Call::Reject { contact_id } = call
                    && by_amazon
                    && let Some(contact) = self.contacts.find_mut(contact_id)
                {
                    contact.rejected = false;
                }
                errors.iter().for_each(|error| self.complain(error));
            }
        }
    }
}
