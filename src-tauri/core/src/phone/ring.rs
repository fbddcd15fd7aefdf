//! Ringing and telling: tone, notifications, notices.

use offhook_protocol::{ContactId, Personal, Problem};

use crate::{
    effect::Act,
    notice::{NoticeCode, Notification, NotificationKey},
    phone::Phone,
    project,
    ringing::blind_until,
    view::{LinkState, Phase},
    words,
};

impl Phone {
    /// Brings tone, notifications and window in line with what rings.
    pub(super) fn ring(&mut self) {
        let blind =
            self.link.state != LinkState::Online && blind_until(self.link.since) <= self.now;
        let ringing: Vec<ContactId> = self
            .contacts
            .iter()
            .filter(|contact| contact.phase == Phase::Ringing)
            .map(|contact| contact.id.clone())
            .collect();
        for id in std::mem::take(&mut self.ringing.contacts) {
            if !ringing.contains(&id) {
                self.stop_notifying(&id);
                self.tell_if_missed(id);
            }
        }
        for id in &ringing {
            match blind {
                true => self.stop_notifying(id),
                false => self.ring_first_time(id),
            }
        }
        let talking = self
            .contacts
            .iter()
            .any(|contact| contact.is_live() && contact.phase != Phase::Ringing);
        let tone = ringing
            .first()
            .filter(|_| self.preferences.sound && !blind && !talking)
            .cloned();
        if tone != self.ringing.tone {
            self.act(tone.clone().map_or(Act::StopRing, Act::Ring));
            self.ringing.tone = tone;
        }
        self.ringing.contacts = ringing;
    }

    fn ring_first_time(&mut self, id: &ContactId) {
        let contact = self.contacts.iter().find(|contact| contact.id == *id);
        if !contact.is_some_and(|contact| self.ringing.is_first(contact)) {
            return;
        }
        // It was missed before, and is offered again.
        self.withdraw_unseen(&NotificationKey::Missed(id.clone()));
        if self.preferences.notify {
            let notification = project::ringing_notification(self, id);
            self.ringing.notified.push(id.clone());
            notification
                .into_iter()
                .for_each(|notification| self.act(Act::Notify(notification)));
        }
        if self.preferences.raise {
            self.act(Act::Raise);
        }
    }

    fn stop_notifying(&mut self, id: &ContactId) {
        if self.ringing.notified.contains(id) {
            self.ringing.notified.retain(|notified| notified != id);
            self.act(Act::Withdraw(NotificationKey::Ringing(id.clone())));
        }
    }

    /// A call that rang and was lost is told of, unless the person sees it in the window.
    fn tell_if_missed(&mut self, id: ContactId) {
        let (missed, body) = match self.contact(&id) {
            Some(contact) => (
                contact.phase == Phase::Missed,
                project::caller_line(self, contact),
            ),
            None => self.recent.missed(&id),
        };
        if missed && !self.window_visible && self.preferences.notify {
            let title = words::phase(Phase::Missed).to_owned();
            self.notify_unseen(Notification {
                key: NotificationKey::Missed(id),
                title,
                body,
                actions: false,
            });
        }
    }

    /// A notice in the window, and a notification as well if nobody sees the window.
    pub(super) fn say(&mut self, code: NoticeCode, detail: Option<Personal>) {
        if !self.window_visible {
            let title = code.text().to_owned();
            let body = detail.clone().unwrap_or_default();
            self.notify_unseen(Notification {
                key: NotificationKey::Failure,
                title,
                body,
                actions: false,
            });
        }
        self.board.post(code, detail, self.now);
    }

    /// The window shows what is wrong as long as it is; who does not see it is told.
    pub(super) fn tell_problem(&mut self, problem: &Problem) {
        if !self.window_visible {
            self.notify_unseen(Notification {
                key: NotificationKey::SetUp,
                title: "Amazon Connect needs you".to_owned(),
                body: words::problem(problem).into(),
                actions: false,
            });
        }
    }

    fn withdraw_unseen(&mut self, key: &NotificationKey) {
        if let Some(index) = self.unseen.iter().position(|unseen| unseen == key) {
            self.act(Act::Withdraw(key.clone()));
            self.unseen.remove(index);
        }
    }

    fn notify_unseen(&mut self, notification: Notification) {
        const MOST: usize = 8;
        self.unseen.retain(|key| *key != notification.key);
        if self.unseen.len() == MOST {
            let oldest = self.unseen.remove(0);
            self.act(Act::Withdraw(oldest));
        }
        self.unseen.push(notification.key.clone());
        self.act(Act::Notify(notification));
    }
}
